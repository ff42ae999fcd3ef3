using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Testing;

/// <summary>Windows of standard normal noise whose label is the sign of one channel some steps before the last: nothing but memory helps.</summary>
public static class MemoryTask
{
    /// <summary>Makes rows; with <paramref name="back"/> 0 the last step tells all.</summary>
    public static TrainingSet Of(int rows, int window, int back, ulong seed, int inputs = 2, double labelNoise = 0.0)
    {
        var rng = new Rng(seed);
        float[] x = new float[rows * window * inputs];
        int[] y = new int[rows];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (float)rng.NextGaussian();
        }

        for (int row = 0; row < rows; row++)
        {
            bool isUp = x[(row * window + window - 1 - back) * inputs] > 0f;
            y[row] = (rng.NextDouble() < labelNoise ? !isUp : isUp) ? 1 : 0;
        }

        return new TrainingSet(x, window * inputs, y);
    }

    /// <summary>Trains an architecture from its start and returns its accuracy on other rows.</summary>
    public static double AccuracyOf(Architecture architecture, TrainingSet train, TrainingSet test, int epochs, ulong seed)
    {
        var rng = new Rng(seed);
        Network network = Network.Create(architecture, ref rng);
        var options = new TrainingOptions { LearningRate = 3e-3, Schedule = LearningRateSchedule.OneCycle, ClipNorm = 1.0, Epochs = epochs };
        Trainer.Train(network, MaskSet.Full(architecture), train, null, options, rng);
        float[] logits = network.Forward(test.Features, test.Rows);
        int right = 0;
        for (int row = 0; row < test.Rows; row++)
        {
            right += (logits[2 * row + 1] > logits[2 * row] ? 1 : 0) == test.Labels[row] ? 1 : 0;
        }

        return (double)right / test.Rows;
    }
}

using TicketBot.Learning;
using TicketBot.Learning.Training;

namespace TicketBot.Research.ArchitectureSearch.Estimation;

/// <summary>Log-loss and hits row by row, in double precision and in one order of arithmetic.</summary>
internal static class ClassLogLoss
{
    /// <summary>Returns the log-loss per row in nats of always saying the class frequencies of the training rows (each class counted once more, so that none is 0).</summary>
    public static double[] OfPrior(TrainingSet train, TrainingSet set, int classes)
    {
        var counts = new double[classes];
        Array.Fill(counts, 1);
        foreach (var label in train.Labels)
        {
            counts[label]++;
        }

        var losses = new double[set.Rows];
        for (var row = 0; row < losses.Length; row++)
        {
            losses[row] = -PortableMath.Log(counts[set.Labels[row]] / (train.Rows + classes));
        }

        return losses;
    }

    /// <summary>Returns the log-loss per row in nats and the share of rows right.</summary>
    /// <param name="network">The network.</param>
    /// <param name="set">Rows.</param>
    /// <param name="temperature">What logits are divided by.</param>
    public static (double[] Losses, double Accuracy) OfNetwork(Network network, TrainingSet set, double temperature = 1)
    {
        var logits = network.Forward(set.Features, set.Rows);
        var (classes, right) = (network.Architecture.Outputs, 0);
        var losses = new double[set.Rows];
        for (var row = 0; row < losses.Length; row++)
        {
            var outputs = logits.AsSpan(row * classes, classes);
            var (top, sum) = (0, 0.0);
            for (var c = 1; c < classes; c++)
            {
                top = outputs[c] > outputs[top] ? c : top;
            }

            foreach (var output in outputs)
            {
                sum += PortableMath.Exp(((double)output - outputs[top]) / temperature);
            }

            losses[row] = PortableMath.Log(sum) + (((double)outputs[top] - outputs[set.Labels[row]]) / temperature);
            right += top == set.Labels[row] ? 1 : 0;
        }

        return (losses, (double)right / set.Rows);
    }
}

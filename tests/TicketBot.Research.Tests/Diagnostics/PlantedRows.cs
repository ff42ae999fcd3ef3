using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;
using TicketBot.Research.LotteryTickets;

namespace TicketBot.Research.Tests.Diagnostics;

/// <summary>Rows of independent normal inputs whose class a sparse teacher gives: the first two inputs by their product, the third by itself; one label in ten is thrown.</summary>
internal static class PlantedRows
{
    public const int Relevant = 3;

    public static TrainingPlan Plan(int inputs, ulong seed) => new(
        Architecture.Parse("dense:24,dense:12", inputs, 2),
        new TrainingOptions { Epochs = 40, BatchSize = 64, LearningRate = 0.01, WeightDecay = 1, Schedule = LearningRateSchedule.Linear },
        20, new EarlyBirdOptions { Density = 0.2 }, seed);

    /// <summary>Makes the rows; shuffled, the labels say nothing of the inputs.</summary>
    public static TrainingSet Of(int rows, int inputs, ulong seed, bool shuffled)
    {
        var rng = new Rng(seed);
        var values = new float[rows * inputs];
        var labels = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            var x = values.AsSpan(row * inputs, inputs);
            for (var i = 0; i < inputs; i++)
            {
                x[i] = (float)rng.NextGaussian();
            }

            labels[row] = rng.NextDouble() < 0.1 ? rng.NextInt(2) : (1.5 * x[0] * x[1]) + x[2] > 0 ? 1 : 0;
        }

        if (shuffled)
        {
            rng.Shuffle(labels);
        }

        return new TrainingSet(values, inputs, labels);
    }

    public static IReadOnlyList<string> Names(int inputs) => [.. Enumerable.Range(0, inputs).Select(i => $"x{i}")];
}

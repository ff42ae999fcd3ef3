using TicketBot.Learning.Layers;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Pruning;

/// <summary>Walks the straight line between the weights of two networks and measures loss and error on the way (Frankle et al., Linear Mode Connectivity and the Lottery
/// Ticket Hypothesis, ICML 2020). For networks of classes, with any genes.</summary>
public static class LinearConnectivity
{
    /// <summary>Points of a line in the paper, both ends included.</summary>
    public const int PaperPoints = 30;

    private const int PieceRows = 256;

    /// <summary>Returns loss and error at even steps from one network to another.</summary>
    /// <param name="architecture">Of both networks; a classifier.</param>
    /// <param name="first">Weights at alpha = 0.</param>
    /// <param name="second">Weights at alpha = 1.</param>
    /// <param name="rows">Labelled rows that loss and error are measured on.</param>
    /// <param name="statistics">Rows that the running statistics of batch normalisation are taken from anew at every point, the ends included, as mean and variance of what
    /// each layer sees; training rows as a rule. Mixed statistics belong to no network, and a line mixed with them shows a barrier where there is none; so
    /// null, which mixes them, is for architectures without batch normalisation.</param>
    /// <param name="points">Points, at least 2.</param>
    /// <exception cref="ArgumentException">Weights or rows do not fit the architecture, or the rows have no labels.</exception>
    public static LinearConnectivityCurve Between(
        Architecture architecture, IReadOnlyList<float[]> first, IReadOnlyList<float[]> second, TrainingSet rows, TrainingSet? statistics, int points = PaperPoints)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        Network.RequireShapes(architecture, first, nameof(first));
        Network.RequireShapes(architecture, second, nameof(second));
        RequireFit(architecture, rows, nameof(rows));
        if (rows.Labels.IsEmpty || rows.HighestLabel >= architecture.Outputs)
        {
            throw new ArgumentException($"expected rows with labels from 0 to {architecture.Outputs - 1}, found {(rows.Labels.IsEmpty ? "none" : $"label {rows.HighestLabel}")}", nameof(rows));
        }

        if (statistics is not null)
        {
            RequireFit(architecture, statistics, nameof(statistics));
        }

        var network = new Network(architecture);
        var line = new LinearConnectivityPoint[points];
        for (int i = 0; i < points; i++)
        {
            double alpha = (double)i / (points - 1);
            network.RestoreWeights(Mix(first, second, alpha));
            if (statistics is not null)
            {
                RenewStatistics(network, statistics);
            }

            (double loss, double error) = Measure(network, rows);
            line[i] = new LinearConnectivityPoint(alpha, loss, error);
        }

        return new LinearConnectivityCurve(line);
    }

    /// <summary>Sets the running statistics of every batch normalisation to mean and unbiased variance of what it sees over a set, layer after layer, since what a later one
    /// sees depends on those before it.</summary>
    internal static void RenewStatistics(Network network, TrainingSet set)
    {
        foreach (BatchNormLayer layer in network.Graph.Layers.OfType<BatchNormLayer>())
        {
            layer.BeginStatistics();
            Evaluate(network, set, static (_, _) => { });
            layer.FinishStatistics();
        }
    }

    // Written as a step from the first: two equal networks are then equal everywhere between.
    private static float[][] Mix(IReadOnlyList<float[]> first, IReadOnlyList<float[]> second, double alpha)
    {
        var mixed = new float[first.Count][];
        for (int p = 0; p < mixed.Length; p++)
        {
            mixed[p] = (float[])(alpha == 1.0 ? second[p] : first[p]).Clone();
            for (int i = 0; alpha is > 0.0 and < 1.0 && i < mixed[p].Length; i++)
            {
                mixed[p][i] = (float)(first[p][i] + (alpha * ((double)second[p][i] - first[p][i])));
            }
        }

        return mixed;
    }

    private static (double Loss, double Error) Measure(Network network, TrainingSet set)
    {
        int classes = network.Architecture.Outputs;
        double loss = 0.0, wrong = 0.0, total = 0.0;
        Evaluate(network, set, (firstRow, logits) =>
        {
            for (int i = 0; i * classes < logits.Length; i++)
            {
                Span<float> row = logits.AsSpan(i * classes, classes);
                int best = 0;
                for (int c = 1; c < classes; c++)
                {
                    best = row[c] > row[best] ? c : best;
                }

                int label = set.Labels[firstRow + i];
                double weight = set.WeightOf(firstRow + i);
                loss += weight * LogLoss.OfRow(row, label, 1.0);
                wrong += best == label ? 0.0 : weight;
                total += weight;
            }
        });
        return total > 0.0
            ? (loss / total, wrong / total)
            : throw new ArgumentException($"expected weights with a sum above 0, found {total} over {set.Rows} rows", nameof(set));
    }

    private static void Evaluate(Network network, TrainingSet set, Action<int, float[]> take)
    {
        int length = set.RowLength;
        float[] features = new float[PieceRows * length];
        for (int first = 0; first < set.Rows; first += PieceRows)
        {
            int count = Math.Min(PieceRows, set.Rows - first);
            for (int i = 0; i < count; i++)
            {
                set.RowOf(first + i).CopyTo(features.AsSpan(i * length));
            }

            take(first, network.Forward(features.AsSpan(0, count * length), count));
        }
    }

    private static void RequireFit(Architecture architecture, TrainingSet set, string name)
    {
        if (set.Rows == 0 || set.RowLength != architecture.RowLength)
        {
            throw new ArgumentException($"expected rows of {architecture.RowLength} values for {architecture}, at least one, found {set.Rows} rows of {set.RowLength}", name);
        }
    }
}

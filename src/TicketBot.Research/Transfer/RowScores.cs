using TicketBot.Learning;
using TicketBot.Learning.Training;

namespace TicketBot.Research.Transfer;

/// <summary>What a network says of rows, row by row.</summary>
/// <param name="Losses">Log-loss of each row's class, in nats.</param>
/// <param name="Right">Whether the likeliest class is the row's.</param>
/// <param name="Entropies">Entropy of the prediction, in nats.</param>
/// <param name="Classes">The likeliest class.</param>
internal sealed record RowScores(double[] Losses, bool[] Right, double[] Entropies, int[] Classes)
{
    /// <summary>Share right; 0 without rows.</summary>
    public double Accuracy => Right.Length == 0 ? 0 : (double)Right.Count(right => right) / Right.Length;

    /// <summary>Scores rows.</summary>
    public static RowScores Of(Network network, TrainingSet set)
    {
        var classes = network.Architecture.Outputs;
        var logits = network.Forward(set.Features, set.Rows);
        var scores = new RowScores(new double[set.Rows], new bool[set.Rows], new double[set.Rows], new int[set.Rows]);
        var p = new double[classes];
        for (var row = 0; row < set.Rows; row++)
        {
            var z = logits.AsSpan(row * classes, classes);
            var top = 0;
            for (var c = 1; c < classes; c++)
            {
                top = z[c] > z[top] ? c : top;
            }

            double sum = 0;
            for (var c = 0; c < classes; c++)
            {
                p[c] = PortableMath.Exp((double)z[c] - z[top]);
                sum += p[c];
            }

            var log = PortableMath.Log(sum);
            double entropy = 0;
            for (var c = 0; c < classes; c++)
            {
                entropy += p[c] / sum * (log - ((double)z[c] - z[top]));
            }

            var label = set.Labels[row];
            scores.Losses[row] = log - ((double)z[label] - z[top]);
            (scores.Right[row], scores.Entropies[row], scores.Classes[row]) = (top == label, entropy, top);
        }

        return scores;
    }
}

using TicketBot.Learning;
using TicketBot.Learning.Pruning;

namespace TicketBot.Research.Experiments;

/// <summary>How much of the weight that reads the inputs stands on each of them.</summary>
internal static class InputSurvival
{
    /// <summary>Returns the share of each feature in the sum of |weight| over the surviving weights that read the input, all steps of a window together; zeros
    /// when none survives.</summary>
    /// <param name="mask">What survives.</param>
    /// <param name="weights">The weights.</param>
    public static double[] Of(MaskSet mask, IReadOnlyList<float[]> weights)
    {
        var shapes = mask.Architecture.Parameters;
        var features = mask.Architecture.Inputs;
        var shares = new double[features];
        var first = shapes.Where(shape => shape.IsPrunable).Min(shape => shape.Layer);
        for (var p = 0; p < shapes.Count; p++)
        {
            if (!ReadsInput(shapes[p], first))
            {
                continue;
            }

            var bits = mask.Of(p);
            for (var i = 0; i < bits.Length; i++)
            {
                shares[i % shapes[p].Columns % features] += bits[i] ? Math.Abs(weights[p][i]) : 0;
            }
        }

        var total = shares.Sum();
        return total > 0 ? Array.ConvertAll(shares, share => share / total) : shares;
    }

    /// <summary>Returns the 95 % point of the largest shares of draws without anything to learn; with fewer than 40 draws their largest.</summary>
    public static double NullHigh(IReadOnlyList<double> largest)
    {
        double[] sorted = [.. largest.Order()];
        return sorted.Length < 40 ? sorted[^1] : sorted[(int)Math.Ceiling(0.95 * (sorted.Length + 1)) - 1];
    }

    /// <summary>Whether the columns of a parameter run over the features, step by step where they cover several: dense after flatten, convolution kernels.</summary>
    public static bool ReadsInput(ParameterShape shape, int firstLayer) => shape.Kind == ParameterKind.Weight && (shape.Name.EndsWith(".skip0_weight", StringComparison.Ordinal)
        || (shape.Layer == firstLayer && !shape.Name.Contains(".skip", StringComparison.Ordinal) && !shape.Name.EndsWith(".output_weight", StringComparison.Ordinal)));
}

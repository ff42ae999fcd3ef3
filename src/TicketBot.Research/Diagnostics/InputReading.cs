using TicketBot.Learning;
using TicketBot.Learning.Pruning;

namespace TicketBot.Research.Diagnostics;

/// <summary>What the surviving weights that read the inputs stand on: single inputs, and pairs that meet in one neuron.</summary>
internal static class InputReading
{
    /// <summary>Most inputs whose pairs are counted.</summary>
    public const int MostPaired = 256;

    /// <summary>Returns the share of each input in the sum of |weight|, all steps of a window together; zeros when nothing survives.</summary>
    /// <param name="mask">What survives.</param>
    /// <param name="weights">Weights, one array per parameter; those never pruned are not read.</param>
    public static double[] SharesOf(MaskSet mask, IReadOnlyList<float[]> weights)
    {
        var shares = new double[mask.Architecture.Inputs];
        foreach (var neuron in Neurons(mask, weights))
        {
            for (var i = 0; i < shares.Length; i++)
            {
                shares[i] += neuron[i];
            }
        }

        return Normalized(shares);
    }

    /// <summary>Returns the share of each pair of inputs in the sum over neurons of the product of what the neuron reads of either; pairs in the order (0, 1), (0, 2), ...,
    /// (1, 2), ...; empty above <see cref="MostPaired"/> inputs, zeros when no neuron reads two.</summary>
    public static double[] PairSharesOf(MaskSet mask, IReadOnlyList<float[]> weights)
    {
        var inputs = mask.Architecture.Inputs;
        if (inputs > MostPaired)
        {
            return [];
        }

        var pairs = new double[inputs * (inputs - 1) / 2];
        foreach (var neuron in Neurons(mask, weights))
        {
            var next = 0;
            for (var i = 0; i < inputs; i++)
            {
                for (var j = i + 1; j < inputs; j++)
                {
                    pairs[next++] += neuron[i] * neuron[j];
                }
            }
        }

        return Normalized(pairs);
    }

    // Sums of |weight| per input of every row of every matrix that reads the inputs; the same array each time.
    private static IEnumerable<double[]> Neurons(MaskSet mask, IReadOnlyList<float[]> weights)
    {
        var shapes = mask.Architecture.Parameters;
        var first = shapes.Where(shape => shape.IsPrunable).Min(shape => shape.Layer);
        var sums = new double[mask.Architecture.Inputs];
        for (var p = 0; p < shapes.Count; p++)
        {
            if (!ReadsInputs(shapes[p], first))
            {
                continue;
            }

            for (var row = 0; row < shapes[p].Rows; row++)
            {
                Array.Clear(sums);
                for (var column = 0; column < shapes[p].Columns; column++)
                {
                    var at = (row * shapes[p].Columns) + column;
                    sums[column % sums.Length] += mask.Of(p)[at] ? Math.Abs(weights[p][at]) : 0;
                }

                yield return sums;
            }
        }
    }

    // Columns of such matrices run over the inputs, step by step where they cover several: dense after flatten, convolution kernels.
    private static bool ReadsInputs(ParameterShape shape, int firstLayer) => shape.Kind == ParameterKind.Weight && (shape.Name.EndsWith(".skip0_weight", StringComparison.Ordinal)
        || (shape.Layer == firstLayer && !shape.Name.Contains(".skip", StringComparison.Ordinal) && !shape.Name.EndsWith(".output_weight", StringComparison.Ordinal)));

    private static double[] Normalized(double[] sums)
    {
        var total = sums.Sum();
        return total > 0 ? Array.ConvertAll(sums, sum => sum / total) : sums;
    }
}

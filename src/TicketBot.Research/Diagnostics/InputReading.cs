using TicketBot.Learning.Pruning;
using TicketBot.Research.Experiments;

namespace TicketBot.Research.Diagnostics;

/// <summary>Pairs of inputs that meet in one neuron of what reads the inputs.</summary>
internal static class InputReading
{
    /// <summary>Most inputs whose pairs are counted.</summary>
    public const int MostPaired = 256;

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

        var total = pairs.Sum();
        return total > 0 ? Array.ConvertAll(pairs, pair => pair / total) : pairs;
    }

    // Sums of |weight| per input of every row of every matrix that reads the inputs; the same array each time.
    private static IEnumerable<double[]> Neurons(MaskSet mask, IReadOnlyList<float[]> weights)
    {
        var shapes = mask.Architecture.Parameters;
        var first = shapes.Where(shape => shape.IsPrunable).Min(shape => shape.Layer);
        var sums = new double[mask.Architecture.Inputs];
        for (var p = 0; p < shapes.Count; p++)
        {
            if (!InputSurvival.ReadsInput(shapes[p], first))
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
}

namespace TicketBot.Research.Drift;

/// <summary>Population stability index: how far the distribution of one value has moved from where it was fitted.</summary>
/// <remarks>Sum over bins of (p - q) ln(p / q), q the reference's share and p the newer values' (Siddiqi, "Credit Risk Scorecards", 2006; the symmetric Kullback-Leibler divergence, Jeffreys
/// 1946). The bins are the reference's deciles. The usual reading is below 0.1 stable, 0.1 to 0.25 moved somewhat, above 0.25 moved; it assumes independent values, and slow ones exceed
/// it at rest. An empty bin counts as half a value, so that no share is zero.</remarks>
public static class PopulationStability
{
    /// <summary>Bins.</summary>
    public const int Bins = 10;

    /// <summary>Below it the usual reading is "stable".</summary>
    public const double Stable = 0.1;

    /// <summary>Above it the usual reading is "moved".</summary>
    public const double Moved = 0.25;

    /// <summary>Returns the inner decile points of the reference, ascending, <c>[9]</c>: linear between order statistics, as numpy's default.</summary>
    /// <param name="reference">Values in any order, at least ten, finite.</param>
    /// <exception cref="ArgumentException">There are fewer, or one is not finite.</exception>
    public static double[] Deciles(ReadOnlySpan<double> reference)
    {
        if (reference.Length < Bins)
        {
            throw new ArgumentException($"deciles need at least {Bins} values, were {reference.Length}", nameof(reference));
        }

        var sorted = reference.ToArray();
        Array.Sort(sorted);
        if (!double.IsFinite(sorted[0]) || !double.IsFinite(sorted[^1]))
        {
            throw new ArgumentException($"values must be finite, lie from {sorted[0]} to {sorted[^1]}", nameof(reference));
        }

        var edges = new double[Bins - 1];
        for (var i = 0; i < edges.Length; i++)
        {
            edges[i] = QuantileOfSorted(sorted, (i + 1.0) / Bins);
        }

        return edges;
    }

    /// <summary>Returns how many values lie in each bin, <c>[10]</c>; a value on an edge lies in the bin above it.</summary>
    /// <param name="values">Values.</param>
    /// <param name="edges">The decile points.</param>
    public static int[] Counts(ReadOnlySpan<double> values, double[] edges)
    {
        var counts = new int[Bins];
        foreach (var value in values)
        {
            var bin = 0;
            while (bin < edges.Length && value >= edges[bin])
            {
                bin++;
            }

            counts[bin]++;
        }

        return counts;
    }

    /// <summary>Returns the index of two lists of counts over the same bins, at least 0.</summary>
    /// <exception cref="ArgumentException">The lists differ in length, or one holds nothing.</exception>
    public static double Of(ReadOnlySpan<int> reference, ReadOnlySpan<int> values)
    {
        var (all, newer) = (Sum(reference), Sum(values));
        if (reference.Length != values.Length || all == 0 || newer == 0)
        {
            throw new ArgumentException($"expected counts over the same bins with values in them, were {reference.Length} bins with {all} and {values.Length} with {newer}", nameof(values));
        }

        double index = 0;
        for (var i = 0; i < reference.Length; i++)
        {
            var (q, p) = (Math.Max(reference[i], 0.5) / all, Math.Max(values[i], 0.5) / newer);
            index += (p - q) * Math.Log(p / q);
        }

        return index;
    }

    internal static double QuantileOfSorted(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        return below + 1 >= sorted.Length ? sorted[^1] : sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below]));
    }

    private static int Sum(ReadOnlySpan<int> counts)
    {
        var sum = 0;
        foreach (var count in counts)
        {
            sum += count;
        }

        return sum;
    }
}

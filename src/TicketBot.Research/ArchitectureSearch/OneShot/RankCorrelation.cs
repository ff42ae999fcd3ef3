using TicketBot.Learning;

namespace TicketBot.Research.ArchitectureSearch.OneShot;

/// <summary>How far two scores put the same things in the same order. Ties are allowed.</summary>
public static class RankCorrelation
{
    /// <summary>A rank correlation with its interval.</summary>
    /// <param name="Value">Kendall's tau-b of all pairs, -1 to 1.</param>
    /// <param name="Lower">Lower end of the interval.</param>
    /// <param name="Upper">Upper end of the interval.</param>
    /// <param name="Count">Things compared.</param>
    public readonly record struct Interval(double Value, double Lower, double Upper, int Count);

    /// <summary>Returns Kendall's tau-b (Kendall 1945): concordant minus discordant pairs, over the geometric mean of the pairs untied in each score; 0 where a score
    /// is the same for all.</summary>
    /// <exception cref="ArgumentException">The scores are not equally many, fewer than two, or one is not a number.</exception>
    public static double Kendall(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        Require(first, second);
        long sum = 0, inFirst = 0, inSecond = 0;
        for (var i = 1; i < first.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var a = first[i].CompareTo(first[j]);
                var b = second[i].CompareTo(second[j]);
                sum += a * b;
                inFirst += a * a;
                inSecond += b * b;
            }
        }

        return inFirst == 0 || inSecond == 0 ? 0 : sum / Math.Sqrt((double)inFirst * inSecond);
    }

    /// <summary>Returns Spearman's rho (1904): Pearson's correlation of the ranks, equal values at their mean rank; 0 where a score is the same for all.</summary>
    /// <exception cref="ArgumentException">The scores are not equally many, fewer than two, or one is not a number.</exception>
    public static double Spearman(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        Require(first, second);
        var (a, b) = (Ranks(first), Ranks(second));
        var mean = (first.Count - 1) / 2.0;
        double both = 0, ofFirst = 0, ofSecond = 0;
        for (var i = 0; i < a.Length; i++)
        {
            both += (a[i] - mean) * (b[i] - mean);
            ofFirst += (a[i] - mean) * (a[i] - mean);
            ofSecond += (b[i] - mean) * (b[i] - mean);
        }

        return ofFirst == 0 || ofSecond == 0 ? 0 : both / Math.Sqrt(ofFirst * ofSecond);
    }

    /// <summary>Returns Kendall's tau-b with a bootstrap interval: things are drawn with replacement, quantiles of the draws are its ends (Efron 1979).</summary>
    /// <param name="first">One score.</param>
    /// <param name="second">The other.</param>
    /// <param name="alpha">Chance outside the interval, both sides together, between 0 and 1.</param>
    /// <param name="draws">Draws, at least 100.</param>
    /// <param name="rng">Stream of the draws.</param>
    public static Interval KendallInterval(IReadOnlyList<double> first, IReadOnlyList<double> second, double alpha, int draws, Rng rng)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 100);
        var value = Kendall(first, second);
        var drawn = new double[draws];
        var (a, b) = (new double[first.Count], new double[first.Count]);
        for (var draw = 0; draw < draws; draw++)
        {
            for (var i = 0; i < a.Length; i++)
            {
                var chosen = rng.NextInt(a.Length);
                (a[i], b[i]) = (first[chosen], second[chosen]);
            }

            drawn[draw] = Kendall(a, b);
        }

        Array.Sort(drawn);
        var tail = (int)Math.Floor(alpha / 2 * draws);
        return new Interval(value, drawn[tail], drawn[draws - 1 - tail], first.Count);
    }

    private static double[] Ranks(IReadOnlyList<double> scores)
    {
        int[] order = [.. Enumerable.Range(0, scores.Count).OrderBy(i => scores[i])];
        var ranks = new double[order.Length];
        for (var from = 0; from < order.Length;)
        {
            var to = from;
            while (to + 1 < order.Length && scores[order[to + 1]] == scores[order[from]])
            {
                to++;
            }

            for (var i = from; i <= to; i++)
            {
                ranks[order[i]] = (from + to) / 2.0;
            }

            from = to + 1;
        }

        return ranks;
    }

    private static void Require(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != second.Count || first.Count < 2 || first.Concat(second).Any(double.IsNaN))
        {
            throw new ArgumentException($"expected two scores of the same things, at least two and no NaN, found {first.Count} and {second.Count}", nameof(second));
        }
    }
}

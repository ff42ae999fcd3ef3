using TicketBot.Learning;

namespace TicketBot.Research.Statistics;

/// <summary>Bounds and intervals of statistics of dependent observations.</summary>
/// <remarks>Stationary bootstrap: circular blocks of geometric length (Politis and Romano, "The Stationary Bootstrap", JASA 1994). Bounds
/// are the basic ones, estimate minus the quantile of the recentred draws.</remarks>
public static class StationaryBootstrap
{
    /// <summary>An estimate with its bound.</summary>
    /// <param name="Mean">The estimate on the observations as they are.</param>
    /// <param name="Lower">One-sided lower bound at level 1 - alpha.</param>
    /// <param name="Upper">One-sided upper bound at level 1 - alpha.</param>
    /// <param name="PValue">Share of recentred draws at least as large as the estimate, counting the estimate itself: the p-value of
    /// "the true mean is at most zero".</param>
    /// <param name="Draws">Draws taken.</param>
    public readonly record struct Bound(double Mean, double Lower, double Upper, double PValue, int Draws);

    /// <summary>Bounds the mean of <paramref name="values"/>.</summary>
    public static Bound OfMean(ReadOnlySpan<double> values, double alpha, double meanBlock, int draws, Rng rng)
    {
        var ones = new double[values.Length];
        Array.Fill(ones, 1);
        return OfRatio(values, ones, alpha, meanBlock, draws, rng);
    }

    /// <summary>Bounds the sum of <paramref name="values"/> over the sum of <paramref name="weights"/>, resampled together row by row:
    /// with 1 in rows that traded and 0 elsewhere that is the mean per trade, its uncertain number of trades included.</summary>
    /// <exception cref="ArgumentException">Lengths differ, nothing is given, or the weights sum to zero.</exception>
    public static Bound OfRatio(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, double alpha, double meanBlock, int draws, Rng rng)
    {
        var n = values.Length;
        if (n == 0 || weights.Length != n)
        {
            throw new ArgumentException($"values and weights must be equally many and not empty, were {n} and {weights.Length}", nameof(values));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(meanBlock, 1);
        draws = EnoughDraws(draws, alpha);
        var valueSums = Prefix(values);
        var weightSums = Prefix(weights);
        if (weightSums[n] <= 0)
        {
            throw new ArgumentException("the weights must sum to more than zero", nameof(weights));
        }

        var estimate = valueSums[n] / weightSums[n];
        var deviations = new double[draws];
        for (var draw = 0; draw < draws; draw++)
        {
            double sum = 0, weight = 0;
            for (var blocks = new BlockDraw(n, meanBlock); blocks.IsOpen;)
            {
                var (start, length) = blocks.Next(ref rng);
                sum += Circular(valueSums, start, length);
                weight += Circular(weightSums, start, length);
            }

            // A draw without any trade says nothing about the mean per trade; it keeps the estimate.
            deviations[draw] = weight > 0 ? (sum / weight) - estimate : 0;
        }

        var atLeast = 1;
        foreach (var deviation in deviations)
        {
            atLeast += deviation >= estimate ? 1 : 0;
        }

        Array.Sort(deviations);
        return new Bound(
            estimate, estimate - Quantile(deviations, 1 - alpha), estimate - Quantile(deviations, alpha), atLeast / (draws + 1.0), draws);
    }

    /// <summary>A statistic with its two-sided interval.</summary>
    /// <param name="Estimate">The statistic of the rows as they are.</param>
    /// <param name="Lower">Lower end at level 1 - alpha.</param>
    /// <param name="Upper">Upper end at level 1 - alpha.</param>
    /// <param name="Draws">Draws behind the interval: those in which the statistic was a finite number.</param>
    public readonly record struct TwoSided(double Estimate, double Lower, double Upper, int Draws);

    /// <summary>Returns the two-sided interval of any statistic of a series that is indexed by rows.</summary>
    /// <param name="rows">Rows of the series, at least 1.</param>
    /// <param name="statistic">Gives the statistic of a list of row indices, as many as there are rows, some of them several times; it does not keep the list.
    /// A draw in which it is no finite number (no trade, no spread) is left out.</param>
    /// <param name="alpha">Share of the time that the truth may lie outside, above 0 and below 1; half of it at each end.</param>
    /// <param name="meanBlock">Mean block length in rows, at least 1.</param>
    /// <param name="draws">Draws; more are taken where alpha needs them.</param>
    /// <param name="rng">Chance.</param>
    /// <exception cref="ArgumentException">The statistic of the rows as they are is no finite number.</exception>
    public static TwoSided OfStatistic(int rows, Func<ReadOnlySpan<int>, double> statistic, double alpha, double meanBlock, int draws, Rng rng)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(meanBlock, 1);
        draws = EnoughDraws(draws, alpha / 2);
        var indices = new int[rows];
        for (var i = 0; i < rows; i++)
        {
            indices[i] = i;
        }

        var estimate = statistic(indices);
        if (!double.IsFinite(estimate))
        {
            throw new ArgumentException($"the statistic of all {rows} rows must be a finite number, was {estimate}", nameof(statistic));
        }

        var deviations = new double[draws];
        var kept = 0;
        for (var draw = 0; draw < draws; draw++)
        {
            Resample(indices, meanBlock, ref rng);
            var value = statistic(indices);
            if (double.IsFinite(value))
            {
                deviations[kept++] = value - estimate;
            }
        }

        var sorted = deviations[..Math.Max(1, kept)];
        Array.Sort(sorted);
        return new TwoSided(estimate, estimate - Quantile(sorted, 1 - (alpha / 2)), estimate - Quantile(sorted, alpha / 2), kept);
    }

    /// <summary>Fills <paramref name="indices"/> with one draw: row indices below its length, in circular blocks of geometric length.</summary>
    public static void Resample(Span<int> indices, double meanBlock, ref Rng rng)
    {
        var blocks = new BlockDraw(indices.Length, meanBlock);
        for (var at = 0; at < indices.Length;)
        {
            var (start, length) = blocks.Next(ref rng);
            for (var i = 0; i < length; i++)
            {
                indices[at++] = (start + i) % indices.Length;
            }
        }
    }

    /// <summary>One draw as a series of circular blocks that together have as many rows as the series.</summary>
    internal struct BlockDraw(int rows, double meanBlock)
    {
        private readonly int _rows = rows;
        private int _left = rows;

        /// <summary>Whether rows are left to draw.</summary>
        public readonly bool IsOpen => _left > 0;

        /// <summary>Returns the first row of the next block and its length, which may run over the end to the beginning.</summary>
        public (int Start, int Length) Next(ref Rng rng)
        {
            var start = (int)(Uniform(ref rng) * _rows);
            var length = Math.Min(_left, Geometric(ref rng, Math.Min(meanBlock, _rows)));
            _left -= length;
            return (start, length);
        }
    }

    // A tail quantile needs some twenty draws beyond it before it says anything.
    private static int EnoughDraws(int draws, double alpha) => alpha is > 0 and < 1
        ? Math.Max(draws, (int)Math.Min(200_000, Math.Ceiling(20 / alpha)))
        : throw new ArgumentOutOfRangeException(nameof(alpha), alpha, $"a level lies between 0 and 1, was {alpha}");

    private static double Uniform(ref Rng rng) => Math.Min(rng.NextDouble(), 1 - 1e-15);

    private static int Geometric(ref Rng rng, double mean) => mean <= 1
        ? 1
        : 1 + (int)Math.Min(1e9, Math.Log(1 - Uniform(ref rng)) / Math.Log(1 - (1 / mean)));

    private static double Quantile(double[] sorted, double level) => sorted[Math.Clamp((int)Math.Ceiling(level * sorted.Length) - 1, 0, sorted.Length - 1)];

    private static double[] Prefix(ReadOnlySpan<double> values)
    {
        var sums = new double[values.Length + 1];
        for (var i = 0; i < values.Length; i++)
        {
            sums[i + 1] = sums[i] + values[i];
        }

        return sums;
    }

    private static double Circular(double[] sums, int start, int length)
    {
        var n = sums.Length - 1;
        double total = 0;
        while (start + length > n)
        {
            total += sums[n] - sums[start];
            length -= n - start;
            start = 0;
        }

        return total + sums[start + length] - sums[start];
    }
}

using TicketBot.Learning;

namespace TicketBot.Research.Gates;

/// <summary>One-sided lower bounds of means of dependent observations.</summary>
/// <remarks>Stationary bootstrap: circular blocks of geometric length (Politis and Romano, "The Stationary Bootstrap", JASA 1994). The
/// bound is the basic one, estimate minus the upper quantile of the recentred draws.</remarks>
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
        if (alpha is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, $"a level lies between 0 and 1, was {alpha}");
        }

        // A tail quantile needs some twenty draws beyond it before it says anything.
        draws = Math.Max(draws, (int)Math.Min(200_000, Math.Ceiling(20 / alpha)));
        var valueSums = Prefix(values);
        var weightSums = Prefix(weights);
        if (weightSums[n] <= 0)
        {
            throw new ArgumentException("the weights must sum to more than zero", nameof(weights));
        }

        var estimate = valueSums[n] / weightSums[n];
        var deviations = new double[draws];
        var end = Math.Min(meanBlock, n);
        for (var draw = 0; draw < draws; draw++)
        {
            double sum = 0, weight = 0;
            var left = n;
            while (left > 0)
            {
                var start = (int)(Uniform(ref rng) * n);
                var length = Math.Min(left, Geometric(ref rng, end));
                sum += Circular(valueSums, start, length);
                weight += Circular(weightSums, start, length);
                left -= length;
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

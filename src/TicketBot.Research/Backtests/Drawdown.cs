using TicketBot.Domain;

namespace TicketBot.Research.Backtests;

/// <summary>How far and how long the equity lay below an earlier peak.</summary>
/// <param name="Depth">Largest fall from a peak as a fraction of it, 0..1.</param>
/// <param name="PeakAt">When that peak was, or <c>null</c> when nothing was drawn down.</param>
/// <param name="TroughAt">When its lowest point was.</param>
/// <param name="RecoveredAt">When the peak was reached again, or <c>null</c> when it was not.</param>
/// <param name="LongestDays">Longest time from a peak until it was reached again or the test ended, days.</param>
/// <param name="AtEnd">Distance to the peak at the end, 0..1.</param>
public sealed record Drawdown(double Depth, Instant? PeakAt, Instant? TroughAt, Instant? RecoveredAt, double LongestDays, double AtEnd)
{
    /// <summary>Measures an equity curve.</summary>
    /// <param name="from">Time before the first step.</param>
    /// <param name="initial">Equity before it.</param>
    /// <param name="equity">Equity at each step, ascending in time.</param>
    public static Drawdown Of(Instant from, decimal initial, IReadOnlyList<(Instant Time, decimal Equity)> equity)
    {
        var (peak, peakAt) = (initial, from);
        var worst = new Drawdown(0, null, null, null, 0, 0);
        var (longest, below) = (0L, 0.0);
        foreach (var (time, value) in equity)
        {
            if (value >= peak)
            {
                // Only a peak that was left can be reached again: standing still at it is no drawdown.
                longest = below > 0 ? Math.Max(longest, time.Since(peakAt)) : longest;
                worst = worst.PeakAt is not null && worst.RecoveredAt is null ? worst with { RecoveredAt = time } : worst;
                (peak, peakAt, below) = (value, time, 0);
                continue;
            }

            below = peak > 0 ? (double)((peak - value) / peak) : 0;
            longest = Math.Max(longest, time.Since(peakAt));
            if (below > worst.Depth)
            {
                worst = worst with { Depth = below, PeakAt = peakAt, TroughAt = time, RecoveredAt = null };
            }
        }

        return worst with { LongestDays = longest / (double)Instant.MillisecondsPerDay, AtEnd = below };
    }

    /// <summary>Returns the distance to the highest equity so far at each step, 0..1.</summary>
    public static double[] Curve(decimal initial, IReadOnlyList<(Instant Time, decimal Equity)> equity)
    {
        var curve = new double[equity.Count];
        var peak = initial;
        for (var i = 0; i < curve.Length; i++)
        {
            peak = Math.Max(peak, equity[i].Equity);
            curve[i] = peak > 0 ? (double)((peak - equity[i].Equity) / peak) : 0;
        }

        return curve;
    }

    /// <summary>Returns the largest drawdown of days played one after the other in the order given, lows and highs inside the days included.</summary>
    /// <param name="days">The days.</param>
    /// <param name="order">Which day comes when; a day may come more than once.</param>
    public static double DepthOf(IReadOnlyList<EquityDay> days, ReadOnlySpan<int> order)
    {
        double equity = 1, peak = 1, depth = 0;
        foreach (var index in order)
        {
            var day = days[index];
            depth = Math.Max(depth, Math.Max(day.Drawdown, 1 - (equity * day.Low / peak)));
            peak = Math.Max(peak, equity * day.High);
            equity *= 1 + day.Return;
        }

        return depth;
    }
}

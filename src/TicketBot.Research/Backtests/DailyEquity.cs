using TicketBot.Domain;

namespace TicketBot.Research.Backtests;

/// <summary>What the equity did on one UTC day, everything as a fraction of the equity it began with.</summary>
/// <param name="Day">Begin of the day.</param>
/// <param name="Return">Equity at its end over equity at its begin, less one.</param>
/// <param name="Low">Lowest equity of the day, its begin included: at most 1.</param>
/// <param name="High">Highest equity of the day, its begin included: at least 1.</param>
/// <param name="Drawdown">Largest fall inside the day from a peak of that day, 0..1.</param>
/// <param name="Equity">Equity at its end in settlement coin.</param>
public readonly record struct EquityDay(Instant Day, double Return, double Low, double High, double Drawdown, decimal Equity);

/// <summary>Cuts an equity curve into UTC days. A candle belongs to the day it was open in: what closes at midnight ends the day before.</summary>
public static class DailyEquity
{
    /// <summary>Returns every calendar day from the first step to the last; a day without a step repeats the equity before it. The first and
    /// the last day may be cut short by the ends of the test.</summary>
    /// <param name="initial">Equity before the first step, above zero.</param>
    /// <param name="equity">Equity at each step, ascending in time.</param>
    public static IReadOnlyList<EquityDay> Of(decimal initial, IReadOnlyList<(Instant Time, decimal Equity)> equity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(initial, 0m);
        var days = new List<EquityDay>();
        var before = initial;
        var at = 0;
        while (at < equity.Count)
        {
            var day = DayOf(equity[at].Time);
            while (days.Count > 0 && days[^1].Day.Plus(Instant.MillisecondsPerDay) < day)
            {
                days.Add(new EquityDay(days[^1].Day.Plus(Instant.MillisecondsPerDay), 0, 1, 1, 0, before));
            }

            decimal low = before, high = before, last = before;
            var drawdown = 0.0;
            for (; at < equity.Count && DayOf(equity[at].Time) == day; at++)
            {
                last = equity[at].Equity;
                low = Math.Min(low, last);
                high = Math.Max(high, last);
                drawdown = Math.Max(drawdown, Fraction(high - last, high));
            }

            days.Add(new EquityDay(day, Fraction(last - before, before), 1 + Fraction(low - before, before), 1 + Fraction(high - before, before), drawdown, last));
            before = last;
        }

        return days;
    }

    /// <summary>Returns the begin of the UTC day that a step belongs to.</summary>
    public static Instant DayOf(Instant time) => time.Plus(-1).StartOfUtcDay();

    // An account that is used up stays where it is.
    private static double Fraction(decimal part, decimal of) => of > 0 ? (double)(part / of) : 0;
}

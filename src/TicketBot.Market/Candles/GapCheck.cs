using TicketBot.Domain;

namespace TicketBot.Market.Candles;

/// <summary>Finds the candles that a list of candles lacks.</summary>
public static class GapCheck
{
    /// <summary>Returns the runs of open times missing between the first and the last candle, ascending; empty when none is missing.</summary>
    /// <param name="interval">The candle length.</param>
    /// <param name="candles">Candles, ascending by open time and distinct.</param>
    /// <exception cref="ArgumentException">A candle is off the grid or not later than the one before it.</exception>
    public static IReadOnlyList<CandleGap> Find(Interval interval, IReadOnlyList<Candle> candles) =>
        candles.Count == 0
            ? []
            : Find(interval, candles, candles[0].OpenTime, interval.CloseOf(candles[^1].OpenTime));

    /// <summary>Returns the runs of open times in <c>[from, until)</c> that no candle has, ascending; empty when none is missing.</summary>
    /// <param name="interval">The candle length.</param>
    /// <param name="candles">Candles, ascending by open time and distinct; those outside the range are passed over.</param>
    /// <param name="from">First expected time; the first candle to open at or after it is expected.</param>
    /// <param name="until">Exclusive end of expected open times.</param>
    /// <exception cref="ArgumentException">A candle is off the grid or not later than the one before it.</exception>
    public static IReadOnlyList<CandleGap> Find(Interval interval, IReadOnlyList<Candle> candles, Instant from, Instant until)
    {
        Check(interval, candles);
        var gaps = new List<CandleGap>();
        var opening = interval.OpenOf(from);
        var expected = opening < from ? interval.CloseOf(opening) : opening;
        for (var i = 0; i < candles.Count && candles[i].OpenTime < until; i++)
        {
            var time = candles[i].OpenTime;
            if (time >= expected)
            {
                Add(gaps, interval, expected, time);
                expected = interval.CloseOf(time);
            }
        }

        Add(gaps, interval, expected, until);
        return gaps;
    }

    private static void Check(Interval interval, IReadOnlyList<Candle> candles)
    {
        for (var i = 0; i < candles.Count; i++)
        {
            var time = candles[i].OpenTime;
            if (interval.OpenOf(time) != time || (i > 0 && time <= candles[i - 1].OpenTime))
            {
                throw new ArgumentException(
                    $"candles must open on the {interval} grid, ascending and distinct: candle {i} opened {time}"
                    + (i > 0 ? $" after {candles[i - 1].OpenTime}" : string.Empty),
                    nameof(candles));
            }
        }
    }

    private static void Add(List<CandleGap> gaps, Interval interval, Instant from, Instant until)
    {
        var count = 0;
        var time = from;
        while (time < until)
        {
            count++;
            time = interval.CloseOf(time);
        }

        if (count > 0)
        {
            gaps.Add(new CandleGap(from, time, count));
        }
    }
}

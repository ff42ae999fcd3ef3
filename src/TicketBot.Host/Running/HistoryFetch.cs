using TicketBot.Bybit.MarketData;
using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Running;

/// <summary>Brings a span of a series from the venue into the candle store: what is stored stays, what is missing is read page by page and
/// stored as it comes, so that a fetch that was stopped goes on where it was, and gaps left by an outage are filled.</summary>
/// <param name="From">First open time of the span that the venue can have: the one asked for, or the series' first candle.</param>
/// <param name="Until">Exclusive end of the span.</param>
/// <param name="IsCut">Whether the span that was asked for begins before the series does.</param>
/// <param name="Found">Candles of the span that were stored already.</param>
/// <param name="Fetched">Candles read from the venue.</param>
/// <param name="Missing">Runs of candles that the venue does not have, ascending.</param>
public sealed record HistoryFetch(Instant From, Instant Until, bool IsCut, int Found, int Fetched, IReadOnlyList<CandleGap> Missing)
{
    // Candles looked at in one go when gaps are sought: years of minutes must not lie in memory at once.
    private const int CandlesAtOnce = 20_000;

    /// <summary>Fetches what the store lacks of [from, until); <c>null</c> when the venue has no candle that opens before the end.</summary>
    /// <param name="market">The venue.</param>
    /// <param name="store">The store.</param>
    /// <param name="series">Symbol and interval.</param>
    /// <param name="from">Earliest open time.</param>
    /// <param name="until">Exclusive end; every candle that opens before it must have closed, or <paramref name="until"/> be market time.</param>
    /// <param name="progress">Told after each page: candles of the span that are stored now, candles of the span, those found stored, the time reached.</param>
    /// <param name="cancellationToken">Stops between two pages; what was read is stored.</param>
    /// <exception cref="ExchangeException">The venue could not be read; what was read before is stored.</exception>
    public static async Task<HistoryFetch?> RunAsync(
        BybitMarket market, ICandleStore store, SeriesKey series, Instant from, Instant until, Action<int, int, int, Instant> progress,
        CancellationToken cancellationToken)
    {
        var interval = series.Interval;
        var asked = interval.OpenOf(from) is var open && open < from ? interval.CloseOf(open) : from;
        until = LastClose(interval, asked, until);
        var (found, gaps) = await GapsAsync(store, series, asked, until, cancellationToken);
        var begin = asked;
        if (gaps is [var first, ..] && first.From == asked)
        {
            if (await market.FirstCandleAsync(series.Symbol, interval, asked, until, cancellationToken) is not { } listed)
            {
                return null;
            }

            begin = listed;
            gaps = [.. gaps.Where(gap => gap.Until > begin).Select(gap => gap.From >= begin ? gap : new CandleGap(begin, gap.Until, CountOf(interval, begin, gap.Until)))];
        }

        var (wanted, fetched) = (gaps.Sum(gap => gap.Count), 0);
        progress(found, found + wanted, found, begin);
        foreach (var gap in gaps)
        {
            // The end of the gap says which candles are closed: all that open before it have.
            await foreach (var page in market.CandlePagesAsync(series.Symbol, interval, gap.From, gap.Until, cancellationToken))
            {
                // A page in hand is stored even when the fetch is being stopped.
                await store.WriteAsync(series.Symbol, interval, page, CancellationToken.None);
                fetched += page.Count;
                progress(found + fetched, found + wanted, found, interval.CloseOf(page[^1].OpenTime));
            }
        }

        var missing = fetched == wanted ? [] : (await GapsAsync(store, series, begin, until, cancellationToken)).Gaps;
        return new HistoryFetch(begin, until, begin > asked, found, fetched, missing);
    }

    private static async Task<(int Stored, List<CandleGap> Gaps)> GapsAsync(
        ICandleStore store, SeriesKey series, Instant from, Instant until, CancellationToken cancellationToken)
    {
        var (stored, gaps) = (0, new List<CandleGap>());
        for (var start = from; start < until;)
        {
            var end = series.Interval.Shift(start, CandlesAtOnce) is var far && far < until ? far : until;
            var candles = await store.ReadAsync(series.Symbol, series.Interval, start, end, cancellationToken);
            stored += candles.Count;
            foreach (var gap in GapCheck.Find(series.Interval, candles, start, end))
            {
                if (gaps is [.., var last] && last.Until == gap.From)
                {
                    gaps[^1] = new CandleGap(last.From, gap.Until, last.Count + gap.Count);
                }
                else
                {
                    gaps.Add(gap);
                }
            }

            start = end;
        }

        return (stored, gaps);
    }

    // The close of the last candle that has closed by a time: nothing under way is fetched.
    private static Instant LastClose(Interval interval, Instant from, Instant until) =>
        interval.OpenOf(until) is var open && open > from ? open : from;

    private static int CountOf(Interval interval, Instant from, Instant until)
    {
        var count = 0;
        for (var time = from; time < until; time = interval.CloseOf(time))
        {
            count++;
        }

        return count;
    }
}

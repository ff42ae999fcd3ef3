using TicketBot.Domain;
using TicketBot.Market.Candles;

namespace TicketBot.Trading.Exchange;

/// <summary>Brings the candle store up to market time from the venue's history.</summary>
public static class CandleHistory
{
    /// <summary>Fetches what the store lacks of the newest <paramref name="count"/> candles of a series and returns how many rows were new or changed.</summary>
    /// <exception cref="ExchangeException">The venue could not be read.</exception>
    public static async ValueTask<int> RefreshAsync(
        IExchange exchange, ICandleStore store, SeriesKey series, int count, CancellationToken cancellationToken)
    {
        var now = await exchange.GetMarketTimeAsync(cancellationToken);
        var wanted = series.Interval.Shift(series.Interval.OpenOf(now), -count);
        var stored = await store.ReadAsync(series.Symbol, series.Interval, wanted, null, cancellationToken);
        if (stored.Count > 0 && stored[0].OpenTime == wanted && IsContiguous(stored, series.Interval))
        {
            var newer = await exchange.GetCandlesAsync(series.Symbol, series.Interval, series.Interval.CloseOf(stored[^1].OpenTime), null, cancellationToken);
            return newer.Count == 0 ? 0 : await store.WriteAsync(series.Symbol, series.Interval, newer, cancellationToken);
        }

        var all = await exchange.GetLatestCandlesAsync(series.Symbol, series.Interval, count, cancellationToken);
        return all.Count == 0 ? 0 : await store.WriteAsync(series.Symbol, series.Interval, all, cancellationToken);
    }

    private static bool IsContiguous(IReadOnlyList<Candle> candles, Interval interval)
    {
        for (var i = 1; i < candles.Count; i++)
        {
            if (candles[i].OpenTime != interval.CloseOf(candles[i - 1].OpenTime))
            {
                return false;
            }
        }

        return true;
    }
}

using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Wire;

/// <summary>What a candle read tells.</summary>
internal enum KlineKind
{
    /// <summary>Trades, with volume and turnover.</summary>
    Trade,

    /// <summary>Mark or index price, which over whole candles are the price of trades here.</summary>
    Price,

    /// <summary>What the mark price lies above the index, as a fraction: nothing, since they are one.</summary>
    Premium,
}

/// <summary>The candle reads (https://bybit-exchange.github.io/docs/v5/market/kline). Called under the session's lock.</summary>
/// <remarks>Newest first, the candle under way in front. With <c>start</c> alone the oldest from there, else the newest up to <c>end</c>; both
/// bounds count by the candle's start and include it. An interval that the market does not have is made from one that it has.</remarks>
internal static class KlineRequests
{
    /// <summary>Answers a read.</summary>
    internal static WireAnswer Answer(VenueSession session, WireQuery query, KlineKind kind)
    {
        if (query["symbol"] is not { } name || !Symbol.IsValid(name) || !Interval.TryParse(query["interval"], out var interval) || interval.VenueCode != query["interval"])
        {
            return WireAnswer.BadParameter($"symbol and interval are required, were '{query["symbol"]}' and '{query["interval"]}'");
        }

        var series = new SeriesKey(new Symbol(name), interval);
        if (!query.IsLinear || session.Derived.Closed(series) is not { } list)
        {
            return WireAnswer.BadParameter($"this market has {string.Join(", ", session.Market.Series)}, was asked for {series}");
        }

        var limit = query.Limit(200, 1000);
        var (start, end) = (query.Number("start"), query.Number("end"));
        if (start > end)
        {
            return WireAnswer.BadParameter($"start must not be after end, were {start} and {end}");
        }

        var open = session.Derived.OpenOf(series);
        var count = list.Count + (list.Count == 0 || list[^1].OpenTime < open.OpenTime ? 1 : 0);
        Candle Row(int i) => i < list.Count ? list[i] : open;
        int FirstFrom(long from)
        {
            var (low, high) = (0, count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = Row(middle).OpenTime.UnixMilliseconds < from ? (middle + 1, high) : (low, middle);
            }

            return low;
        }

        var first = start is { } s ? FirstFrom(s) : 0;
        var until = end is { } e ? FirstFrom(e == long.MaxValue ? e : e + 1) : count;
        if (start is not null && end is null)
        {
            until = Math.Min(until, first + limit);
        }
        else
        {
            first = Math.Max(first, until - limit);
        }

        return WireAnswer.Ok(w =>
        {
            w.WriteString("category", "linear");
            w.WriteString("symbol", name);
            w.WriteStartArray("list");
            for (var i = until - 1; i >= first; i--)
            {
                var candle = Row(i);
                w.WriteStartArray();
                w.WriteStringValue(WireText.Of(candle.OpenTime));
                foreach (var price in new[] { candle.Open, candle.High, candle.Low, candle.Close })
                {
                    w.WriteStringValue(kind == KlineKind.Premium ? "0" : WireText.Of(price));
                }

                if (kind == KlineKind.Trade)
                {
                    w.WriteStringValue(WireText.Of(candle.Volume));
                    w.WriteStringValue(WireText.Of(candle.Turnover));
                }

                w.WriteEndArray();
            }

            w.WriteEndArray();
        });
    }
}

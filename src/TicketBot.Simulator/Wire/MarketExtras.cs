using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Wire;

/// <summary>Market figures that other traders would make: open interest, the insurance pool, the ratio of accounts. There are no other traders, so
/// open interest stands still, the pool is empty and ratios are not told. Called under the session's lock.</summary>
/// <remarks>Sources: https://bybit-exchange.github.io/docs/v5/market/open-interest, /insurance, /adl-alert, /long-short-ratio, /index-components,
/// /order-price-limit, /rpi-orderbook and https://bybit-exchange.github.io/docs/v5/announcement.</remarks>
internal static class MarketExtras
{
    /// <summary>Base coin that is open at all times, of every contract.</summary>
    internal const long OpenInterest = 100_000;

    /// <summary>Answers a market request, or returns <c>null</c> for an unknown path.</summary>
    internal static WireAnswer? Answer(VenueSession session, string path, WireQuery query) => path switch
    {
        "/v5/market/open-interest" => Interest(session, query),
        "/v5/market/insurance" => WireAnswer.Ok(w => Insurance(w, session, query)),
        "/v5/market/adlAlert" => WireAnswer.Ok(w =>
        {
            w.WriteString("updatedTime", WireText.Of(session.Venue.Time));
            Nothing(w, hasCursor: false);
        }),
        "/v5/market/account-ratio" or "/v5/market/delivery-price" or "/v5/market/new-delivery-price" or "/v5/market/historical-volatility" => WireAnswer.Ok(w =>
        {
            w.WriteString("category", query["category"] ?? "linear");
            Nothing(w, hasCursor: true);
        }),
        "/v5/market/fee-group-info" or "/v5/system/status" => WireAnswer.Ok(w => Nothing(w, hasCursor: false)),
        "/v5/spot-margin-trade/data" => WireAnswer.Ok(w =>
        {
            w.WriteStartArray("vipCoinList");
            w.WriteEndArray();
        }),
        "/v5/market/index-price-components" => Components(session, query),
        "/v5/announcements/index" => WireAnswer.Ok(w =>
        {
            w.WriteNumber("total", 0);
            Nothing(w, hasCursor: false);
        }),
        _ => null,
    };

    /// <summary>Writes the highest price of a buy and the lowest of a sale.</summary>
    internal static void PriceLimit(Utf8JsonWriter w, VenueSession session, Symbol symbol)
    {
        var (mark, instrument) = (session.Venue.MarkPrice(symbol), session.Venue.InstrumentOf(symbol)!);
        w.WriteString("symbol", symbol.Value);
        w.WriteString("buyLmt", WireText.Of(instrument.NearestTick((double)(mark * (1 + OrderBook.Band))).Value));
        w.WriteString("sellLmt", WireText.Of(instrument.NearestTick((double)(mark * (1 - OrderBook.Band))).Value));
    }

    private static void Nothing(Utf8JsonWriter w, bool hasCursor)
    {
        w.WriteStartArray("list");
        w.WriteEndArray();
        if (hasCursor)
        {
            w.WriteString("nextPageCursor", "");
        }
    }

    private static WireAnswer Interest(VenueSession session, WireQuery query)
    {
        if (query["category"] is not ("linear" or "inverse"))
        {
            return WireAnswer.BadParameter($"category must be linear or inverse, was '{query["category"]}'");
        }

        if (!query.IsLinear || Known(session, query["symbol"]) is not { } symbol)
        {
            return WireAnswer.BadParameter($"symbol invalid {query["symbol"]}");
        }

        long? minutes = query["intervalTime"] switch { "5min" => 5, "15min" => 15, "30min" => 30, "1h" => 60, "4h" => 240, "1d" => 1_440, _ => null };
        if (minutes is null)
        {
            return WireAnswer.BadParameter($"intervalTime must be 5min, 15min, 30min, 1h, 4h or 1d, was '{query["intervalTime"]}'");
        }

        // One row at each full interval since the contract's first candle, newest first; the cursor is the time of the last row given.
        var length = minutes.Value * 60_000;
        var (from, until) = query.Range();
        var series = session.Market.Series.Where(s => s.Symbol == symbol).MinBy(s => s.Interval.NominalMilliseconds);
        var candles = session.Candles.Of(series);
        var oldest = Math.Max(from.UnixMilliseconds, candles.Count == 0 ? session.Venue.Time.UnixMilliseconds : candles[0].OpenTime.UnixMilliseconds);
        var newest = Math.Min(until.UnixMilliseconds, session.Venue.Time.UnixMilliseconds);
        var limit = query.Limit(50, 200);
        if (query.Number("cursor") is { } cursor)
        {
            newest = Math.Min(newest, cursor - 1);
        }

        return WireAnswer.Ok(w =>
        {
            w.WriteString("symbol", symbol.Value);
            w.WriteString("category", "linear");
            w.WriteStartArray("list");
            var time = newest - (newest % length);
            for (var i = 0; i < limit && time >= oldest; i++, time -= length)
            {
                w.WriteStartObject();
                w.WriteString("openInterest", OpenInterest.ToString(CultureInfo.InvariantCulture));
                w.WriteString("timestamp", time.ToString(CultureInfo.InvariantCulture));
                w.WriteEndObject();
            }

            w.WriteEndArray();
            w.WriteString("nextPageCursor", time >= oldest ? (time + length).ToString(CultureInfo.InvariantCulture) : "");
        });
    }

    private static void Insurance(Utf8JsonWriter w, VenueSession session, WireQuery query)
    {
        w.WriteString("updatedTime", WireText.Of(session.Venue.Time));
        w.WriteStartArray("list");
        if (query["coin"] is null or "USDT")
        {
            w.WriteStartObject();
            w.WriteString("coin", "USDT");
            w.WriteString("symbols", string.Join(',', session.Venue.Instruments.Select(i => i.Symbol.Value)));
            w.WriteString("balance", "0");
            w.WriteString("value", "0");
            w.WriteEndObject();
        }

        w.WriteEndArray();
    }

    // The index is of this venue's own making: it has no components elsewhere.
    private static WireAnswer Components(VenueSession session, WireQuery query) => Known(session, query["indexName"]) is not { } symbol
        ? WireAnswer.BadParameter($"indexName must be a contract's, was '{query["indexName"]}'")
        : WireAnswer.Ok(w =>
        {
            w.WriteString("indexName", symbol.Value);
            w.WriteString("lastPrice", WireText.Of(session.Venue.IndexPrice(symbol)));
            w.WriteString("updateTime", WireText.Of(session.Venue.Time));
            w.WriteStartArray("components");
            w.WriteEndArray();
        });

    private static Symbol? Known(VenueSession session, string? name) =>
        name is not null && Symbol.IsValid(name) && session.Venue.InstrumentOf(new Symbol(name)) is not null ? new Symbol(name) : null;
}

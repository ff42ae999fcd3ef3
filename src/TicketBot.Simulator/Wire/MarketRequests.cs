using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;

namespace TicketBot.Simulator.Wire;

/// <summary>The market data requests, which need no key. Called under the session's lock.</summary>
internal static class MarketRequests
{
    /// <summary>Answers a market request, or returns <c>null</c> for an unknown path.</summary>
    internal static WireAnswer? Answer(VenueSession session, string path, WireQuery query) => path switch
    {
        "/v5/market/time" => Time(session),
        "/v5/market/instruments-info" => InCategory(query, () => query.Page(
            session.Venue.Instruments.Where(i => query.IsLinear && query.Names(i.Symbol) && query["status"] is null or "Trading").ToList(), 500, 1000, InstrumentRows.Write)),
        "/v5/market/kline" => KlineRequests.Answer(session, query, KlineKind.Trade),
        "/v5/market/mark-price-kline" or "/v5/market/index-price-kline" => KlineRequests.Answer(session, query, KlineKind.Price),
        "/v5/market/premium-index-price-kline" => KlineRequests.Answer(session, query, KlineKind.Premium),
        "/v5/market/tickers" => InCategory(query, () => Listed(session, query, (w, i) =>
        {
            w.WriteStartObject();
            Tickers.Write(w, session, i.Symbol);
            w.WriteEndObject();
        })),
        "/v5/market/orderbook" => InCategory(query, () => OfSymbol(session, query, 25, Book)),
        "/v5/market/recent-trade" => InCategory(query, () => OfSymbol(session, query, 500, Trades)),
        "/v5/market/funding/history" => InCategory(query, () => Funding(session, query)),
        "/v5/market/risk-limit" => InCategory(query, () => Listed(session, query, Risk)),
        "/v5/market/price-limit" => OfSymbol(session, query, (s, w) =>
        {
            MarketExtras.PriceLimit(w, session, s);
            w.WriteString("ts", WireText.Of(session.Venue.Time));
        }),
        _ => MarketExtras.Answer(session, path, query),
    };

    private static WireAnswer Time(VenueSession session)
    {
        var now = session.Faults.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        return WireAnswer.Ok(w =>
        {
            w.WriteString("timeSecond", (now / 1000).ToString(CultureInfo.InvariantCulture));
            w.WriteString("timeNano", (now * 1_000_000).ToString(CultureInfo.InvariantCulture));
        });
    }

    private static WireAnswer InCategory(WireQuery query, Func<WireAnswer> answer) => query["category"] switch
    {
        null => WireAnswer.BadParameter("category is required: linear, inverse, spot or option"),
        "linear" => answer(),
        "inverse" or "spot" or "option" => Nothing(query),
        var other => WireAnswer.BadParameter($"category must be linear, inverse, spot or option, was '{other}'"),
    };

    private static WireAnswer Nothing(WireQuery query) => WireAnswer.Ok(w =>
    {
        w.WriteString("category", query["category"] ?? "linear");
        w.WriteStartArray("list");
        w.WriteEndArray();
        w.WriteString("nextPageCursor", "");
    });

    private static WireAnswer Listed(VenueSession session, WireQuery query, Action<Utf8JsonWriter, Instrument> row) =>
        query["symbol"] is { } name && (!Symbol.IsValid(name) || session.Venue.InstrumentOf(new Symbol(name)) is null)
            ? WireAnswer.BadParameter($"symbol invalid {name}")
            : WireAnswer.Ok(w =>
            {
                w.WriteString("category", "linear");
                w.WriteStartArray("list");
                foreach (var instrument in session.Venue.Instruments.Where(i => query.Names(i.Symbol)))
                {
                    row(w, instrument);
                }

                w.WriteEndArray();
            });

    private static WireAnswer OfSymbol(VenueSession session, WireQuery query, Action<Symbol, Utf8JsonWriter> fields) =>
        query["symbol"] is { } name && Symbol.IsValid(name) && session.Venue.InstrumentOf(new Symbol(name)) is not null
            ? WireAnswer.Ok(w => fields(new Symbol(name), w))
            : WireAnswer.BadParameter($"symbol invalid {query["symbol"]}");

    // The limit is read before anything is written: a wrong one is refused.
    private static WireAnswer OfSymbol(VenueSession session, WireQuery query, int usual, Action<VenueSession, Symbol, int, Utf8JsonWriter> fields)
    {
        var limit = query.Limit(usual, 1000);
        return OfSymbol(session, query, (s, w) => fields(session, s, limit, w));
    }

    private static void Book(VenueSession session, Symbol symbol, int depth, Utf8JsonWriter w)
    {
        var book = session.Venue.BookOf(symbol, depth);
        w.WriteString("s", symbol.Value);
        StreamFrames.Levels(w, "b", book.Bids);
        StreamFrames.Levels(w, "a", book.Asks);
        w.WriteNumber("ts", book.Time.UnixMilliseconds);
        w.WriteNumber("u", session.Feed.UpdateIdOf(symbol, 1000, book));
        w.WriteNumber("seq", book.Sequence);
        w.WriteNumber("cts", book.Time.UnixMilliseconds);
    }

    private static void Trades(VenueSession session, Symbol symbol, int limit, Utf8JsonWriter w)
    {
        w.WriteString("category", "linear");
        w.WriteStartArray("list");
        foreach (var trade in session.Venue.TradesOf(symbol).Reverse().Take(limit))
        {
            w.WriteStartObject();
            w.WriteString("execId", trade.Id);
            w.WriteString("symbol", symbol.Value);
            w.WriteString("price", WireText.Of(trade.Price));
            w.WriteString("size", WireText.Of(trade.Size));
            w.WriteString("side", trade.TakerSide.ToString());
            w.WriteString("time", WireText.Of(trade.Time));
            w.WriteBoolean("isBlockTrade", false);
            w.WriteBoolean("isRPITrade", false);
            w.WriteString("seq", trade.Sequence.ToString(CultureInfo.InvariantCulture));
            w.WriteEndObject();
        }

        w.WriteEndArray();
    }

    private static WireAnswer Funding(VenueSession session, WireQuery query)
    {
        if (query["symbol"] is not { } name || !Symbol.IsValid(name) || session.Venue.InstrumentOf(new Symbol(name)) is not { } instrument)
        {
            return WireAnswer.BadParameter($"symbol invalid {query["symbol"]}");
        }

        if (query["startTime"] is not null && query["endTime"] is null)
        {
            return WireAnswer.BadParameter("startTime needs an endTime");
        }

        var (from, until) = query.Range();
        var limit = query.Limit(200, 200);
        var interval = instrument.FundingIntervalMinutes * 60_000L;
        var newest = Math.Clamp(until.UnixMilliseconds, 0, session.Venue.Time.UnixMilliseconds);
        var oldest = Math.Max(from.UnixMilliseconds - 1, newest - (interval * (limit + 1)));
        var rates = session.Venue.FundingSince(instrument.Symbol, new Instant(Math.Min(oldest, newest)))
            .Where(r => r.Time.UnixMilliseconds <= newest).Reverse().Take(limit);
        return WireAnswer.Ok(w =>
        {
            w.WriteString("category", "linear");
            w.WriteStartArray("list");
            foreach (var rate in rates)
            {
                w.WriteStartObject();
                w.WriteString("symbol", name);
                w.WriteString("fundingRate", WireText.Of(rate.Rate));
                w.WriteString("fundingRateTimestamp", WireText.Of(rate.Time));
                w.WriteEndObject();
            }

            w.WriteEndArray();
        });
    }

    private static void Risk(Utf8JsonWriter w, Instrument instrument)
    {
        w.WriteStartObject();
        w.WriteNumber("id", 1);
        w.WriteString("symbol", instrument.Symbol.Value);
        w.WriteString("riskLimitValue", WireText.Of(InstrumentRows.RiskLimit));
        w.WriteString("maintenanceMargin", "0.005");
        w.WriteString("initialMargin", "0.01");
        w.WriteNumber("isLowestRisk", 1);
        w.WriteString("maxLeverage", "100.00");
        w.WriteString("mmDeduction", "");
        w.WriteEndObject();
    }
}

using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Wire;

/// <summary>The market data requests, which need no key. Called under the session's lock.</summary>
internal static class MarketRequests
{
    /// <summary>Answers a market request, or returns <c>null</c> for an unknown path.</summary>
    internal static WireAnswer? Answer(VenueSession session, string path, WireQuery query) => path switch
    {
        "/v5/market/time" => Time(session),
        "/v5/market/instruments-info" => query.Page(
            session.Venue.Instruments.Where(i => query.IsLinear && query.Names(i.Symbol) && query["status"] is null or "Trading").ToList(), 500, 1000, Instrument),
        "/v5/market/kline" => Candles(session, query),
        "/v5/market/tickers" => Tickers(session, query),
        "/v5/market/funding/history" => Funding(session, query),
        _ => null,
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

    private static WireAnswer Candles(VenueSession session, WireQuery query)
    {
        if (query["symbol"] is not { } name || !Symbol.IsValid(name) || !Interval.TryParse(query["interval"], out var interval))
        {
            return WireAnswer.BadParameter($"symbol and interval are required, were '{query["symbol"]}' and '{query["interval"]}'");
        }

        var series = new SeriesKey(new Symbol(name), interval);
        if (!query.IsLinear || !session.Candles.Has(series))
        {
            return WireAnswer.BadParameter($"this market has {string.Join(", ", session.Market.Series)}, was asked for {series}");
        }

        var list = session.Candles.Of(series);
        var limit = query.Limit(200, 1000);
        var (start, end) = (query.Number("start"), query.Number("end"));

        // The still-open candle stands flat at the last price: its inside is not known before it closes.
        var last = (double)session.Venue.LastPrice(series.Symbol);
        var open = new Candle(interval.OpenOf(session.Venue.Time), last, last, last, last, 0, 0);
        var count = list.Count + (list.Count == 0 || list[^1].OpenTime < open.OpenTime ? 1 : 0);
        Candle Row(int i) => i < list.Count ? list[i] : open;
        int FirstFrom(long from)
        {
            var index = session.Candles.FirstFrom(series, new Instant(from));
            return index == list.Count && count > list.Count && open.OpenTime.UnixMilliseconds < from ? count : index;
        }

        var first = start is { } s ? FirstFrom(s) : 0;
        var until = end is { } e ? FirstFrom(e + 1) : count;
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
                w.WriteStringValue(WireText.Of(candle.Open));
                w.WriteStringValue(WireText.Of(candle.High));
                w.WriteStringValue(WireText.Of(candle.Low));
                w.WriteStringValue(WireText.Of(candle.Close));
                w.WriteStringValue(WireText.Of(candle.Volume));
                w.WriteStringValue(WireText.Of(candle.Turnover));
                w.WriteEndArray();
            }

            w.WriteEndArray();
        });
    }

    private static WireAnswer Tickers(VenueSession session, WireQuery query) => WireAnswer.Ok(w =>
    {
        w.WriteString("category", query["category"] ?? "linear");
        w.WriteStartArray("list");
        foreach (var instrument in session.Venue.Instruments.Where(i => query.IsLinear && query.Names(i.Symbol)))
        {
            w.WriteStartObject();
            Wire.Tickers.Write(w, session, instrument.Symbol);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    });

    private static WireAnswer Funding(VenueSession session, WireQuery query)
    {
        if (query["symbol"] is not { } name || !Symbol.IsValid(name) || session.Venue.InstrumentOf(new Symbol(name)) is null)
        {
            return WireAnswer.BadParameter($"symbol invalid {query["symbol"]}");
        }

        if (query["startTime"] is not null && query["endTime"] is null)
        {
            return WireAnswer.BadParameter("startTime needs an endTime");
        }

        var symbol = new Symbol(name);
        var (from, until) = query.Range();
        var limit = query.Limit(200, 200);
        var interval = session.Venue.InstrumentOf(symbol)!.FundingIntervalMinutes * 60_000L;
        var newest = Math.Min(until.UnixMilliseconds, session.Venue.Time.UnixMilliseconds);
        var oldest = Math.Max(from.UnixMilliseconds - 1, newest - (interval * (limit + 1)));
        var rates = session.Venue.FundingSince(symbol, new Instant(oldest)).Where(r => r.Time.UnixMilliseconds <= newest).Reverse().Take(limit);
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

    private static void Instrument(Utf8JsonWriter w, Instrument instrument)
    {
        var symbol = instrument.Symbol.Value;
        var scale = BitConverter.GetBytes(decimal.GetBits(instrument.TickSize)[3])[2];
        w.WriteStartObject();
        w.WriteString("symbol", symbol);
        w.WriteString("contractType", "LinearPerpetual");
        w.WriteString("status", instrument.IsTrading ? "Trading" : "Closed");
        w.WriteString("baseCoin", symbol.EndsWith("USDT", StringComparison.Ordinal) ? symbol[..^4] : symbol);
        w.WriteString("quoteCoin", "USDT");
        w.WriteString("settleCoin", "USDT");
        w.WriteString("symbolType", "");
        w.WriteString("displayName", "");
        w.WriteString("launchTime", "0");
        w.WriteString("deliveryTime", "0");
        w.WriteString("deliveryFeeRate", "");
        w.WriteString("priceScale", scale.ToString(CultureInfo.InvariantCulture));
        w.WriteStartObject("leverageFilter");
        w.WriteString("minLeverage", "1");
        w.WriteString("maxLeverage", "100");
        w.WriteString("leverageStep", "0.01");
        w.WriteEndObject();
        w.WriteStartObject("priceFilter");
        w.WriteString("minPrice", WireText.Of(instrument.TickSize));
        w.WriteString("maxPrice", WireText.Of(instrument.TickSize * 20_000_000));
        w.WriteString("tickSize", WireText.Of(instrument.TickSize));
        w.WriteEndObject();
        w.WriteStartObject("lotSizeFilter");
        w.WriteString("minOrderQty", WireText.Of(instrument.MinQuantity));
        w.WriteString("qtyStep", WireText.Of(instrument.QuantityStep));
        w.WriteString("maxOrderQty", WireText.Of(instrument.MaxQuantity));
        w.WriteString("maxMktOrderQty", WireText.Of(instrument.MaxMarketQuantity));
        w.WriteString("minNotionalValue", WireText.Of(instrument.MinNotional));
        w.WriteString("postOnlyMaxOrderQty", WireText.Of(instrument.MaxQuantity));
        w.WriteEndObject();
        w.WriteBoolean("unifiedMarginTrade", true);
        w.WriteNumber("fundingInterval", instrument.FundingIntervalMinutes);
        w.WriteString("copyTrading", "none");
        w.WriteString("upperFundingRate", "0.0075");
        w.WriteString("lowerFundingRate", "-0.0075");
        w.WriteBoolean("forbidUplWithdrawal", false);
        w.WriteBoolean("isPreListing", false);
        w.WriteNull("preListingInfo");
        w.WriteStartObject("riskParameters");
        w.WriteString("priceLimitRatioX", "0.05");
        w.WriteString("priceLimitRatioY", "0.1");
        w.WriteEndObject();
        w.WriteEndObject();
    }
}

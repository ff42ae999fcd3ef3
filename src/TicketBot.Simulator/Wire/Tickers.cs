using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;

namespace TicketBot.Simulator.Wire;

/// <summary>The ticker of a contract, as REST and the stream tell it (https://bybit-exchange.github.io/docs/v5/market/tickers).</summary>
internal static class Tickers
{
    /// <summary>Writes the fields; to be called inside the session's lock.</summary>
    internal static void Write(Utf8JsonWriter w, VenueSession session, Symbol symbol)
    {
        foreach (var (name, value) in Of(session, symbol))
        {
            w.WriteString(name, value);
        }
    }

    /// <summary>Returns a whole ticker, or the fields of it that changed, as a message.</summary>
    internal static byte[] Frame(Symbol symbol, Instant time, bool isSnapshot, IReadOnlyList<(string Name, string Value)> fields) => WireText.Json(w =>
    {
        w.WriteString("topic", $"tickers.{symbol}");
        w.WriteString("type", isSnapshot ? "snapshot" : "delta");
        w.WriteStartObject("data");
        foreach (var (name, value) in fields)
        {
            w.WriteString(name, value);
        }

        w.WriteEndObject();
        w.WriteNumber("cs", time.UnixMilliseconds);
        w.WriteNumber("ts", time.UnixMilliseconds);
    });

    /// <summary>Returns the fields in their order; to be called inside the session's lock.</summary>
    internal static IReadOnlyList<(string Name, string Value)> Of(VenueSession session, Symbol symbol)
    {
        var venue = session.Venue;
        var series = session.Market.Series.Where(s => s.Symbol == symbol).MinBy(s => s.Interval.NominalMilliseconds);
        var dayAgo = session.Candles.FirstFrom(series, venue.Time.Plus(-Instant.MillisecondsPerDay));
        var list = session.Candles.Of(series);
        var (high, low, volume, turnover) = (double.MinValue, double.MaxValue, 0.0, 0.0);
        for (var i = dayAgo; i < list.Count; i++)
        {
            (high, low) = (Math.Max(high, list[i].High), Math.Min(low, list[i].Low));
            (volume, turnover) = (volume + list[i].Volume, turnover + list[i].Turnover);
        }

        var open = venue.OpenCandleOf(series);
        var (last, mark, index) = (venue.LastPrice(symbol), venue.MarkPrice(symbol), venue.IndexPrice(symbol));
        (high, low) = (Math.Max(high, open.High), Math.Min(low, open.Low));
        (volume, turnover) = (volume + open.Volume, turnover + open.Turnover);
        var previous = dayAgo < list.Count ? (decimal)list[dayAgo].Open : last;
        var hourAgo = session.Candles.FirstFrom(series, venue.Time.Plus(-3_600_000));
        var hour = hourAgo < list.Count ? (decimal)list[hourAgo].Open : last;
        var book = venue.BookOf(symbol, 1);
        var funding = venue.NextFunding(symbol);
        var instrument = venue.InstrumentOf(symbol)!;
        return
        [
            ("symbol", symbol.Value),
            ("lastPrice", WireText.Of(last)),
            ("indexPrice", WireText.Of(index)),
            ("markPrice", WireText.Of(mark)),
            ("prevPrice24h", WireText.Of(previous)),
            ("price24hPcnt", WireText.Of(decimal.Round((last / previous) - 1, 6))),
            ("highPrice24h", WireText.Of(high)),
            ("lowPrice24h", WireText.Of(low)),
            ("prevPrice1h", WireText.Of(hour)),
            ("openInterest", WireText.Of((decimal)MarketExtras.OpenInterest)),
            ("openInterestValue", WireText.Of(decimal.Round(MarketExtras.OpenInterest * mark, 2))),
            ("singleOpenInterest", WireText.Of((decimal)MarketExtras.OpenInterest)),
            ("singleOpenInterestValue", WireText.Of(decimal.Round(MarketExtras.OpenInterest * mark, 2))),
            ("turnover24h", WireText.Of(Math.Round(turnover, 4))),
            ("volume24h", WireText.Of(Math.Round(volume, 6))),
            ("fundingRate", WireText.Of(funding.Rate)),
            ("nextFundingTime", WireText.Of(funding.Time)),
            ("fundingIntervalHour", (instrument.FundingIntervalMinutes / 60).ToString(CultureInfo.InvariantCulture)),
            ("bid1Price", WireText.Of(book.Bids[0].Price)),
            ("bid1Size", WireText.Of(book.Bids[0].Size)),
            ("ask1Price", WireText.Of(book.Asks[0].Price)),
            ("ask1Size", WireText.Of(book.Asks[0].Size)),
            ("predictedDeliveryPrice", ""),
            ("basisRate", ""),
            ("basis", ""),
            ("deliveryFeeRate", ""),
            ("preOpenPrice", ""),
            ("preQty", ""),
            ("curPreListingPhase", ""),
            ("deliveryTime", "0"),
            ("fundingCap", "0.0075"),
            ("basisRateYear", ""),
            ("tickDirection", last >= previous ? "PlusTick" : "MinusTick"),
        ];
    }
}

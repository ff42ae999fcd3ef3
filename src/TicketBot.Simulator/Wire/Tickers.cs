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

    /// <summary>Returns a whole ticker as a message.</summary>
    internal static byte[] Frame(VenueSession session, Symbol symbol)
    {
        var time = session.Venue.Time.UnixMilliseconds;
        return WireText.Json(w =>
        {
            w.WriteString("topic", $"tickers.{symbol}");
            w.WriteString("type", "snapshot");
            w.WriteStartObject("data");
            Write(w, session, symbol);
            w.WriteEndObject();
            w.WriteNumber("cs", time);
            w.WriteNumber("ts", time);
        });
    }

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

        var last = venue.LastPrice(symbol);
        var previous = dayAgo < list.Count ? (decimal)list[dayAgo].Open : last;
        var funding = venue.NextFunding(symbol);
        var instrument = venue.InstrumentOf(symbol)!;
        return
        [
            ("symbol", symbol.Value),
            ("lastPrice", WireText.Of(last)),
            ("indexPrice", WireText.Of(last)),
            ("markPrice", WireText.Of(last)),
            ("prevPrice24h", WireText.Of(previous)),
            ("price24hPcnt", WireText.Of(decimal.Round((last / previous) - 1, 6))),
            ("highPrice24h", dayAgo < list.Count ? WireText.Of(high) : WireText.Of(last)),
            ("lowPrice24h", dayAgo < list.Count ? WireText.Of(low) : WireText.Of(last)),
            ("turnover24h", WireText.Of(turnover)),
            ("volume24h", WireText.Of(volume)),
            ("fundingRate", WireText.Of(funding.Rate)),
            ("nextFundingTime", WireText.Of(funding.Time)),
            ("fundingIntervalHour", (instrument.FundingIntervalMinutes / 60).ToString(CultureInfo.InvariantCulture)),
            ("bid1Price", WireText.Of(last)),
            ("bid1Size", WireText.Of(instrument.MaxMarketQuantity)),
            ("ask1Price", WireText.Of(last + instrument.TickSize)),
            ("ask1Size", WireText.Of(instrument.MaxMarketQuantity)),
            ("predictedDeliveryPrice", ""),
            ("basisRate", ""),
            ("basis", ""),
            ("deliveryFeeRate", ""),
            ("preOpenPrice", ""),
            ("preQty", ""),
            ("curPreListingPhase", ""),
            ("deliveryTime", "0"),
        ];
    }
}

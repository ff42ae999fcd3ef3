using System.Globalization;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Wire;

/// <summary>What a public topic tells.</summary>
internal enum PublicTopicKind
{
    /// <summary>Candles.</summary>
    Kline = 1,

    /// <summary>Ticker fields.</summary>
    Ticker,

    /// <summary>Order book levels.</summary>
    Book,

    /// <summary>Public trades.</summary>
    Trades,

    /// <summary>The highest price of a buy and the lowest of a sale.</summary>
    PriceLimit,

    /// <summary>Something that never happens here, such as liquidations of others.</summary>
    Quiet,
}

/// <summary>A public topic of a linear contract.</summary>
/// <param name="Kind">What it tells.</param>
/// <param name="Symbol">The contract.</param>
/// <param name="Interval">Candle length of <see cref="PublicTopicKind.Kline"/>.</param>
/// <param name="Depth">Levels of <see cref="PublicTopicKind.Book"/>.</param>
internal readonly record struct PublicTopic(PublicTopicKind Kind, Symbol Symbol, Interval Interval, int Depth)
{
    /// <summary>The series of a kline topic.</summary>
    internal SeriesKey Series => new(Symbol, Interval);

    /// <summary>Reads a topic, or says in Bybit's words why it is none of this venue's.</summary>
    internal static string? TryRead(VenueSession session, string text, out PublicTopic topic)
    {
        topic = default;
        var parts = text.Split('.');
        if (parts is ["insurance" or "adlAlert", "USDT"])
        {
            topic = new PublicTopic(PublicTopicKind.Quiet, default, default, 0);
            return null;
        }

        if (!Symbol.IsValid(parts[^1]) || session.Venue.InstrumentOf(new Symbol(parts[^1])) is null)
        {
            return parts.Length > 1 && parts[0] is "kline" or "tickers" or "orderbook" or "publicTrade" or "allLiquidation" or "liquidation" or "priceLimit"
                ? $"Invalid symbol :[{text}]"
                : $"error:handler not found,topic:{text}";
        }

        var symbol = new Symbol(parts[^1]);
        switch (parts)
        {
            case ["kline", var code, _] when Interval.TryParse(code, out var interval) && interval.VenueCode == code && session.Derived.Has(new SeriesKey(symbol, interval)):
                topic = new PublicTopic(PublicTopicKind.Kline, symbol, interval, 0);
                return null;
            case ["tickers", _]:
                topic = new PublicTopic(PublicTopicKind.Ticker, symbol, default, 0);
                return null;
            case ["publicTrade", _]:
                topic = new PublicTopic(PublicTopicKind.Trades, symbol, default, 0);
                return null;
            case ["orderbook", "1" or "50" or "200" or "1000", _]:
                topic = new PublicTopic(PublicTopicKind.Book, symbol, default, int.Parse(parts[1], CultureInfo.InvariantCulture));
                return null;
            case ["priceLimit", _]:
                topic = new PublicTopic(PublicTopicKind.PriceLimit, symbol, default, 0);
                return null;
            case ["allLiquidation" or "liquidation", _]:
                topic = new PublicTopic(PublicTopicKind.Quiet, symbol, default, 0);
                return null;
            default:
                return $"error:handler not found,topic:{text}";
        }
    }
}

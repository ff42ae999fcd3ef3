using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Matching;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Wire;

/// <summary>The frames of the streams, each one compact JSON document.</summary>
/// <remarks>Sources: https://bybit-exchange.github.io/docs/v5/websocket/public/kline, /ticker, /orderbook, /trade and the private topics beside them.</remarks>
internal static class StreamFrames
{
    /// <summary>Returns the last frame of a control channel.</summary>
    internal static byte[] End(long step, Instant time) => WireText.Json(w =>
    {
        w.WriteString("op", "end");
        w.WriteNumber("step", step);
        w.WriteNumber("time", time.UnixMilliseconds);
    });

    /// <summary>Returns the step frame of a control channel: the candles and private messages that were really sent.</summary>
    internal static byte[] Step(Instant time, long number, IEnumerable<(SeriesKey Series, Instant Open)> candles, IEnumerable<string> ids) => WireText.Json(w =>
    {
        w.WriteString("op", "step");
        w.WriteNumber("step", number);
        w.WriteNumber("time", time.UnixMilliseconds);
        w.WriteStartArray("candles");
        foreach (var (series, open) in candles)
        {
            w.WriteStartArray();
            w.WriteStringValue(series.Symbol.Value);
            w.WriteStringValue(series.Interval.VenueCode);
            w.WriteNumberValue(open.UnixMilliseconds);
            w.WriteEndArray();
        }

        w.WriteEndArray();
        w.WriteStartArray("private");
        foreach (var id in ids)
        {
            w.WriteStringValue(id);
        }

        w.WriteEndArray();
    });

    /// <summary>Returns a whole candle.</summary>
    internal static byte[] Candle(SeriesKey series, Candle candle, Instant time, bool isConfirmed) => WireText.Json(w =>
    {
        w.WriteString("topic", TopicOf(series));
        w.WriteStartArray("data");
        w.WriteStartObject();
        w.WriteNumber("start", candle.OpenTime.UnixMilliseconds);
        w.WriteNumber("end", series.Interval.CloseOf(candle.OpenTime).UnixMilliseconds - 1);
        w.WriteString("interval", series.Interval.VenueCode);
        w.WriteString("open", WireText.Of(candle.Open));
        w.WriteString("close", WireText.Of(candle.Close));
        w.WriteString("high", WireText.Of(candle.High));
        w.WriteString("low", WireText.Of(candle.Low));
        w.WriteString("volume", WireText.Of(candle.Volume));
        w.WriteString("turnover", WireText.Of(candle.Turnover));
        w.WriteBoolean("confirm", isConfirmed);
        w.WriteNumber("timestamp", time.UnixMilliseconds);
        w.WriteEndObject();
        w.WriteEndArray();
        w.WriteNumber("ts", time.UnixMilliseconds);
        w.WriteString("type", "snapshot");
    });

    /// <summary>Returns an order book or what changed in it.</summary>
    internal static byte[] Book(string topic, bool isSnapshot, BookView book, IReadOnlyList<BookLevel> bids, IReadOnlyList<BookLevel> asks, long updateId) => WireText.Json(w =>
    {
        w.WriteString("topic", topic);
        w.WriteString("type", isSnapshot ? "snapshot" : "delta");
        w.WriteNumber("ts", book.Time.UnixMilliseconds);
        w.WriteStartObject("data");
        w.WriteString("s", book.Symbol.Value);
        Levels(w, "b", bids);
        Levels(w, "a", asks);
        w.WriteNumber("u", updateId);
        w.WriteNumber("seq", book.Sequence);
        w.WriteEndObject();
        w.WriteNumber("cts", book.Time.UnixMilliseconds);
    });

    /// <summary>Writes one side of a book.</summary>
    internal static void Levels(Utf8JsonWriter w, string name, IReadOnlyList<BookLevel> levels)
    {
        w.WriteStartArray(name);
        foreach (var level in levels)
        {
            w.WriteStartArray();
            w.WriteStringValue(WireText.Of(level.Price));
            w.WriteStringValue(WireText.Of(level.Size));
            w.WriteEndArray();
        }

        w.WriteEndArray();
    }

    /// <summary>Returns public trades, oldest first.</summary>
    internal static byte[] Trades(string topic, Symbol symbol, IReadOnlyList<PublicTrade> trades, Instant time) => WireText.Json(w =>
    {
        w.WriteString("topic", topic);
        w.WriteString("type", "snapshot");
        w.WriteNumber("ts", time.UnixMilliseconds);
        w.WriteStartArray("data");
        foreach (var trade in trades)
        {
            w.WriteStartObject();
            w.WriteNumber("T", trade.Time.UnixMilliseconds);
            w.WriteString("s", symbol.Value);
            w.WriteString("S", trade.TakerSide.ToString());
            w.WriteString("v", WireText.Of(trade.Size));
            w.WriteString("p", WireText.Of(trade.Price));
            w.WriteString("L", trade.TakerSide == Side.Buy ? "PlusTick" : "MinusTick");
            w.WriteString("i", trade.Id);
            w.WriteBoolean("BT", false);
            w.WriteBoolean("RPI", false);
            w.WriteNumber("seq", trade.Sequence);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    });

    /// <summary>Returns one private message.</summary>
    internal static byte[] Private(string id, string topic, Instant time, VenueEvent happened) => WireText.Json(w =>
    {
        w.WriteString("id", id);
        w.WriteString("topic", topic);
        w.WriteNumber("creationTime", time.UnixMilliseconds);
        w.WriteStartArray("data");
        switch (happened)
        {
            case VenueEvent.OrderChanged(var order):
                WireRows.Order(w, order, isStream: true);
                break;
            case VenueEvent.Executed(var execution) when topic.StartsWith("execution.fast", StringComparison.Ordinal):
                Fast(w, execution);
                break;
            case VenueEvent.Executed(var execution):
                WireRows.Execution(w, execution, isStream: true);
                break;
            case VenueEvent.PositionChanged(var position):
                WireRows.Position(w, position, isStream: true);
                break;
            case VenueEvent.WalletChanged(var wallet):
                WireRows.Wallet(w, wallet);
                break;
            default:
                throw new InvalidOperationException($"Invariant: venue event {happened.GetType().Name} has no frame");
        }

        w.WriteEndArray();
    });

    /// <summary>Returns the topic of a series.</summary>
    internal static string TopicOf(SeriesKey series) => $"kline.{series.Interval.VenueCode}.{series.Symbol}";

    private static void Fast(Utf8JsonWriter w, VenueExecution row)
    {
        var execution = row.Execution;
        w.WriteStartObject();
        w.WriteString("category", "linear");
        w.WriteString("symbol", execution.Symbol.Value);
        w.WriteString("execId", execution.Id.Value);
        w.WriteString("execPrice", WireText.Of(execution.Price.Value));
        w.WriteString("execQty", WireText.Of(execution.Quantity.Value));
        w.WriteString("orderId", execution.OrderId.Value);
        w.WriteBoolean("isMaker", execution.IsMaker);
        w.WriteString("orderLinkId", row.Order?.Request.LinkId ?? "");
        w.WriteString("side", execution.Side.ToString());
        w.WriteString("execTime", WireText.Of(execution.Time));
        w.WriteNumber("seq", row.Sequence);
        w.WriteEndObject();
    }
}

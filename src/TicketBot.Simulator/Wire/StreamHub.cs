using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Wire;

/// <summary>Who listens to what, and the frames they get. Every member is called under the lock of <see cref="VenueSession"/>, so that all
/// clients see one order of events.</summary>
internal sealed class StreamHub
{
    private readonly List<PublicPeer> _public = [];
    private readonly List<PrivatePeer> _private = [];
    private readonly List<ControlPeer> _control = [];
    private readonly HashSet<SeriesKey> _everWanted = [];
    private readonly Dictionary<string, List<string>> _sentIds = [];
    private long _messageNumber;

    internal IReadOnlyList<ControlPeer> Control => _control;

    internal void Add(PublicPeer peer) => _public.Add(peer);

    internal void Add(PrivatePeer peer) => _private.Add(peer);

    internal void Add(ControlPeer peer) => _control.Add(peer);

    internal void Remove(PublicPeer peer) => _public.Remove(peer);

    internal void Remove(PrivatePeer peer) => _private.Remove(peer);

    internal void Remove(ControlPeer peer) => _control.Remove(peer);

    internal void Want(SeriesKey series) => _everWanted.Add(series);

    /// <summary>Sends an account's events to its private sockets, one message each, and remembers the ids for the next step frame.</summary>
    internal void Publish(Account account)
    {
        foreach (var happened in account.TakeEvents())
        {
            var id = $"{account.Key}_{++_messageNumber:x}";
            if (!_sentIds.TryGetValue(account.Key, out var ids))
            {
                _sentIds.Add(account.Key, ids = []);
            }

            ids.Add(id);
            var (topic, time) = happened switch
            {
                VenueEvent.OrderChanged(var order) => ("order", order.Updated),
                VenueEvent.Executed(var execution) => ("execution", execution.Execution.Time),
                VenueEvent.PositionChanged(var position) => ("position", position.Updated),
                VenueEvent.WalletChanged(var wallet) => ("wallet", wallet.Time),
                _ => throw new InvalidOperationException($"Invariant: venue event {happened.GetType().Name} has no topic"),
            };
            foreach (var peer in _private)
            {
                if (peer.AccountKey == account.Key && peer.FormOf(topic) is { } form)
                {
                    peer.Socket.Send(PrivateFrame(id, form, time, happened));
                }
            }
        }
    }

    /// <summary>Sends a step's candles, tickers and, last, the step frames.</summary>
    internal void Publish(MarketStep step, Venue venue, Func<Symbol, Action<Utf8JsonWriter>> ticker)
    {
        foreach (var (series, candle) in step.Candles)
        {
            byte[]? frame = null;
            foreach (var peer in _public)
            {
                if (peer.Candles.Contains(series))
                {
                    peer.Socket.Send(frame ??= CandleFrame(series, candle, step.Time));
                }
            }
        }

        foreach (var symbol in step.Candles.Select(c => c.Series.Symbol).Distinct())
        {
            foreach (var peer in _public)
            {
                if (peer.Tickers.Contains(symbol))
                {
                    peer.Socket.Send(TickerFrame(symbol, step.Time, ticker(symbol)));
                }
            }
        }

        foreach (var peer in _control)
        {
            peer.Socket.Send(StepFrame(step, venue.Step, _sentIds.GetValueOrDefault(peer.AccountKey) ?? []));
        }

        _sentIds.Clear();
    }

    internal void PublishEnd(long step, Instant time)
    {
        foreach (var peer in _control)
        {
            peer.Socket.Send(EndFrame(step, time));
        }
    }

    internal static byte[] EndFrame(long step, Instant time) => WireText.Json(w =>
    {
        w.WriteString("op", "end");
        w.WriteNumber("step", step);
        w.WriteNumber("time", time.UnixMilliseconds);
    });

    internal static byte[] TickerFrame(Symbol symbol, Instant time, Action<Utf8JsonWriter> fields) => WireText.Json(w =>
    {
        w.WriteString("topic", $"tickers.{symbol}");
        w.WriteString("type", "snapshot");
        w.WriteStartObject("data");
        fields(w);
        w.WriteEndObject();
        w.WriteNumber("cs", time.UnixMilliseconds);
        w.WriteNumber("ts", time.UnixMilliseconds);
    });

    private static byte[] CandleFrame(SeriesKey series, Candle candle, Instant time) => WireText.Json(w =>
    {
        w.WriteString("topic", $"kline.{series.Interval.VenueCode}.{series.Symbol}");
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
        w.WriteBoolean("confirm", true);
        w.WriteNumber("timestamp", time.UnixMilliseconds);
        w.WriteEndObject();
        w.WriteEndArray();
        w.WriteNumber("ts", time.UnixMilliseconds);
        w.WriteString("type", "snapshot");
    });

    private static byte[] PrivateFrame(string id, string topic, Instant time, VenueEvent happened) => WireText.Json(w =>
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

    private byte[] StepFrame(MarketStep step, long number, IReadOnlyList<string> ids) => WireText.Json(w =>
    {
        w.WriteString("op", "step");
        w.WriteNumber("step", number);
        w.WriteNumber("time", step.Time.UnixMilliseconds);
        w.WriteStartArray("candles");
        foreach (var (series, candle) in step.Candles)
        {
            if (_everWanted.Contains(series))
            {
                w.WriteStartArray();
                w.WriteStringValue(series.Symbol.Value);
                w.WriteStringValue(series.Interval.VenueCode);
                w.WriteNumberValue(candle.OpenTime.UnixMilliseconds);
                w.WriteEndArray();
            }
        }

        w.WriteEndArray();
        w.WriteStartArray("private");
        foreach (var id in ids)
        {
            w.WriteStringValue(id);
        }

        w.WriteEndArray();
    });

    /// <summary>A client of the public stream.</summary>
    internal sealed class PublicPeer(SocketPeer socket)
    {
        internal SocketPeer Socket { get; } = socket;

        internal HashSet<SeriesKey> Candles { get; } = [];

        internal HashSet<Symbol> Tickers { get; } = [];
    }

    /// <summary>A client of the private stream.</summary>
    internal sealed class PrivatePeer(SocketPeer socket)
    {
        private readonly HashSet<string> _topics = [];

        internal SocketPeer Socket { get; } = socket;

        internal string? AccountKey { get; set; }

        internal HashSet<string> Topics => _topics;

        /// <summary>Returns the form in which a topic was subscribed, plain or categorised, or <c>null</c>.</summary>
        internal string? FormOf(string topic) => _topics.Contains(topic) ? topic : _topics.Contains(topic + ".linear") ? topic + ".linear" : null;
    }

    /// <summary>A client of the control channel.</summary>
    internal sealed class ControlPeer(SocketPeer socket, string accountKey)
    {
        internal SocketPeer Socket { get; } = socket;

        internal string AccountKey { get; } = accountKey;

        /// <summary>The last step whose orders are all sent; -1 before the first report.</summary>
        internal long SentStep { get; set; } = -1;
    }
}

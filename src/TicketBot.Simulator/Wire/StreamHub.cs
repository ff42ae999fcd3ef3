using TicketBot.Domain;
using TicketBot.Simulator.Faults;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Wire;

/// <summary>Who listens to what, and the messages they get. Every member is called under the lock of <see cref="VenueSession"/>, so that all
/// clients see one order of events.</summary>
internal sealed class StreamHub(VenueSession session)
{
    private readonly List<PublicPeer> _public = [];
    private readonly List<PrivatePeer> _private = [];
    private readonly List<ControlPeer> _control = [];
    private readonly List<SocketPeer> _trade = [];
    private readonly List<(SeriesKey Series, Instant Open)> _sentCandles = [];
    private readonly Dictionary<string, List<string>> _sentIds = [];
    private readonly HeldMessages _held = new(session);
    private long _messageNumber;
    private int _garbage;

    internal IReadOnlyList<ControlPeer> Control => _control;

    internal void Add(PublicPeer peer) => _public.Add(peer);

    internal void Add(PrivatePeer peer) => _private.Add(peer);

    internal void Add(ControlPeer peer) => _control.Add(peer);

    internal void AddTrade(SocketPeer socket) => _trade.Add(socket);

    internal void Remove(PublicPeer peer) => _public.Remove(peer);

    internal void Remove(PrivatePeer peer) => _private.Remove(peer);

    internal void Remove(ControlPeer peer) => _control.Remove(peer);

    internal void RemoveTrade(SocketPeer socket) => _trade.Remove(socket);

    /// <summary>Returns the open sockets of a path and an account; <c>null</c> matches all but the control channel's.</summary>
    internal List<SocketPeer> Sockets(string? path, string? account) =>
    [
        .. _public.Select(p => p.Socket).Concat(_private.Select(p => p.Socket)).Concat(_trade)
            .Where(s => (path is null || s.Path.StartsWith(path, StringComparison.Ordinal)) && (account is null || s.AccountKey == account)),
    ];

    /// <summary>Returns every public topic that somebody listens to, in a fixed order.</summary>
    internal IReadOnlyList<string> PublicTopics() => _public.Count == 0 ? [] : [.. _public.SelectMany(p => p.Topics).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Whether anybody listens to a public topic.</summary>
    internal bool HasListeners(string topic) => _public.Exists(p => p.Topics.Contains(topic));

    /// <summary>Sends an account's events to its private sockets, one message each.</summary>
    internal void Publish(Account account)
    {
        foreach (var happened in account.TakeEvents())
        {
            session.RowsOf(account).Note(session.Venue.Time, happened);
            var id = $"{account.Key}_{++_messageNumber:x}";
            var (topic, time) = happened switch
            {
                VenueEvent.OrderChanged(var order) => ("order", order.Updated),
                VenueEvent.Executed(var execution) => ("execution", execution.Execution.Time),
                VenueEvent.PositionChanged(var position) => ("position", position.Updated),
                VenueEvent.WalletChanged(var wallet) => ("wallet", wallet.Time),
                _ => throw new InvalidOperationException($"Invariant: venue event {happened.GetType().Name} has no topic"),
            };
            Publish(new StreamMessage(topic, account.Key, form => StreamFrames.Private(id, form, time, happened)) { Id = id });
        }
    }

    /// <summary>Sends a step's public messages and, last, the step frames.</summary>
    internal void Publish(MarketStep step, Venue venue)
    {
        _held.ReleaseDue(step.Time).ForEach(SendNow);
        session.Feed.Tell(step);
        foreach (var peer in _control)
        {
            peer.Socket.Send(StreamFrames.Step(step.Time, venue.Step, _sentCandles, _sentIds.GetValueOrDefault(peer.AccountKey) ?? []));
        }

        _sentCandles.Clear();
        _sentIds.Clear();
    }

    internal void PublishEnd(long step, Instant time) => _control.ForEach(p => p.Socket.Send(StreamFrames.End(step, time)));

    /// <summary>Sends a message to whoever listens, as the faults in force leave it.</summary>
    internal void Publish(StreamMessage message)
    {
        if (!IsHeard(message))
        {
            return;
        }

        if (session.Faults.Active(FaultKind.SilentTopic, message.Account, message.Topic) is not null)
        {
            return;
        }

        var struck = session.Faults.Meet(new FaultMoment(FaultOccasion.Message, $"{message.Topic} {message.Id}".TrimEnd())
        {
            Path = message.Account is null ? "/v5/public/linear" : "/v5/private",
            Account = message.Account,
            Topic = message.Topic,
            IsConfirm = message.IsConfirm,
        });
        if (struck.Count == 0)
        {
            SendNow(message);
        }
        else
        {
            Spoil(message, struck[0]);
        }

        _held.ReleaseOvertaken(message).ForEach(SendNow);
    }

    private void Spoil(StreamMessage message, FaultRule fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.DropMessage or FaultKind.SwallowConfirm or FaultKind.SilentTopic:
                break;
            case FaultKind.DuplicateMessage or FaultKind.DuplicateConfirm:
                SendNow(message);
                SendAll(message, message.FrameOf);
                break;
            case FaultKind.ReorderMessage:
                _held.Hold(message, fault.Hold);
                break;
            case FaultKind.LagMessage:
                _held.Hold(message, fault.DelayMs, fault.WallTime, SendNow);
                break;
            case FaultKind.ReviseConfirm:
                var candle = message.Candle;
                var close = candle.Close * (1 + (double)fault.Fraction);
                SendNow(message);
                SendAll(message, _ => StreamFrames.Candle(
                    message.Series!.Value, new Candle(candle.OpenTime, candle.Open, Math.Max(candle.High, close), candle.Low, close, candle.Volume, candle.Turnover), session.Venue.Time, true));
                break;
            case FaultKind.UnconfirmedFrame:
                SendAll(message, _ => StreamFrames.Candle(message.Series!.Value, message.Candle, session.Venue.Time, false));
                break;
            case FaultKind.FutureFrame:
                var series = message.Series!.Value;
                var next = series.Interval.CloseOf(message.Candle.OpenTime);
                SendNow(message);
                SendAll(message, _ => StreamFrames.Candle(
                    series, new Candle(next, message.Candle.Close, message.Candle.Close, message.Candle.Close, message.Candle.Close, 1, message.Candle.Close), session.Venue.Time, true));
                break;
            case FaultKind.GarbageFrame:
                var number = _garbage++;
                SendAll(message, form => StreamGarbage.Of(number, form));
                SendNow(message);
                break;
            default:
                session.Faults.Carry(fault);
                SendNow(message);
                break;
        }
    }

    private bool IsHeard(StreamMessage message) => message.Account is null
        ? HasListeners(message.Topic)
        : _private.Exists(p => p.AccountKey == message.Account && p.FormsOf(message.Topic).Any());

    // Sends a message and, if anybody got it, remembers that for the step frame. Candles that the market does not have itself are told to
    // whoever asks, but no step waits for them.
    private void SendNow(StreamMessage message)
    {
        if (!SendAll(message, message.FrameOf))
        {
            return;
        }

        if (message is { IsConfirm: true, Series: { } series } && session.Candles.Has(series))
        {
            _sentCandles.Add((series, message.Candle.OpenTime));
        }
        else if (message.Account is { } account)
        {
            if (!_sentIds.TryGetValue(account, out var ids))
            {
                _sentIds.Add(account, ids = []);
            }

            ids.Add(message.Id);
        }
    }

    private bool SendAll(StreamMessage message, Func<string, byte[]> frameOf)
    {
        var isSent = false;
        if (message.Account is null)
        {
            byte[]? frame = null;
            foreach (var peer in _public)
            {
                if (peer.Topics.Contains(message.Topic))
                {
                    isSent |= peer.Socket.Send(frame ??= frameOf(message.Topic));
                }
            }

            return isSent;
        }

        foreach (var peer in _private)
        {
            if (peer.AccountKey == message.Account)
            {
                foreach (var form in peer.FormsOf(message.Topic))
                {
                    isSent |= peer.Socket.Send(frameOf(form));
                }
            }
        }

        return isSent;
    }

    /// <summary>A client of the public stream.</summary>
    internal sealed class PublicPeer(SocketPeer socket)
    {
        internal SocketPeer Socket { get; } = socket;

        /// <summary>The topics it subscribed to, in their canonical form.</summary>
        internal HashSet<string> Topics { get; } = [];
    }

    /// <summary>A client of the private stream.</summary>
    internal sealed class PrivatePeer(SocketPeer socket)
    {
        internal SocketPeer Socket { get; } = socket;

        internal string? AccountKey
        {
            get => Socket.AccountKey;
            set => Socket.AccountKey = value;
        }

        /// <summary>The topics it subscribed to, as it wrote them.</summary>
        internal HashSet<string> Topics { get; } = [];

        /// <summary>Returns the forms, plain or categorised, in which a topic was subscribed.</summary>
        internal IEnumerable<string> FormsOf(string topic)
        {
            if (Topics.Contains(topic))
            {
                yield return topic;
            }
            else if (Topics.Contains(topic + ".linear"))
            {
                yield return topic + ".linear";
            }

            if (topic == "execution")
            {
                foreach (var fast in Topics.Where(t => t is "execution.fast" or "execution.fast.linear"))
                {
                    yield return fast;
                }
            }
        }
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

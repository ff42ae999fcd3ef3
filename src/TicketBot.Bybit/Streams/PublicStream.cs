using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using TicketBot.Bybit.Rest;
using TicketBot.Bybit.Wire;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Streams;

/// <summary>Follows the confirmed candles of some series on the public stream, with what is observed beside them, and keeps every topic alive.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/websocket/public/kline and its sister pages.</remarks>
internal sealed class PublicStream
{
    private const int MostTopicCharacters = 21_000;
    private const int LongestTopic = 128;

    // A message from further ahead carries a wrong time; a simulator's message may be a step ahead of its control channel.
    private const long FurthestMs = 2 * Instant.MillisecondsPerDay;

    private readonly IReadOnlyList<Topic> _topics;
    private readonly Dictionary<string, Topic>.AlternateLookup<ReadOnlySpan<char>> _byName;
    private readonly Action<StreamInput> _post;
    private readonly Func<Instant> _marketTime;
    private readonly bool _watches;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Requests _requests;
    private readonly Counters _counters;

    // Frames are taken by one task, subscriptions answered on another.
    private readonly Lock _observing = new();
    private (Candle Candle, bool IsClosed)[] _rows = new (Candle, bool)[4];
    private long _heardAt;

    /// <summary>Makes a stream.</summary>
    /// <param name="topics">What is subscribed.</param>
    /// <param name="watches">Whether mute topics are asked for again: not where the market stands still between steps.</param>
    /// <param name="marketTime">Market time.</param>
    /// <param name="post">Takes what it says.</param>
    /// <param name="address">Address.</param>
    /// <param name="options">Options.</param>
    /// <param name="time">Wall time.</param>
    /// <param name="chance">Jitter.</param>
    /// <param name="counters">Counts.</param>
    /// <param name="logger">Receives what operators should know.</param>
    public PublicStream(
        IReadOnlyList<Topic> topics, bool watches, Func<Instant> marketTime, Action<StreamInput> post, Uri address, BybitOptions options, TimeProvider time,
        Chance chance, Counters counters, ILogger logger)
    {
        (_topics, _watches, _marketTime, _post, _time, _counters, _logger) = (topics, watches, marketTime, post, time, counters, logger);
        _byName = topics.ToDictionary(topic => topic.Name).GetAlternateLookup<ReadOnlySpan<char>>();
        var characters = topics.Sum(topic => topic.Name.Length + 3);
        if (characters > MostTopicCharacters)
        {
            throw new ArgumentException($"the topics of one connection have at most {MostTopicCharacters} characters, were {characters}", nameof(topics));
        }

        _requests = new Requests(TimeSpan.FromMilliseconds(options.RequestTimeoutMs), time);
        Loop = new SocketLoop(StreamNames.Public, address, pings: true, options, time, chance, counters, logger)
        {
            Open = OpenAsync,
            Maintain = MaintainAsync,
            Receive = Receive,
            Lost = reason => post(new StreamInput.Lost(StreamNames.Public, reason)),
            Restored = () => post(new StreamInput.Restored(StreamNames.Public)),
        };
    }

    /// <summary>The socket's life.</summary>
    public SocketLoop Loop { get; }

    /// <summary>How long topics may be mute.</summary>
    public Freshness Freshness { get; init; } = new();

    /// <summary>Notes that a candle of a series is overdue: its topic is asked for again if it is mute.</summary>
    public void Overdue(SeriesKey series)
    {
        if (_byName.TryGetValue(Topic.NameOf(series), out var topic))
        {
            topic.IsOverdue = true;
        }
    }

    /// <summary>Takes one frame.</summary>
    internal void Receive(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            Volatile.Write(ref _heardAt, _time.GetTimestamp());
            var head = FrameHead.Read(bytes.Span);
            if (head.Topic.IsEmpty)
            {
                if (JsonSerializer.Deserialize(bytes.Span, WireJson.Default.StreamFrame) is { } frame)
                {
                    _requests.Take(frame);
                }
            }
            else if (Find(head.Topic) is { } topic)
            {
                topic.Heard(_heardAt);
                lock (_observing)
                {
                    Take(topic, head);
                }
            }
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            // A candle lost here is read over REST when its time is up.
            _counters.Add(Counter.FramesUnreadable);
            Log.FrameUnreadable(_logger, StreamNames.Public, e.Message);
        }
    }

    private Topic? Find(ReadOnlySpan<byte> name)
    {
        if (name.Length > LongestTopic)
        {
            return null;
        }

        Span<char> text = stackalloc char[LongestTopic];
        return _byName.TryGetValue(text[..Encoding.ASCII.GetChars(name, text)], out var topic) ? topic : null;
    }

    private void Take(Topic topic, in FrameHead head)
    {
        if (topic.Kind == TopicKind.Kline)
        {
            var count = KlineRows.Read(head.Data, ref _rows);
            for (var i = 0; i < count; i++)
            {
                if (_rows[i] is (var candle, true))
                {
                    topic.IsOverdue = false;
                    var seen = topic.Observer is { } watching ? candle with { Observations = watching.Of(topic.Series.Interval, candle) } : candle;
                    _post(new StreamInput.Kline(topic.Series, seen));
                }
            }

            return;
        }

        if (topic.Observer is not { } observer)
        {
            return; // Only a sign of life.
        }

        if (head.Time is not { } time || time <= 0 || time > _marketTime().UnixMilliseconds + FurthestMs)
        {
            throw new FormatException($"{topic.Name}: the time must be given and not lie ahead, was {head.Time}");
        }

        var isSnapshot = head.Type.SequenceEqual("snapshot"u8);
        switch (topic.Kind)
        {
            case TopicKind.Book:
                topic.NeedsSnapshot = true; // Unless it can be read.
                topic.NeedsSnapshot = observer.TakeBook(isSnapshot, time, head.Data);
                break;
            case TopicKind.Trades:
                observer.TakeTrades(time, head.Data);
                break;
            case TopicKind.Ticker:
                observer.TakeTicker(isSnapshot, time, head.Data);
                break;
            default:
                throw new InvalidOperationException($"Invariant: topic {topic.Kind} has no rule");
        }
    }

    private async Task OpenAsync(SocketSession session, CancellationToken cancellationToken)
    {
        lock (_observing)
        {
            foreach (var topic in _topics)
            {
                topic.Observer?.Interrupt();
            }
        }

        if (_topics.Count == 0)
        {
            return;
        }

        var answer = await _requests.SendAsync(session, "subscribe", [.. _topics.Select(topic => topic.Name)], cancellationToken);
        if (Requests.Succeeded(answer))
        {
            foreach (var topic in _topics)
            {
                Stands(topic);
            }

            return;
        }

        // One bad topic may or may not have refused all: each is asked for alone.
        foreach (var topic in _topics)
        {
            await AskAsync(session, topic, cancellationToken);
        }
    }

    // Runs beside an open socket; ends with a reason to open it anew.
    private async Task<string> MaintainAsync(SocketSession session, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Freshness.Look, _time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            foreach (var topic in _topics)
            {
                if (topic.IsRefused)
                {
                    if (_time.GetElapsedTime(topic.AskedAt) >= Freshness.Refused)
                    {
                        await AskAsync(session, topic, cancellationToken);
                    }
                }
                else if (topic.NeedsSnapshot && _time.GetElapsedTime(topic.AskedAt) >= Freshness.Overdue)
                {
                    await AskAgainAsync(session, topic, "a message of the book is missing", cancellationToken);
                }
                else if (_watches && MuteFor(topic) is { } mute)
                {
                    if (topic.WasAskedAgain)
                    {
                        return $"topic {topic.Name} stays mute while others talk ({mute.TotalSeconds:F0} s)";
                    }

                    await AskAgainAsync(session, topic, $"it was mute for {mute.TotalSeconds:F0} s while others talked", cancellationToken);
                }
            }
        }

        return "stopped";
    }

    // Returns for how long a topic has said nothing, when that is too long while the socket lives, else null.
    private TimeSpan? MuteFor(Topic topic)
    {
        if (topic.Kind == TopicKind.Trades || _time.GetElapsedTime(Volatile.Read(ref _heardAt)) > Freshness.Talking)
        {
            return null; // Nobody need trade; and a dead socket is the ping's business.
        }

        var silent = _time.GetElapsedTime(Math.Max(topic.HeardAt, topic.AskedAt));
        var limit = topic.Kind != TopicKind.Kline ? Freshness.Lively : topic.IsOverdue && !topic.WasAskedAgain ? Freshness.Overdue : Freshness.Candles;
        return silent > limit ? silent : null;
    }

    private async Task AskAgainAsync(SocketSession session, Topic topic, string reason, CancellationToken cancellationToken)
    {
        Log.TopicAskedAgain(_logger, topic.Name, reason);
        _counters.Add(Counter.TopicsAskedAgain);
        await _requests.SendAsync(session, "unsubscribe", [topic.Name], cancellationToken);
        await AskAsync(session, topic, cancellationToken);
        topic.WasAskedAgain = true;
    }

    private async Task AskAsync(SocketSession session, Topic topic, CancellationToken cancellationToken)
    {
        var answer = await _requests.SendAsync(session, "subscribe", [topic.Name], cancellationToken);
        if (Requests.Succeeded(answer) || Requests.TextOf(answer).Contains("already subscribed", StringComparison.OrdinalIgnoreCase))
        {
            Stands(topic);
            return;
        }

        if (!topic.IsRefused)
        {
            Log.TopicRefused(_logger, topic.Name, Requests.TextOf(answer));
        }

        (topic.IsRefused, topic.AskedAt) = (true, _time.GetTimestamp());
    }

    private void Stands(Topic topic)
    {
        (topic.IsRefused, topic.AskedAt, topic.NeedsSnapshot) = (false, _time.GetTimestamp(), false);
        if (topic.Kind == TopicKind.Trades)
        {
            var now = _marketTime();
            lock (_observing)
            {
                topic.Observer?.TradesStand(now);
            }
        }
    }
}

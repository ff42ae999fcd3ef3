using System.Text.Json;
using Microsoft.Extensions.Logging;
using TicketBot.Bybit.Rest;
using TicketBot.Bybit.Wire;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Streams;

/// <summary>Follows the confirmed candles of some series on the public stream.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/websocket/public/kline.</remarks>
internal sealed class PublicStream
{
    /// <summary>The stream's name in events.</summary>
    public const string Name = "public";

    private const int MostTopicCharacters = 21_000;
    private readonly Dictionary<string, SeriesKey> _topics;
    private readonly Action<StreamInput> _post;
    private readonly ILogger _logger;
    private readonly Requests _requests;

    public PublicStream(
        IReadOnlyList<SeriesKey> series, Action<StreamInput> post, Uri address, BybitOptions options, TimeProvider time, Chance chance, ILogger logger)
    {
        (_post, _logger) = (post, logger);
        _topics = series.Distinct().ToDictionary(TopicOf);
        var characters = _topics.Keys.Sum(topic => topic.Length + 3);
        if (characters > MostTopicCharacters)
        {
            throw new ArgumentException($"the topics of one connection have at most {MostTopicCharacters} characters, were {characters}", nameof(series));
        }

        _requests = new Requests(TimeSpan.FromMilliseconds(options.RequestTimeoutMs), time);
        Loop = new SocketLoop(Name, address, pings: true, options, time, chance, logger)
        {
            Open = OpenAsync,
            Receive = Receive,
            Lost = reason => post(new StreamInput.Lost(Name, reason)),
            Restored = () => post(new StreamInput.Restored(Name)),
        };
    }

    /// <summary>The socket's life.</summary>
    public SocketLoop Loop { get; }

    /// <summary>Returns the topic of a series.</summary>
    public static string TopicOf(SeriesKey series) => $"kline.{series.Interval.VenueCode}.{series.Symbol}";

    /// <summary>Takes one frame.</summary>
    internal void Receive(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var frame = JsonSerializer.Deserialize(bytes.Span, WireJson.Default.StreamFrame);
            if (frame?.Topic is null)
            {
                if (frame is not null)
                {
                    _requests.Take(frame);
                }

                return;
            }

            if (!_topics.TryGetValue(frame.Topic, out var series))
            {
                return;
            }

            // One message may hold the closed candle and the next one.
            foreach (var row in frame.Data.Deserialize(WireJson.Default.ListKlineRow) ?? [])
            {
                if (row.Confirm)
                {
                    _post(new StreamInput.Kline(series, ToCandle(row)));
                }
            }
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            // A candle lost here is read over REST when its time is up.
            Log.FrameUnreadable(_logger, Name, e.Message);
        }
    }

    private static Candle ToCandle(KlineRow row)
    {
        var candle = new Candle(
            new Instant(Needed(row.Start, "start")), Needed(row.Open, "open"), Needed(row.High, "high"), Needed(row.Low, "low"),
            Needed(row.Close, "close"), Needed(row.Volume, "volume"), Needed(row.Turnover, "turnover"));
        return candle.Fault() is { } fault ? throw new FormatException($"candle at {candle.OpenTime}: {fault}") : candle;
    }

    private static T Needed<T>(T? value, string field)
        where T : struct => value ?? throw new FormatException($"{field} is missing");

    private async Task OpenAsync(SocketSession session, CancellationToken cancellationToken)
    {
        if (_topics.Count == 0)
        {
            return;
        }

        var answer = await _requests.SendAsync(session, "subscribe", [.. _topics.Keys], cancellationToken);
        if (Requests.Succeeded(answer))
        {
            return;
        }

        // One bad topic may or may not have refused all: each is asked for alone.
        foreach (var topic in _topics.Keys)
        {
            answer = await _requests.SendAsync(session, "subscribe", [topic], cancellationToken);
            if (!Requests.Succeeded(answer) && !Requests.TextOf(answer).Contains("already subscribed", StringComparison.OrdinalIgnoreCase))
            {
                Log.TopicRefused(_logger, topic, Requests.TextOf(answer));
            }
        }
    }
}

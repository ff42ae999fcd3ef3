using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Bybit.Rest;
using TicketBot.Bybit.Streams;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Tests;

public sealed class FreshnessTests
{
    private const string Public = "/v5/public/linear";
    private static readonly SeriesKey Btc = new(new Symbol("BTCUSDT"), Interval.OneMinute);
    private static readonly SeriesKey Eth = new(new Symbol("ETHUSDT"), Interval.OneMinute);
    private readonly ConcurrentQueue<StreamInput> _inputs = new();
    private readonly Counters _counters = new();

    [Fact]
    public async Task A_topic_that_is_mute_while_others_talk_is_subscribed_anew_and_then_the_socket_is_opened_anew()
    {
        await using var venue = await StubVenue.StartAsync();
        using var stop = new CancellationTokenSource();
        var (stream, running) = Start(venue, stop.Token);
        await stream.Loop.Ready;
        var talking = TalkAsync(venue, stop.Token);
        stream.Overdue(Btc);
        await venue.HearAsync(Public, text => text.Contains("\"op\":\"unsubscribe\",\"args\":[\"kline.1.BTCUSDT\"]", StringComparison.Ordinal));
        await venue.HearAsync(Public, text => text.Contains("\"op\":\"subscribe\",\"args\":[\"kline.1.BTCUSDT\"]", StringComparison.Ordinal));
        await UntilAsync(() => _inputs.OfType<StreamInput.Lost>().Any(lost => lost.Reason.Contains("stays mute", StringComparison.Ordinal)));
        await UntilAsync(() => _inputs.OfType<StreamInput.Restored>().Any());
        Assert.DoesNotContain(venue.Heard, one => one.Text.Contains("\"unsubscribe\",\"args\":[\"kline.1.ETHUSDT\"]", StringComparison.Ordinal));
        await stop.CancelAsync();
        await Task.WhenAll(running, talking);
    }

    [Fact]
    public async Task A_refused_topic_is_asked_for_again_until_it_stands()
    {
        await using var venue = await StubVenue.StartAsync();
        var isRefused = true;
        venue.Answer = (path, message) => Volatile.Read(ref isRefused) && message.GetProperty("op").GetString() == "subscribe" && message.GetProperty("args").ToString().Contains("ETH", StringComparison.Ordinal)
            ? """{"success":false,"ret_msg":"Invalid symbol","conn_id":"1","req_id":"subscribe","op":"subscribe"}"""
            : StubVenue.Usual(path, message);
        using var stop = new CancellationTokenSource();
        var (stream, running) = Start(venue, stop.Token, quiet: TimeSpan.FromHours(1)); // Nobody talks, and that is no fault here.
        await stream.Loop.Ready;
        await UntilAsync(() => Asked() >= 3);
        Volatile.Write(ref isRefused, false);
        var asked = Asked();
        await UntilAsync(() => Asked() > asked);
        await stop.CancelAsync();
        await running;
        Assert.Equal(1, venue.Heard.Count(one => one.Text.Contains("\"args\":[\"kline.1.BTCUSDT\"]", StringComparison.Ordinal)));

        int Asked() => venue.Heard.Count(one => one.Text.Contains("\"args\":[\"kline.1.ETHUSDT\"]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_gap_in_the_book_brings_a_new_snapshot()
    {
        await using var venue = await StubVenue.StartAsync();
        using var stop = new CancellationTokenSource();
        var (stream, running) = Start(venue, stop.Token, observes: true);
        await stream.Loop.Ready;
        await venue.SayAsync(Public, """{"topic":"orderbook.50.BTCUSDT","type":"snapshot","ts":1748736000000,"data":{"s":"BTCUSDT","b":[],"a":[],"u":10}}""");
        await venue.SayAsync(Public, """{"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1748736000000,"data":{"s":"BTCUSDT","b":[],"a":[],"u":12}}""");
        await venue.HearAsync(Public, text => text.Contains("\"op\":\"unsubscribe\",\"args\":[\"orderbook.50.BTCUSDT\"]", StringComparison.Ordinal));
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_socket_that_takes_pings_and_says_nothing_is_opened_anew()
    {
        await using var venue = await StubVenue.StartAsync();
        venue.Answer = (path, message) => message.GetProperty("op").GetString() == "ping" ? null : StubVenue.Usual(path, message);
        using var stop = new CancellationTokenSource();
        var (_, running) = Start(venue, stop.Token, change: options => (options.PingIntervalMs, options.SilenceTimeoutMs) = (100, 200));
        await UntilAsync(() => _inputs.OfType<StreamInput.Lost>().Any(lost => lost.Reason.Contains("of a ping", StringComparison.Ordinal)));
        await UntilAsync(() => _inputs.OfType<StreamInput.Restored>().Any());
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Sockets_that_are_cut_at_once_are_not_opened_more_often_than_the_budget()
    {
        await using var venue = await StubVenue.StartAsync();
        venue.Answer = (path, _) =>
        {
            venue.Cut(path);
            return null;
        };
        using var stop = new CancellationTokenSource();
        var (_, running) = Start(venue, stop.Token, change: options => options.ReconnectMaxDelayMs = 1);
        await UntilAsync(() => _counters.Read().Connects >= SocketLoop.ConnectBudget);

        // Far more than the next pauses would be without a budget.
        for (var i = 0; i < 50; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        Assert.Equal(SocketLoop.ConnectBudget, _counters.Read().Connects);
        await stop.CancelAsync();
        await running;
    }

    private (PublicStream Stream, Task Running) Start(StubVenue venue, CancellationToken cancellationToken, bool observes = false, Action<BybitOptions>? change = null, TimeSpan? quiet = null)
    {
        var options = new BybitOptions { Environment = ExchangeEnvironment.Testnet, ReconnectMaxDelayMs = 60 };
        change?.Invoke(options);
        var stream = new PublicStream(
            Topic.Of([Btc, Eth], observes, watches: false), watches: !observes, () => Instant.From(venue.Time.GetUtcNow()), _inputs.Enqueue,
            new Uri($"ws://127.0.0.1:{venue.Port}{Public}"), options, venue.Time, new Chance(1), _counters, NullLogger.Instance)
        {
            Freshness = new Freshness
            {
                Look = TimeSpan.FromMilliseconds(20), Overdue = TimeSpan.FromMilliseconds(300), Candles = quiet ?? TimeSpan.FromMilliseconds(1_500),
                Lively = quiet ?? TimeSpan.FromMilliseconds(1_500), Refused = TimeSpan.FromMilliseconds(50),
            },
        };
        return (stream, stream.Loop.RunAsync(cancellationToken));
    }

    private static async Task TalkAsync(StubVenue venue, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await venue.SayAsync(Public, Frames.Kline(1748736000000, "ETHUSDT", confirm: false));
            }
            catch (Exception e) when (e is System.Net.WebSockets.WebSocketException or ObjectDisposedException or InvalidOperationException)
            {
                // Between two sockets nobody listens.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
        }
    }
}

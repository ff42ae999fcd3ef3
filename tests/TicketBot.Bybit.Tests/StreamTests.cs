using System.Threading.Channels;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Tests;

public sealed class StreamTests
{
    private const string Public = "/v5/public/linear";
    private const string Private = "/v5/private";
    private static readonly SeriesKey Minute = new(new Symbol("BTCUSDT"), Interval.OneMinute);
    private readonly Channel<ExchangeEvent> _events = Channel.CreateUnbounded<ExchangeEvent>();

    // The candle that is open when a test begins: the feed expects it next.
    private const long Open = 1748736000000;

    [Fact]
    public async Task Only_confirmed_candles_come_and_each_once()
    {
        await using var venue = await StubVenue.StartAsync();
        await using var exchange = venue.Connect(ExchangeEnvironment.Testnet);
        venue.Rest = (_, _) => Frames.Rows([Open]);
        await exchange.ConnectAsync([Minute], _events.Writer, default);
        await venue.SayAsync(Public, Frames.Kline(Open, confirm: false));
        venue.Time.MoveTo(Open + 60_000);
        await venue.SayAsync(Public, $$"""{"topic":"kline.1.BTCUSDT","type":"snapshot","ts":1,"data":[{{Frames.Row(Open, "1", true, 100.25)}},{{Frames.Row(Open + 60_000, "1", false)}}]}""");
        Assert.Equal((Open, 100.25), await CandleAsync());
        venue.Time.MoveTo(Open + 120_000);
        await venue.SayAsync(Public, Frames.Kline(Open));
        await venue.SayAsync(Public, Frames.Kline(Open + 60_000));
        Assert.Equal((Open + 60_000, 100.5), await CandleAsync());
    }

    [Fact]
    public async Task A_lost_public_stream_is_announced_and_its_candles_are_read_before_it_is_restored()
    {
        await using var venue = await StubVenue.StartAsync();
        await using var exchange = venue.Connect(ExchangeEnvironment.Testnet);
        venue.Rest = (path, _) => path == "/v5/market/kline" ? Frames.Rows([Open]) : null;
        await exchange.ConnectAsync([Minute], _events.Writer, default);
        await venue.OpenedAsync(Public);
        venue.Time.MoveTo(Open + 60_500);
        venue.Cut(Public);
        Assert.Equal("public", (await NextAsync<ExchangeEvent.StreamInterrupted>()).Stream);
        await venue.OpenedAsync(Public);
        Assert.Equal(Open, (await CandleAsync()).Open);
        Assert.Equal("public", (await NextAsync<ExchangeEvent.StreamRestored>()).Stream);
    }

    [Fact]
    public async Task Executions_that_come_twice_are_given_once_and_a_lost_private_stream_is_announced()
    {
        await using var venue = await StubVenue.StartAsync();
        await using var exchange = venue.Connect(ExchangeEnvironment.Testnet);
        await exchange.ConnectAsync([Minute], _events.Writer, default);
        await venue.SayAsync(Private, Frames.Execution("m1", "e1", "e2"));
        await venue.SayAsync(Private, Frames.Execution("m2", "e2", "e3"));
        Assert.Equal("e1", (await NextAsync<ExchangeEvent.Executed>()).Execution.Id.Value);
        Assert.Equal("e2", (await NextAsync<ExchangeEvent.Executed>()).Execution.Id.Value);
        Assert.Equal("e3", (await NextAsync<ExchangeEvent.Executed>()).Execution.Id.Value);
        venue.Cut(Private);
        Assert.Equal("private", (await NextAsync<ExchangeEvent.StreamInterrupted>()).Stream);
        Assert.Equal("private", (await NextAsync<ExchangeEvent.StreamRestored>()).Stream);
    }

    [Fact]
    public async Task A_silent_stream_is_opened_again()
    {
        await using var venue = await StubVenue.StartAsync();
        venue.Answer = (path, message) => message.GetProperty("op").GetString() == "ping" && path == Public ? null : StubVenue.Usual(path, message);
        await using var exchange = venue.Connect(ExchangeEnvironment.Testnet, options => (options.PingIntervalMs, options.SilenceTimeoutMs) = (300, 1500));
        await exchange.ConnectAsync([Minute], _events.Writer, default);
        var interrupted = await NextAsync<ExchangeEvent.StreamInterrupted>();
        while (interrupted.Stream != "public")
        {
            interrupted = await NextAsync<ExchangeEvent.StreamInterrupted>(); // A starved machine may silence the other one too.
        }

        Assert.Contains("no frame", interrupted.Reason, StringComparison.Ordinal);
        await NextAsync<ExchangeEvent.StreamRestored>();
    }

    [Theory]
    [InlineData("""{"op":"auth","success":false,"retCode":10003,"retMsg":"Invalid apikey","connId":"1"}""")]
    [InlineData("""{"op":"auth","success":false,"ret_msg":"API key is invalid.","conn_id":"1"}""")]
    [InlineData("""{"op":"auth","retCode":10004,"retMsg":"sign invalid","connId":"1"}""")]
    public async Task A_refused_key_ends_the_connection_with_an_error_that_does_not_name_it(string refusal)
    {
        await using var venue = await StubVenue.StartAsync();
        venue.Answer = (path, message) => message.GetProperty("op").GetString() == "auth" ? refusal : StubVenue.Usual(path, message);
        await using var exchange = venue.Connect(ExchangeEnvironment.Testnet);
        var error = await Assert.ThrowsAsync<ExchangeException>(() => exchange.ConnectAsync([Minute], _events.Writer, default).AsTask());
        Assert.DoesNotContain(StubHandler.Key, error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<ExchangeException>(() => _events.Reader.Completion);
    }

    [Fact]
    public async Task One_refused_topic_does_not_take_the_others_along()
    {
        var good = new SeriesKey(new Symbol("ETHUSDT"), Interval.OneMinute);
        await using var venue = await StubVenue.StartAsync();
        venue.Answer = (path, message) => path == Public && message.GetProperty("op").GetString() == "subscribe" && message.GetProperty("args").ToString().Contains("BTC", StringComparison.Ordinal)
            ? """{"success":false,"ret_msg":"Invalid symbol :[kline.1.BTCUSDT]","conn_id":"1","req_id":"subscribe","op":"subscribe"}"""
            : StubVenue.Usual(path, message);
        await using var exchange = venue.Connect(ExchangeEnvironment.Testnet);
        await exchange.ConnectAsync([Minute, good], _events.Writer, default);
        await venue.HearAsync(Public, text => text.Contains("\"args\":[\"kline.1.ETHUSDT\"]", StringComparison.Ordinal));
        venue.Time.MoveTo(Open + 60_000);
        await venue.SayAsync(Public, Frames.Kline(Open, "ETHUSDT"));
        Assert.Equal(good, (await NextAsync<ExchangeEvent.CandleClosed>()).Series);
    }

    [Fact]
    public async Task Time_passes_each_second_and_never_backward()
    {
        await using var venue = await StubVenue.StartAsync();
        await using var exchange = venue.Connect(ExchangeEnvironment.Testnet);
        await exchange.ConnectAsync([Minute], _events.Writer, default);
        var first = (await NextAsync<ExchangeEvent.TimePassed>()).Time;
        Assert.True((await NextAsync<ExchangeEvent.TimePassed>()).Time >= first);
    }

    [Fact]
    public async Task A_private_frame_that_cannot_be_read_asks_for_a_reconciliation()
    {
        await using var venue = await StubVenue.StartAsync();
        await using var exchange = venue.Connect(ExchangeEnvironment.Testnet);
        await exchange.ConnectAsync([Minute], _events.Writer, default);
        await venue.SayAsync(Private, Frames.Execution("m1", "e1").Replace("\"execQty\":\"0.5\"", "\"execQty\":\"half\"", StringComparison.Ordinal));
        Assert.Equal("private", (await NextAsync<ExchangeEvent.StreamInterrupted>()).Stream);
        Assert.Equal("private", (await NextAsync<ExchangeEvent.StreamRestored>()).Stream);
        await venue.SayAsync(Private, Frames.Execution("m2", "e2"));
        Assert.Equal("e2", (await NextAsync<ExchangeEvent.Executed>()).Execution.Id.Value);
    }

    private async Task<(long Open, double Close)> CandleAsync()
    {
        var candle = (await NextAsync<ExchangeEvent.CandleClosed>()).Candle;
        return (candle.OpenTime.UnixMilliseconds, candle.Close);
    }

    // Events of other kinds (ticks above all) are kept for later asks, in their order.
    private readonly List<ExchangeEvent> _kept = [];

    private async Task<T> NextAsync<T>()
        where T : ExchangeEvent
    {
        var index = _kept.FindIndex(one => one is T);
        if (index >= 0)
        {
            var found = (T)_kept[index];
            _kept.RemoveAt(index);
            return found;
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var happened = await _events.Reader.ReadAsync(limit.Token);
            if (happened is T wanted)
            {
                return wanted;
            }

            _kept.Add(happened);
        }
    }
}

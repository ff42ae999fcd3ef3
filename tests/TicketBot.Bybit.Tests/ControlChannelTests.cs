using System.Threading.Channels;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Tests;

public sealed class ControlChannelTests
{
    private const string Public = "/v5/public/linear";
    private const string Private = "/v5/private";
    private const string Control = "/simulator/control";
    private const long T0 = 1735689600000;
    private const long T1 = T0 + 60_000;
    private static readonly SeriesKey Btc = new(new Symbol("BTCUSDT"), Interval.OneMinute);
    private static readonly SeriesKey Eth = new(new Symbol("ETHUSDT"), Interval.OneMinute);
    private readonly Channel<ExchangeEvent> _events = Channel.CreateUnbounded<ExchangeEvent>();

    private const string Both = $"""["ETHUSDT","1",1735689600000],["BTCUSDT","1",1735689600000]""";

    [Fact]
    public async Task Market_time_is_that_of_the_attached_frame_before_anything_runs()
    {
        await using var venue = await StubVenue.StartAsync();
        await using var exchange = venue.Connect(ExchangeEnvironment.Simulator);
        Assert.Equal(new Instant(T0), await exchange.GetMarketTimeAsync(default));
        Assert.Contains(StubHandler.Key, await venue.HearAsync(Control, text => text.Contains("attach", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("step first", "SPEK")]
    [InlineData("messages backward", "PEKS")]
    [InlineData("candles first", "KSEP")]
    [InlineData("as published", "EPKS")]
    public async Task A_step_comes_in_one_order_however_its_messages_arrive(string arrival, string order)
    {
        Assert.NotEmpty(arrival);
        await using var venue = await StubVenue.StartAsync();
        await using var exchange = venue.Connect(ExchangeEnvironment.Simulator);
        await exchange.ConnectAsync([Btc, Eth], _events.Writer, default);
        foreach (var message in order)
        {
            await (message switch
            {
                'S' => venue.SayAsync(Control, Frames.Step(1, T1, Both, "m1", "m2")),
                'E' => venue.SayAsync(Private, Frames.Execution("m1", "e1", "e2")),
                'P' => venue.SayAsync(Private, Frames.Execution("m2", "e3")),
                _ => SayCandlesAsync(venue, T0),
            });
        }

        Assert.Equal(["time 0", "e1", "e2", "e3", "BTCUSDT/1m", "ETHUSDT/1m", "time 60000"], await TakeAsync(7));
    }

    [Fact]
    public async Task The_report_names_the_step_and_starts_the_market()
    {
        await using var venue = await StubVenue.StartAsync();
        await using var exchange = venue.Connect(ExchangeEnvironment.Simulator);
        await exchange.ConnectAsync([Btc], _events.Writer, default);
        await TakeAsync(1);
        await exchange.ReportSentAsync(new Instant(T0), default);
        await venue.HearAsync(Control, text => text == """{"op":"sent","step":0}""");
        await venue.SayAsync(Public, Frames.Kline(T0));
        await venue.SayAsync(Control, Frames.Step(1, T1, """["BTCUSDT","1",1735689600000]"""));
        await TakeAsync(2);
        Assert.Equal(new Instant(T1), await exchange.GetMarketTimeAsync(default));
        await exchange.ReportSentAsync(new Instant(T0), default);
        await exchange.ReportSentAsync(new Instant(T1), default);
        await venue.HearAsync(Control, text => text == """{"op":"sent","step":1}""");
        Assert.Equal(3, venue.Heard.Count(one => one.Path == Control));
    }

    [Fact]
    public async Task A_candle_that_does_not_arrive_is_read_and_a_missing_message_asks_for_a_reconciliation()
    {
        await using var venue = await StubVenue.StartAsync();
        await using var exchange = venue.Connect(ExchangeEnvironment.Simulator);
        venue.Rest = (path, query) => path == "/v5/market/kline" && query["symbol"] == "BTCUSDT" ? Frames.Rows([T0]) : null;
        await exchange.ConnectAsync([Btc, Eth], _events.Writer, default);
        await venue.SayAsync(Private, Frames.Execution("m2", "e2"));
        await venue.SayAsync(Public, Frames.Kline(T0, "ETHUSDT"));
        await venue.SayAsync(Control, Frames.Step(1, T1, Both, "m1", "m2"));
        Assert.Equal(["time 0", "e2", "interrupted private", "restored private", "BTCUSDT/1m", "ETHUSDT/1m", "time 60000"], await TakeAsync(7));

        // The late message is still told, and the late candle is not told twice.
        await venue.SayAsync(Private, Frames.Execution("m1", "e1"));
        await venue.SayAsync(Public, Frames.Kline(T0));
        Assert.Equal(["e1"], await TakeAsync(1));
        await SayCandlesAsync(venue, T1);
        await venue.SayAsync(Control, Frames.Step(2, T1 + 60_000, """["BTCUSDT","1",1735689660000],["ETHUSDT","1",1735689660000],["SOLUSDT","1",1735689660000]"""));
        Assert.Equal(["BTCUSDT/1m", "ETHUSDT/1m", "time 120000"], await TakeAsync(3));
    }

    [Fact]
    public async Task A_message_that_no_step_lists_comes_out_a_step_later()
    {
        await using var venue = await StubVenue.StartAsync();
        await using var exchange = venue.Connect(ExchangeEnvironment.Simulator);
        await exchange.ConnectAsync([Btc], _events.Writer, default);
        await venue.SayAsync(Private, Frames.Execution("stray", "e9"));
        await venue.SayAsync(Private, Frames.Execution("m1", "e1"));
        await venue.SayAsync(Public, Frames.Kline(T0));
        await venue.SayAsync(Control, Frames.Step(1, T1, """["BTCUSDT","1",1735689600000]""", "m1"));
        Assert.Equal(["time 0", "e1", "BTCUSDT/1m", "time 60000"], await TakeAsync(4));
        await venue.SayAsync(Public, Frames.Kline(T1));
        await venue.SayAsync(Control, Frames.Step(2, T1 + 60_000, """["BTCUSDT","1",1735689660000]"""));
        Assert.Equal(["e9", "BTCUSDT/1m", "time 120000"], await TakeAsync(3));
    }

    [Fact]
    public async Task After_a_lost_control_channel_the_missed_steps_are_caught_up()
    {
        await using var venue = await StubVenue.StartAsync();
        await using var exchange = venue.Connect(ExchangeEnvironment.Simulator);
        await exchange.ConnectAsync([Btc], _events.Writer, default);
        await venue.OpenedAsync(Control);
        venue.Rest = (_, _) => Frames.Rows([T0, T1]);
        venue.Answer = (path, message) => path == Control && message.GetProperty("op").GetString() == "attach"
            ? $$"""{"op":"attached","step":2,"time":{{T1 + 60_000}},"speed":0,"holds":true}"""
            : StubVenue.Usual(path, message);
        venue.Cut(Control);
        Assert.Equal(["time 0", "interrupted private", "BTCUSDT/1m", "BTCUSDT/1m", "restored private", "time 120000"], await TakeAsync(6));
        await exchange.ReportSentAsync(new Instant(T1 + 60_000), default);
        await venue.HearAsync(Control, text => text == """{"op":"sent","step":2}""");
    }

    [Fact]
    public async Task The_end_of_the_market_is_told()
    {
        await using var venue = await StubVenue.StartAsync();
        await using var exchange = venue.Connect(ExchangeEnvironment.Simulator);
        await exchange.GetMarketTimeAsync(default);
        Assert.False(exchange.MarketEnded.IsCompleted);
        await venue.SayAsync(Control, """{"op":"end","step":7,"time":1}""");
        await exchange.MarketEnded.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_simulator_that_is_not_there_is_an_error_that_names_its_address()
    {
        await using var venue = await StubVenue.StartAsync();
        venue.Answer = (_, _) => null;
        await using var exchange = venue.Connect(ExchangeEnvironment.Simulator, options => options.RequestTimeoutMs = 500);
        var error = await Assert.ThrowsAsync<ExchangeException>(() => exchange.GetMarketTimeAsync(default).AsTask());
        Assert.Contains("/simulator/control", error.Message, StringComparison.Ordinal);
    }

    private static async Task SayCandlesAsync(StubVenue venue, long start)
    {
        await venue.SayAsync(Public, Frames.Kline(start, "ETHUSDT"));
        await venue.SayAsync(Public, Frames.Kline(start));
    }

    private async Task<List<string>> TakeAsync(int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var taken = new List<string>();
        while (taken.Count < count)
        {
            taken.Add(await _events.Reader.ReadAsync(limit.Token) switch
            {
                ExchangeEvent.CandleClosed candle => candle.Series.ToString(),
                ExchangeEvent.Executed fill => fill.Execution.Id.Value,
                ExchangeEvent.TimePassed time => $"time {time.Time.UnixMilliseconds - T0}",
                ExchangeEvent.StreamInterrupted lost => $"interrupted {lost.Stream}",
                ExchangeEvent.StreamRestored back => $"restored {back.Stream}",
                var other => other.GetType().Name,
            });
        }

        return taken;
    }
}

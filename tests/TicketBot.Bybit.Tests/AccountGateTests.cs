using System.Net;
using System.Threading.Channels;
using TicketBot.Bybit.Rest;
using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Tests;

public sealed class AccountGateTests
{
    private static readonly Symbol Btc = new("BTCUSDT");
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(10003)]
    [InlineData(10004)]
    [InlineData(10010)]
    [InlineData(33004)]
    [InlineData(10009)]
    public async Task A_refused_key_is_tried_once_a_minute_and_works_again_at_once(int code)
    {
        var answer = StubHandler.Refusal(code);
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path == "/v5/order/cancel" ? answer : ""));
        var exchange = stub.Connect();
        for (var i = 0; i < 50; i++)
        {
            await exchange.CancelAsync(Btc, new ClientOrderId("mine"), default);
        }

        Assert.Equal(1, Sent(stub));
        _time.Advance(TimeSpan.FromSeconds(61));
        for (var i = 0; i < 50; i++)
        {
            await exchange.CancelAsync(Btc, new ClientOrderId("mine"), default);
        }

        Assert.Equal(2, Sent(stub));
        answer = StubHandler.Ok("{}");
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.IsType<RequestAnswer.Done>(await exchange.CancelAsync(Btc, new ClientOrderId("mine"), default));
        Assert.IsType<RequestAnswer.Done>(await exchange.CancelAsync(Btc, new ClientOrderId("mine"), default));
        Assert.Equal(4, Sent(stub));
    }

    [Fact]
    public async Task What_is_not_sent_for_a_refused_key_is_refused_and_says_so()
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path == "/v5/order/cancel" ? StubHandler.Refusal(10003) : ""));
        var exchange = stub.Connect();
        await exchange.CancelAsync(Btc, new ClientOrderId("mine"), default);
        var refused = Assert.IsType<RequestAnswer.Refused>(await exchange.CancelAsync(Btc, new ClientOrderId("mine"), default));
        Assert.Contains("nothing was sent", refused.Text, StringComparison.Ordinal);
        Assert.Contains("10003", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_may_not_trade_still_reads()
    {
        var gate = new AccountGate(_time, TimeSpan.FromMinutes(1));
        List<string?> told = [];
        gate.Follow(told.Add);
        gate.KeyRefused("may not trade", writesOnly: true);
        gate.KeyRefused("may not trade", writesOnly: true);
        Assert.True(gate.TryPass(isWrite: false));
        Assert.False(gate.TryPass(isWrite: true));
        gate.KeyWorked(isWrite: false);
        Assert.Equal("may not trade", gate.Reason);
        gate.KeyWorked(isWrite: true);
        Assert.Equal(["may not trade", null], told);
    }

    [Fact]
    public void A_block_that_ends_leaves_a_refused_key_refused()
    {
        var gate = new AccountGate(_time, TimeSpan.FromMinutes(1));
        List<string?> told = [];
        gate.AddressBlocked("blocked");
        gate.Follow(told.Add);
        gate.KeyRefused("refused", writesOnly: false);
        gate.AddressBlocked(null);
        gate.KeyWorked(isWrite: false);
        Assert.Equal(["blocked", "refused", "refused", null], told);
    }

    [Fact]
    public async Task A_key_refused_while_trading_is_announced_and_announced_restored_when_it_works()
    {
        await using var venue = await StubVenue.StartAsync();
        await using var exchange = venue.Connect(ExchangeEnvironment.Testnet);
        var isRefused = true;
        venue.Rest = (path, _) => path switch
        {
            "/v5/order/cancel" or "/v5/position/list" => isRefused ? StubHandler.Refusal(10003) : """{"list":[],"nextPageCursor":""}""",
            _ => null,
        };
        var events = Channel.CreateUnbounded<ExchangeEvent>();
        await exchange.ConnectAsync([], events.Writer, default);
        await exchange.CancelAsync(Btc, new ClientOrderId("mine"), default);
        var lost = await NextAsync<ExchangeEvent.StreamInterrupted>(events);
        Assert.Equal(StreamNames.Account, lost.Stream);
        Assert.Contains("10003", lost.Reason, StringComparison.Ordinal);
        isRefused = false;
        venue.Time.MoveTo(venue.Time.NowMs + 61_000);
        Assert.Equal(StreamNames.Account, (await NextAsync<ExchangeEvent.StreamRestored>(events)).Stream);
    }

    [Fact]
    public async Task A_key_refused_by_the_private_stream_after_it_stood_does_not_end_the_connection()
    {
        await using var venue = await StubVenue.StartAsync();
        await using var exchange = venue.Connect(ExchangeEnvironment.Testnet);
        var events = Channel.CreateUnbounded<ExchangeEvent>();
        await exchange.ConnectAsync([], events.Writer, default);
        await venue.OpenedAsync("/v5/private");
        venue.Answer = (path, message) => message.GetProperty("op").GetString() == "auth"
            ? """{"op":"auth","success":false,"retCode":33004,"retMsg":"expired","connId":"1"}"""
            : StubVenue.Usual(path, message);
        venue.Cut("/v5/private");
        var lost = await NextAsync<ExchangeEvent.StreamInterrupted>(events);
        while (lost.Stream != StreamNames.Account)
        {
            lost = await NextAsync<ExchangeEvent.StreamInterrupted>(events);
        }

        Assert.Contains("33004", lost.Reason, StringComparison.Ordinal);
        Assert.False(events.Reader.Completion.IsCompleted);
    }

    private static int Sent(StubHandler stub) => stub.Requests.Count(seen => seen.Path == "/v5/order/cancel");

    private static async Task<T> NextAsync<T>(Channel<ExchangeEvent> events)
        where T : ExchangeEvent
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            if (await events.Reader.ReadAsync(limit.Token) is T wanted)
            {
                return wanted;
            }
        }
    }
}

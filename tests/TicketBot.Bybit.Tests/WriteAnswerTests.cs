using System.Net;
using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Tests;

public sealed class WriteAnswerTests
{
    private static readonly OrderRequest Entry = new()
    {
        Id = new ClientOrderId("mine-1"), Symbol = new Symbol("BTCUSDT"), Side = Side.Buy, Type = OrderType.Market, Quantity = new Quantity(1), CausedAt = default,
    };

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(10000)]
    [InlineData(10006)]
    [InlineData(10014)]
    [InlineData(10016)]
    [InlineData(10019)]
    [InlineData(10429)]
    [InlineData(110079)]
    [InlineData(98765)]
    public async Task A_code_that_leaves_the_outcome_open_is_unknown_and_is_sent_once(int code)
    {
        var (stub, answer) = await SubmitAsync(HttpStatusCode.OK, StubHandler.Refusal(code));
        Assert.IsType<SubmitAnswer.Unknown>(answer);
        Assert.Single(stub.Beside("/v5/market/time"));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway, "<html>502</html>")]
    [InlineData(HttpStatusCode.ServiceUnavailable, """{"retCode":0,"result":{"orderId":"1"}}""")]
    [InlineData(HttpStatusCode.TooManyRequests, "slow down")]
    [InlineData(HttpStatusCode.OK, "<html>welcome</html>")]
    [InlineData(HttpStatusCode.OK, """{"retCode":0,"retMsg":"OK","result":{}}""")]
    [InlineData(HttpStatusCode.OK, """{"retCode":0,"retMsg":"OK","result":[1]}""")]
    [InlineData(HttpStatusCode.OK, "null")]
    public async Task An_answer_that_cannot_be_trusted_is_unknown_and_is_sent_once(HttpStatusCode status, string body)
    {
        var (stub, answer) = await SubmitAsync(status, body);
        Assert.IsType<SubmitAnswer.Unknown>(answer);
        Assert.Single(stub.Beside("/v5/market/time"));
    }

    [Theory]
    [InlineData(10001)]
    [InlineData(10003)]
    [InlineData(110007)]
    [InlineData(110017)]
    [InlineData(110094)]
    public async Task A_refusal_is_refused_with_its_code(int code)
    {
        var (_, answer) = await SubmitAsync(HttpStatusCode.OK, StubHandler.Refusal(code));
        Assert.Equal(code, Assert.IsType<SubmitAnswer.Refused>(answer).Code);
    }

    [Fact]
    public async Task An_id_used_before_is_a_duplicate()
    {
        var (_, answer) = await SubmitAsync(HttpStatusCode.OK, StubHandler.Refusal(110072));
        Assert.IsType<SubmitAnswer.Duplicate>(answer);
    }

    [Fact]
    public async Task The_text_of_a_refused_signature_is_not_repeated()
    {
        var (_, answer) = await SubmitAsync(HttpStatusCode.OK, StubHandler.Refusal(10004, $"error sign, origin_string[1735689600000{StubHandler.Key}5000]"));
        Assert.DoesNotContain(StubHandler.Key, Assert.IsType<SubmitAnswer.Refused>(answer).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_connection_is_unknown()
    {
        var stub = new StubHandler(_time, seen => seen.Path == "/v5/order/create" ? throw new HttpRequestException("connection reset") : (HttpStatusCode.OK, ""));
        Assert.IsType<SubmitAnswer.Unknown>(await stub.Connect().SubmitAsync(Entry, default));
    }

    [Fact]
    public async Task No_answer_in_time_is_unknown()
    {
        using var handler = new SilentHandler();
        await using var exchange = new BybitExchange(
            new BybitOptions { Environment = ExchangeEnvironment.Testnet, RequestTimeoutMs = 500 }, new BybitCredentials("k", "s"), _time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<BybitExchange>.Instance, 1, handler);
        exchange.Clock.Measure(0, 0, 0);
        var submit = exchange.SubmitAsync(Entry, default).AsTask();
        while (!submit.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.IsType<SubmitAnswer.Unknown>(await submit);
    }

    [Fact]
    public async Task Cancelling_the_wait_after_sending_is_unknown()
    {
        using var cancel = new CancellationTokenSource();
        using var handler = new SilentHandler { Sent = cancel.Cancel };
        await using var exchange = new BybitExchange(
            new BybitOptions { Environment = ExchangeEnvironment.Testnet }, new BybitCredentials("k", "s"), _time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<BybitExchange>.Instance, 1, handler);
        exchange.Clock.Measure(0, 0, 0);
        Assert.IsType<SubmitAnswer.Unknown>(await exchange.SubmitAsync(Entry, cancel.Token));
    }

    [Theory]
    [InlineData(110001)]
    [InlineData(110010)]
    public async Task Cancelling_an_order_that_is_gone_is_done(int code)
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path == "/v5/order/cancel" ? StubHandler.Refusal(code) : ""));
        Assert.IsType<RequestAnswer.Done>(await stub.Connect().CancelAsync(Entry.Symbol, Entry.Id, default));
    }

    [Fact]
    public async Task A_stop_that_is_there_already_is_done_and_a_lost_answer_is_unknown()
    {
        var code = 34040;
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path == "/v5/position/trading-stop" ? StubHandler.Refusal(code) : ""));
        var exchange = stub.Connect();
        Assert.IsType<RequestAnswer.Done>(await exchange.SetStopAsync(Entry.Symbol, new Price(1), false, default));
        code = 10016;
        Assert.IsType<RequestAnswer.Unknown>(await exchange.SetStopAsync(Entry.Symbol, new Price(1), false, default));
        code = 10001;
        Assert.IsType<RequestAnswer.Refused>(await exchange.SetStopAsync(Entry.Symbol, new Price(1), false, default));
    }

    [Fact]
    public async Task A_refused_timestamp_measures_the_clock_and_sends_again_once()
    {
        var ahead = 0L;
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path switch
        {
            "/v5/market/time" => StubHandler.Ok($$"""{"timeNano":"{{_time.GetUtcNow().ToUnixTimeMilliseconds() + ahead}}000000"}"""),
            _ => long.Parse(seen.Headers["X-BAPI-TIMESTAMP"], System.Globalization.CultureInfo.InvariantCulture) == _time.GetUtcNow().ToUnixTimeMilliseconds() + 9000
                ? StubHandler.Ok("""{"orderId":"o-1"}""")
                : StubHandler.Refusal(10002),
        }));
        var exchange = stub.Connect();
        await exchange.GetMarketTimeAsync(default);
        ahead = 9000;
        Assert.IsType<SubmitAnswer.Acknowledged>(await exchange.SubmitAsync(Entry, default));
        Assert.Equal(9000, exchange.Clock.OffsetMs);
        Assert.Equal(2, stub.Requests.Count(seen => seen.Path == "/v5/order/create"));
    }

    [Fact]
    public async Task A_blocked_address_rests_all_but_urgent_traffic()
    {
        var stub = new StubHandler(_time, seen => seen.Path == "/v5/market/time" ? (HttpStatusCode.OK, "") : (HttpStatusCode.Forbidden, "access too frequent"));
        var exchange = stub.Connect();
        Assert.IsType<SubmitAnswer.Unknown>(await exchange.SubmitAsync(Entry, default));
        Assert.IsType<SubmitAnswer.Refused>(await exchange.SubmitAsync(Entry with { Id = new ClientOrderId("mine-2") }, default));
        Assert.Equal(1, stub.Requests.Count(seen => seen.Path == "/v5/order/create"));
        await exchange.SubmitAsync(Entry with { Id = new ClientOrderId("mine-3"), ReduceOnly = true }, default);
        Assert.Equal(2, stub.Requests.Count(seen => seen.Path == "/v5/order/create"));
        _time.Advance(TimeSpan.FromMinutes(21));
        await exchange.SubmitAsync(Entry with { Id = new ClientOrderId("mine-4") }, default);
        Assert.Equal(3, stub.Requests.Count(seen => seen.Path == "/v5/order/create"));
    }

    private async Task<(StubHandler Stub, SubmitAnswer Answer)> SubmitAsync(HttpStatusCode status, string body)
    {
        var stub = new StubHandler(_time, seen => seen.Path == "/v5/order/create" ? (status, body) : (HttpStatusCode.OK, ""));
        return (stub, await stub.Connect().SubmitAsync(Entry, default));
    }

    private sealed class SilentHandler : HttpMessageHandler
    {
        public Action? Sent { get; init; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Sent?.Invoke();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException("never reached");
        }
    }
}

using System.Net;
using TicketBot.Bybit.Rest;
using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Tests;

public sealed class RateTests
{
    private static readonly Symbol Btc = new("BTCUSDT");
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_lower_allowance_of_the_venue_lowers_the_rate_and_a_higher_one_does_not_raise_it()
    {
        var bucket = new TokenBucket(10, reserve: 3, _time);
        bucket.Learn(100, 99, null);
        Assert.Equal(10, bucket.PerSecond);
        bucket.Learn(5, 4, null);
        Assert.Equal(5, bucket.PerSecond);
        Assert.Equal(1, Take(bucket, urgent: false)); // Four are left, three of them for exits.
        Assert.Equal(3, Take(bucket, urgent: true));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, Take(bucket, urgent: false));
    }

    [Fact]
    public void What_others_used_up_of_the_account_is_not_counted_on()
    {
        var bucket = new TokenBucket(10, reserve: 0, _time);
        bucket.Learn(10, 2, null);
        Assert.Equal(2, Take(bucket, urgent: true));
    }

    [Fact]
    public void Nothing_goes_before_the_reset_not_even_an_exit()
    {
        var bucket = new TokenBucket(10, reserve: 3, _time);
        bucket.Learn(10, 0, TimeSpan.FromMilliseconds(700));
        Assert.InRange(bucket.TryTake(urgent: true)!.Value.TotalMilliseconds, 700, 702);
        _time.Advance(TimeSpan.FromMilliseconds(701));
        Assert.Null(bucket.TryTake(urgent: true));
    }

    [Fact]
    public void An_allowance_of_one_leaves_room_for_an_entry()
    {
        var bucket = new TokenBucket(10, reserve: 3, _time);
        bucket.Learn(1, 1, null);
        Assert.Equal(1, Take(bucket, urgent: false));
    }

    [Fact]
    public async Task A_limited_read_waits_until_the_reset_that_the_answer_names()
    {
        var sent = new List<long>();
        using var handler = new LimitHandler(_time, sent);
        await using var exchange = new BybitExchange(
            new BybitOptions { Environment = ExchangeEnvironment.Testnet, ReadRetryDelayMs = 1 }, new BybitCredentials("k", "s"), _time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<BybitExchange>.Instance, 1, handler);
        var reading = exchange.MarketData.RecentTradesAsync(Btc, 1, default);
        while (!reading.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        Assert.Empty(await reading);
        Assert.Equal(2, sent.Count);
        Assert.InRange(sent[1] - sent[0], 800, 5_000);
        Assert.Equal(1, exchange.Counts.RateLimited);
    }

    [Fact]
    public async Task In_a_block_each_exit_is_tried_once_and_entries_and_reads_rest()
    {
        var stub = new StubHandler(_time, seen => seen.Path == "/v5/market/time" ? (HttpStatusCode.OK, "") : (HttpStatusCode.Forbidden, "access too frequent"));
        var exchange = stub.Connect();
        await exchange.CancelAsync(Btc, new ClientOrderId("a"), default);
        var sent = stub.Requests.Count;
        for (var i = 0; i < 10; i++)
        {
            await exchange.CancelAsync(Btc, new ClientOrderId("b"), default);
            await exchange.SetStopAsync(Btc, new Price(100), false, default);
            await Assert.ThrowsAsync<ExchangeException>(() => exchange.GetSnapshotAsync([Btc], default, default).AsTask());
        }

        Assert.Equal(sent + 2, stub.Requests.Count);
    }

    [Fact]
    public async Task An_entry_that_waited_longer_for_the_rate_than_a_request_is_valid_does_not_leave()
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path == "/v5/order/create" ? StubHandler.Ok("""{"orderId":"v"}""") : ""));
        var exchange = stub.Connect(o => (o.WritesPerSecond, o.WritesReservedForExits) = (1, 0));
        var entries = Enumerable.Range(0, 9).Select(i => exchange.SubmitAsync(Order($"e{i}", isExit: false), default).AsTask()).ToList();
        var exit = exchange.SubmitAsync(Order("x", isExit: true), default).AsTask();
        while (!exit.IsCompleted || !entries.TrueForAll(e => e.IsCompleted))
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        var answers = await Task.WhenAll(entries);
        var refused = answers.Count(a => a is SubmitAnswer.Refused);
        Assert.InRange(refused, 3, 8); // One a second leaves, and none that waited for more than five.
        Assert.IsType<SubmitAnswer.Acknowledged>(await exit);
        Assert.Equal(10 - refused, stub.Requests.Count(seen => seen.Path == "/v5/order/create"));
    }

    private static OrderRequest Order(string id, bool isExit) => new()
    {
        Id = new ClientOrderId(id),
        Symbol = Btc,
        Side = Side.Buy,
        Type = OrderType.Market,
        Quantity = new Quantity(1),
        ReduceOnly = isExit,
        CausedAt = default,
    };

    private static int Take(TokenBucket bucket, bool urgent) => Enumerable.Range(0, 50).Count(_ => bucket.TryTake(urgent) is null);

    private sealed class LimitHandler(FakeTimeProvider time, List<long> sent) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            sent.Add(now);
            var response = new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent(sent.Count == 1 ? StubHandler.Refusal(10006) : StubHandler.Ok("""{"list":[]}""")),
            };
            response.Headers.TryAddWithoutValidation("X-Bapi-Limit", "10");
            response.Headers.TryAddWithoutValidation("X-Bapi-Limit-Status", sent.Count == 1 ? "0" : "9");

            // The connector's clock is not measured here, so venue time is local time.
            response.Headers.TryAddWithoutValidation("X-Bapi-Limit-Reset-Timestamp", (now + 800).ToString(System.Globalization.CultureInfo.InvariantCulture));
            return Task.FromResult(response);
        }
    }
}

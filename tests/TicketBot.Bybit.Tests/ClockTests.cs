using System.Globalization;
using System.Net;
using TicketBot.Bybit.Rest;
using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Tests;

public sealed class ClockTests
{
    private static readonly OrderRequest Entry = new()
    {
        Id = new ClientOrderId("mine-1"), Symbol = new Symbol("BTCUSDT"), Side = Side.Buy, Type = OrderType.Market, Quantity = new Quantity(1), CausedAt = default,
    };

    [Fact]
    public async Task The_reading_with_the_least_round_trip_counts()
    {
        var time = new FakeTimeProvider();
        int[] delays = [400, 30, 900, 20, 500];
        var reading = 0;
        var stub = new StubHandler(time, seen =>
        {
            if (seen.Path != "/v5/market/time")
            {
                return default;
            }

            // All of the delay is on the way there, so each reading is off by half of it.
            time.Advance(TimeSpan.FromMilliseconds(delays[reading++]));
            return (HttpStatusCode.OK, StubHandler.Ok($$"""{"timeNano":"{{time.GetUtcNow().ToUnixTimeMilliseconds() + 7000}}000000"}"""));
        });
        var exchange = stub.Connect();
        await exchange.GetMarketTimeAsync(default);
        Assert.Equal((7010, 20), (exchange.Clock.OffsetMs, exchange.Clock.RoundTripMs));
        Assert.Equal(delays.Length, reading);
    }

    [Fact]
    public async Task Many_that_need_the_clock_at_once_have_it_measured_once()
    {
        using var open = new ManualResetEventSlim();
        var stub = new StubHandler(TimeProvider.System, seen =>
        {
            open.Wait();
            return default;
        });
        var exchange = stub.Connect();
        using var started = new CountdownEvent(8);
        var asked = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            started.Signal();
            await exchange.GetMarketTimeAsync(default);
        })).ToList();
        await Task.Run(() => started.Wait());
        open.Set();
        await Task.WhenAll(asked);
        Assert.Equal(BybitClock.Samples, stub.Requests.Count);
    }

    [Fact]
    public void Setting_the_wall_clock_moves_nothing_and_makes_the_offset_suspect()
    {
        var time = new MovableTime();
        var clock = new BybitClock(time);
        clock.Measure(time.NowMs, time.NowMs, time.NowMs + 1000);
        var before = clock.Now;
        time.Jump(3_600_000);
        Assert.InRange(clock.Now.Since(before), 0, 10_000);
        Assert.InRange(clock.Look(), 3_599_000, 3_601_000);
        Assert.Equal(0, clock.Look());
        Assert.False(clock.IsSound);
        var server = clock.Now.UnixMilliseconds;
        clock.Measure(clock.LocalMs, clock.LocalMs, server);
        Assert.True(clock.IsSound);
        Assert.InRange(clock.Now.UnixMilliseconds - server, 0, 10_000);
        Assert.InRange(clock.OffsetMs, -3_609_000, -3_589_000); // The venue is an hour behind what the wall clock now shows.
    }

    [Theory]
    [InlineData(-249)]
    [InlineData(249)]
    public void A_small_slew_is_no_jump(long jump)
    {
        var time = new FakeTimeProvider();
        var clock = new BybitClock(new Slewed(time, () => jump));
        clock.Measure(0, 0, 0);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, clock.Look());
        Assert.True(clock.IsSound);
    }

    [Fact]
    public async Task After_a_jump_nothing_is_signed_before_the_clock_is_measured()
    {
        var time = new MovableTime();
        List<string> seenPaths = [];
        var stub = new StubHandler(time, seen =>
        {
            seenPaths.Add(seen.Path);
            return seen.Path == "/v5/order/create" ? (HttpStatusCode.OK, StubHandler.Ok("""{"orderId":"o"}""")) : default;
        });
        var exchange = stub.Connect();
        await exchange.SubmitAsync(Entry, default);
        seenPaths.Clear();
        await exchange.SubmitAsync(Entry, default);
        Assert.Equal(["/v5/order/create"], seenPaths);
        time.Jump(-5_000);
        seenPaths.Clear();
        await exchange.SubmitAsync(Entry, default);
        Assert.Equal([.. Enumerable.Repeat("/v5/market/time", BybitClock.Samples), "/v5/order/create"], seenPaths);
        var signed = long.Parse(stub.Requests[^1].Headers["X-BAPI-TIMESTAMP"], CultureInfo.InvariantCulture);
        Assert.InRange(time.NowMs - signed, -10, 10_000);
    }

    [Fact]
    public async Task An_entry_is_not_signed_while_the_offset_is_unknown_but_an_exit_is()
    {
        var time = new FakeTimeProvider();
        var stub = new StubHandler(time, seen => seen.Path == "/v5/market/time"
            ? (HttpStatusCode.OK, StubHandler.Refusal(10017)) : (HttpStatusCode.OK, StubHandler.Ok("""{"orderId":"o"}""")));
        var exchange = stub.Connect();
        var refused = Assert.IsType<SubmitAnswer.Refused>(await exchange.SubmitAsync(Entry, default));
        Assert.Contains("nothing was sent", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(stub.Requests, seen => seen.Path == "/v5/order/create");
        Assert.IsType<SubmitAnswer.Acknowledged>(await exchange.SubmitAsync(Entry with { ReduceOnly = true }, default));
    }

    private sealed class Slewed(FakeTimeProvider time, Func<long> by) : TimeProvider
    {
        private readonly DateTimeOffset _start = time.GetUtcNow();

        public override long TimestampFrequency => time.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() > _start ? time.GetUtcNow().AddMilliseconds(by()) : time.GetUtcNow();

        public override long GetTimestamp() => time.GetTimestamp();
    }
}

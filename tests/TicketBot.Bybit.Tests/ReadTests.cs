using System.Globalization;
using System.Net;
using TicketBot.Bybit.Rest;
using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Tests;

public sealed class ReadTests
{
    private const long Minute = 60_000;
    private static readonly Symbol Btc = new("BTCUSDT");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2025, 1, 1, 0, 0, 30, TimeSpan.Zero));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(2500)]
    public async Task The_latest_candles_come_ascending_closed_and_complete(int count)
    {
        var stub = Venue(listed: 5000);
        var candles = await stub.Connect().GetLatestCandlesAsync(Btc, Interval.OneMinute, count, default);
        Assert.Equal(Enumerable.Range(1, count).Select(i => Open - ((count - i + 1) * Minute)), candles.Select(candle => candle.OpenTime.UnixMilliseconds));
    }

    [Fact]
    public async Task Fewer_candles_than_asked_are_all_there_are() =>
        Assert.Equal(1300, (await Venue(listed: 1301).Connect().GetLatestCandlesAsync(Btc, Interval.OneMinute, 9000, default)).Count);

    [Theory]
    [InlineData(10, 5, 5)]
    [InlineData(3000, 0, 3000)]
    [InlineData(2000, 1000, 1000)]
    [InlineData(5, 5, 0)]
    public async Task A_range_holds_what_opens_from_its_start_and_below_its_end(int fromAgo, int untilAgo, int expected)
    {
        var from = new Instant(Open - (fromAgo * Minute));
        var until = new Instant(Open - (untilAgo * Minute));
        var candles = await Venue(listed: 5000).Connect().GetCandlesAsync(Btc, Interval.OneMinute, from, untilAgo == 0 ? null : until, default);
        Assert.Equal(Enumerable.Range(0, expected).Select(i => from.UnixMilliseconds + (i * Minute)), candles.Select(candle => candle.OpenTime.UnixMilliseconds));
    }

    [Fact]
    public async Task A_range_before_the_listing_is_empty() =>
        Assert.Empty(await Venue(listed: 10).Connect().GetCandlesAsync(Btc, Interval.OneMinute, new Instant(0), new Instant(1_000_000), default));

    [Fact]
    public async Task Impossible_candles_are_an_error()
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path == "/v5/market/kline" ? StubHandler.Ok("""{"list":[["1735689540000","1","0.5","1","1","1","1"]]}""") : ""));
        await Assert.ThrowsAsync<ExchangeException>(() => stub.Connect().GetLatestCandlesAsync(Btc, Interval.OneMinute, 1, default).AsTask());
    }

    [Fact]
    public async Task A_passing_failure_of_a_read_is_repeated()
    {
        var failures = new Queue<string>([StubHandler.Refusal(10016), StubHandler.Refusal(10000), "<html>", StubHandler.Refusal(10006)]);
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path == "/v5/market/kline"
            ? failures.TryDequeue(out var failure) ? failure : StubHandler.Ok("""{"list":[["1735689540000","1","1","1","1","1","1"]]}""")
            : ""));
        Assert.Single(await MovingTimeAsync(stub.Connect().GetLatestCandlesAsync(Btc, Interval.OneMinute, 1, default).AsTask()));
    }

    [Fact]
    public async Task A_lasting_failure_of_a_read_is_an_error_that_names_it()
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path == "/v5/market/kline" ? StubHandler.Refusal(10016, "busy") : ""));
        var error = await Assert.ThrowsAsync<ExchangeException>(
            () => MovingTimeAsync(stub.Connect(options => options.ReadRetries = 2).GetLatestCandlesAsync(Btc, Interval.OneMinute, 1, default).AsTask()));
        Assert.Contains("10016", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, stub.Requests.Count(seen => seen.Path == "/v5/market/kline"));
    }

    [Fact]
    public async Task A_fatal_refusal_of_a_read_is_not_repeated()
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path == "/v5/account/wallet-balance" ? StubHandler.Refusal(10003) : ""));
        await Assert.ThrowsAsync<ExchangeException>(() => stub.Connect().GetSnapshotAsync([Btc], default, default).AsTask());
        Assert.Single(stub.Beside("/v5/market/time"));
    }

    [Fact]
    public async Task Executions_are_read_in_windows_of_seven_days_with_their_pages_and_each_once()
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        const long Day = Instant.MillisecondsPerDay;
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path switch
        {
            "/v5/account/wallet-balance" => StubHandler.Ok("""{"list":[{"coin":[{"coin":"USDT","equity":"1","walletBalance":"1"}]}]}"""),
            "/v5/position/list" or "/v5/order/realtime" => StubHandler.Ok("""{"list":[],"nextPageCursor":""}"""),
            "/v5/execution/list" => Executions(seen),
            _ => "",
        }));

        // One execution a day; pages of two; the rows of a page come newest first and one is repeated across pages.
        string Executions(Seen seen)
        {
            var (start, end) = (long.Parse(seen["startTime"]!, CultureInfo.InvariantCulture), long.Parse(seen["endTime"]!, CultureInfo.InvariantCulture));
            Assert.InRange(end - start, 0, (7 * Day) - 1);
            var times = Enumerable.Range(0, 20).Select(i => now - (i * Day)).Where(time => time >= start && time <= end).ToList();
            var skip = int.Parse(seen["cursor"] ?? "0", CultureInfo.InvariantCulture);
            var page = times.Skip(Math.Max(0, skip - 1)).Take(3);
            var rows = page.Select(time => $$"""{"symbol":"BTCUSDT","orderId":"o","side":"Buy","orderQty":"1","execFee":"0","execId":"{{time}}","execPrice":"1","execQty":"1","execType":"Trade","execTime":"{{time}}"}""");
            return StubHandler.Ok($$"""{"list":[{{string.Join(',', rows)}}],"nextPageCursor":"{{(skip + 2 < times.Count ? skip + 2 : "")}}"}""");
        }

        var snapshot = await stub.Connect(options => options.ReadsPerSecond = null).GetSnapshotAsync([Btc], new Instant(now - (18 * Day)), default);
        Assert.Equal(Enumerable.Range(0, 19).Select(i => now - ((18 - i) * Day)), snapshot.Executions.Select(execution => execution.Time.UnixMilliseconds));
    }

    [Fact]
    public void The_clock_is_measured_against_the_midpoint()
    {
        var clock = new BybitClock(_time);
        Assert.False(clock.IsMeasured);
        clock.Measure(sentMs: 1000, receivedMs: 1200, serverMs: 1600);
        Assert.Equal(500, clock.OffsetMs);
        Assert.Equal(_time.GetUtcNow().ToUnixTimeMilliseconds() + 500, clock.Now.UnixMilliseconds);
    }

    [Fact]
    public async Task The_clock_is_measured_again_when_its_time_is_up()
    {
        var stub = Venue(listed: 1);
        var exchange = stub.Connect();
        await exchange.GetMarketTimeAsync(default);
        await exchange.GetMarketTimeAsync(default);
        Assert.Equal(BybitClock.Samples, stub.Requests.Count(seen => seen.Path == "/v5/market/time"));
        _time.Advance(TimeSpan.FromMinutes(10));
        await exchange.GetMarketTimeAsync(default);
        Assert.Equal(2 * BybitClock.Samples, stub.Requests.Count(seen => seen.Path == "/v5/market/time"));
    }

    [Fact]
    public void The_last_writes_of_a_second_are_kept_for_exits()
    {
        var bucket = new TokenBucket(10, reserve: 3, _time);
        Assert.Equal(7, Enumerable.Range(0, 20).Count(_ => bucket.TryTake(urgent: false) is null));
        Assert.Equal(3, Enumerable.Range(0, 20).Count(_ => bucket.TryTake(urgent: true) is null));
        Assert.InRange(bucket.TryTake(urgent: true)!.Value.TotalMilliseconds, 100, 102);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(bucket.TryTake(urgent: false));
    }

    // Moves the fake clock while something waits on it.
    private async Task<T> MovingTimeAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        return await task;
    }

    private long Open => Interval.OneMinute.OpenOf(Instant.From(_time.GetUtcNow())).UnixMilliseconds;

    // A venue with one candle a minute up to and including the open one; with both bounds it returns the newest rows, as the real one.
    private StubHandler Venue(int listed) => new(_time, seen =>
    {
        if (seen.Path != "/v5/market/kline")
        {
            return (HttpStatusCode.OK, "");
        }

        Assert.Equal(("linear", "BTCUSDT", "1", false), (seen["category"], seen["symbol"], seen["interval"], seen.IsSigned));
        var limit = int.Parse(seen["limit"]!, CultureInfo.InvariantCulture);
        Assert.InRange(limit, 1, 1000);
        var start = long.Parse(seen["start"] ?? "0", CultureInfo.InvariantCulture);
        var end = long.Parse(seen["end"] ?? "9999999999999", CultureInfo.InvariantCulture);
        var rows = Enumerable.Range(0, listed).Select(i => Open - (i * Minute)).Where(open => open >= start && open <= end).Take(limit)
            .Select(open => $"""["{open}","100","101.5","99","100.5","12.25","1230.5"]""");
        return (HttpStatusCode.OK, StubHandler.Ok($$"""{"category":"linear","symbol":"BTCUSDT","list":[{{string.Join(',', rows)}}]}"""));
    });
}

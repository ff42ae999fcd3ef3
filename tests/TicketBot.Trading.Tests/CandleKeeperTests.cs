using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Trading.Exchange;

namespace TicketBot.Trading.Tests;

public sealed class CandleKeeperTests
{
    private static readonly SeriesKey Series = new(CoreHarness.Bitcoin, Interval.Parse("1m"));

    [Fact]
    public async Task What_a_failing_disk_did_not_take_is_stored_with_what_comes_next()
    {
        var store = new FailingStore();
        var keeper = new CandleKeeper(store, NullLogger.Instance);
        var running = keeper.RunAsync(CancellationToken.None);
        store.Fails = true;
        keeper.Keep(Series, CandleAt(0));
        await store.Refused.WaitAsync();
        keeper.Keep(Series, CandleAt(1));
        await store.Refused.WaitAsync();
        store.Fails = false;
        keeper.Keep(Series, CandleAt(2));
        keeper.Complete();
        await running;
        Assert.Equal([0, 60_000, 120_000], store.Stored.Select(c => c.OpenTime.UnixMilliseconds));
    }

    private static Candle CandleAt(int minute) => new(new Instant(minute * 60_000L), 1, 1, 1, 1, 1, 1);

    private sealed class FailingStore : ICandleStore
    {
        public volatile bool Fails;

        public SemaphoreSlim Refused { get; } = new(0);

        public List<Candle> Stored { get; } = [];

        public ValueTask<int> WriteAsync(Symbol symbol, Interval interval, IReadOnlyList<Candle> candles, CancellationToken cancellationToken)
        {
            if (Fails)
            {
                Refused.Release();
                throw new IOException("no space left on device");
            }

            Stored.AddRange(candles);
            return ValueTask.FromResult(candles.Count);
        }

        public ValueTask<IReadOnlyList<Candle>> ReadAsync(Symbol symbol, Interval interval, Instant? from, Instant? until, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<Candle>>(Stored);

        public ValueTask<Instant?> LastOpenAsync(Symbol symbol, Interval interval, CancellationToken cancellationToken) => ValueTask.FromResult<Instant?>(null);
    }
}

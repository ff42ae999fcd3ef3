using TicketBot.Domain;
using TicketBot.Market.Candles;

namespace TicketBot.Storage.Tests;

public sealed class CandleStoreTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Symbols_are_those_that_have_candles_of_the_length()
    {
        using var store = SqliteCandleStore.Open(_folder["symbols.db"]);
        Assert.Empty(await store.SymbolsAsync(Interval.FifteenMinutes, None));
        await store.WriteAsync(new Symbol("SOLUSDT"), Interval.FifteenMinutes, Candles.Make(3), None);
        await store.WriteAsync(Candles.Btc, Interval.FifteenMinutes, Candles.Make(3), None);
        await store.WriteAsync(new Symbol("ETHUSDT"), Interval.OneHour, [], None);
        Assert.Equal([Candles.Btc, new Symbol("SOLUSDT")], await store.SymbolsAsync(Interval.FifteenMinutes, None));
        Assert.Empty(await store.SymbolsAsync(Interval.OneHour, None));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Returns_what_was_written_bit_for_bit_in_order_within_the_bounds(bool disk)
    {
        using var opened = Open(disk, out var store);
        var candles = Candles.Make(300);
        candles[7] = candles[7] with { Observations = new Observations(1.5, -0.25, null, 0.0001) };
        Assert.Equal(300, await store.WriteAsync(Candles.Btc, Interval.FifteenMinutes, [.. candles.AsEnumerable().Reverse()], None));
        Assert.Equal(candles, await store.ReadAsync(Candles.Btc, Interval.FifteenMinutes, null, null, None));
        Assert.Equal(
            candles[10..20], await store.ReadAsync(Candles.Btc, Interval.FifteenMinutes, candles[10].OpenTime, candles[20].OpenTime, None));
        Assert.Equal(candles[^1].OpenTime, await store.LastOpenAsync(Candles.Btc, Interval.FifteenMinutes, None));
    }

    [Fact]
    public async Task A_damaged_store_is_put_aside_and_begun_anew_where_that_is_asked_for()
    {
        var path = _folder["market.db"];
        using (var store = SqliteCandleStore.Open(path))
        {
            await store.WriteAsync(Candles.Btc, Interval.FifteenMinutes, Candles.Make(3_000), None);
        }

        var bytes = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, bytes[..(bytes.Length / 2)]);

        using var anew = SqliteCandleStore.OpenOrBeginAnew(path);

        Assert.Empty(await anew.ReadAsync(Candles.Btc, Interval.FifteenMinutes, null, null, None));
        Assert.Equal(bytes[..(bytes.Length / 2)], await File.ReadAllBytesAsync(path + ".damaged-1"));
        Assert.Equal(5, await anew.WriteAsync(Candles.Btc, Interval.FifteenMinutes, Candles.Make(5), None));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Series_do_not_mix_and_an_unknown_one_is_empty(bool disk)
    {
        using var opened = Open(disk, out var store);
        await store.WriteAsync(Candles.Btc, Interval.FifteenMinutes, Candles.Make(5), None);
        Assert.Empty(await store.ReadAsync(new Symbol("ETHUSDT"), Interval.FifteenMinutes, null, null, None));
        Assert.Empty(await store.ReadAsync(Candles.Btc, Interval.OneMinute, null, null, None));
        Assert.Null(await store.LastOpenAsync(Candles.Btc, Interval.OneMinute, None));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Counts_new_and_changed_candles_and_the_later_word_wins(bool disk)
    {
        using var opened = Open(disk, out var store);
        var candles = Candles.Make(10);
        await store.WriteAsync(Candles.Btc, Interval.FifteenMinutes, candles, None);
        Assert.Equal(0, await store.WriteAsync(Candles.Btc, Interval.FifteenMinutes, candles, None));
        candles[3] = candles[3] with { Volume = 1 };
        Assert.Equal(1, await store.WriteAsync(Candles.Btc, Interval.FifteenMinutes, candles, None));
        Assert.Equal(candles, await store.ReadAsync(Candles.Btc, Interval.FifteenMinutes, null, null, None));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_copy_from_history_does_not_erase_what_was_observed_live(bool disk)
    {
        using var opened = Open(disk, out var store);
        var plain = Candles.Make(1)[0];
        var observed = plain with { Observations = new Observations(2, 0.5, 0.1, null) };
        await store.WriteAsync(Candles.Btc, Interval.FifteenMinutes, [observed], None);
        Assert.Equal(0, await store.WriteAsync(Candles.Btc, Interval.FifteenMinutes, [plain], None));
        Assert.Equal(observed, Assert.Single(await store.ReadAsync(Candles.Btc, Interval.FifteenMinutes, null, null, None)));
        var funded = plain with { Observations = new Observations(null, null, null, 0.0001) };
        Assert.Equal(1, await store.WriteAsync(Candles.Btc, Interval.FifteenMinutes, [funded], None));
        Assert.Equal(
            new Observations(2, 0.5, 0.1, 0.0001),
            Assert.Single(await store.ReadAsync(Candles.Btc, Interval.FifteenMinutes, null, null, None)).Observations);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Refuses_an_impossible_or_displaced_candle_and_stores_nothing_of_its_batch(bool disk)
    {
        using var opened = Open(disk, out var store);
        var good = Candles.Make(3);
        Candle[] bad =
        [
            good[2] with { High = good[2].Low / 2 }, good[2] with { Close = double.NaN }, good[2] with { OpenTime = good[2].OpenTime.Plus(1) },
            good[2] with { Observations = new Observations(double.NaN, null, null, null) },
        ];
        foreach (var candle in bad)
        {
            await Assert.ThrowsAsync<ArgumentException>(
                async () => await store.WriteAsync(Candles.Btc, Interval.FifteenMinutes, [good[0], candle], None));
        }

        Assert.Empty(await store.ReadAsync(Candles.Btc, Interval.FifteenMinutes, null, null, None));
    }

    [Fact]
    public async Task Two_openings_of_one_file_see_each_others_candles()
    {
        using var one = SqliteCandleStore.Open(_folder["market.db"]);
        using var two = SqliteCandleStore.Open(_folder["market.db"]);
        await Task.WhenAll(
            Task.Run(async () => await one.WriteAsync(Candles.Btc, Interval.FifteenMinutes, Candles.Make(2_000), None)),
            Task.Run(async () => await two.WriteAsync(new Symbol("ETHUSDT"), Interval.FifteenMinutes, Candles.Make(2_000, 2), None)));
        Assert.Equal(2_000, (await one.ReadAsync(new Symbol("ETHUSDT"), Interval.FifteenMinutes, null, null, None)).Count);
        Assert.Equal(2_000, (await two.ReadAsync(Candles.Btc, Interval.FifteenMinutes, null, null, None)).Count);
    }

    private SqliteCandleStore? Open(bool disk, out ICandleStore store)
    {
        var opened = disk ? SqliteCandleStore.Open(_folder["market.db"]) : null;
        store = (ICandleStore?)opened ?? new InMemoryCandleStore();
        return opened;
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Domain;
using TicketBot.Host.Running;
using TicketBot.Market.Candles;
using TicketBot.Market.Features;
using TicketBot.Research.Drift;
using TicketBot.Storage;
using TicketBot.Testing;
using TicketBot.Tickets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Tests.Running;

/// <summary>A ticket trained on a random walk, and live markets that go on like it or do not.</summary>
public sealed class FeatureDriftWatchTests : IDisposable
{
    private const int Train = 12 * DriftReference.WindowRows;
    private static readonly SeriesKey Series = new(TestTickets.Symbol, Interval.FifteenMinutes);
    private readonly string _folder = Directory.CreateTempSubdirectory("ticketbot-drift-").FullName;
    private readonly InMemoryCandleStore _store = new();
    private readonly FakeTimeProvider _time = new();
    private readonly SqliteTicketRegistry _registry;

    public FeatureDriftWatchTests() => _registry = SqliteTicketRegistry.Open(Path.Combine(_folder, "research.db"));

    public void Dispose()
    {
        _registry.Dispose();
        Directory.Delete(_folder, true);
    }

    [Fact]
    public async Task A_market_that_goes_on_as_it_was_is_left_alone()
    {
        var (candles, watch) = await TrainedAsync(1);
        Assert.Empty(await PlayAsync(watch, candles, Continued(candles, 2, 1_500, 0.004), 1));
    }

    [Fact]
    public async Task Another_volatility_is_confirmed_once_with_its_numbers_and_a_restart_on_the_way_changes_nothing()
    {
        var (candles, watch) = await TrainedAsync(1);
        var live = Continued(candles, 2, 1_500, 0.02);
        var (close, drift) = Assert.Single(await PlayAsync(watch, candles, live, 1));
        Assert.True(drift.IsConfirmed);
        Assert.InRange(close, DriftReference.WindowRows, 1_250);
        Assert.Contains("population stability index", drift.Reason, StringComparison.Ordinal);

        var half = close / 12 * 6; // The watch is asked after every sixth candle.
        var halves = await PlayAsync(NewWatch(), candles, [.. live.Take(half)], 1);
        Assert.Empty(halves);
        Assert.Equal((close, drift), Assert.Single(await PlayAsync(NewWatch(), candles, live, 1, half)));
        Assert.Empty(await PlayAsync(NewWatch(), candles, live, FeatureDrift.SizeFactor, close));
    }

    [Fact]
    public async Task Where_too_few_training_rows_are_stored_nothing_is_watched()
    {
        var (candles, _) = await TrainedAsync(1, stored: 3 * DriftReference.WindowRows);
        Assert.Empty(await PlayAsync(NewWatch(), candles, Continued(candles, 2, 1_200, 0.02), 1));
    }

    private static Candle[] Continued(Candle[] candles, ulong seed, int count, double volatility) =>
        RandomCandles.Walk(count, seed, start: Series.Interval.CloseOf(candles[^1].OpenTime), price: candles[^1].Close, volatility: volatility);

    private async Task<(Candle[] Candles, FeatureDriftWatch Watch)> TrainedAsync(ulong seed, int stored = int.MaxValue)
    {
        var draft = TestTickets.Direction();
        var candles = RandomCandles.Walk(Train + draft.Schema.Window, seed);
        await _store.WriteAsync(Series.Symbol, Series.Interval, [.. candles.TakeLast(stored)], CancellationToken.None);
        var table = FeatureTable.Build(draft.Schema, CandleSeries.Of(Series.Symbol, Series.Interval, candles));
        var ticket = Ticket.Seal(draft with
        {
            Scaler = Scaler.Fit(table.Values, table.Features),
            Lineage = draft.Lineage with { TrainedFrom = new Instant(table.Series.OpenTimes[table.CandleOfRow[0]]), TrainedUntil = Series.Interval.CloseOf(candles[^1].OpenTime) },
            ExpiresAt = new Instant(2_000_000_000_000),
        });
        var set = TestTickets.Regimes();
        await _registry.AddAsync(Series.Symbol, Series.Interval, set, [ticket], new Instant(1), CancellationToken.None);
        await _registry.ActivateAsync(
            Series.Symbol, Series.Interval, set.Id, new Dictionary<TicketId, TicketState> { [ticket.Id] = TicketState.Live }, "test",
            Series.Interval.CloseOf(candles[^1].OpenTime), CancellationToken.None);
        return (candles, NewWatch());
    }

    private FeatureDriftWatch NewWatch() => new(_store, _registry, _time, NullLogger<FeatureDriftWatch>.Instance);

    // Looks after every candle, from the given one on.
    private async Task<IReadOnlyList<(int Candle, FeatureDrift Drift)>> PlayAsync(FeatureDriftWatch watch, Candle[] before, Candle[] live, double sizeLimit, int from = 0)
    {
        List<(int, FeatureDrift)> changes = [];
        await _store.WriteAsync(Series.Symbol, Series.Interval, live, CancellationToken.None);
        for (var i = from; i < live.Length; i += 6)
        {
            _time.Advance(TimeSpan.FromMinutes(2));
            var status = new SeriesStatus(
                Series, Series.Interval.Shift(before[^1].OpenTime, i + 2), 1, null, new Dictionary<string, double>(), null, new Dictionary<string, string>(), null, TestTickets.Regimes().Id.Value,
                sizeLimit);
            changes.AddRange((await watch.LookAsync(new TradingStatus { Series = [status] }, CancellationToken.None)).Select(d => (i + 1, d)));
        }

        return changes;
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Domain;
using TicketBot.Host.Running;
using TicketBot.Market;
using TicketBot.Research;
using TicketBot.Storage;
using TicketBot.Testing;
using TicketBot.Tickets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Risk;
using TicketBot.Trading.Signals;

namespace TicketBot.Host.Tests.Running;

/// <summary>Markets whose every candle rises with a stated chance, and a ticket that says 0.7 of each.</summary>
public sealed class TrackRecordWatchTests : IAsyncLifetime
{
    private static readonly SeriesKey Series = new(TestTickets.Symbol, Interval.FifteenMinutes);
    private static readonly Instant Start = new(1_735_689_600_000);
    private readonly string _folder = Directory.CreateTempSubdirectory("ticketbot-records-").FullName;
    private readonly MemoryJournal _journal = new();
    private readonly InMemoryCandleStore _candles = new();
    private readonly TicketSet _set = ConstantTickets.Set(0.7, new Instant(2_000_000_000_000));
    private SqliteTicketRegistry _registry = null!;
    private double _price = 100;
    private int _closed;

    private Ticket Ticket => _set.Tickets[0];

    public async Task InitializeAsync()
    {
        _registry = SqliteTicketRegistry.Open(Path.Combine(_folder, "research.db"));
        await _registry.AddAsync(_set.Symbol, _set.Interval, _set.Regimes, _set.Tickets, Start, CancellationToken.None);
        await _registry.ActivateAsync(
            _set.Symbol, _set.Interval, _set.Regimes.Id, _set.Tickets.ToDictionary(t => t.Id, _ => TicketState.Live), "passed", Start, CancellationToken.None);
    }

    public Task DisposeAsync()
    {
        _registry.Dispose();
        Directory.Delete(_folder, true);
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_ticket_whose_hit_rate_decays_is_retired_with_the_reason_in_its_history(ulong seed)
    {
        var random = new SeededRandom(seed);
        var watch = Watch();
        await PlayAsync(400, 0.7, random, watch);
        Assert.Equal(TicketState.Live, (await EntryAsync()).State);

        await PlayAsync(800, 0.5, random, watch);
        var entry = await EntryAsync();
        Assert.Equal(TicketState.Retired, entry.State);
        Assert.StartsWith("stated confidence: ", entry.Reason, StringComparison.Ordinal);
        Assert.Contains("70.0", entry.Reason, StringComparison.Ordinal);
        Assert.InRange(entry.Since.UnixMilliseconds, CloseOf(400).UnixMilliseconds, CloseOf(1_199).UnixMilliseconds);
        Assert.DoesNotContain((await _registry.ActiveSetAsync(Series.Symbol, Series.Interval, CancellationToken.None))!.Tickets, t => t.Id == Ticket.Id);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_ticket_that_is_right_as_often_as_it_says_stays_live(ulong seed)
    {
        var watch = Watch();
        await PlayAsync(3_000, 0.7, new SeededRandom(seed), watch);

        Assert.Equal(TicketState.Live, (await EntryAsync()).State);
        var record = Assert.Single(watch.Records);
        Assert.Equal((2_999, false), (record.Signals, record.IsRefuted)); // The last one's candle has not closed.
        Assert.InRange(record.HitRate, 0.67, 0.73);
        Assert.Equal(0.7, record.Stated, 1e-9);
    }

    [Fact]
    public async Task A_candle_that_the_venue_corrects_later_changes_no_record()
    {
        var random = new SeededRandom(6);
        var steady = Watch();
        var candles = new List<Candle>();
        for (var i = 0; i < 60; i++)
        {
            candles.Add(await CloseAsync(random.NextDouble() < 0.7, Side.Buy, DenialCode.None, isJournalled: true));
        }

        await steady.LookAsync(Status(), CancellationToken.None);
        await _candles.WriteAsync(Series.Symbol, Series.Interval, [.. candles.Select(c => c with { Open = 200 - c.Open, High = 200 - c.Low, Low = 200 - c.High, Close = 200 - c.Close })], CancellationToken.None);
        var restarted = Watch();
        await restarted.LookAsync(Status(), CancellationToken.None);
        Assert.Equal(59, Assert.Single(steady.Records).Signals);
        Assert.Equal(steady.Records, restarted.Records);
        Assert.NotEqual(1 - steady.Records[0].HitRate, steady.Records[0].HitRate);
    }

    [Fact]
    public async Task A_restart_at_any_time_changes_nothing()
    {
        var random = new SeededRandom(5);
        var steady = Watch();
        var restarted = Watch();
        for (var i = 0; i < 12; i++)
        {
            await PlayAsync(37, 0.68, random, steady);
            restarted = Watch();
            await restarted.LookAsync(Status(), CancellationToken.None);
            Assert.Equal(steady.Records, restarted.Records);
        }

        Assert.Equal((12 * 37) - 1, Assert.Single(restarted.Records).Signals);
    }

    [Fact]
    public async Task Signals_count_whether_risk_admitted_them_or_not_and_silence_does_not()
    {
        var watch = Watch();
        for (var i = 0; i < 40; i++)
        {
            await CloseAsync(true, i % 4 == 0 ? null : Side.Buy, i % 4 == 1 ? DenialCode.Halted : i % 4 == 2 ? DenialCode.PositionOpen : DenialCode.None);
        }

        await watch.LookAsync(Status(), CancellationToken.None);
        Assert.Equal((29, 1), (Assert.Single(watch.Records).Signals, watch.Records[0].HitRate));
    }

    [Fact]
    public async Task An_outcome_whose_candle_is_late_is_waited_for_and_one_that_never_comes_is_given_up()
    {
        var watch = Watch();
        await CloseAsync(true, Side.Buy, DenialCode.None);
        var late = await CloseAsync(true, Side.Buy, DenialCode.None, isStored: false);
        await CloseAsync(true, Side.Buy, DenialCode.None);
        await watch.LookAsync(Status(), CancellationToken.None);
        Assert.Equal(0, Assert.Single(watch.Records).Signals);

        await _candles.WriteAsync(Series.Symbol, Series.Interval, [late], CancellationToken.None);
        await watch.LookAsync(Status(), CancellationToken.None);
        Assert.Equal(2, Assert.Single(watch.Records).Signals);

        await CloseAsync(true, Side.Buy, DenialCode.None, isStored: false);
        for (var i = 0; i < 200; i++)
        {
            await CloseAsync(true, Side.Buy, DenialCode.None);
        }

        await watch.LookAsync(Status(), CancellationToken.None);
        Assert.Equal(203 - 2, Assert.Single(watch.Records).Signals); // Two signals touch the candle that never came, and the last waits.
    }

    [Fact]
    public async Task A_ticket_that_the_operator_promotes_again_begins_a_new_record()
    {
        var random = new SeededRandom(4);
        var watch = Watch();
        await PlayAsync(600, 0.45, random, watch);
        Assert.Equal(TicketState.Retired, (await EntryAsync()).State);

        await _registry.ChangeStateAsync(Ticket.Id, TicketState.Live, "by hand", CloseOf(_closed - 1), CancellationToken.None);
        await PlayAsync(21, 0.7, random, watch);
        Assert.Equal(TicketState.Live, (await EntryAsync()).State);
        Assert.Equal(20, Assert.Single(watch.Records).Signals);
        var restarted = Watch();
        await restarted.LookAsync(Status(), CancellationToken.None);
        Assert.Equal(watch.Records, restarted.Records);
    }

    private TrackRecordWatch Watch() => new(
        _journal, _candles, _registry, new ResearchOptions(), new MarketOptions(), new TradingOptions { Symbols = [Series.Symbol.Value] }, NullLogger<TrackRecordWatch>.Instance);

    private async Task<RegistryEntry> EntryAsync() => (await _registry.FindAsync(Ticket.Id.Value, CancellationToken.None))!;

    private async Task PlayAsync(int candles, double chance, SeededRandom random, TrackRecordWatch watch)
    {
        for (var i = 0; i < candles; i++)
        {
            await CloseAsync(random.NextDouble() < chance, Side.Buy, DenialCode.None);
            if (i % 7 == 0 || i == candles - 1)
            {
                await watch.LookAsync(Status(), CancellationToken.None);
            }
        }
    }

    private static Instant CloseOf(int candle) => Series.Interval.Shift(Start, candle + 1);

    private async Task<Candle> CloseAsync(bool rises, Side? signal, DenialCode denial, bool isStored = true, bool isJournalled = false)
    {
        var before = _price;
        _price *= rises ? 1.001 : 1 / 1.001;
        var candle = new Candle(Series.Interval.Shift(Start, _closed), before, Math.Max(before, _price), Math.Min(before, _price), _price, 1, 1);
        if (isStored)
        {
            await _candles.WriteAsync(Series.Symbol, Series.Interval, [candle], CancellationToken.None);
        }

        if (isJournalled)
        {
            _journal.Append(FactJson.ToEntry(new Fact.CandleClosed(Series, candle), CloseOf(_closed), null));
        }

        var decision = new Decision { Series = Series, Time = CloseOf(_closed++), Regime = Ticket.Regime, Ticket = Ticket.Id, ProbabilityUp = signal is null ? 0.6 : 0.7, Signal = signal, Denial = denial };
        _journal.Append(FactJson.ToEntry(new Fact.Decided(decision), decision.Time, null));
        _journal.Commit();
        return candle;
    }

    private TradingStatus Status() => new()
    {
        MarketTime = CloseOf(_closed - 1),
        Series = [new SeriesStatus(Series, CloseOf(_closed - 1), 1, null, new Dictionary<string, double>(), null, new Dictionary<string, string>(), null, null)],
    };
}

using TicketBot.Domain;
using TicketBot.Market;
using TicketBot.Market.Candles;
using TicketBot.Market.Regimes;
using TicketBot.Research;
using TicketBot.Research.Admission;
using TicketBot.Research.Statistics;
using TicketBot.Tickets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;

namespace TicketBot.Host.Running;

/// <summary>Holds every live ticket to what the journal says it stated: reads new decisions, waits for the candle that decides each signal, and retires a ticket that is
/// not right as often as it says.</summary>
/// <remarks>It keeps nothing on disk: a record is what the journal's decisions and candles make of it, so that a daemon started again comes to the same. The store's candles, which the venue may
/// correct later, serve only where the journal has none: while no daemon ran. A refuted ticket retires whether or not jobs run: it would lose money while nobody looks. It runs beside the
/// trader on its own reader of the journal and hands it nothing but the registry's change. Not safe for use by several threads but for <see cref="Records"/>.</remarks>
/// <param name="journal">Whose decisions are read.</param>
/// <param name="candles">What came of them.</param>
/// <param name="registry">Tickets, and where one is retired.</param>
/// <param name="research">Settings of judgement.</param>
/// <param name="market">Settings of features and regimes.</param>
/// <param name="trading">Confidence and costs.</param>
/// <param name="log">Log.</param>
public sealed class TrackRecordWatch(
    IJournal journal, ICandleStore candles, ITicketRegistry registry, ResearchOptions research, MarketOptions market, TradingOptions trading,
    ILogger<TrackRecordWatch> log)
{
    // The history job closes gaps once a day; what is still missing after two will not come.
    private const long LongestWaitMs = 2 * Instant.MillisecondsPerDay;

    private readonly Dictionary<TicketId, TrackRecord?> _records = []; // Without a record: known not to be live.
    private readonly Dictionary<SeriesKey, Instant> _looked = [];
    private readonly Dictionary<SeriesKey, SortedList<Instant, double>> _closes = []; // As they were journalled, from the oldest signal that waits on.
    private IReadOnlyList<TrackRecordView> _views = [];
    private long _next = 1;
    private long _revision = -1;
    private bool _waits;

    /// <summary>How the records of live tickets stood at the last look; safe to read from any thread.</summary>
    public IReadOnlyList<TrackRecordView> Records => Volatile.Read(ref _views);

    /// <summary>Looks once; does nothing while no candle has closed since the last look.</summary>
    /// <exception cref="IOException">A store cannot be read or changed; the next look goes on where this one stopped.</exception>
    public async Task LookAsync(TradingStatus status, CancellationToken cancellationToken)
    {
        if (!_waits && status.Series.All(s => _looked.GetValueOrDefault(s.Series) == s.LastClose))
        {
            return;
        }

        _waits = true; // Until everything below was done.
        await ForgetChangedAsync(cancellationToken);
        foreach (var record in journal.Read(_next, [FactJson.DecisionKind, FactJson.CandleKind]))
        {
            if (record.Entry.Kind == FactJson.CandleKind)
            {
                Note(record);
            }
            else
            {
                await TakeAsync(record, cancellationToken);
            }

            _next = record.Sequence + 1;
        }

        var waits = false;
        foreach (var record in _records.Values.OfType<TrackRecord>().ToList())
        {
            waits |= await ResolveAsync(record, status, cancellationToken);
            if (record.IsRefuted)
            {
                await RetireAsync(record, status.MarketTime, cancellationToken);
            }
        }

        foreach (var (series, closes) in _closes.ToList())
        {
            Forget(series, closes);
        }

        Volatile.Write(ref _views, [.. _records.Values.OfType<TrackRecord>().Select(r => r.View()).OrderBy(v => v.Ticket.Value, StringComparer.Ordinal)]);
        foreach (var series in status.Series)
        {
            _looked[series.Series] = series.LastClose;
        }

        _waits = waits;
    }

    // A ticket that went live anew begins a new record, and so does one that was not live when it was last asked about.
    private async Task ForgetChangedAsync(CancellationToken cancellationToken)
    {
        var revision = await registry.RevisionAsync(cancellationToken);
        if (revision == _revision)
        {
            return;
        }

        foreach (var (id, record) in _records.ToList())
        {
            if (record is null || (await LiveAsync(id, cancellationToken))?.Since != record.Since)
            {
                _records.Remove(id);
            }
        }

        _revision = revision;
    }

    // The first word counts: a candle that comes again after a restart, or corrected, changes no outcome.
    private void Note(JournalRecord record)
    {
        if (FactJson.FromEntry(record) is Fact.CandleClosed closed)
        {
            if (!_closes.TryGetValue(closed.Series, out var closes))
            {
                closes = _closes[closed.Series] = [];
            }

            closes.TryAdd(closed.Series.Interval.CloseOf(closed.Candle.OpenTime), closed.Candle.Close);
        }
    }

    // The newest stays: the next signal may be stated at it.
    private void Forget(SeriesKey series, SortedList<Instant, double> closes)
    {
        var waiting = _records.Values.OfType<TrackRecord>().Where(r => r.Ticket.Symbol == series.Symbol && r.Ticket.Interval == series.Interval).Select(r => r.Oldest?.Stated).OfType<Instant>();
        var from = waiting.Append(closes.Keys[^1]).Min();
        if (closes.Keys[0] < from)
        {
            _closes[series] = new SortedList<Instant, double>(closes.Where(c => c.Key >= from).ToDictionary(c => c.Key, c => c.Value));
        }
    }

    private async Task TakeAsync(JournalRecord record, CancellationToken cancellationToken)
    {
        // Most decisions state nothing and need not be read.
        if (!record.Entry.Payload.Contains("\"signal\":", StringComparison.Ordinal) || FactJson.FromEntry(record) is not Fact.Decided({ Ticket: { } id, Signal: { } side, Confidence: { } confidence } decision))
        {
            return;
        }

        if (!_records.TryGetValue(id, out var known))
        {
            known = _records[id] = await BeginAsync(id, cancellationToken);
        }

        known?.State(decision.Time, side, confidence);
    }

    private async Task<TrackRecord?> BeginAsync(TicketId id, CancellationToken cancellationToken) =>
        await LiveAsync(id, cancellationToken) is { } entry
            ? new TrackRecord(entry.Ticket, entry.Since, await OutOfSampleAsync(entry.Ticket, cancellationToken))
            : null;

    // A ticket whose file is damaged is not in force; it must not keep the others from being looked at.
    private async Task<RegistryEntry?> LiveAsync(TicketId id, CancellationToken cancellationToken)
    {
        try
        {
            return await registry.FindAsync(id.Value, cancellationToken) is { State: TicketState.Live } entry ? entry : null;
        }
        catch (TicketFileException fault)
        {
            Log.NoTrackRecord(log, id.Short, fault.Message);
            return null;
        }
    }

    private async Task<IReadOnlyList<CalibratedSignal>> OutOfSampleAsync(Ticket ticket, CancellationToken cancellationToken)
    {
        if (await registry.FindRegimesAsync(ticket.RegimeSetId, cancellationToken) is not { } regimes)
        {
            return [];
        }

        var own = await RangeAsync(ticket, regimes, ticket.Symbol, cancellationToken);
        if (own.Count == 0)
        {
            Log.NoOutOfSample(log, ticket.Id.Short, "its candles are no longer in the store");
            return [];
        }

        var input = new SearchInput
        {
            Symbol = ticket.Symbol, Interval = ticket.Interval, Candles = own, AsOf = ticket.Lineage.TestedUntil,
            ReferenceCandles = ticket.Schema.Reference is { } reference ? await RangeAsync(ticket, regimes, reference, cancellationToken) : null,
        };
        try
        {
            return OutOfSampleSignals.Of(input, regimes, ticket, research, market, trading);
        }
        catch (ResearchRefusedException refusal)
        {
            Log.NoOutOfSample(log, ticket.Id.Short, refusal.Message);
            return [];
        }
    }

    private async Task<IReadOnlyList<Candle>> RangeAsync(Ticket ticket, RegimeSet regimes, Symbol symbol, CancellationToken cancellationToken)
    {
        var (from, until) = OutOfSampleSignals.Range(ticket, regimes, market);
        return await candles.ReadAsync(symbol, ticket.Interval, from, until, cancellationToken);
    }

    // Returns whether a signal waits for candles that have closed but are not stored yet.
    private async Task<bool> ResolveAsync(TrackRecord record, TradingStatus status, CancellationToken cancellationToken)
    {
        var key = new SeriesKey(record.Ticket.Symbol, record.Ticket.Interval);
        var closed = status.Series.FirstOrDefault(s => s.Series == key)?.LastClose ?? default;
        if (record.Oldest is not { } first || first.Due > closed)
        {
            return false;
        }

        var stored = await candles.ReadAsync(key.Symbol, key.Interval, key.Interval.Shift(first.Stated, -1), closed, cancellationToken);
        var closes = stored.ToDictionary(c => key.Interval.CloseOf(c.OpenTime), c => c.Close);
        foreach (var (close, price) in _closes.GetValueOrDefault(key) ?? [])
        {
            closes[close] = price;
        }

        while (!record.IsRefuted && record.Oldest is { } oldest && oldest.Due <= closed)
        {
            if (closes.TryGetValue(oldest.Stated, out var then) && closes.TryGetValue(oldest.Due, out var now))
            {
                record.Resolve(then, now);
            }
            else if (closed.Since(oldest.Due) > LongestWaitMs)
            {
                record.Drop();
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private async Task RetireAsync(TrackRecord record, Instant at, CancellationToken cancellationToken)
    {
        var id = record.Ticket.Id;
        var reason = $"stated confidence: {record.View()}";
        if (await LiveAsync(id, cancellationToken) is not null)
        {
            await registry.ChangeStateAsync(id, TicketState.Retired, reason, at, cancellationToken);
            Log.TicketRefuted(log, id.Short, $"{record.Ticket.Symbol}/{record.Ticket.Interval}", reason);
        }

        _records[id] = null;
    }
}

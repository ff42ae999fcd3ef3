using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Tickets;
using TicketBot.Trading.Orders;

namespace TicketBot.Trading.Journal;

/// <summary>Where a replayed decision differs from the journalled one.</summary>
/// <param name="Sequence">Journal number; 0 when only the replay has it.</param>
/// <param name="Journalled">What the journal says; empty when only the replay has it.</param>
/// <param name="Replayed">What the code says now; empty when only the journal has it.</param>
public sealed record ReplayDifference(long Sequence, string Journalled, string Replayed);

/// <summary>What a replay found.</summary>
/// <param name="Inputs">Facts from outside that were fed in.</param>
/// <param name="Outputs">Decisions, intents and changes of state compared.</param>
/// <param name="Differences">The first differences, at most 20.</param>
public sealed record ReplayReport(long Inputs, long Outputs, IReadOnlyList<ReplayDifference> Differences)
{
    /// <summary>Whether every output was equal, bit for bit.</summary>
    public bool IsEqual => Differences.Count == 0;
}

/// <summary>Feeds a journal's inputs through the code again and compares what it decides with what the journal says.</summary>
public static class JournalReplay
{
    private const int MostDifferences = 20;
    private const int MostUnmatched = 10_000;
    private const string StartKind = "start";

    /// <summary>Replays a journal.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="store">The candles the daemon was warmed up with.</param>
    /// <param name="registry">The tickets that were activated.</param>
    /// <param name="options">The options the daemon ran with.</param>
    /// <param name="reference">The reference symbol it ran with, or <c>null</c>.</param>
    /// <param name="from">Number of the entry of a start that the replay begins at, the account before it being folded in; 1 for the whole journal.</param>
    /// <param name="cancellationToken">Stops the replay.</param>
    /// <exception cref="ArgumentException">The entry at <paramref name="from"/> is not that of a start.</exception>
    /// <exception cref="InvalidDataException">A ticket or regime set of the journal is not in the registry, or an entry cannot be read.</exception>
    public static async Task<ReplayReport> RunAsync(
        IJournal journal, ICandleStore store, ITicketRegistry registry, TradingOptions options, Symbol? reference, long from, CancellationToken cancellationToken)
    {
        if (from > 1 && journal.Find(from)?.Entry.Kind != StartKind)
        {
            throw new ArgumentException($"a replay begins at the entry of a start, entry {from} is {journal.Find(from)?.Entry.Kind ?? "absent"}", nameof(from));
        }

        var captured = new CapturedJournal(journal.FolderIdentity, from - 1);
        var core = new TradingCore(options, reference, captured);
        List<TradingEffect> effects = [];
        List<ReplayDifference> differences = [];
        Queue<(long Sequence, string Payload)> expected = [];
        var (inputs, outputs) = (0L, 0L);
        foreach (var record in journal.Read(from, FactJson.Kinds))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var fact = FactJson.FromEntry(record)!;
            if (!fact.IsInput)
            {
                outputs++;
                expected.Enqueue((record.Sequence, $"{record.Entry.Kind} {record.Entry.Payload}"));
                Compare(expected, captured.Outputs, differences);
            }
            else
            {
                inputs++;
                if (fact is Fact.Started started)
                {
                    // What was decided but not yet journalled when the process died is no difference.
                    captured.Outputs.Clear();
                    core = await RestartedAsync(journal, record.Sequence, store, options, reference, captured, started, cancellationToken);
                    core.Start(started.Time, started.Instruments, effects);
                }
                else if (fact is Fact.Activated activated)
                {
                    core.Activate(await SetOfAsync(activated, registry, record.Sequence, cancellationToken), effects);
                }
                else
                {
                    core.Handle(fact, effects);
                    if (fact is Fact.Reconciled)
                    {
                        await KnowOwnersAsync(core, registry, cancellationToken);
                    }
                }

                effects.Clear();
            }

            if (differences.Count >= MostDifferences || expected.Count > MostUnmatched || captured.Outputs.Count > MostUnmatched)
            {
                break;
            }
        }

        if (captured.Outputs.Count > MostUnmatched)
        {
            differences.AddRange(captured.Outputs.Take(MostDifferences - differences.Count).Select(output => new ReplayDifference(0, "", output)));
        }

        foreach (var (sequence, payload) in expected.Take(MostDifferences - differences.Count))
        {
            differences.Add(new ReplayDifference(sequence, payload, ""));
        }

        return new ReplayReport(inputs, outputs, differences);
    }

    // What came before is read once more at each start, as the trader itself does; kept, it would be the whole journal in memory.
    private static async Task<TradingCore> RestartedAsync(
        IJournal journal, long startedAt, ICandleStore store, TradingOptions options, Symbol? reference, CapturedJournal captured,
        Fact.Started started, CancellationToken cancellationToken)
    {
        var core = new TradingCore(options, reference, captured);
        foreach (var record in journal.Read(1, FactJson.Kinds).TakeWhile(r => r.Sequence < startedAt))
        {
            cancellationToken.ThrowIfCancellationRequested();
            core.Restore(FactJson.FromEntry(record)!, record.Entry.Time, record.Sequence);
        }

        foreach (var (series, from, until, _) in started.Warmups)
        {
            var candles = await store.ReadAsync(series.Symbol, series.Interval, from, series.Interval.CloseOf(until), cancellationToken);
            core.Warm(series, candles);
        }

        return core;
    }

    // Live, the owner of a position found at the start is fetched although its ticket may no longer be in force.
    private static async Task KnowOwnersAsync(TradingCore core, ITicketRegistry registry, CancellationToken cancellationToken)
    {
        foreach (var series in core.Series)
        {
            var pipeline = core.PipelineOf(series);
            if (core.Account.HoldingOf(series.Symbol) is { Position.IsFlat: false, Owner: { } owner } && pipeline.FindTicket(owner) is null
                && await registry.FindAsync(owner.Value, cancellationToken) is { } entry)
            {
                pipeline.AddOwner(entry.Ticket);
            }
        }
    }

    private static async Task<TicketSet> SetOfAsync(Fact.Activated activated, ITicketRegistry registry, long sequence, CancellationToken cancellationToken)
    {
        var regimes = await registry.FindRegimesAsync(activated.Regimes, cancellationToken)
            ?? throw new InvalidDataException($"journal entry {sequence} activates regime set {activated.Regimes}, which is not in the registry");
        List<Ticket> tickets = [];
        foreach (var id in activated.Tickets.Values)
        {
            var entry = await registry.FindAsync(id.Value, cancellationToken)
                ?? throw new InvalidDataException($"journal entry {sequence} activates ticket {id}, which is not in the registry");
            tickets.Add(entry.Ticket);
        }

        return new TicketSet(activated.Series.Symbol, activated.Series.Interval, regimes, tickets);
    }

    private static void Compare(
        Queue<(long Sequence, string Payload)> expected, Queue<string> actual, List<ReplayDifference> differences)
    {
        while (expected.Count > 0 && actual.Count > 0)
        {
            var (sequence, journalled) = expected.Dequeue();
            var replayed = actual.Dequeue();
            if (journalled != replayed)
            {
                differences.Add(new ReplayDifference(sequence, journalled, replayed));
            }
        }
    }

    // Keeps only the outputs, as text; nothing is stored.
    private sealed class CapturedJournal(string folderIdentity, long sequence) : IJournal
    {
        private long _sequence = sequence;

        public Queue<string> Outputs { get; } = new();

        public string FolderIdentity => folderIdentity;

        public long Append(in JournalEntry entry)
        {
            if (FactJson.OutputKinds.Contains(entry.Kind))
            {
                Outputs.Enqueue($"{entry.Kind} {entry.Payload}");
            }

            return ++_sequence;
        }

        public void Commit()
        {
        }

        public IEnumerable<JournalRecord> Read(long from, IReadOnlyCollection<string>? kinds = null) => [];

        public IReadOnlyList<JournalRecord> ReadNewest(int count, IReadOnlyCollection<string>? kinds = null) => [];

        public JournalRecord? Find(long sequence) => null;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

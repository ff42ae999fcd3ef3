using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Host.Configuration;
using TicketBot.Host.Running;
using TicketBot.Market;
using TicketBot.Storage;
using TicketBot.Trading;
using TicketBot.Trading.Journal;

namespace TicketBot.Host.Jobs;

/// <summary>Decides the newest days of the journal again and compares every decision with what was decided live, bit for bit; and every journalled candle with the stored one.
/// The daemon runs it in a child.</summary>
/// <remarks>It begins at a start of the trader, the newest that covers the asked days, but at none before code or options changed: what other code decided is no fault of this one. What it
/// holds in memory does not grow with the journal.</remarks>
/// <param name="settings">Configuration that the newest start decides with.</param>
/// <param name="folder">Data folder.</param>
public sealed class AgreementWork(Settings settings, DataFolder folder)
{
    /// <summary>First words of the outcome when a decision differs.</summary>
    public const string Disagreement = "live and replay disagree";

    private const int MostStarts = 500;
    private const int CandlesAtOnce = 2_000;
    private const int MostWords = 300;

    /// <summary>Does it; returns whether every decision was equal, and plain words.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StorageException">Journal, candles or tickets cannot be read.</exception>
    public async Task<(bool Agrees, string Outcome)> RunAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(folder.JournalDatabase))
        {
            return (true, "skipped: nothing is journalled yet");
        }

        using var store = SqliteCandleStore.Open(folder.MarketDatabase);
        using var registry = SqliteTicketRegistry.Open(folder.ResearchDatabase);
        await using var journal = SqliteJournal.OpenReader(folder.JournalDatabase);
        if (BeginOf(journal, settings.Get<HostOptions>().Jobs.AgreementDays) is not { } begin)
        {
            return (true, "skipped: the trader has not started yet");
        }

        ReplayReport report;
        try
        {
            var reference = settings.Get<MarketOptions>().ReferenceSymbol is { } name ? new Symbol(name) : (Symbol?)null;
            report = await JournalReplay.RunAsync(journal, store, registry, settings.Get<TradingOptions>(), reference, begin.Sequence, cancellationToken);
        }
        catch (InvalidDataException fault)
        {
            throw new StorageException($"the journal of '{folder.Path}' cannot be decided again: {fault.Message}", fault);
        }

        if (!report.IsEqual)
        {
            return (false, Told(report));
        }

        var (candles, other, absent) = await CandlesAsync(journal, store, begin.Sequence, cancellationToken);
        var stored = other + absent == 0
            ? $"{candles} candles as stored"
            : $"of {candles} candles {other} are stored with other values, which the venue said later, and {absent} are missing from the store; 'ticketbot job run history' fetches them again";
        return (true, string.Create(
            CultureInfo.InvariantCulture, $"{report.Outputs} decisions, orders and changes of state since {begin.Entry.Time} had again from {report.Inputs} inputs, bit for bit; {stored}"));
    }

    /// <summary>Returns the entry of the start to begin at, or <c>null</c> when the trader never started.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="days">Days before its newest entry that are to be covered, if code and options have not changed since.</param>
    public static JournalRecord? BeginOf(IJournal journal, int days)
    {
        var starts = journal.ReadNewest(MostStarts, ["start"]);
        if (starts.Count == 0)
        {
            return null;
        }

        var notes = journal.ReadNewest(MostStarts, [RunNote.Kind]);
        string? DeciderOf(int start)
        {
            var until = start == 0 ? long.MaxValue : starts[start - 1].Sequence;
            foreach (var note in notes)
            {
                if (note.Sequence > starts[start].Sequence && note.Sequence < until)
                {
                    return JsonSerializer.Deserialize<RunNote>(note.Entry.Payload, HostJson.Options)?.Decider;
                }
            }

            return null;
        }

        var newest = journal.ReadNewest(1) is [var last] ? last.Entry.Time : starts[0].Entry.Time;
        var decider = DeciderOf(0);
        var chosen = 0;
        while (starts[chosen].Entry.Time > newest.Plus(-days * Instant.MillisecondsPerDay) && chosen + 1 < starts.Count && decider is not null && DeciderOf(chosen + 1) == decider)
        {
            chosen++;
        }

        return starts[chosen];
    }

    private string Told(ReplayReport report)
    {
        var first = report.Differences[0];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Disagreement} at journal entry {first.Sequence} ({report.Differences.Count}{(report.Differences.Count >= 20 ? " or more" : "")} differences): journalled '{Short(first.Journalled)}', replayed '{Short(first.Replayed)}'. "
            + $"What trades is not what was tested: 'ticketbot pause', keep '{folder.Path}', see all with 'ticketbot replay --journal {folder.Path}', then check candles, tickets and version");
    }

    private static string Short(string text) => text.Length == 0 ? "nothing" : text.Length <= MostWords ? text : text[..MostWords] + "...";

    private static async Task<(long Candles, long Other, long Absent)> CandlesAsync(
        SqliteJournal journal, SqliteCandleStore store, long from, CancellationToken cancellationToken)
    {
        var (count, other, absent) = (0L, 0L, 0L);
        foreach (var chunk in journal.Read(from, ["event.candle"]).Chunk(CandlesAtOnce))
        {
            foreach (var series in chunk.Select(r => (Fact.CandleClosed)FactJson.FromEntry(r)!).GroupBy(c => c.Series))
            {
                var journalled = series.Select(c => c.Candle).ToList();
                var until = journalled.Max(c => c.OpenTime.UnixMilliseconds) + 1;
                var stored = await store.ReadAsync(
                    series.Key.Symbol, series.Key.Interval, new Instant(journalled.Min(c => c.OpenTime.UnixMilliseconds)), new Instant(until), cancellationToken);
                var byOpen = stored.ToDictionary(c => c.OpenTime);
                count += journalled.Count;
                absent += journalled.Count(c => !byOpen.ContainsKey(c.OpenTime));
                other += journalled.Count(c => byOpen.TryGetValue(c.OpenTime, out var found) && found != c);
            }
        }

        return (count, other, absent);
    }
}

using System.Globalization;
using System.Text.Json;
using TicketBot.Trading.Journal;

namespace TicketBot.Host.Dashboard;

/// <summary>One link of a causal chain.</summary>
/// <param name="Sequence">Journal number.</param>
/// <param name="Time">Market time, UTC ISO 8601.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Symbol">The contract; empty if none.</param>
/// <param name="Cause">Journal number of its cause, or <c>null</c>.</param>
/// <param name="Payload">What was journalled.</param>
public sealed record WhyLink(long Sequence, string Time, string Kind, string Symbol, long? Cause, JsonElement Payload);

/// <summary>Answers "why": what led to a journal entry and what followed from it.</summary>
public static class WhyChain
{
    private const int LookAhead = 5_000;
    private const int LookBack = 20_000;

    /// <summary>Returns the journal number that a question names: a number, one of our order ids (its intent), or <c>null</c> when nothing matches.</summary>
    public static long? Resolve(IJournal journal, string question)
    {
        if (long.TryParse(question, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
        {
            return journal.Find(sequence)?.Sequence;
        }

        var quoted = $"\"{question}\"";
        foreach (var record in journal.ReadNewest(LookBack, [FactJson.IntentKind]))
        {
            if (record.Entry.Payload.Contains(quoted, StringComparison.Ordinal))
            {
                return record.Sequence;
            }
        }

        return null;
    }

    /// <summary>Returns the causes of an entry, the entry, and what followed from any of its kin within the next entries, ascending.</summary>
    public static IReadOnlyList<WhyLink> Of(IJournal journal, long sequence)
    {
        var chain = new SortedDictionary<long, JournalRecord>();
        for (var at = (long?)sequence; at is { } number && !chain.ContainsKey(number) && journal.Find(number) is { } record; at = record.Entry.Cause)
        {
            chain[number] = record;
        }

        // From the asked entry on only: the candle that began it also led to what other series did.
        var kin = new HashSet<long> { sequence };
        foreach (var record in journal.Read(sequence + 1).Take(LookAhead))
        {
            if (record.Entry.Cause is { } cause && kin.Contains(cause))
            {
                kin.Add(record.Sequence);
                chain[record.Sequence] = record;
            }
        }

        return [.. chain.Values.Select(Link)];
    }

    internal static WhyLink Link(JournalRecord record) => new(
        record.Sequence, record.Entry.Time.ToString(), record.Entry.Kind, record.Entry.Symbol, record.Entry.Cause,
        JsonDocument.Parse(record.Entry.Payload).RootElement);
}

using TicketBot.Domain;
using TicketBot.Storage;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;

namespace TicketBot.Scenarios.Running;

/// <summary>What a journal on disk says, read as a stranger would.</summary>
/// <param name="Facts">Every fact in order, with its market time.</param>
internal sealed record JournalFile(IReadOnlyList<(Instant Time, Fact Fact)> Facts)
{
    /// <summary>Executions, in order.</summary>
    public IReadOnlyList<Execution> Executions => [.. Facts.Select(f => f.Fact).OfType<Fact.Executed>().Select(f => f.Execution)];

    /// <summary>Fills, in order.</summary>
    public IReadOnlyList<Execution> Fills => [.. Executions.Where(e => e.Kind is ExecutionKind.Trade or ExecutionKind.Forced)];

    /// <summary>Intents, in order.</summary>
    public IReadOnlyList<OrderIntent> Intents => [.. Facts.Select(f => f.Fact).OfType<Fact.Intended>().Select(f => f.Intent)];

    /// <summary>The account as the fold of the facts.</summary>
    public AccountState Account()
    {
        var account = new AccountState();
        var sequence = 0L;
        foreach (var (time, fact) in Facts)
        {
            account.Apply(fact, time, ++sequence);
        }

        return account;
    }

    /// <summary>Reads the journal of a folder.</summary>
    public static Task<JournalFile> ReadAsync(ScenarioFolder folder) => ReadAsync(folder.FileOf("journal.db"));

    /// <summary>Reads a journal by its path.</summary>
    public static async Task<JournalFile> ReadAsync(string path)
    {
        await using var journal = SqliteJournal.OpenReader(path);
        var facts = new List<(Instant, Fact)>();
        foreach (var record in journal.Read(1, FactJson.Kinds))
        {
            if (FactJson.FromEntry(record) is { } fact)
            {
                facts.Add((record.Entry.Time, fact));
            }
        }

        return new JournalFile(facts);
    }
}

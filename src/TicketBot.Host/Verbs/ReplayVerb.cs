using System.CommandLine;
using TicketBot.Domain;
using TicketBot.Host.Configuration;
using TicketBot.Host.Running;
using TicketBot.Market;
using TicketBot.Storage;
using TicketBot.Trading;
using TicketBot.Trading.Journal;

namespace TicketBot.Host.Verbs;

/// <summary>Decides a journal again: its inputs go through the code, and what comes out is compared with what it says, bit for bit.</summary>
public static class ReplayVerb
{
    private static readonly string[] Databases = ["journal.db", "market.db", "research.db"];
    private static readonly Option<string> Journal = new("--journal") { Description = "Folder of a run, with journal.db, market.db and research.db, or the data folder above it", HelpName = "FOLDER", Required = true };

    /// <summary>Returns the verb.</summary>
    public static Command Make(VerbMaker make) =>
        make.Verb("replay", "Run a journal's events through the code; verdict: decisions equal, bit for bit", RunAsync, Journal, VerbContext.Json);

    private static async Task<int> RunAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var asked = verb.Get(Journal)!;
        var folder = RunFolder.Find(asked, "journal.db")
            ?? throw new UsageException($"there is no journal.db in '{asked}'; a run's folder lies below its data folder, for example data/simulator/NAME");
        if (Databases.FirstOrDefault(d => !File.Exists(Path.Combine(folder, d))) is { } missing)
        {
            throw new UsageException($"'{folder}' lacks {missing}; a journal is decided again with the candles and tickets of its own folder");
        }

        var effective = Path.Combine(folder, "effective.json");
        var settings = File.Exists(effective) ? Settings.LoadEffective(effective) : verb.Settings();
        verb.Say(File.Exists(effective) ? $"with the configuration of {effective}" : "the folder keeps no configuration: with the one given");
        using var store = SqliteCandleStore.Open(Path.Combine(folder, "market.db"));
        using var registry = SqliteTicketRegistry.Open(Path.Combine(folder, "research.db"));
        await using var journal = SqliteJournal.OpenReader(Path.Combine(folder, "journal.db"));
        var reference = settings.Get<MarketOptions>().ReferenceSymbol is { } name ? new Domain.Symbol(name) : (Domain.Symbol?)null;
        ReplayReport report;
        string trades;
        try
        {
            report = await JournalReplay.RunAsync(journal, store, registry, settings.Get<TradingOptions>(), reference, 1, cancellationToken);
            trades = FillsHash.Of(Executions(journal));
        }
        catch (InvalidDataException fault)
        {
            throw new StorageException($"'{folder}' cannot be decided again: {fault.Message}", fault);
        }

        var verdict = report.IsEqual ? "equal" : "different";
        if (verb.WantsJson)
        {
            verb.WriteJson(new { verdict, inputs = report.Inputs, outputs = report.Outputs, tradesSha256 = trades, differences = report.Differences });
        }
        else
        {
            verb.Output.WriteLine($"{verdict}: {report.Inputs} inputs led to {report.Outputs} journalled outputs; trades {trades}");
            foreach (var difference in report.Differences)
            {
                verb.Output.WriteLine($"  #{difference.Sequence}\n    journalled {difference.Journalled}\n    replayed   {difference.Replayed}");
            }
        }

        return report.IsEqual ? Exit.Done : Exit.Refused;
    }

    // A fill that a stream lost stands in the venue's word at the next reconciliation.
    private static IEnumerable<Execution> Executions(SqliteJournal journal) => journal.Read(1, FactJson.Kinds)
        .SelectMany(record => FactJson.FromEntry(record) switch
        {
            Fact.Executed(var execution) => [execution],
            Fact.Reconciled(var snapshot, _) => snapshot.Executions,
            _ => Enumerable.Empty<Execution>(),
        })
        .DistinctBy(e => e.Id);
}

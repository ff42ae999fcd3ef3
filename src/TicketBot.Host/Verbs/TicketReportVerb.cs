using System.CommandLine;
using TicketBot.Host.Reports;
using TicketBot.Research;
using TicketBot.Storage;

namespace TicketBot.Host.Verbs;

/// <summary>Draws what is known about one ticket as one HTML page.</summary>
public static class TicketReportVerb
{
    /// <summary>Returns the verb.</summary>
    public static Command Make(VerbMaker make) => make.Verb(
        "report", "Write one HTML page about a ticket: lineage, gates, accuracy against remaining weights, mask overlap, barriers, what it looks at",
        RunAsync, TicketVerbs.Id, TicketVerbs.Target, VerbContext.Json);

    private static async Task<int> RunAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var settings = verb.Settings();
        var folder = TicketVerbs.FolderOf(settings);
        using var registry = SqliteTicketRegistry.Open(folder.ResearchDatabase);
        var entry = await TicketVerbs.FindAsync(registry, verb, cancellationToken);
        if (!File.Exists(folder.MarketDatabase))
        {
            throw new UsageException($"there is no candle store '{folder.MarketDatabase}' to draw ticket {entry.Ticket.Id.Short} from; import the candles first");
        }

        using var candles = SqliteCandleStore.Open(folder.MarketDatabase);
        using var runs = SqliteRunStore.Open(folder.ResearchDatabase);
        try
        {
            var file = Path.GetFullPath(verb.Get(TicketVerbs.Target)!);
            var (diagnostics, quality, page) = await new TicketReports(folder).MakeAsync(
                entry, registry, candles, runs, settings.Get<ResearchOptions>().Threads, p => verb.Say($"{p.Stage} {p.Done}/{p.Of} {p.Detail}"), cancellationToken);
            await ReportFile.WriteAsync(file, page, cancellationToken);
            if (verb.WantsJson)
            {
                verb.WriteJson(new { id = entry.Ticket.Id, file, quality, diagnostics });
            }
            else
            {
                verb.Output.WriteLine($"wrote {file}");
            }
        }
        catch (ResearchRefusedException refusal)
        {
            throw new UsageException(refusal.Message, refusal);
        }

        return Exit.Done;
    }
}

using System.CommandLine;
using System.Globalization;
using TicketBot.Bybit;
using TicketBot.Domain;
using TicketBot.Host.Configuration;
using TicketBot.Host.Dashboard;
using TicketBot.Host.Running;
using TicketBot.Research;
using TicketBot.Storage;
using TicketBot.Tickets;

namespace TicketBot.Host.Verbs;

/// <summary>The verbs over the ticket registry.</summary>
public static class TicketVerbs
{
    internal static readonly Argument<string> Id = new("ID") { Description = "A ticket's id, or a unique beginning of it" };
    private static readonly Option<string?> Reason = new("--reason") { Description = "Your words; kept in the registry's history" };
    internal static readonly Option<string> Target = new("--output") { Description = "File to write", HelpName = "FILE", Required = true };

    /// <summary>Returns the verb.</summary>
    public static Command Make(VerbMaker make) => VerbMaker.Group(
        "tickets", "Tickets with their states and gates",
        make.Verb("list", "Every ticket, newest change first", ListAsync, VerbContext.Json),
        make.Verb("show", "One ticket with its gates", ShowAsync, Id, VerbContext.Json),
        make.Verb("verify", "Read a ticket's file again (hash, content, state) and derive the ticket from its lineage: same candles, settings and seed must give the same bits", VerifyAsync, Id, VerbContext.Json),
        make.Verb("promote", "Let a ticket trade that passed its gates", (v, c) => ChangeAsync(v, TicketState.Live, c), Id, Reason, VerbContext.Json),
        make.Verb("retire", "Let a ticket trade no more", (v, c) => ChangeAsync(v, TicketState.Retired, c), Id, Reason, VerbContext.Json),
        TicketSearchVerb.Make(make),
        TicketReportVerb.Make(make),
        make.Verb("export", "Write a ticket's file (safetensors), and beside it what its mask keeps (CSV) and its regime set (JSON)", ExportAsync, Id, Target, VerbContext.Json));

    private static async Task<int> ListAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        using var registry = Open(verb.Settings());
        var tickets = (await registry.ListAsync(null, null, null, cancellationToken)).Select(TicketView.Of).ToList();
        var coverage = await RegimeCoverage.OfAsync(registry, tickets, cancellationToken);
        if (verb.WantsJson)
        {
            verb.WriteJson(new { tickets, coverage });
        }
        else
        {
            TextTable.Write(
                verb.Output, ["id", "series", "regime", "label", "state", "since", "density", "gates", "reason"],
                tickets.Select(t => new[]
                {
                    t.Id.Short, $"{t.Symbol}/{t.Interval}", t.Regime, t.Label, t.State.ToString(), t.Since.ToString(), t.Density.ToString("P1", CultureInfo.InvariantCulture),
                    t.Passed ? "passed" : $"refused at {t.Gates.FirstOrDefault(g => g.Passed == false)?.Name ?? "none"}", t.Reason,
                }));
            if (coverage.Count > 0)
            {
                verb.Output.WriteLine();
                TextTable.Write(
                    verb.Output, ["series", "regime", "trades by", "candidates", "refused at"],
                    coverage.Select(c => new[]
                    {
                        $"{c.Symbol}/{c.Interval}", c.Regime, c.Live?.Short ?? (c.Shadow is { } shadow ? $"nothing; {shadow.Short} in shadow" : "nothing: flat"),
                        c.Candidates.ToString(CultureInfo.InvariantCulture), c.RefusedAt ?? "-",
                    }));
            }
        }

        return Exit.Done;
    }

    private static async Task<int> ShowAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        using var registry = Open(verb.Settings());
        var ticket = TicketView.Of(await FindAsync(registry, verb, cancellationToken));
        if (verb.WantsJson)
        {
            verb.WriteJson(ticket);
            return Exit.Done;
        }

        verb.Output.WriteLine($"{ticket.Id}\n{ticket.Symbol}/{ticket.Interval} {ticket.Regime}, {ticket.Label}, {ticket.State} since {ticket.Since}: {ticket.Reason}");
        verb.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"density {ticket.Density:P2}, temperature {ticket.Temperature:0.###}, horizon {ticket.HorizonCandles}, trained until {ticket.TrainedUntil}, expires {ticket.ExpiresAt}"));
        TextTable.Write(verb.Output, ["gate", "value", "threshold", "n", "verdict", "reason"], ticket.Gates.Select(g => new[]
        {
            g.Name, g.Value?.ToString("G6", CultureInfo.InvariantCulture) ?? "-", g.Threshold.ToString("G6", CultureInfo.InvariantCulture),
            g.SampleSize.ToString(CultureInfo.InvariantCulture), g.Passed switch { true => "passed", false => "REFUSED", null => "not run" }, g.Reason,
        }));
        return Exit.Done;
    }

    private static async Task<int> VerifyAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var settings = verb.Settings();
        using var registry = Open(settings);
        var (id, checks) = await TicketVerification.RunAsync(
            registry, FolderOf(settings).MarketDatabase, verb.Parsed.GetValue(Id)!, settings.Get<ResearchOptions>().Threads, verb.Say, cancellationToken);
        var holds = checks.All(c => c.Passed);
        if (verb.WantsJson)
        {
            verb.WriteJson(new { verdict = holds ? "passed" : "failed", id, checks });
        }
        else
        {
            foreach (var check in checks)
            {
                verb.Output.WriteLine($"{(check.Passed ? "passed" : "FAILED")}  {check.Name}: {check.Text}");
            }

            verb.Output.WriteLine($"verdict: {(holds ? "passed" : "failed")}");
        }

        return holds ? Exit.Done : Exit.Refused;
    }

    private static async Task<int> ChangeAsync(VerbContext verb, TicketState state, CancellationToken cancellationToken)
    {
        var settings = verb.Settings();
        using var registry = Open(settings);
        var entry = await FindAsync(registry, verb, cancellationToken);
        string? refused = null;
        try
        {
            var at = await MarketTimeAsync(FolderOf(settings).MarketDatabase, entry.Ticket, cancellationToken);
            await registry.ChangeStateAsync(entry.Ticket.Id, state, verb.Get(Reason) ?? "operator", at, cancellationToken);
        }
        catch (InvalidOperationException refusal)
        {
            refused = refusal.Message;
            verb.Say(refusal.Message);
        }

        if (verb.WantsJson)
        {
            verb.WriteJson(new { id = entry.Ticket.Id, was = entry.State, state = refused is null ? state : entry.State, refused });
        }
        else if (refused is null)
        {
            verb.Output.WriteLine($"{entry.Ticket.Id.Short} was {entry.State}, is {state}");
        }

        return refused is null ? Exit.Done : Exit.Refused;
    }

    private static async Task<int> ExportAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        using var registry = Open(verb.Settings());
        var entry = await FindAsync(registry, verb, cancellationToken);
        var regimes = await registry.FindRegimesAsync(entry.Ticket.RegimeSetId, cancellationToken)
            ?? throw new StorageException($"the registry lacks the regime set {entry.Ticket.RegimeSetId} of ticket {entry.Ticket.Id}; restore it from a backup");
        var file = Path.GetFullPath(verb.Get(Target)!);
        var mask = Path.ChangeExtension(file, ".mask.csv");
        var regimeFile = Path.Combine(Path.GetDirectoryName(file)!, TicketSets.RegimeFileOf(regimes.Id));
        TicketFile.Write(file, entry.Ticket);
        MaskCsv.Write(mask, entry.Ticket);
        await File.WriteAllTextAsync(regimeFile, regimes.ToJson(), cancellationToken);
        if (verb.WantsJson)
        {
            verb.WriteJson(new { id = entry.Ticket.Id, file, mask, regimes = regimeFile });
        }
        else
        {
            verb.Output.WriteLine($"wrote {file}, {mask} and {regimeFile}");
        }

        return Exit.Done;
    }

    // States change at market times; the newest stored candle of the ticket's series says which that is, also in a simulated market.
    private static async Task<Instant> MarketTimeAsync(string database, Ticket ticket, CancellationToken cancellationToken)
    {
        if (File.Exists(database))
        {
            using var store = SqliteCandleStore.Open(database);
            if (await store.LastOpenAsync(ticket.Symbol, ticket.Interval, cancellationToken) is { } open)
            {
                return ticket.Interval.CloseOf(open);
            }
        }

        return Instant.From(TimeProvider.System.GetUtcNow());
    }

    internal static async Task<RegistryEntry> FindAsync(SqliteTicketRegistry registry, VerbContext verb, CancellationToken cancellationToken)
    {
        var id = verb.Parsed.GetValue(Id)!;
        return await registry.FindAsync(id, cancellationToken) ?? throw new UsageException($"no ticket, or more than one, begins with '{id}'; see: ticketbot tickets list");
    }

    private static SqliteTicketRegistry Open(Settings settings) => SqliteTicketRegistry.Open(FolderOf(settings).ResearchDatabase);

    internal static DataFolder FolderOf(Settings settings) =>
        DataFolder.OfLastRun(settings.Get<StorageOptions>().DataFolder, settings.Get<BybitOptions>().Environment);
}

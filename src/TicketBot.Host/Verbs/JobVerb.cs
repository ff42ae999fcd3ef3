using System.CommandLine;
using Serilog;
using TicketBot.Bybit;
using TicketBot.Host.Configuration;
using TicketBot.Host.Jobs;
using TicketBot.Host.Running;
using TicketBot.Research;
using TicketBot.Storage;
using TicketBot.Trading;

namespace TicketBot.Host.Verbs;

/// <summary>Runs a job now: by the daemon when one runs on the data folder, else in this process.</summary>
public static class JobVerb
{
    private static readonly Argument<string> Name = new Argument<string>("NAME") { Description = string.Join(", ", JobNames.All) }.AcceptOnlyFromAmong([.. JobNames.All]);
    private static readonly Option<string?> OnlySymbol = new("--symbol") { Description = "Work on this contract only" };
    private static readonly Option<bool> Child = new("--child") { Description = "Run as the daemon's child: end when its standard input closes", Hidden = true };

    /// <summary>Returns the verb.</summary>
    public static Command Make(VerbMaker make) =>
        VerbMaker.Group("job", "Jobs of the daemon", make.Verb("run", "Run a job now", RunAsync, Name, OnlySymbol, Child, VerbContext.Json));

    private static async Task<int> RunAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var name = verb.Parsed.GetValue(Name)!;
        if (verb.Get(Child))
        {
            // The daemon holds the other end: when it is gone, however it went, the stream ends and so does the child.
            using var orphaned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _ = Task.Run(
                async () =>
                {
                    await Console.In.ReadToEndAsync(orphaned.Token);
                    await orphaned.CancelAsync();
                },
                orphaned.Token);
            var effective = Settings.LoadEffective(verb.Get(VerbContext.ConfigFile) ?? throw new UsageException("--child needs --config"));
            return await HereAsync(verb, effective, name, orphaned.Token);
        }

        var settings = verb.Settings();
        var folder = FolderOf(settings);
        return File.Exists(folder.DaemonFile) ? await AtDaemonAsync(verb, settings, name, cancellationToken) : await HereAsync(verb, settings, name, cancellationToken);
    }

    private static DataFolder FolderOf(Settings settings) =>
        DataFolder.OfLastRun(settings.Get<StorageOptions>().DataFolder, settings.Get<BybitOptions>().Environment);

    private static async Task<int> AtDaemonAsync(VerbContext verb, Settings settings, string name, CancellationToken cancellationToken)
    {
        using var daemon = DaemonClient.Find(settings, null, Timeout.InfiniteTimeSpan);
        verb.Say($"the running daemon does the job {name}");
        var answer = await daemon.PostAsync($"api/jobs/{name}", cancellationToken);
        return Tell(verb, name, answer.GetProperty("succeeded").GetBoolean(), answer.GetProperty("lastOutcome").GetString() ?? "");
    }

    private static async Task<int> HereAsync(VerbContext verb, Settings settings, string name, CancellationToken cancellationToken)
    {
        if (!JobNames.HasChild(name))
        {
            throw new UsageException($"the job {name} needs the running daemon and its venue: start it with 'ticketbot run'");
        }

        if (name == JobNames.Agreement)
        {
            var (agrees, words) = await new AgreementWork(settings, FolderOf(settings)).RunAsync(cancellationToken);
            return Tell(verb, name, agrees, words);
        }

        if (name == JobNames.Similarity)
        {
            return Tell(verb, name, true, await new DomainMapWork(settings, FolderOf(settings)).RunAsync((done, of, words) => verb.Say($"{done}/{of} {words}"), cancellationToken));
        }

        // Only the child's last line of standard output is its answer; what research logs goes to standard error.
        using var loggers = LoggerFactory.Create(b => b.AddSerilog(
            new LoggerConfiguration().WriteTo.Console(standardErrorFromLevel: Serilog.Events.LogEventLevel.Verbose, formatProvider: System.Globalization.CultureInfo.InvariantCulture, outputTemplate: "{Message:lj}{NewLine}{Exception}").MinimumLevel.Warning().CreateLogger(),
            dispose: true));
        var work = new ResearchWork(settings, FolderOf(settings), TimeProvider.System, loggers);
        var symbols = verb.Get(OnlySymbol) is { } only ? [only] : settings.Get<TradingOptions>().Symbols;
        var outcomes = new List<string>();
        try
        {
            foreach (var symbol in symbols.Select(s => new Domain.Symbol(s)).Order())
            {
                outcomes.Add(await work.RunAsync(name, symbol, p => verb.Say($"{p.Stage} {p.Done}/{p.Of} {p.Detail}"), cancellationToken));
            }
        }
        catch (ResearchRefusedException refusal)
        {
            return Tell(verb, name, false, refusal.Message);
        }

        return Tell(verb, name, true, string.Join("; ", outcomes));
    }

    private static int Tell(VerbContext verb, string name, bool succeeded, string outcome)
    {
        if (verb.WantsJson)
        {
            verb.WriteJson(new { job = name, succeeded, outcome });
        }
        else
        {
            verb.Output.WriteLine(outcome);
        }

        return succeeded ? Exit.Done : Exit.Refused;
    }
}

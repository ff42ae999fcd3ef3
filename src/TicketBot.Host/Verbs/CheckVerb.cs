using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Host.Checks;
using TicketBot.Host.Configuration;
using TicketBot.Market;
using TicketBot.Storage.Csv;

namespace TicketBot.Host.Verbs;

/// <summary>Checks the configuration and what the exchange would refuse; with children that check features on a file of candles.</summary>
public static class CheckVerb
{
    private static readonly Option<bool> Online = new("--online") { Description = "Ask the venue: addresses, clock, key, account, contracts, prices and costs of this moment" };
    private static readonly Option<decimal?> Equity = new("--equity") { Description = "Equity to check sizes against (default: the account's)" };
    private static readonly Option<string> Data = new("--data") { Description = "Candles: VENUE_SYMBOL_INTERVAL.csv[.gz]", HelpName = "FILE", Required = true };

    /// <summary>Returns the verb.</summary>
    public static Command Make(VerbMaker make) => make.Verb(
        "check", "Every option in force with its source and default, and a verdict with each finding", CheckAsync,
        VerbContext.Json, Online, Equity,
        make.Verb("lookahead", "Features of a file never depend on later candles", (v, _) => OnFile(v, FeatureChecks.Lookahead), VerbContext.Json, Data),
        make.Verb("warmup", "Features of a file depend on their window alone", (v, _) => OnFile(v, FeatureChecks.Warmup), VerbContext.Json, Data));

    private static async Task<int> CheckAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        Settings settings;
        try
        {
            settings = verb.Settings();
        }
        catch (SettingsException fault) when (verb.WantsJson)
        {
            verb.WriteJson(new { verdict = "failed", values = Array.Empty<EffectiveValue>(), findings = fault.Faults.Select(f => new Finding("configuration", false, f, FindingCause.Configuration)) });
            return Exit.Usage;
        }

        var findings = verb.Get(Online)
            ? await VenueCheck.OnlineAsync(settings, verb.Get(Equity), TimeProvider.System, NullLoggerFactory.Instance, cancellationToken)
            : VenueCheck.Offline(settings, verb.Get(Equity));
        return Answer(verb, [new Finding("configuration", true, "every option is known and within its range"), .. findings], settings.Values());
    }

    private static Task<int> OnFile(VerbContext verb, Func<CandleFile, MarketOptions, Finding> check)
    {
        var file = CandleFiles.Read(verb.Get(Data)!, null, null);
        return Task.FromResult(Answer(verb, [check(file, verb.Settings().Get<MarketOptions>())], null));
    }

    private static int Answer(VerbContext verb, IReadOnlyList<Finding> findings, IReadOnlyList<EffectiveValue>? values)
    {
        var passed = findings.All(f => f.Passed);
        var verdict = passed ? "passed" : "failed";
        if (verb.WantsJson)
        {
            verb.WriteJson(values is null ? new { verdict, findings } : new { verdict, values, findings });
            return ExitOf(findings);
        }

        if (values is not null)
        {
            TextTable.Write(verb.Output, ["option", "value", "source", "default"], values.Select(v => new[] { v.Key, v.Value, v.Source, v.Default }));
            verb.Output.WriteLine();
        }

        foreach (var finding in findings)
        {
            var word = !finding.Passed ? "FAILED" : finding.Cause == FindingCause.Warning ? "WARNING" : "passed";
            verb.Output.WriteLine($"{word,-7}  {finding.Name}: {finding.Text}");
        }

        verb.Output.WriteLine($"verdict: {verdict}");
        return ExitOf(findings);
    }

    // What could not be reached says less than what is configured wrongly, and that less than a verdict.
    private static int ExitOf(IReadOnlyList<Finding> findings)
    {
        var faults = findings.Where(f => !f.Passed).Select(f => f.Cause).ToList();
        return faults.Count == 0 ? Exit.Done
            : faults.Contains(FindingCause.World) ? Exit.World
            : faults.Contains(FindingCause.Configuration) ? Exit.Usage : Exit.Refused;
    }
}

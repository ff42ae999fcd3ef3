using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Host.Reports;
using TicketBot.Market;
using TicketBot.Research;
using TicketBot.Research.Stages;
using TicketBot.Trading;

namespace TicketBot.Host.Verbs;

/// <summary>Runs the whole factory on files.</summary>
public static class EvaluateVerb
{
    private static readonly Option<string[]> Data = new("--data") { Description = "Candles: VENUE_SYMBOL_INTERVAL.csv[.gz] (repeatable)", HelpName = "FILE", Required = true };
    private static readonly Option<string?> OnlySymbol = new("--symbol") { Description = "Contract, when the file's name does not say it" };
    private static readonly Option<string?> Length = new("--interval") { Description = "Candle length, when the file's name does not say it" };
    private static readonly Option<ulong?> Seed = new("--seed") { Description = "Seed of all chance" };

    private static readonly Option<string?> Report = new("--report") { Description = "HTML page to write: verdict, rules to beat, break-even, gates, calibration", HelpName = "FILE" };

    /// <summary>Returns the verb.</summary>
    public static Command Make(VerbMaker make) =>
        make.Verb("evaluate", "Run the factory end to end on files; verdict: at least one ticket passes every gate", EvaluateAsync, Data, OnlySymbol, Length, Seed, Report, VerbContext.Json);

    private static async Task<int> EvaluateAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var settings = verb.Settings();
        var (shared, trading) = (settings.Get<ResearchOptions>(), settings.Get<TradingOptions>());
        var paths = verb.Get(Data)!;
        var candles = CandleFiles.ReadAll(paths, verb.Get(OnlySymbol), verb.Get(Length), "evaluate");
        var research = JsonSerializer.Deserialize<ResearchOptions>(JsonSerializer.Serialize(shared))!;
        research.Alpha /= paths.Length; // The tickets of one call are one family: the files share its level.
        var files = new List<EvaluatedFile>();
        foreach (var file in candles)
        {
            var profile = CostProfile.Of(file.Hours, trading, shared);
            var factory = new TicketFactory(research, settings.Get<MarketOptions>(), profile.ApplyTo(trading), TimeProvider.System, NullLogger<TicketFactory>.Instance);
            var input = new SearchInput
            {
                Symbol = file.Symbol, Interval = file.Interval, Hours = file.Hours, Candles = file.Candles, AsOf = file.Interval.CloseOf(file.Candles[^1].OpenTime), Seed = verb.Get(Seed),
            };
            try
            {
                verb.Say($"{file.Symbol} {profile}");
                var found = await factory.IdentifyAsync(
                    input, new MemoryRunStore(), new MemoryTrialLedger(), p => verb.Say($"{file.Symbol} {p.Stage} {p.Done}/{p.Of} {p.Detail}"), cancellationToken);
                files.Add(new EvaluatedFile(Path.GetFileName(file.Path), found.Report, profile));
            }
            catch (ResearchRefusedException refusal)
            {
                throw new UsageException(paths.Length == 1 ? refusal.Message : $"{file.Path}: {refusal.Message}", refusal);
            }
        }

        if (verb.Get(Report) is { } page)
        {
            await ReportFile.WriteAsync(page, EvaluationReportPage.Of(files, trading.ConfidenceThreshold), cancellationToken);
            verb.Say($"wrote {Path.GetFullPath(page)}");
        }

        if (verb.WantsJson)
        {
            verb.WriteJson(EvaluationDocument.Of(files));
        }
        else
        {
            files.ForEach(f => EvaluationText.Write(verb.Output, f));
        }

        return files.Exists(f => f.Report.IsEligible) ? Exit.Done : Exit.Refused;
    }
}

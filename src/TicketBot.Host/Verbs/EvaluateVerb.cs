using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
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

    /// <summary>Returns the verb.</summary>
    public static Command Make(VerbMaker make) =>
        make.Verb("evaluate", "Run the factory end to end on files; verdict: at least one ticket passes every gate", EvaluateAsync, Data, OnlySymbol, Length, Seed, VerbContext.Json);

    private static async Task<int> EvaluateAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var settings = verb.Settings();
        var factory = new TicketFactory(
            settings.Get<ResearchOptions>(), settings.Get<MarketOptions>(), settings.Get<TradingOptions>(), TimeProvider.System, NullLogger<TicketFactory>.Instance);
        var reports = new List<FactoryReport>();
        foreach (var path in verb.Get(Data)!)
        {
            var file = CandleFiles.Read(path, verb.Get(OnlySymbol), verb.Get(Length));
            var input = new SearchInput
            {
                Symbol = file.Symbol, Interval = file.Interval, Hours = file.Hours, Candles = file.Candles, AsOf = file.Interval.CloseOf(file.Candles[^1].OpenTime), Seed = verb.Get(Seed),
            };
            try
            {
                var found = await factory.IdentifyAsync(
                    input, new MemoryRunStore(), new MemoryTrialLedger(), p => verb.Say($"{file.Symbol} {p.Stage} {p.Done}/{p.Of} {p.Detail}"), cancellationToken);
                reports.Add(found.Report);
            }
            catch (ResearchRefusedException refusal)
            {
                throw new UsageException(refusal.Message, refusal);
            }
        }

        var eligible = reports.Exists(r => r.IsEligible);
        if (verb.WantsJson)
        {
            verb.WriteJson(EvaluationDocument.Of(reports));
        }
        else
        {
            foreach (var report in reports)
            {
                verb.Output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{report.Symbol}/{report.Interval}: {report.Verdict}, {report.Tickets.Count(t => t.Gates.Passed)} of {report.Tickets.Count} tickets passed; combined {report.Combined.NetExpectancyBp:0.0} bp net per trade over {report.Combined.Count} trades"));
                TextTable.Write(verb.Output, ["ticket", "regime", "density", "trades", "net bp", "first refusal"], report.Tickets.Select(t => new[]
                {
                    t.Id.Short, t.Regime, t.Density.ToString("P1", CultureInfo.InvariantCulture), t.Trades.ToString(CultureInfo.InvariantCulture),
                    t.NetPerTradeBp.ToString("0.0", CultureInfo.InvariantCulture), t.Gates.FirstRefusal is { } refusal ? $"{refusal.Name}: {refusal.Reason}" : "none",
                }));
            }
        }

        return eligible ? Exit.Done : Exit.Refused;
    }
}

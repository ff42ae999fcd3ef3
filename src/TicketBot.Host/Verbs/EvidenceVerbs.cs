using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Bybit;
using TicketBot.Domain;
using TicketBot.Host.Configuration;
using TicketBot.Host.Running;
using TicketBot.Market;
using TicketBot.Research;
using TicketBot.Research.Backtests;
using TicketBot.Research.Stages;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;
using TicketBot.Storage;
using TicketBot.Tickets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;

namespace TicketBot.Host.Verbs;

/// <summary>Evidence: the whole factory on files, the trading loop on files, a journal decided again.</summary>
public static class EvidenceVerbs
{
    private static readonly Option<string[]> Data = new("--data") { Description = "Candles: VENUE_SYMBOL_INTERVAL.csv[.gz] (repeatable)", HelpName = "FILE", Required = true };
    private static readonly Option<string?> OnlySymbol = new("--symbol") { Description = "Contract, when the file's name does not say it" };
    private static readonly Option<string?> Length = new("--interval") { Description = "Candle length, when the file's name does not say it" };
    private static readonly Option<string?> From = new("--from") { Description = "First market time, UTC ISO 8601" };
    private static readonly Option<string?> Until = new("--to") { Description = "Last market time, UTC ISO 8601" };
    private static readonly Option<string?> Decisions = new("--decisions") { Description = "CSV with one row per candle", HelpName = "FILE" };
    private static readonly Option<ulong?> Seed = new("--seed") { Description = "Seed of all chance" };
    private static readonly Option<string> Journal = new("--journal") { Description = "Data folder of a run, with journal.db, market.db and research.db", HelpName = "FOLDER", Required = true };

    /// <summary>Returns the verbs.</summary>
    public static IEnumerable<Command> Make(VerbMaker make)
    {
        yield return make.Verb("evaluate", "Run the factory end to end on files; verdict: at least one ticket passes every gate", EvaluateAsync, Data, OnlySymbol, Length, Seed, VerbContext.Json);
        yield return make.Verb("backtest", "The trading loop over files with the registry's live tickets", BacktestAsync, Data, From, Until, Decisions, VerbContext.Json);
        yield return make.Verb("replay", "Run a journal's events through the code; verdict: decisions equal, bit for bit", ReplayAsync, Journal, VerbContext.Json);
    }

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
                Symbol = file.Symbol, Interval = file.Interval, Candles = file.Candles, AsOf = file.Interval.CloseOf(file.Candles[^1].OpenTime), Seed = verb.Get(Seed),
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

    private static async Task<int> BacktestAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var paths = verb.Get(Data)!;
        var (symbols, interval) = SimulatedMarket.SeriesOf(paths);
        var overrides = symbols.Select((s, i) => KeyValuePair.Create($"Trading:Symbols:{i}", (string?)s)).Append(new("Trading:Interval", interval)).ToDictionary();
        var settings = verb.Settings(overrides);
        var until = TimeOf(verb.Get(Until), "--to");
        var candles = new Dictionary<SeriesKey, IReadOnlyList<Candle>>();
        foreach (var path in paths)
        {
            var file = CandleFiles.Read(path, null, null);
            candles[new SeriesKey(file.Symbol, file.Interval)] = [.. file.Candles.Where(c => until is not { } end || file.Interval.CloseOf(c.OpenTime) <= end)];
        }

        using var registry = SqliteTicketRegistry.Open(FolderOf(settings).ResearchDatabase);
        var sets = new List<TicketSet>();
        foreach (var series in candles.Keys)
        {
            sets.Add(await registry.ActiveSetAsync(series.Symbol, series.Interval, cancellationToken)
                ?? throw new UsageException($"no tickets of {series} are in force in '{FolderOf(settings).ResearchDatabase}'; run the daemon or 'job run reidentify' first"));
        }

        // Only rows that no fitted part of a ticket has seen are evidence.
        var live = TimeOf(verb.Get(From), "--from") ?? sets.SelectMany(s => s.Tickets).Select(t => t.Lineage.TestedUntil).DefaultIfEmpty(candles.Values.First()[0].OpenTime).Max();
        var trading = settings.Get<TradingOptions>();
        var result = await BacktestRunner.RunAsync(
            new BacktestRequest
            {
                Candles = candles, LiveFrom = live, Tickets = sets, Trading = trading,
                Reference = settings.Get<MarketOptions>().ReferenceSymbol is { } name ? new Domain.Symbol(name) : null,
                Venue = new VenueSettings { Costs = trading.Costs, Funding = new FundingSchedule(trading.Costs.FundingBp / 10_000m) },
                Balance = settings.Get<ResearchOptions>().BacktestBalance,
            },
            null, done => verb.Say(string.Create(CultureInfo.InvariantCulture, $"{done:P0}")), cancellationToken);
        if (verb.Get(Decisions) is { } target)
        {
            DecisionCsv.Write(target, result.Decisions);
        }

        var document = new
        {
            from = live, candles = result.Candles, decisions = result.Decisions.Count, trades = result.Trades.Count, winRate = result.WinRate,
            initialBalance = result.InitialBalance, wallet = result.Wallet, venueWallet = result.VenueWallet, maxDrawdown = result.MaxDrawdown,
        };
        if (verb.WantsJson)
        {
            verb.WriteJson(document);
        }
        else
        {
            verb.Output.WriteLine(HostJson.Text(document));
        }

        return Exit.Done;
    }

    private static async Task<int> ReplayAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var folder = verb.Get(Journal)!;
        if (!File.Exists(Path.Combine(folder, "journal.db")))
        {
            throw new UsageException($"there is no journal.db in '{folder}'; a run's folder lies below its data folder, for example data/simulator/NAME");
        }

        var effective = Path.Combine(folder, "effective.json");
        var settings = File.Exists(effective) ? Settings.LoadEffective(effective) : verb.Settings();
        using var store = SqliteCandleStore.Open(Path.Combine(folder, "market.db"));
        using var registry = SqliteTicketRegistry.Open(Path.Combine(folder, "research.db"));
        await using var journal = SqliteJournal.OpenReader(Path.Combine(folder, "journal.db"));
        var report = await JournalReplay.RunAsync(
            journal, store, registry, settings.Get<TradingOptions>(), settings.Get<MarketOptions>().ReferenceSymbol is { } name ? new Domain.Symbol(name) : null, cancellationToken);
        var verdict = report.IsEqual ? "equal" : "different";
        if (verb.WantsJson)
        {
            verb.WriteJson(new { verdict, inputs = report.Inputs, outputs = report.Outputs, differences = report.Differences });
        }
        else
        {
            verb.Output.WriteLine($"{verdict}: {report.Inputs} inputs led to {report.Outputs} journalled outputs");
            foreach (var difference in report.Differences)
            {
                verb.Output.WriteLine($"  #{difference.Sequence}\n    journalled {difference.Journalled}\n    replayed   {difference.Replayed}");
            }
        }

        return report.IsEqual ? Exit.Done : Exit.Refused;
    }

    private static Instant? TimeOf(string? text, string option) => text is null
        ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? Instant.From(time)
            : throw new UsageException($"{option} must be a UTC time such as 2025-01-31T00:00:00Z, was '{text}'");

    private static DataFolder FolderOf(Settings settings) =>
        DataFolder.OfLastRun(settings.Get<StorageOptions>().DataFolder, settings.Get<BybitOptions>().Environment);
}

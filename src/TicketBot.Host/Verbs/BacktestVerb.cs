using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TicketBot.Bybit;
using TicketBot.Domain;
using TicketBot.Host.Configuration;
using TicketBot.Host.Reports;
using TicketBot.Host.Running;
using TicketBot.Market;
using TicketBot.Research;
using TicketBot.Research.Backtests;
using TicketBot.Simulator;
using TicketBot.Storage;
using TicketBot.Storage.Csv;
using TicketBot.Tickets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Verbs;

/// <summary>The trading loop over files: the core that trades live, at the venue that paper trading uses, with tickets in force from the start.</summary>
public static class BacktestVerb
{
    private static readonly Option<string[]> Data = new("--data") { Description = "Candles: VENUE_SYMBOL_INTERVAL.csv[.gz] (repeatable)", HelpName = "FILE", Required = true };
    private static readonly Option<string?> OnlySymbol = new("--symbol") { Description = "Contract, when the one file's name does not say it" };
    private static readonly Option<string?> Length = new("--interval") { Description = "Candle length, when the one file's name does not say it" };
    private static readonly Option<string?> From = new("--from") { Description = "Market time before the first decision, UTC ISO 8601 (default: the end of what the tickets were fitted and judged on)" };
    private static readonly Option<string?> Until = new("--to") { Description = "Last market time, UTC ISO 8601 (default: the end of the files)" };
    private static readonly Option<string?> Tickets = new("--tickets") { Description = "A data folder (its live tickets), or a folder of exported tickets (default: the last run's)", HelpName = "DIR" };
    private static readonly Option<string?> Decisions = new("--decisions") { Description = "CSV to write: one row per candle", HelpName = "FILE" };
    private static readonly Option<string?> Report = new("--report") { Description = "HTML page to write: figures, targets, curves, diagnoses, trades", HelpName = "FILE" };
    private static readonly Option<string[]> Funding = new("--funding") { Description = "Recorded funding: VENUE_SYMBOL_funding.csv[.gz] (repeatable)", HelpName = "FILE" };
    private static readonly Option<string?> Instruments = new("--instruments") { Description = "Trading rules as JSON (default: built-in)", HelpName = "FILE" };
    private static readonly Option<long?> Seed = new("--seed") { Description = "Seed of the orders' latencies" };
    private static readonly Option<decimal?> Balance = new("--balance") { Description = "USDT at the start" };

    /// <summary>Returns the verb.</summary>
    public static Command Make(VerbMaker make) => make.Verb(
        "backtest", "The trading loop over files with tickets in force from the start", RunAsync,
        Data, OnlySymbol, Length, From, Until, Tickets, Decisions, Report, Funding, Instruments, Seed, Balance, VerbContext.Json);

    private static async Task<int> RunAsync(VerbContext verb, CancellationToken cancellationToken)
    {
        var files = Read(verb);
        var settings = verb.Settings(Overrides(verb, files[0].Interval));
        var market = settings.Get<MarketOptions>();
        var reference = market.ReferenceSymbol is { } name ? new Domain.Symbol(name) : (Domain.Symbol?)null;
        var folder = verb.Get(Tickets) ?? FolderOf(settings);
        SeriesKey[] series = [.. files.Select(f => new SeriesKey(f.Symbol, f.Interval))];
        var sets = await TicketSets.ReadAsync(folder, series, cancellationToken);
        foreach (var bare in series.Where(s => s.Symbol != reference && !sets.Any(t => t.Symbol == s.Symbol && t.Tickets.Count > 0)))
        {
            verb.Say($"'{folder}' holds no ticket for {bare}: its candles lead to decisions but to no order");
        }

        var candles = UpTo(files, TimeOf(verb.Get(Until), "--to"));
        var from = TimeOf(verb.Get(From), "--from") ?? JudgedUntil(sets) ?? files[0].Candles[0].OpenTime;
        if (!candles.Any(s => s.Value.Any(c => s.Key.Interval.CloseOf(c.OpenTime) > from)))
        {
            throw new UsageException(
                $"no candle closes after {from}{(verb.Get(From) is null ? ", until which the tickets were fitted and judged" : "")}; give a later file, or an earlier --from");
        }

        var research = settings.Get<ResearchOptions>();
        var profile = CostProfile.Of(files[0].Hours, settings.Get<TradingOptions>(), research);
        verb.Say(profile.ToString());
        var trading = profile.ApplyTo(settings.Get<TradingOptions>());
        trading.Symbols = [.. series.Where(s => s.Symbol != reference || sets.Any(t => t.Symbol == s.Symbol)).Select(s => s.Symbol.Value)];
        var simulator = settings.Get<SimulatorOptions>();
        var request = new BacktestRequest
        {
            Candles = candles, LiveFrom = from, Tickets = sets, Trading = trading, Reference = reference,
            Venue = VenueOf(verb, simulator, trading), Balance = simulator.InitialBalance,
        };
        var result = await BacktestRunner.RunAsync(request, null, Progress(verb), cancellationToken);
        if (verb.Get(Decisions) is { } target)
        {
            DecisionCsv.Write(target, result.Decisions);
        }

        var assessment = BacktestAssessment.Of(result, request, research);
        var last = candles.Max(s => s.Key.Interval.CloseOf(s.Value[^1].OpenTime));
        var document = new
        {
            from, to = last, symbols = series.Select(s => s.Symbol), interval = files[0].Interval, tickets = sets.SelectMany(s => s.Tickets).Select(t => t.Id),
            candles = result.Candles, decisions = result.Decisions.Count, orders = result.Status.Counts.Orders, fills = result.Status.Counts.Fills,
            trades = result.Trades.Count, fees = result.Status.Fees, funding = result.Status.Funding, initialBalance = result.InitialBalance,
            wallet = result.Wallet, venueWallet = result.VenueWallet, finalEquity = result.Status.Equity, maxDrawdown = result.MaxDrawdown,
            winRate = result.WinRate, netBpPerTrade = result.Trades.Count == 0 ? (double?)null : result.Trades.Average(t => t.NetBp),
            costProfile = profile.Name, tradable = profile.IsTradable,
            tradesSha256 = FillsHash.Of(result.Executions),
        };
        List<BacktestDocument.PlayedFile> played = [.. files.Select(f => new BacktestDocument.PlayedFile(
            Path.GetFileName(f.Path), Hash(File.ReadAllBytes(f.Path)), new SeriesKey(f.Symbol, f.Interval).ToString(), f.Candles.Count))];
        var settingsHash = HashOf(settings, profile);
        if (verb.Get(Report) is { } page)
        {
            await ReportFile.WriteAsync(page, BacktestReportPage.Of(result, assessment, new BacktestReportPage.Played(
                played, [.. BacktestDocument.InForce(sets)], last, settingsHash, document.tradesSha256, research.Seed, CostsOf(profile, verb.Get(Funding) ?? []))), cancellationToken);
            verb.Say($"wrote {Path.GetFullPath(page)}");
        }

        if (verb.WantsJson)
        {
            verb.WriteJson(BacktestDocument.Of(document, result, assessment, played, settingsHash, research.Seed));
        }
        else
        {
            TextTable.Write(verb.Output, ["figure", "value"], document.GetType().GetProperties().Select(p => new[] { p.Name, Text(p.GetValue(document)) }));
            BacktestText.Write(verb.Output, assessment);
        }

        return Exit.Done;
    }

    private static Action<double> Progress(VerbContext verb)
    {
        var told = 0;
        return done =>
        {
            if ((int)(done * 10) is var tenths && tenths > told)
            {
                told = tenths;
                verb.Say($"{tenths * 10} % of the candles played");
            }
        };
    }

    /// <summary>Returns the market time that an option names, or <c>null</c> when it was not given.</summary>
    internal static Instant? TimeOf(string? text, string option) => text is null
        ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? Instant.From(time)
            : throw new UsageException($"{option} must be a UTC time such as 2025-01-31T00:00:00Z, was '{text}'");

    private static List<CandleFile> Read(VerbContext verb)
    {
        var paths = verb.Get(Data)!;
        if (paths.Length > 1 && (verb.Get(OnlySymbol) ?? verb.Get(Length)) is not null)
        {
            throw new UsageException($"--symbol and --interval describe one file, {paths.Length} were given; name files VENUE_SYMBOL_INTERVAL.csv[.gz]");
        }

        var files = paths.Select(p => CandleFiles.Read(p, verb.Get(OnlySymbol), verb.Get(Length))).ToList();
        if (files.Select(f => f.Interval).Distinct().Count() > 1)
        {
            throw new UsageException($"all files must have one interval, found {string.Join(" and ", files.Select(f => f.Interval).Distinct())}; run them one after the other");
        }

        if (files.Select(f => f.Hours).Distinct().Count() > 1)
        {
            throw new UsageException($"all files must be of one kind of venue, found {string.Join(" and ", files.Select(f => Path.GetFileName(f.Path)))}: their costs differ; run them one after the other");
        }

        return files.GroupBy(f => f.Symbol).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new UsageException($"{twice.Key} is given twice, the second time by '{twice.Last().Path}'")
            : files;
    }

    private static Dictionary<SeriesKey, IReadOnlyList<Candle>> UpTo(List<CandleFile> files, Instant? until)
    {
        var candles = new Dictionary<SeriesKey, IReadOnlyList<Candle>>();
        foreach (var file in files)
        {
            Candle[] kept = [.. file.Candles.Where(c => until is not { } end || file.Interval.CloseOf(c.OpenTime) <= end)];
            candles[new SeriesKey(file.Symbol, file.Interval)] = kept.Length > 0 ? kept : throw new UsageException($"no candle of '{file.Path}' closes by {until}; give a later --to");
        }

        return candles;
    }

    // Only candles that no fitted part of a ticket has seen are evidence.
    private static Instant? JudgedUntil(IReadOnlyList<TicketSet> sets)
    {
        Instant[] times = [.. sets.SelectMany(s => s.Tickets).Select(t => t.Lineage.TestedUntil)];
        return times.Length == 0 ? null : times.Max();
    }

    private static Simulator.Matching.VenueSettings VenueOf(VerbContext verb, SimulatorOptions simulator, TradingOptions trading)
    {
        try
        {
            return SimulatedMarket.VenueOf(verb.Get(Funding) ?? [], verb.Get(Instruments), simulator, trading);
        }
        catch (Exception fault) when (fault is CandleFileException or FormatException or ArgumentException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException(fault.Message, fault);
        }
    }

    // Where something lies plays no part, nor do targets: two runs that must give the same trades have the same hash.
    private static string HashOf(Settings settings, CostProfile profile) => Hash(Encoding.UTF8.GetBytes(string.Join('\n', settings.Values()
        .Where(v => v.Key.StartsWith("Trading:", StringComparison.Ordinal) || v.Key.StartsWith("Market:", StringComparison.Ordinal)
            || (!profile.IsTradable && v.Key.StartsWith(profile.Section + ":", StringComparison.Ordinal)) || v.Key is "Simulator:Seed" or "Simulator:InitialBalance" or "Simulator:MinLatencyMs" or "Simulator:MaxLatencyMs")
        .Select(v => $"{v.Key}={v.Value}"))));

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string CostsOf(CostProfile profile, string[] funding) => $"{profile}. {CostsOf(profile.Costs, funding)}";

    private static string CostsOf(CostOptions costs, string[] funding) => string.Create(
        CultureInfo.InvariantCulture,
        $"Market orders pay the taker fee of {costs.TakerFeeBp:0.##} bp and fill {costs.SlippageBp:0.##} bp worse than the price and, by what of their size lies beyond {costs.ImpactFreeNotional:0.##} USDT, {costs.ImpactCoefficient:0.##} x candle volatility x root of (it / candle turnover) worse than that; limit orders pay {costs.MakerFeeBp:0.##} bp; a round trip at market costs {costs.RoundTripBp:0.##} bp without impact and funding. {(funding.Length > 0 ? $"Funding is recorded: {string.Join(", ", funding.Select(Path.GetFileName))}." : $"Funding is assumed: {costs.FundingBp:0.##} bp a settlement, for no recorded rates were given (--funding).")}");

    private static Dictionary<string, string?> Overrides(VerbContext verb, Interval interval)
    {
        var values = new Dictionary<string, string?> { ["Trading:Interval"] = interval.Name };
        if (verb.Get(Seed) is { } seed)
        {
            values["Simulator:Seed"] = seed.ToString(CultureInfo.InvariantCulture);
        }

        if (verb.Get(Balance) is { } balance)
        {
            values["Simulator:InitialBalance"] = balance.ToString(CultureInfo.InvariantCulture);
        }

        return values;
    }

    private static string FolderOf(Settings settings) =>
        DataFolder.OfLastRun(settings.Get<StorageOptions>().DataFolder, settings.Get<BybitOptions>().Environment).Path;

    private static string Text(object? value) => value switch
    {
        null => "-",
        string text => text,
        System.Collections.IEnumerable many => string.Join(' ', many.Cast<object>()),
        decimal or Money => Convert.ToDecimal(value is Money m ? m.Value : value, CultureInfo.InvariantCulture).ToString("0.########", CultureInfo.InvariantCulture),
        double number => number.ToString("G6", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TicketBot.Domain;
using TicketBot.Host.Verbs;
using TicketBot.Simulator;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;
using TicketBot.Storage.Csv;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Running;

/// <summary>The market of the built-in simulator with its venue's settings, made from files or from a generator.</summary>
/// <param name="Source">The candles.</param>
/// <param name="Venue">Costs, funding, rules, latency.</param>
/// <param name="Slug">A short name of both, unique for different ones: each simulated account keeps a folder of its own.</param>
public sealed record SimulatedMarket(MarketSource Source, VenueSettings Venue, string Slug)
{
    // A generated market that runs faster than the clock begins here, so that equal inputs give equal markets: a Monday.
    private static readonly Instant GeneratedFrom = Instant.From(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero));

    /// <summary>Opens the files of a replay, or makes the generated market of the options.</summary>
    /// <param name="request">Files of a replay.</param>
    /// <param name="options">The generated market otherwise.</param>
    /// <param name="trading">Symbols, interval and costs.</param>
    /// <param name="remembered">Returns when the market of an account once began, or <c>null</c>.</param>
    /// <param name="time">Wall time: where a market at the pace of the clock begins.</param>
    /// <exception cref="UsageException">A file cannot be read as what it should be; the message names it.</exception>
    public static SimulatedMarket Open(
        RunRequest request, SimulatorOptions options, TradingOptions trading, Func<string, Instant?> remembered, TimeProvider time)
    {
        try
        {
            var venue = VenueOf(request.Funding, request.Instruments, options, trading);
            if (request.Replay.Count > 0)
            {
                var replay = new ReplayMarket(Candles(request.Replay), request.HistoryFraction);
                return new SimulatedMarket(replay, venue, SlugOf($"replay-{string.Join('-', replay.Series.Select(s => $"{s.Symbol}-{s.Interval}"))}", replay.Fingerprint, venue, options));
            }

            // At the pace of the clock a generated market begins when it is first started, and its folder must be found again later.
            var name = options.Market.Replace(':', '-');
            var symbols = trading.Symbols.Select(s => new Symbol(s)).ToList();
            var realTime = SlugOf(name, $"{options.Market} {options.Seed} {options.HistoryCandles} {string.Join(',', symbols)} {trading.Interval} in real time", venue, options);
            var from = options.Speed == 1 ? remembered(realTime) ?? Instant.From(time.GetUtcNow()) : GeneratedFrom;
            var source = new GeneratedMarket(
                MarketSpec.Parse(options.Market), symbols, Interval.Parse(trading.Interval), (ulong)options.Seed, options.HistoryCandles, from, venue.Instruments);
            return new SimulatedMarket(source, venue, options.Speed == 1 ? realTime : SlugOf(name, source.Fingerprint, venue, options));
        }
        catch (Exception fault) when (fault is CandleFileException or FormatException or ArgumentException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException(fault.Message, fault);
        }
    }

    /// <summary>Returns the rules that a simulated venue lives by: what the daemon and a backtest of its candles must have in common.</summary>
    /// <param name="funding">Recorded funding files, named <c>VENUE_SYMBOL_funding.csv[.gz]</c>.</param>
    /// <param name="instruments">Trading rules as JSON, or <c>null</c> for the built-in ones.</param>
    /// <param name="options">Seed and latencies.</param>
    /// <param name="trading">Costs.</param>
    public static VenueSettings VenueOf(IReadOnlyList<string> funding, string? instruments, SimulatorOptions options, TradingOptions trading) => new()
    {
        Costs = trading.Costs,
        Funding = new FundingSchedule(trading.Costs.FundingBp / 10_000m, Funding(funding)),
        Instruments = instruments is { } file ? InstrumentRules.FromFile(file) : new InstrumentRules(),
        Seed = (ulong)options.Seed,
        MinLatencyMs = options.MinLatencyMs,
        MaxLatencyMs = options.MaxLatencyMs,
    };

    /// <summary>Returns the symbols and the interval that candle files name.</summary>
    /// <exception cref="UsageException">A name has another form, or the intervals differ.</exception>
    public static (IReadOnlyList<string> Symbols, string Interval) SeriesOf(IReadOnlyList<string> files)
    {
        try
        {
            var names = files.Select(CandleFileName.Parse).ToList();
            var intervals = names.Select(n => n.Interval).Distinct().ToList();
            return intervals.Count == 1
                ? ([.. names.Select(n => n.Symbol.Value)], intervals[0].Name)
                : throw new UsageException($"all replayed files must have one interval, found {string.Join(" and ", intervals)}; run them one after the other");
        }
        catch (Exception fault) when (fault is CandleFileException or FormatException or ArgumentException)
        {
            throw new UsageException(fault.Message, fault);
        }
    }

    private static Dictionary<SeriesKey, IReadOnlyList<Candle>> Candles(IReadOnlyList<string> files)
    {
        var series = new Dictionary<SeriesKey, IReadOnlyList<Candle>>();
        foreach (var path in files)
        {
            var file = CandleCsv.Read(path);
            if (!series.TryAdd(new SeriesKey(file.Symbol, file.Interval), file.Candles))
            {
                throw new UsageException($"{file.Symbol}/{file.Interval} is given twice, the second time by '{path}'");
            }
        }

        return series;
    }

    private static Dictionary<Symbol, IReadOnlyList<Simulator.Markets.FundingRate>> Funding(IReadOnlyList<string> files)
    {
        var rates = new Dictionary<Symbol, IReadOnlyList<Simulator.Markets.FundingRate>>();
        foreach (var path in files)
        {
            var parts = Path.GetFileName(path).Split('_');
            if (parts.Length < 3 || !Symbol.IsValid(parts[1]))
            {
                throw new UsageException($"a funding file is named VENUE_SYMBOL_funding.csv[.gz], was '{path}'");
            }

            rates[new Symbol(parts[1])] = [.. FundingCsv.Read(path).Select(r => new Simulator.Markets.FundingRate(r.Time, (decimal)r.Rate))];
        }

        return rates;
    }

    private static string SlugOf(string name, string market, VenueSettings venue, SimulatorOptions options)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{market}|{venue.Fingerprint}|{options.InitialBalance}");
        return $"{name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8]}";
    }
}

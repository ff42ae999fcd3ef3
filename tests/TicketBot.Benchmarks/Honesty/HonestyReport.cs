using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Domain;
using TicketBot.Market;
using TicketBot.Research;
using TicketBot.Research.Campaigns;
using TicketBot.Storage.Csv;
using TicketBot.Trading;

namespace TicketBot.Benchmarks.Honesty;

/// <summary>Runs the honesty campaign over generated markets and prints its table; what a results file holds already is not done again.</summary>
internal static class HonestyReport
{
    private static readonly string[] Kinds = ["walk", "garch", "random", "edge:burst:0.7:100", "edge:streak:0.7:100", "edge:burst:0.7:25", "planted:0.7"];

    /// <summary>Runs it: <c>[--markets A,B] [--seeds N] [--first N] [--forward N] [--results FILE]</c>. Where <c>TICKETBOT_DATA</c> names a folder, its
    /// 15-minute file of Bybit BTCUSDT is shuffled as a further kind.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var real = Environment.GetEnvironmentVariable("TICKETBOT_DATA") is { } folder ? Path.Combine(folder, "bybit_BTCUSDT_15m.csv.gz") : null;
        var kinds = Option(args, "--markets", string.Join(',', [.. Kinds, .. real is not null && File.Exists(real) ? [$"shuffled:{real}"] : Array.Empty<string>()]));
        var request = new CampaignRequest
        {
            Markets = [.. kinds.Split(',').Select(k => CampaignMarket.Parse(k, Interval.FifteenMinutes, Read))],
            Seeds = int.Parse(Option(args, "--seeds", "10"), CultureInfo.InvariantCulture),
            FirstSeed = ulong.Parse(Option(args, "--first", "1"), CultureInfo.InvariantCulture),
            ForwardCandles = int.Parse(Option(args, "--forward", "4000"), CultureInfo.InvariantCulture),
            ResultsFile = Option(args, "--results", "honesty.jsonl"),
        };
        var campaign = new HonestyCampaign(
            new ResearchOptions(), new MarketOptions(), new TradingOptions { Symbols = { "BTCUSDT" } }, TimeProvider.System, NullLoggerFactory.Instance);
        var entries = await campaign.RunAsync(
            request, (done, of, _) => Console.Error.WriteLine($"{done} done of {of}"), CancellationToken.None);
        Console.WriteLine($"seeds {request.FirstSeed} to {request.FirstSeed + (ulong)request.Seeds - 1}, next {request.ForwardCandles} candles played with what was admitted");
        Console.WriteLine("| Market | Eligible | 95 % | Seconds, median and most | Trades after the search | Mean net bp | First refusals |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var market in entries.GroupBy(e => NameOf(e.Market)))
        {
            var (trades, seconds) = (market.Sum(e => e.ForwardTrades), market.Select(e => e.Seconds).Order().ToList());
            var bp = trades == 0 ? "-" : (market.Sum(e => e.ForwardTrades * e.ForwardNetBp) / trades).ToString("F1", CultureInfo.InvariantCulture);
            var refusals = market.SelectMany(e => e.Refusals).GroupBy(r => r.Split(": ")[^1]).OrderByDescending(g => g.Count()).Select(g => $"{g.Key} {g.Count()}");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| `{market.Key}` | {market.Count(e => e.IsEligible)} of {market.Count()} | {Interval95(market.Count(e => e.IsEligible), market.Count())} | {seconds[seconds.Count / 2]:F0}, {seconds[^1]:F0} | {trades} | {bp} | {string.Join(", ", refusals)} |"));
        }

        Console.WriteLine("\nEach gate alone, markets in which it passed at least one ticket (where an edge is planted every gate is asked):\n");
        var planted = entries.Where(e => request.Markets.Any(m => m.Text == e.Market && m.HasEdge)).GroupBy(e => NameOf(e.Market)).ToList();
        string[] gates = [.. planted.SelectMany(p => p).SelectMany(e => e.Kept.Keys).Distinct()];
        Console.WriteLine($"| Market | {string.Join(" | ", gates)} | all |");
        Console.WriteLine($"|---|{string.Concat(gates.Select(_ => "---|"))}---|");
        foreach (var market in planted)
        {
            var kept = gates.Select(g => $"{market.Count(e => e.Kept.GetValueOrDefault(g))} of {market.Count(e => e.Kept.ContainsKey(g))}");
            Console.WriteLine($"| `{market.Key}` | {string.Join(" | ", kept)} | {market.Count(e => e.IsEligible)} of {market.Count()} |");
        }

        return 0;
    }

    private static CampaignMarket.RealSeries Read(string path)
    {
        var file = CandleCsv.Read(path);
        return new CampaignMarket.RealSeries(file.Symbol, file.Interval, file.Candles);
    }

    // A table names the file, not where it lies.
    private static string NameOf(string market) => market.StartsWith("shuffled:", StringComparison.Ordinal) ? $"shuffled {Path.GetFileName(market)}" : market;

    // Wilson (1927).
    private static string Interval95(int hits, int n)
    {
        const double z = 1.959964;
        var (share, square) = ((double)hits / n, z * z / n);
        var (middle, half) = ((share + (square / 2)) / (1 + square), z * Math.Sqrt((share * (1 - share) / n) + (square / (4 * n))) / (1 + square));
        return string.Create(CultureInfo.InvariantCulture, $"{100 * (middle - half):F0} to {100 * (middle + half):F0} %");
    }

    private static string Option(string[] args, string name, string otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
    }
}

using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Market;
using TicketBot.Research;
using TicketBot.Research.Campaigns;
using TicketBot.Trading;

namespace TicketBot.Benchmarks.Honesty;

/// <summary>Runs the honesty campaign over generated markets and prints its table; what a results file holds already is not done again.</summary>
internal static class HonestyReport
{
    /// <summary>Runs it: <c>[--markets A,B] [--seeds N] [--first N] [--results FILE]</c>.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var request = new CampaignRequest
        {
            Markets = Option(args, "--markets", "planted:0.7,random").Split(','),
            Seeds = int.Parse(Option(args, "--seeds", "10"), CultureInfo.InvariantCulture),
            FirstSeed = ulong.Parse(Option(args, "--first", "1"), CultureInfo.InvariantCulture),
            ResultsFile = Option(args, "--results", "honesty.jsonl"),
        };
        var campaign = new HonestyCampaign(
            new ResearchOptions(), new MarketOptions(), new TradingOptions { Symbols = { "BTCUSDT" } }, TimeProvider.System, NullLoggerFactory.Instance);
        var entries = await campaign.RunAsync(
            request, (done, of, _) => Console.Error.WriteLine($"{done} done of {of}"), CancellationToken.None);
        Console.WriteLine($"seeds {request.FirstSeed} to {request.FirstSeed + (ulong)request.Seeds - 1}, {request.Interval}, next {request.ForwardCandles} candles played");
        Console.WriteLine("| Market | Eligible | Trades after the search | Mean net bp | Seeds in profit | First refusals |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var market in entries.GroupBy(e => e.Market))
        {
            var trades = market.Sum(e => e.ForwardTrades);
            var bp = trades == 0 ? "-" : (market.Sum(e => e.ForwardTrades * e.ForwardNetBp) / trades).ToString("F1", CultureInfo.InvariantCulture);
            var refusals = market.SelectMany(e => e.Refusals).GroupBy(r => r.Split(": ")[^1]).Select(g => $"{g.Key} {g.Count()}");
            Console.WriteLine(
                $"| {market.Key} | {market.Count(e => e.IsEligible)} of {market.Count()} | {trades} | {bp} | {market.Count(e => e.ForwardNet > 0)} | {string.Join(", ", refusals)} |");
        }

        return 0;
    }

    private static string Option(string[] args, string name, string otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
    }
}

using System.Text.Json;
using Microsoft.Extensions.Logging;
using TicketBot.Domain;
using TicketBot.Market;
using TicketBot.Research.Backtests;
using TicketBot.Research.Stages;
using TicketBot.Simulator.Matching;
using TicketBot.Tickets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Research.Campaigns;

/// <summary>Searches many markets with and without an edge and counts how often tickets are admitted: the test of the gates themselves. What is
/// admitted then trades candles that no part of the search has seen.</summary>
/// <param name="options">How tickets are made and judged.</param>
/// <param name="market">Features and regimes.</param>
/// <param name="trading">Confidence, limits and costs.</param>
/// <param name="time">Wall time, for seconds only.</param>
/// <param name="logs">Logs.</param>
public sealed class HonestyCampaign(
    ResearchOptions options, MarketOptions market, TradingOptions trading, TimeProvider time, ILoggerFactory logs)
{
    private static readonly Instant SearchedAt = new(1_750_000_500_000); // 2025-06-15T15:15:00Z: any fixed time gives the same markets for ever.
    private readonly ILogger _log = logs.CreateLogger<HonestyCampaign>();

    /// <summary>Runs what is not yet in the results file and returns every entry of the request.</summary>
    /// <param name="request">Which markets.</param>
    /// <param name="progress">Told after each market (and once at the start) how many are done of how many; or <c>null</c>.</param>
    /// <param name="cancellationToken">Ends it; finished markets stay in the file.</param>
    public async Task<IReadOnlyList<CampaignEntry>> RunAsync(
        CampaignRequest request, Action<int, int, CampaignEntry?>? progress, CancellationToken cancellationToken)
    {
        var settings = StageHash.Of(
            JsonSerializer.Serialize(options), JsonSerializer.Serialize(market), JsonSerializer.Serialize(trading), request.ForwardCandles);
        var wanted = request.Markets
            .SelectMany(m => Enumerable.Range(0, request.Seeds).Select(s => (Market: m, Seed: request.FirstSeed + (ulong)s))).ToList();
        var done = await ReadAsync(request.ResultsFile, settings, cancellationToken);
        var entries = new List<CampaignEntry>();
        var finished = wanted.Count(w => done.ContainsKey((w.Market.Text, w.Seed)));
        progress?.Invoke(finished, wanted.Count, null);
        foreach (var one in wanted)
        {
            if (!done.TryGetValue((one.Market.Text, one.Seed), out var entry))
            {
                entry = await SearchAsync(one.Market, one.Seed, settings, request, cancellationToken);
                await File.AppendAllTextAsync(request.ResultsFile, JsonSerializer.Serialize(entry) + "\n", cancellationToken);
                finished++;
                Log.CampaignProgress(_log, finished, wanted.Count, one.Market.Text, one.Seed, entry.IsEligible ? "eligible" : "notEligible", entry.Seconds);
                progress?.Invoke(finished, wanted.Count, entry);
            }

            entries.Add(entry);
        }

        return entries;
    }

    private static async Task<Dictionary<(string Market, ulong Seed), CampaignEntry>> ReadAsync(
        string file, string settings, CancellationToken cancellationToken)
    {
        var done = new Dictionary<(string Market, ulong Seed), CampaignEntry>();
        if (!File.Exists(file))
        {
            return done;
        }

        var lines = await File.ReadAllLinesAsync(file, cancellationToken);
        for (var i = 0; i < lines.Length; i++)
        {
            try
            {
                if (JsonSerializer.Deserialize<CampaignEntry>(lines[i]) is { } entry && entry.Settings == settings)
                {
                    done[(entry.Market, entry.Seed)] = entry;
                }
            }
            catch (JsonException e) when (i == lines.Length - 1)
            {
                // A run killed while it appended leaves half a line at the end; that market is done again.
                _ = e;
                await File.WriteAllLinesAsync(file, lines[..^1], cancellationToken);
            }
        }

        return done;
    }

    private async Task<CampaignEntry> SearchAsync(CampaignMarket kind, ulong seed, string settings, CampaignRequest request, CancellationToken cancellationToken)
    {
        var interval = kind.Interval;
        var searchedAt = interval.OpenOf(SearchedAt);
        var candles = kind.Make(seed, options.HistoryCandles + request.ForwardCandles, interval.Shift(searchedAt, request.ForwardCandles));
        var history = candles.Take(options.HistoryCandles).ToList();
        var input = new SearchInput { Symbol = kind.Symbol, Interval = interval, Candles = history, AsOf = searchedAt, Seed = seed, AsksEveryGate = kind.HasEdge };
        var factory = new TicketFactory(options, market, trading, time, logs.CreateLogger<TicketFactory>());
        var result = await factory.IdentifyAsync(input, new MemoryRunStore(), new MemoryTrialLedger(), null, cancellationToken);
        var passed = result.Tickets.Where(t => t.Gates.Passed).ToList();
        var report = result.Report;
        IReadOnlyList<BacktestTrade> forward = passed.Count == 0 || request.ForwardCandles == 0
            ? []
            : await ForwardAsync(candles, searchedAt, new TicketSet(kind.Symbol, interval, result.Regimes, passed), seed, cancellationToken);
        return new CampaignEntry(
            kind.Text, seed, settings, report.IsEligible, passed.Count, result.Tickets.Count, report.Densities.First(d => d.Chosen).Density,
            report.Combined.Count, report.Combined.NetExpectancyBp, forward.Count, forward.Count == 0 ? 0 : forward.Average(t => t.NetBp),
            forward.Sum(t => t.Net.Value), report.Seconds,
            [.. report.Tickets.Where(t => !t.Gates.Passed).Select(t => $"{t.Regime}: {t.Gates.FirstRefusal?.Name}")],
            result.Tickets.SelectMany(t => t.Gates.Judgements).Where(j => j.Passed is not null).GroupBy(j => j.Name, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.Any(j => j.Passed == true), StringComparer.Ordinal));
    }

    private async Task<IReadOnlyList<BacktestTrade>> ForwardAsync(
        IReadOnlyList<Candle> candles, Instant from, TicketSet tickets, ulong seed, CancellationToken cancellationToken)
    {
        var key = new SeriesKey(tickets.Symbol, tickets.Interval);
        var limits = JsonSerializer.Deserialize<TradingOptions>(JsonSerializer.Serialize(trading))!;
        limits.Symbols.Clear();
        limits.Symbols.Add(key.Symbol.Value);
        limits.Interval = key.Interval.Name;
        var played = await BacktestRunner.RunAsync(
            new BacktestRequest
            {
                Candles = new Dictionary<SeriesKey, IReadOnlyList<Candle>> { [key] = candles },
                LiveFrom = from,
                Tickets = [tickets],
                Trading = limits,
                Venue = new VenueSettings { Costs = trading.Costs, Seed = seed, ImpactShare = options.ReplayImpactShare },
                Balance = options.BacktestBalance,
            },
            null, null, cancellationToken);
        return played.Trades;
    }
}

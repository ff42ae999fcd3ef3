using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using TicketBot.Market;
using TicketBot.Research.ArchitectureSearch.Estimation;
using TicketBot.Research.Gates;
using TicketBot.Research.Stages;
using TicketBot.Tickets;
using TicketBot.Trading;

namespace TicketBot.Research.ArchitectureSearch.Candles;

/// <summary>Searches architectures on candles and hands the chosen one to the ticket factory: rows, labels, scaler and purged blocks are the factory's, every trial is entered in the ledger, and
/// the tickets pass the factory's gates or are refused. A pure function of request, options and ledger but for the seconds; what was trained is stored, so that a killed search goes on.</summary>
/// <param name="options">How tickets are made and judged.</param>
/// <param name="market">Features and regimes.</param>
/// <param name="trading">Confidence, limits and costs.</param>
/// <param name="time">Wall time.</param>
/// <param name="log">The factory's log.</param>
public sealed class CandleSearch(ResearchOptions options, MarketOptions market, TradingOptions trading, TimeProvider time, ILogger<TicketFactory> log)
{
    private const int Version = 1;

    /// <summary>Runs it.</summary>
    /// <param name="request">What is searched.</param>
    /// <param name="runs">Keeps finished trainings.</param>
    /// <param name="ledger">Counts what was tried.</param>
    /// <param name="cancellationToken">Ends it; finished trainings stay.</param>
    /// <exception cref="ResearchRefusedException">There are too few candles, the plan does not go with them, or every training diverged.</exception>
    public async Task<CandleSearchReport> RunAsync(CandleSearchRequest request, IRunStore runs, ITrialLedger ledger, CancellationToken cancellationToken)
    {
        var (input, plan) = (request.Input, request.Plan);
        var candles = CandleSearchRows.Of(input, options, market, trading, request.Window);
        var settings = TrialSettings.Of(plan, candles.Rows);
        var finalists = new Dictionary<string, Trial>(StringComparer.Ordinal);
        var entered = new ConcurrentDictionary<string, bool>();
        async ValueTask EnterAsync(TrialReport trial, bool isFinalist)
        {
            var entry = TrialOf(candles, plan, settings, trial, isFinalist);
            await ledger.AppendAsync(entry, input.AsOf, cancellationToken);
            entered[entry.ConfigurationHash] = isFinalist;
            if (isFinalist)
            {
                finalists.Add(trial.Architecture, entry);
            }
        }

        var search = await new ArchitectureSearchRun(time, options.Threads).RunAsync(
            candles.Rows, plan, request.Latency, runs, request.Progress, request.Say, cancellationToken, EnterAsync);
        foreach (var finalist in search.Finalists)
        {
            await TrialReturns.WriteAsync(runs, finalists[finalist.Architecture], ReturnsOf(candles, finalist), cancellationToken);
        }

        var choice = FinalistChoice.Of(search.Finalists, options.BootstrapBlock, options.BootstrapDraws, plan.Seed);
        request.Say?.Invoke($"{(request.DrawsTickets ? "tickets are drawn from" : "chosen:")} {NameOf(choice.Finalist.Architecture)}: {choice.Reason}");
        return new CandleSearchReport
        {
            Symbol = input.Symbol,
            Interval = input.Interval,
            AsOf = input.AsOf,
            Window = request.Window,
            TrialSpan = candles.TrialSpan,
            TestSpan = candles.TestSpan,
            Search = search,
            Choice = choice,
            Entered = entered.Count,
            Tickets = request.DrawsTickets
                ? await new TicketFactory(options.With(choice.Finalist.Architecture, request.Window), market, trading, time, log).IdentifyAsync(input, runs, ledger, request.TicketProgress, cancellationToken)
                : null,
        };
    }

    /// <summary>Returns the genes, or a word for a network without any.</summary>
    public static string NameOf(string genes) => genes.Length > 0 ? genes : "(linear)";

    // What it depends on but for the rows, which the span stands for.
    private Trial TrialOf(CandleSearchRows candles, ArchitectureSearchPlan plan, TrialSettings settings, TrialReport trial, bool isFinalist)
    {
        var (from, until) = isFinalist ? candles.TestSpan : candles.TrialSpan;
        var training = isFinalist ? settings.Final : settings.Trial with { Steps = trial.Updates };
        var configuration = StageHash.Of(
            "architecture", Version, candles.Rows.Window, trial.Architecture, TrialTask.TextOf(training), isFinalist ? candles.Rows.Train.Rows : settings.Rows, plan.Seed, isFinalist ? "finalist" : "trial",
            options.Horizon);
        return new Trial(
            candles.Prepared.Input.Symbol, candles.Prepared.Input.Interval, configuration, from, until,
            double.IsFinite(trial.ValidationLoss) ? -trial.ValidationLoss : double.MinValue,
            $"search {(isFinalist ? "finalist" : trial.Number == 0 ? "trial before the first" : FormattableString.Invariant($"trial {trial.Number}"))}: {NameOf(trial.Architecture)}");
    }

    // What the finalist would have traded on test rows, so that later calls can test the best of all that was tried.
    private IReadOnlyList<(long OpenTime, double NetBp)> ReturnsOf(CandleSearchRows candles, FinalistReport finalist)
    {
        var (dataset, test) = (candles.Prepared.Dataset, candles.Prepared.Split.Test);
        int[] rows = [.. Enumerable.Range(test.Start, test.Count)];
        double[] up = [.. rows.Select((row, i) => dataset.Labels[row] == 1 ? finalist.TestProbabilities[i] : 1 - finalist.TestProbabilities[i])];
        var trades = RowTrades.OfProbabilities(dataset, rows, TradeCosts.Of(trading, options), up, trading.ConfidenceThreshold);
        return [.. rows.Select((row, i) => (dataset.OpenOf(row).UnixMilliseconds, trades.NetBp[i]))];
    }
}

using Microsoft.Extensions.Logging;
using TicketBot.Market;
using TicketBot.Research.LotteryTickets;
using TicketBot.Research.Stages;
using TicketBot.Tickets;
using TicketBot.Trading;

namespace TicketBot.Research;

/// <summary>The research sentence: candles become rows, rows a regime set and tickets, tickets pass gates or are refused. A pure function of its input and
/// options but for the seconds in the report; every training is stored, so that a killed search resumes where it stood.</summary>
/// <remarks>Safe for use by several threads.</remarks>
public sealed class TicketFactory
{
    private readonly ResearchOptions _options;
    private readonly MarketOptions _market;
    private readonly TradingOptions _trading;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    /// <summary>Makes a factory.</summary>
    /// <param name="options">How tickets are made and judged.</param>
    /// <param name="market">Features and regimes.</param>
    /// <param name="trading">Confidence, limits and costs that the tickets are judged at.</param>
    /// <param name="time">Wall time, for the report's seconds only.</param>
    /// <param name="log">Log.</param>
    public TicketFactory(ResearchOptions options, MarketOptions market, TradingOptions trading, TimeProvider time, ILogger<TicketFactory> log) =>
        (_options, _market, _trading, _time, _log) = (options, market, trading, time, log);

    /// <summary>Finds one ticket per regime and judges them.</summary>
    /// <param name="input">Candles and market time.</param>
    /// <param name="runs">Keeps finished trainings.</param>
    /// <param name="ledger">Counts what was tried.</param>
    /// <param name="progress">Told of each step, or <c>null</c>.</param>
    /// <param name="cancellationToken">Ends it; finished trainings stay.</param>
    /// <exception cref="ResearchRefusedException">There are too few usable candles.</exception>
    public async Task<FactoryResult> IdentifyAsync(
        SearchInput input, IRunStore runs, ITrialLedger ledger, Action<FactoryProgress>? progress, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var prepared = Preparation.Of(input, _options, _market, _trading, null, null);
        LogStart(prepared);
        var stages = new StageRunner(runs, _options.Threads);
        var steps = 1 + (_options.Folds * (1 + _options.DensityList().Count + prepared.Regimes.Set.Names.Count)) + prepared.Regimes.Set.Names.Count + 1;
        var report = Reporter(steps, progress);
        report("dataset", $"{prepared.Dataset.Rows} rows, regimes {string.Join(", ", prepared.Regimes.Set.Names)}");
        var search = new TicketSearch(prepared, _options, stages, report);
        await search.PoolAsync(cancellationToken);
        var found = await search.RegimesAsync(cancellationToken);
        var earlier = await Fold.EarlierAsync(prepared, _options, _market, _trading, stages, report, cancellationToken);
        return await FinishAsync(prepared, earlier, search, found, _options, "earlyBird", stages, runs, ledger, report, started, cancellationToken);
    }

    /// <summary>Trains the live tickets on at their masks on the newest candles and judges the outcome on rows that neither they nor their regime set have seen.</summary>
    /// <param name="input">Candles and market time.</param>
    /// <param name="live">What trades now.</param>
    /// <param name="runs">Keeps finished trainings.</param>
    /// <param name="ledger">Counts what was tried.</param>
    /// <param name="progress">Told of each step, or <c>null</c>.</param>
    /// <param name="cancellationToken">Ends it; finished trainings stay.</param>
    /// <exception cref="ResearchRefusedException">Nothing is live, there are too few candles, or the test rows would be rows the live tickets were trained on.</exception>
    public async Task<FactoryResult> FineTuneAsync(
        SearchInput input, TicketSet live, IRunStore runs, ITrialLedger ledger, Action<FactoryProgress>? progress, CancellationToken cancellationToken)
    {
        if (live.Tickets.Count == 0)
        {
            throw new ResearchRefusedException($"no ticket of {input.Symbol} {input.Interval} is live, so there is none to train on; identify tickets first");
        }

        return await TrainOnAsync(input, live, _options, "fineTune", runs, ledger, progress, cancellationToken);
    }

    /// <summary>Brings another market's live tickets to a market with too few candles for a search of its own: they are trained on at their masks on its rows, pulled back to what they were, and
    /// judged by the same gates and against a network trained from drawn weights on the same rows. Their features, scaler, regimes and similarity remain the other market's, so that orders
    /// shrink where this one differs.</summary>
    /// <param name="input">The new market.</param>
    /// <param name="live">What trades on the other market.</param>
    /// <param name="runs">Keeps finished trainings.</param>
    /// <param name="ledger">Counts what was tried.</param>
    /// <param name="progress">Told of each step, or <c>null</c>.</param>
    /// <param name="cancellationToken">Ends it; finished trainings stay.</param>
    /// <exception cref="ResearchRefusedException">There are too few candles even for that, or the test rows lie in the time that the live tickets were trained on.</exception>
    public Task<FactoryResult> ColdStartAsync(
        SearchInput input, TicketSet live, IRunStore runs, ITrialLedger ledger, Action<FactoryProgress>? progress, CancellationToken cancellationToken)
    {
        if (live.Tickets.Count == 0 || live.Symbol == input.Symbol)
        {
            throw new ArgumentException($"expected live tickets of another market than {input.Symbol}, were {live.Tickets.Count} of {live.Symbol}", nameof(live));
        }

        return TrainOnAsync(input, live, _options.WithMinTrainRows(_options.Transfer.MinFineTuningRows), "coldStart", runs, ledger, progress, cancellationToken);
    }

    private async Task<FactoryResult> TrainOnAsync(
        SearchInput input, TicketSet live, ResearchOptions options, string method, IRunStore runs, ITrialLedger ledger, Action<FactoryProgress>? progress, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        options = options.With(live.Tickets[0].Architecture.Genes, live.Tickets[0].Architecture.Window); // A searched one may be live.
        var prepared = Preparation.Of(input, options, _market, _trading, live.Regimes, live.Tickets[0].Scaler);
        var trainedUntil = live.Tickets.Max(t => t.Lineage.TrainedUntil);
        var testFrom = prepared.Dataset.OpenOf(prepared.Split.Test.Start);
        if (trainedUntil > testFrom)
        {
            throw new ResearchRefusedException(
                $"the live tickets were trained on candles up to {trainedUntil}, after the first test row at {testFrom}; wait for newer candles or raise Research:HistoryCandles");
        }

        LogStart(prepared);
        var stages = new StageRunner(runs, options.Threads);
        var report = Reporter((2 * live.Tickets.Count) + 1, progress);
        var search = new TicketSearch(prepared, options, stages, report);
        var found = new List<RegimeTicket>();
        foreach (var ticket in live.Tickets.Where(t => t.Schema.Equals(prepared.Dataset.Schema) && t.Scaler.Equals(prepared.Rows.Scaler)
            && t.Architecture.Equals(prepared.Plan.Architecture)))
        {
            var state = live.Regimes.Names.ToList().IndexOf(ticket.Regime);
            found.Add(await search.FineTuneAsync(state, ticket, cancellationToken));
        }

        if (found.Count == 0)
        {
            throw new ResearchRefusedException("the live tickets have another schema than the options ask for; identify new tickets instead");
        }

        int[] pooled = [.. found.Where(f => f.IsPooled).Select(f => f.State)];
        return await FinishAsync(
            prepared, [], search, [.. found.Select(f => f.IsPooled ? f with { JudgedOn = pooled } : f)], options, method, stages, runs, ledger, report, started, cancellationToken);
    }

    /// <summary>Judges the live tickets on the newest rows that none of their fitted parts has seen.</summary>
    /// <param name="input">Candles and market time.</param>
    /// <param name="live">What trades now.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ResearchRefusedException">There are too few candles.</exception>
    public IReadOnlyList<ReEvaluation> ReEvaluate(SearchInput input, TicketSet live, CancellationToken cancellationToken)
    {
        var evaluations = new List<ReEvaluation>();
        foreach (var ticket in live.Tickets)
        {
            cancellationToken.ThrowIfCancellationRequested();
            evaluations.Add(ReEvaluation.Of(input, live, ticket, _options, _market, _trading));
        }

        return evaluations;
    }

    private async Task<FactoryResult> FinishAsync(
        Preparation prepared, IReadOnlyList<Fold> earlier, TicketSearch search, IReadOnlyList<RegimeTicket> found, ResearchOptions options, string method, StageRunner stages,
        IRunStore runs, ITrialLedger ledger, Action<string, string> report, long started, CancellationToken cancellationToken)
    {
        IReadOnlyList<Fold> folds = [.. earlier, await Fold.OfAsync(prepared, search, found, stages, cancellationToken)];
        var judgement = new Judgement(prepared, folds, options, _trading, stages);
        var input = prepared.Input;
        List<Trial> trials = [.. found.Select(one => new Trial(
            input.Symbol, input.Interval, StageHash.Of(prepared.SettingsHash, method, one.IsPooled ? -1 : one.State, one.Network.Density), judgement.TestFrom, judgement.TestUntil,
            -one.ValidationLoss, $"{method} {(one.IsPooled ? "pooled" : prepared.Regimes.Set.Names[one.State])} at density {one.Network.Density:0.###}"))];
        foreach (var trial in trials)
        {
            // Entered before the judgement: a killed judgement was a trial too.
            await ledger.AppendAsync(trial, input.AsOf, cancellationToken);
        }

        var counted = await ledger.CountAsync(input.Symbol, judgement.TestFrom, judgement.TestUntil, cancellationToken);
        var family = Math.Max(found.Select(f => f.IsPooled ? -1 : f.State).Distinct().Count(), counted);
        var judged = await judgement.RunAsync(found, method, folds.Sum(f => f.Search.Trials), family, one => search.CompareAsync(one, cancellationToken), report, cancellationToken);
        var earlierTrials = await EarlierTrialsAsync(ledger, runs, trials, judgement, cancellationToken);
        for (var i = 0; i < trials.Count; i++)
        {
            await TrialReturns.WriteAsync(runs, trials[i], judgement.ReturnsOf(judged[i]), cancellationToken);
        }

        var summary = FactorySummary.Of(folds, judgement, judged, earlierTrials, options, family) with
        {
            StagesReused = stages.Reused,
            Seconds = _time.GetElapsedTime(started).TotalSeconds,
        };
        Log.SearchFinished(
            _log, input.Symbol.Value, input.Interval.Name, summary.Seconds, summary.Verdict, summary.Tickets.Count(t => t.Gates.Passed),
            summary.Tickets.Count, summary.Trials, summary.StagesReused);
        return new FactoryResult(prepared.Regimes.Set, [.. judged.Select(j => j.Ticket)], summary)
        {
            Adaptations = TicketAdaptation.Of(prepared.Regimes.Set.Names, [.. judged.Select(j => (j.Found, j.Ticket))]),
        };
    }

    private static async Task<IReadOnlyList<IReadOnlyDictionary<long, double>>> EarlierTrialsAsync(
        ITrialLedger ledger, IRunStore runs, List<Trial> own, Judgement judgement, CancellationToken cancellationToken)
    {
        var found = new List<IReadOnlyDictionary<long, double>>();
        foreach (var trial in await ledger.ListAsync(own[0].Symbol, judgement.TestFrom, judgement.TestUntil, cancellationToken))
        {
            if (trial.Interval == own[0].Interval && !own.Exists(o => (o.ConfigurationHash, o.From, o.Until) == (trial.ConfigurationHash, trial.From, trial.Until))
                && await TrialReturns.ReadAsync(runs, trial, cancellationToken) is { } returns)
            {
                found.Add(returns);
            }
        }

        return found;
    }

    private Action<string, string> Reporter(int steps, Action<FactoryProgress>? progress)
    {
        var done = 0;
        return (stage, detail) =>
        {
            done = Math.Min(done + 1, steps);
            Log.Stage(_log, stage, detail);
            progress?.Invoke(new FactoryProgress(stage, done, steps, detail));
        };
    }

    private void LogStart(Preparation prepared) => Log.SearchStarted(
        _log, prepared.Input.Symbol.Value, prepared.Input.Interval.Name, prepared.Candles.Count, prepared.Dataset.Rows, prepared.Split.Train.Count,
        prepared.Split.Validation.Count, prepared.Split.Test.Count, string.Join(", ", prepared.Regimes.Set.Names));
}

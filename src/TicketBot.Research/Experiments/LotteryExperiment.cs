using TicketBot.Research.Stages;
using TicketBot.Tickets;

namespace TicketBot.Research.Experiments;

/// <summary>The lottery-ticket experiment on any labelled rows: dense, a way to a mask, and controls, over several seeds. A pure function of rows and plan but for
/// the seconds; every training is stored as soon as it is done, so that a killed experiment goes on where it stood.</summary>
/// <param name="time">Wall time, for the report's seconds only.</param>
/// <param name="threads">Trainings side by side; the result does not depend on it.</param>
public sealed class LotteryExperiment(TimeProvider time, int threads)
{
    /// <summary>Runs it.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="runs">Keeps finished trainings.</param>
    /// <param name="progress">Told of each training, from any thread but never twice at once; or <c>null</c>.</param>
    /// <param name="cancellationToken">Ends it; finished trainings stay.</param>
    /// <exception cref="ResearchRefusedException">The plan does not go with the rows, or a training diverged.</exception>
    public async Task<ExperimentReport> RunAsync(
        ExperimentRows rows, ExperimentPlan plan, IRunStore runs, Action<ExperimentProgress>? progress, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var search = SearchPlan.Of(plan, rows);
        var stages = new StageRunner(runs, threads);
        var controls = search.Prunings == 0 ? [] : plan.Controls;
        var counter = new Counter((plan.Seeds * (1 + (search.Prunings * (1 + controls.Count)))) + (search.NullDraws * (1 + search.Prunings)), stages, progress);

        // The first failure ends everything that runs beside it.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<SeedOutcome> Start(ExperimentRows of, IReadOnlyList<ExperimentControl> with, ulong seed, string name) =>
            new SeedSearch(of, search, with, stages, seed, name, counter.Add).RunAsync(ending);
        var seeds = Enumerable.Range(0, plan.Seeds).Select(i => Start(rows, controls, plan.Seed + (ulong)i, $"seed {plan.Seed + (ulong)i}")).ToList();
        var draws = Enumerable.Range(0, search.NullDraws).Select(i =>
        {
            var seed = StageHash.Seed("null draw", plan.Seed, i);
            return Start(rows.WithPermutedLabels(seed), [], seed, $"permuted labels {i + 1}");
        }).ToList();
        await Task.WhenAll([.. seeds, .. draws]);

        SeedOutcome[] found = [.. seeds.Select(task => task.Result)];
        SeedOutcome[] nulls = [.. draws.Select(task => task.Result)];
        double? nullHigh = nulls.Length == 0 ? null : InputSurvival.NullHigh([.. nulls.Select(n => InputSurvival.Of(n.Rounds[^1].Mask, n.Weights).Max())]);
        SeedReport[] reports = [.. found.Select((outcome, i) => Report(rows, plan.Seed + (ulong)i, outcome, nullHigh))];
        var comparisons = Verdicts.Compare(reports, controls);
        return new ExperimentReport
        {
            Plan = plan,
            Architecture = search.Architecture.Genes,
            Rows = rows.Train.Rows + rows.Validation.Rows + rows.Test.Rows,
            TrainRows = rows.Train.Rows,
            ValidationRows = rows.Validation.Rows,
            TestRows = rows.Test.Rows,
            Features = rows.Features,
            Window = rows.Window,
            Classes = rows.Classes,
            Seeds = reports,
            Comparisons = comparisons,
            Verdict = Verdicts.Of(reports, comparisons, controls, !search.KeepsWeights && plan.Method != ExperimentMethod.RigL),
            NullDraws = nulls.Length,
            MultiplyAdds = found.Concat(nulls).Sum(outcome => outcome.Rounds.Sum(round => round.Outcomes.Values.Sum(training => training.MultiplyAdds))),
            Trainings = counter.Done,
            Reused = stages.Reused,
            Seconds = time.GetElapsedTime(started).TotalSeconds,
        };
    }

    private static SeedReport Report(ExperimentRows rows, ulong seed, SeedOutcome outcome, double? nullHigh)
    {
        var last = outcome.Rounds[^1].Mask;
        var shares = InputSurvival.Of(last, outcome.Weights);
        return new SeedReport
        {
            Seed = seed,
            Rounds = [.. outcome.Rounds.Select(Report)],
            EmergedAtStep = outcome.EmergedAt,
            Stopped = outcome.Stopped,
            MaskSha256 = TrainingTask.HashOf(last),
            WeightsSha256 = TrainingTask.HashOf(outcome.Weights),
            InputSurvival = [.. shares.Select((share, i) => new InputShare(rows.FeatureNames[i], share, nullHigh))],
        };
    }

    private static RoundReport Report(RoundOutcome round) => new(
        round.Number, round.Mask.Density, [.. round.Mask.Layers.Select(layer => new LayerCount(layer.Name, layer.Remaining, layer.Total))], round.Mask.HasCollapsed(),
        round.Outcomes.ToDictionary(
            outcome => outcome.Key,
            outcome => new OutcomeReport(
                outcome.Value.EarlyStopStep, outcome.Value.AccuracyAtEarlyStop, outcome.Value.FinalAccuracy, outcome.Value.MinValidationLoss)));

    /// <summary>Counts trainings.</summary>
    private sealed class Counter(int of, StageRunner stages, Action<ExperimentProgress>? progress)
    {
        private readonly Lock _lock = new();

        public int Done { get; private set; }

        public void Add(string detail)
        {
            lock (_lock)
            {
                Done++;
                progress?.Invoke(new ExperimentProgress(Done, of, stages.Reused, detail));
            }
        }
    }
}

using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;
using TicketBot.Research.Experiments;
using TicketBot.Research.Stages;
using TicketBot.Tickets;

namespace TicketBot.Research.Transfer;

/// <summary>Uses a source's ticket on the target: its mask over its weights at step k (theta_k), trained on the target's labels, against the target's own ticket, the mask permuted inside
/// each layer, the mask over fresh weights, and the dense network from drawn weights (after Morcos et al., "One ticket to win them all", 2019). A pure function of rows and plan but for the
/// seconds; every training is stored as soon as it is done.</summary>
/// <param name="time">Wall time, for the report's seconds only.</param>
/// <param name="threads">Trainings side by side; the result does not depend on it.</param>
public sealed class TicketTransfer(TimeProvider time, int threads)
{
    private const int ValidationPart = 5;
    private const int LeastLabels = 20;

    /// <summary>Runs it.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="architecture">Genes where the plan names none.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="runs">Keeps finished trainings.</param>
    /// <param name="progress">Told of each training, from any thread but never twice at once; or <c>null</c>.</param>
    /// <param name="cancellationToken">Ends it; finished trainings stay.</param>
    /// <exception cref="ResearchRefusedException">The target has too few labels or no labelled test row, the plan does not go with the rows, or a training diverged.</exception>
    public async Task<TicketTransferReport> RunAsync(
        TransferRows rows, string architecture, TicketTransferPlan plan, IRunStore runs, Action<ExperimentProgress>? progress, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (plan.Rounds < 1)
        {
            throw new ResearchRefusedException($"--ticket-rounds: expected 1 to 100, found {plan.Rounds}");
        }

        var source = new ExperimentRows(rows.FeatureNames, rows.Window, rows.Classes, rows.SourceTrain, rows.SourceValidation, rows.SourceTest);
        var target = Target(rows);
        var search = SearchPlan.Of(plan.Search(architecture), source);
        var stages = new StageRunner(runs, threads);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var run = new Run(source, target, search, stages, plan.Seeds * (2 + (5 * plan.Rounds)), progress, ending);
        var seeds = await Task.WhenAll(Enumerable.Range(0, plan.Seeds).Select(i => run.SeedAsync(plan.Seed + (ulong)i)));
        TicketTransferRound[] found = [.. Enumerable.Range(0, plan.Rounds).Select(round => RoundOf(seeds, round))];
        var chosen = Verdicts.SparsestAsGood([.. Enumerable.Range(1, plan.Rounds).Select(round => seeds.Select(
            seed => seed.Source.Rounds[round].Outcomes[ExperimentReport.TicketName].MinValidationLoss - seed.Source.Rounds[0].Outcomes[ExperimentReport.DenseName].MinValidationLoss).ToArray())]);
        var (transfers, reason) = Verdict(chosen is { } at ? found[at - 1] : null, plan.Seeds);
        return new TicketTransferReport
        {
            Plan = plan,
            Architecture = search.Architecture.Genes,
            TrainRows = target.Train.Rows,
            ValidationRows = target.Validation.Rows,
            TestRows = target.Test.Rows,
            Scratch = MeanOf([.. seeds.Select(seed => seed.Scratch)]),
            Rounds = found,
            Round = chosen,
            Transfers = transfers,
            Reason = reason,
            Trainings = stages.Made + stages.Reused,
            Reused = stages.Reused,
            Seconds = time.GetElapsedTime(started).TotalSeconds,
        };
    }

    /// <summary>Checks that the target has the labels a ticket needs, before anything is trained.</summary>
    /// <exception cref="ResearchRefusedException">It has not; the message says what is missing.</exception>
    public static void RequireLabels(TransferRows rows) => Target(rows);

    // Where no validation label exists the newest fifth of the labelled training rows stops the trainings.
    private static ExperimentRows Target(TransferRows rows)
    {
        if (rows.TargetTest is not { } test)
        {
            throw new ResearchRefusedException("--tickets: the target has no test row with a class, so no ticket can be judged on it; give labels or leave --tickets out");
        }

        int[] labelled = [.. rows.LabelledRows];
        if (labelled.Length < LeastLabels)
        {
            throw new ResearchRefusedException($"--tickets: a ticket is trained on labels of the target, at least {LeastLabels}; found {labelled.Length}; give more (--target-labels) or leave --tickets out");
        }

        if (rows.TargetValidation is { } validation)
        {
            return new ExperimentRows(rows.FeatureNames, rows.Window, rows.Classes, rows.Labelled(labelled), validation, test);
        }

        var held = labelled[^(labelled.Length / ValidationPart)..];
        int[] fit = [.. labelled.Where(row => row < held[0] - (rows.Window == 1 ? 0 : rows.Window))];
        return fit.Length < 2
            ? throw new ResearchRefusedException($"--tickets: a window of {rows.Window} steps leaves {fit.Length} of {labelled.Length} labelled rows to learn from; give more labels of the target")
            : new ExperimentRows(rows.FeatureNames, rows.Window, rows.Classes, rows.Labelled(fit), rows.Labelled(held), test);
    }

    private static TicketTransferRound RoundOf(SeedTransfer[] seeds, int round)
    {
        var names = seeds[0].Rounds[round].Keys;
        TicketTransferComparison Against(string partner, Func<SeedTransfer, TrainingOutcome> of)
        {
            var pairs = seeds.Select(seed => (Mine: seed.Rounds[round][TicketTransferReport.TransferredName], Other: of(seed))).ToList();
            return new TicketTransferComparison(
                partner, PairedTest.Of([.. pairs.Select(pair => pair.Mine.AccuracyAtEarlyStop - pair.Other.AccuracyAtEarlyStop)]), pairs.Average(pair => pair.Mine.EarlyStopStep - pair.Other.EarlyStopStep));
        }

        var overlaps = seeds.Select(seed => MaskOverlap.Of(seed.Source.Rounds[round + 1].Mask, seed.Target.Rounds[round + 1].Mask)).ToList();
        return new TicketTransferRound(
            round + 1, seeds.Average(seed => seed.Source.Rounds[round + 1].Mask.Density), overlaps.Average(overlap => overlap.IntersectionOverUnion),
            overlaps.Average(overlap => overlap.ChanceIntersectionOverUnion),
            names.ToDictionary(name => name, name => MeanOf([.. seeds.Select(seed => seed.Rounds[round][name])])),
            [
                .. names.Where(name => name != TicketTransferReport.TransferredName).Select(name => Against(name, seed => seed.Rounds[round][name])),
                Against(TicketTransferReport.ScratchName, seed => seed.Scratch),
            ]);
    }

    private static TicketTransferOutcome MeanOf(TrainingOutcome[] outcomes) =>
        new(outcomes.Average(o => o.AccuracyAtEarlyStop), outcomes.Average(o => (double)o.EarlyStopStep), outcomes.Average(o => o.MinValidationLoss));

    private static (bool Transfers, string Reason) Verdict(TicketTransferRound? round, int seeds)
    {
        if (round is null)
        {
            return (false, "at no round does the source's ticket keep up with the dense network on the source's own validation rows, so there is no ticket to transfer");
        }

        TicketTransferComparison Against(string name) => round.Comparisons.Single(c => c.Partner == name);
        var (shuffled, reinit, own, scratch) = (
            Against(TicketTransferReport.ShuffledName), Against(TicketTransferReport.ReinitName), Against(TicketTransferReport.OwnName), Against(TicketTransferReport.ScratchName));
        var transfers = shuffled.Accuracy.PValue < Verdicts.Level && reinit.Accuracy.PValue < Verdicts.Level;
        var few = transfers || seeds >= 5 ? "" : "; fewer than 5 seeds cannot show it";
        return (transfers, FormattableString.Invariant(
            $"at round {round.Round}, {round.Remaining:P1} of weights and as good as dense on the source, the source's ticket {(transfers ? "carries mask and weights to the target" : "is not separated from its controls on the target")}: {Text(shuffled)} over its mask shuffled, {Text(reinit)} over fresh weights, {Text(own)} over the target's own ticket, {Text(scratch)} over scratch{few}"));
    }

    private static string Text(TicketTransferComparison c) => FormattableString.Invariant($"{Math.Round(100 * c.Accuracy.Mean, 1) + 0.0:+0.0;-0.0;0.0} points (p = {c.Accuracy.PValue:0.000})");

    /// <summary>What one repetition gave.</summary>
    /// <param name="Source">The search on the source.</param>
    /// <param name="Target">The target's own search.</param>
    /// <param name="Rounds">Trainings on the target by round and name.</param>
    private sealed record SeedTransfer(SeedOutcome Source, SeedOutcome Target, IReadOnlyList<IReadOnlyDictionary<string, TrainingOutcome>> Rounds)
    {
        public TrainingOutcome Scratch => Target.Rounds[0].Outcomes[ExperimentReport.DenseName];
    }

    /// <summary>The trainings of one run.</summary>
    private sealed class Run(
        ExperimentRows source, ExperimentRows target, SearchPlan search, StageRunner stages, int of, Action<ExperimentProgress>? progress, CancellationTokenSource ending)
    {
        private readonly Lock _lock = new();
        private int _done;

        // Source and target draw the same first weights and orders from a seed, so partners differ by what is compared alone.
        public async Task<SeedTransfer> SeedAsync(ulong seed)
        {
            var own = SearchAsync(target, "target", seed);
            var from = await SearchAsync(source, "source", seed);
            var theta = from.Rounds[0].Outcomes[ExperimentReport.DenseName].RewindWeights;
            var used = new List<(Task<TrainingOutcome> Transferred, Task<TrainingOutcome> Shuffled, Task<TrainingOutcome> Reinit)>();
            foreach (var round in from.Rounds.Skip(1))
            {
                var (shuffling, drawing) = (new Rng(StageHash.Seed("transferred mask", seed, round.Number)), new Rng(StageHash.Seed("transferred weights", seed, round.Number)));
                used.Add((
                    TrainAsync(TicketTransferReport.TransferredName, seed, round.Mask, theta, search.Words.RewindStep),
                    TrainAsync(TicketTransferReport.ShuffledName, seed, MaskSet.RandomLike(round.Mask, ref shuffling), theta, search.Words.RewindStep),
                    TrainAsync(TicketTransferReport.ReinitName, seed, round.Mask, Network.Create(search.Architecture, ref drawing).CaptureWeights(), 0)));
            }

            await Task.WhenAll([own, .. used.SelectMany(tasks => new Task[] { tasks.Transferred, tasks.Shuffled, tasks.Reinit })]);
            var mine = own.Result;
            return new SeedTransfer(from, mine, [.. used.Select((tasks, i) => new Dictionary<string, TrainingOutcome>
            {
                [TicketTransferReport.TransferredName] = tasks.Transferred.Result,
                [TicketTransferReport.OwnName] = mine.Rounds[i + 1].Outcomes[ExperimentReport.TicketName],
                [TicketTransferReport.ShuffledName] = tasks.Shuffled.Result,
                [TicketTransferReport.ReinitName] = tasks.Reinit.Result,
            })]);
        }

        private Task<SeedOutcome> SearchAsync(ExperimentRows of, string name, ulong seed) => new SeedSearch(of, search, [], stages, seed, $"seed {seed} {name}", Say).RunAsync(ending);

        private async Task<TrainingOutcome> TrainAsync(string name, ulong seed, MaskSet mask, IReadOnlyList<float[]> start, int startStep)
        {
            var task = new TrainingTask
            {
                Rows = target, Plan = search, Mask = mask, Start = start, StartStep = startStep, OrderSeed = StageHash.Seed("data order", seed), KeepsWeights = false,
            };
            try
            {
                var outcome = TrainingOutcome.FromBytes(await stages.RunAsync("experiment", new StageRunner.Work(task.InputHash, () => task.Run(ending.Token).ToBytes()), ending.Token));
                Say(FormattableString.Invariant($"seed {seed} target {name}: {mask.Density:P1} of weights, validation loss {outcome.MinValidationLoss:0.0000}"));
                return outcome;
            }
            catch (TrainingDivergedException fault)
            {
                await ending.CancelAsync();
                throw new ResearchRefusedException($"seed {seed}, {name} ticket on the target: {fault.Message}", fault);
            }
            catch
            {
                await ending.CancelAsync();
                throw;
            }
        }

        private void Say(string detail)
        {
            lock (_lock)
            {
                _done++;
                progress?.Invoke(new ExperimentProgress(_done, of, stages.Reused, detail));
            }
        }
    }
}

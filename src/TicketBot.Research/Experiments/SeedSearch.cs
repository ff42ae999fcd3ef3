using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Research.Stages;

namespace TicketBot.Research.Experiments;

/// <summary>What one round of one seed gave.</summary>
/// <param name="Number">The round; 0 is dense.</param>
/// <param name="Mask">What was trained.</param>
/// <param name="Outcomes">By name: dense alone, or the ticket and its controls.</param>
internal sealed record RoundOutcome(int Number, MaskSet Mask, IReadOnlyDictionary<string, TrainingOutcome> Outcomes);

/// <summary>What the search of one seed gave.</summary>
/// <param name="Rounds">Dense, then each round.</param>
/// <param name="EmergedAt">Step at which the mask of the last density stopped moving in dense training.</param>
/// <param name="Stopped">Why the rounds ended before the last; <c>null</c> if they did not.</param>
/// <param name="Weights">Weights of the last network at its early stop.</param>
internal sealed record SeedOutcome(IReadOnlyList<RoundOutcome> Rounds, int? EmergedAt, string? Stopped, IReadOnlyList<float[]> Weights);

/// <summary>The search of one seed: dense, prune, rewind, train, with controls that are never pruned further.</summary>
/// <param name="rows">Rows.</param>
/// <param name="plan">The plan.</param>
/// <param name="controls">Controls of each round.</param>
/// <param name="stages">Runs and stores trainings.</param>
/// <param name="seed">Seed of first weights, data order and controls.</param>
/// <param name="name">What it is called in reports and errors.</param>
/// <param name="report">Told of each training done.</param>
internal sealed class SeedSearch(
    ExperimentRows rows, SearchPlan plan, IReadOnlyList<ExperimentControl> controls, StageRunner stages, ulong seed, string name, Action<string> report)
{
    private readonly ulong _orderSeed = StageHash.Seed("data order", seed);

    private readonly List<Task> _started = [];

    /// <summary>Runs it; a failure ends all searches that share <paramref name="ending"/>, and nothing runs on when this returns.</summary>
    /// <exception cref="ResearchRefusedException">A training diverged.</exception>
    public async Task<SeedOutcome> RunAsync(CancellationTokenSource ending)
    {
        try
        {
            return await RunAsync(ending.Token);
        }
        catch
        {
            await ending.CancelAsync();
            await Task.WhenAll(_started).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private async Task<SeedOutcome> RunAsync(CancellationToken cancellationToken)
    {
        var full = MaskSet.Full(plan.Architecture);
        var dense = await TrainAsync("dense", 0, TaskOf(full, Drawn("first weights", 0), 0, true) with { IsDense = true }, cancellationToken);
        var rounds = new List<RoundOutcome> { new(0, full, new Dictionary<string, TrainingOutcome> { [ExperimentReport.DenseName] = dense }) };
        var pending = new List<(int Round, MaskSet Mask, TrainingOutcome Ticket, Task<TrainingOutcome>[] Controls)>();
        var (mask, last) = (full, dense);
        string? stopped = null;
        for (var round = 1; round <= plan.Prunings && stopped is null; round++)
        {
            mask = MaskMethods.Next(plan, rows, mask, last, dense, seed);
            var start = plan.KeepsWeights ? last.LastWeights : dense.RewindWeights;
            var task = TaskOf(mask, start, plan.Words.RewindStep, true) with { MovesWeights = plan.Words.Method == ExperimentMethod.RigL };
            var ticket = TrainAsync(ExperimentReport.TicketName, round, task, cancellationToken);
            if (task.MovesWeights)
            {
                mask = MaskSet.FromArrays(plan.Architecture, (await ticket).MovedMask);
            }

            var others = Controls(mask, dense, round, cancellationToken);
            _started.AddRange([ticket, .. others]);
            last = await ticket;
            pending.Add((round, mask, last, others));
            if (round < plan.Prunings && plan.Words.StopLossRise is { } rise && last.MinValidationLoss > dense.MinValidationLoss * (1 + rise))
            {
                stopped = $"after round {round}: the lowest validation loss {last.MinValidationLoss:0.0000} exceeds the dense network's {dense.MinValidationLoss:0.0000} by more than {rise:P0}";
            }
        }

        foreach (var (round, bits, ticket, others) in pending)
        {
            var outcomes = new Dictionary<string, TrainingOutcome> { [ExperimentReport.TicketName] = ticket };
            for (var i = 0; i < others.Length; i++)
            {
                outcomes[ExperimentReport.NameOf(controls[i])] = await others[i];
            }

            rounds.Add(new RoundOutcome(round, bits, outcomes));
        }

        return new SeedOutcome(rounds, dense.EmergedAt, stopped, last.BestWeights);
    }

    private Task<TrainingOutcome>[] Controls(MaskSet mask, TrainingOutcome dense, int round, CancellationToken cancellationToken) =>
        [.. controls.Select(control => TrainAsync(ExperimentReport.NameOf(control), round, ControlTask(control, mask, dense, round), cancellationToken))];

    // Freshly drawn weights have no place in the schedule, so they start at step 0 and get all the updates.
    private TrainingTask ControlTask(ExperimentControl control, MaskSet mask, TrainingOutcome dense, int round) => control switch
    {
        ExperimentControl.Reinit => TaskOf(mask, Drawn("reinit", round), 0, false),
        ExperimentControl.Shuffled => TaskOf(Permuted(mask, "shuffled", round), dense.RewindWeights, plan.Words.RewindStep, false),
        ExperimentControl.Random => TaskOf(Permuted(mask, "random", round), Drawn("random", round), 0, false),
        _ => throw new ArgumentOutOfRangeException(nameof(control), control, "unknown control"),
    };

    private MaskSet Permuted(MaskSet mask, string purpose, int round)
    {
        var rng = new Rng(StageHash.Seed("mask", purpose, seed, round));
        return MaskSet.RandomLike(mask, ref rng);
    }

    private float[][] Drawn(string purpose, int round)
    {
        var rng = new Rng(StageHash.Seed("weights", purpose, seed, round));
        return Network.Create(plan.Architecture, ref rng).CaptureWeights();
    }

    private TrainingTask TaskOf(MaskSet mask, IReadOnlyList<float[]> start, int startStep, bool keepsWeights) => new()
    {
        Rows = rows, Plan = plan, Mask = mask, Start = start, StartStep = startStep, OrderSeed = _orderSeed, KeepsWeights = keepsWeights,
    };

    private async Task<TrainingOutcome> TrainAsync(string what, int round, TrainingTask task, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await stages.RunAsync(
                "experiment", new StageRunner.Work(task.InputHash, () => task.Run(cancellationToken).ToBytes()), cancellationToken);
            var outcome = TrainingOutcome.FromBytes(bytes);
            report(FormattableString.Invariant(
                $"{name} round {round} {what}: {task.Mask.Density:P1} of weights, early stop at {outcome.EarlyStopStep} with validation loss {outcome.MinValidationLoss:0.0000}"));
            return outcome;
        }
        catch (Learning.Training.TrainingDivergedException fault)
        {
            throw new ResearchRefusedException($"{name}, round {round}, {what}: {fault.Message}", fault);
        }
    }
}

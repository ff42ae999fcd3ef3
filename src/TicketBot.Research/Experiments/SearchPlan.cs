using System.Globalization;
using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Research.Experiments;

/// <summary>A plan read and checked against the rows it is for.</summary>
internal sealed record SearchPlan
{
    private const int IncomingKeptGlobally = 2; // The floor against layers that a global threshold would empty.

    /// <summary>The plan in words.</summary>
    public required ExperimentPlan Words { get; init; }

    /// <summary>The layer stack.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>How every network is trained.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>What one round removes.</summary>
    public required PruningOptions Round { get; init; }

    /// <summary>One pruning of the full mask to the last density.</summary>
    public required PruningOptions Whole { get; init; }

    /// <summary>Searches on permuted labels.</summary>
    public required int NullDraws { get; init; }

    /// <summary>Whether trained weights are kept and only the schedule goes back.</summary>
    public bool KeepsWeights => Words.Rewind == "rate";

    /// <summary>Prunings of a search.</summary>
    public int Prunings => Words.Rounds == 0 ? 0 : Words.Method == ExperimentMethod.Imp ? Words.Rounds : 1;

    /// <summary>Whether the emergence of an early mask is watched.</summary>
    public bool WatchesEmergence => Words.Rounds > 0 && Words.Method is ExperimentMethod.Imp or ExperimentMethod.EarlyBird;

    /// <summary>The training options as text for hashes.</summary>
    public string TrainingText => string.Create(
        CultureInfo.InvariantCulture,
        $"{Training.Optimizer} {Training.LearningRate:R} {Training.Momentum:R} {Training.Schedule} {Training.BatchSize} {Training.Steps} {Training.ValidateEverySteps}");

    /// <summary>The rates of the last density as text for hashes.</summary>
    public string WholeText => string.Create(
        CultureInfo.InvariantCulture, $"{Whole.Rate:R} {Whole.OutputRate:R} {Whole.RecurrentRate:R} {Whole.Scope} {Whole.KeepIncoming}");

    /// <summary>Reads and checks a plan.</summary>
    /// <exception cref="ResearchRefusedException">A value is out of its range or does not go with another; the message names it and the remedy.</exception>
    public static SearchPlan Of(ExperimentPlan plan, ExperimentRows rows)
    {
        Require(plan.Batch >= 1, "batch", "at least 1", plan.Batch);
        Require(plan.Steps >= 1, "steps", "at least 1", plan.Steps);
        Require(plan.EvaluateEvery >= 1, "evaluate-every", "at least 1", plan.EvaluateEvery);
        Require(plan.LearningRate > 0 && double.IsFinite(plan.LearningRate), "learning-rate", "a number above 0", plan.LearningRate);
        Require(plan.Momentum is >= 0 and < 1, "momentum", "0 to below 1", plan.Momentum);
        Require(plan.Rounds is >= 0 and <= 100, "rounds", "0 to 100", plan.Rounds);
        Require(plan.Prune is > 0 and < 1, "prune", "a share above 0 and below 1", plan.Prune);
        Require(plan.PruneOutput is null or (>= 0 and < 1), "prune-output", "a share from 0 to below 1", plan.PruneOutput);
        Require(plan.PruneRecurrent is null or (>= 0 and < 1), "prune-recurrent", "a share from 0 to below 1", plan.PruneRecurrent);
        Require(plan.RewindStep >= 0 && plan.RewindStep < plan.Steps, "rewind-step", $"a step from 0 to below --steps {plan.Steps}", plan.RewindStep);
        Require(plan.Seeds is >= 1 and <= 1_000, "seeds", "1 to 1,000", plan.Seeds);
        Require(plan.NullDraws is null or (>= 0 and <= 10_000), "null-draws", "0 to 10,000", plan.NullDraws);
        Require(plan.StopLossRise is null or > 0, "stop-loss-rise", "a share above 0", plan.StopLossRise);
        Require(plan.Controls.Distinct().Count() == plan.Controls.Count, "controls", "each control once", string.Join(',', plan.Controls));
        Require(plan.RewindStep == 0 || plan.Method != ExperimentMethod.RigL, "rewind-step", "0: rigl never rewinds", plan.RewindStep);
        var optimizer = Word(plan.Optimizer, "optimizer", ("adam", Optimizer.Adam), ("sgd", Optimizer.Sgd));
        var schedule = Word(
            plan.Schedule, "schedule", ("constant", LearningRateSchedule.Constant), ("linear", LearningRateSchedule.Linear), ("cosine", LearningRateSchedule.Cosine),
            ("onecycle", LearningRateSchedule.OneCycle));
        var scope = Word(plan.Scope, "scope", ("layer", PruningScope.Layer), ("global", PruningScope.Global));
        var keeps = Word(plan.Rewind, "rewind", ("weights", false), ("rate", true));
        Require(!keeps || plan.Method is ExperimentMethod.Imp or ExperimentMethod.OneShot, "rewind", "weights: only imp and oneshot prune trained weights that could be kept", plan.Rewind);
        var round = new PruningOptions
        {
            Rate = plan.Prune, OutputRate = plan.PruneOutput ?? plan.Prune / 2, RecurrentRate = plan.PruneRecurrent ?? plan.Prune / 2, Scope = scope,
            KeepIncoming = scope == PruningScope.Global ? IncomingKeptGlobally : 0,
        };
        return new SearchPlan
        {
            Words = plan,
            Architecture = ArchitectureOf(plan, rows),
            Training = new TrainingOptions
            {
                Optimizer = optimizer, LearningRate = plan.LearningRate, Momentum = plan.Momentum, Schedule = schedule, BatchSize = plan.Batch, Steps = plan.Steps,
                ValidateEverySteps = plan.EvaluateEvery,
            },
            Round = round,
            Whole = round with
            {
                Rate = After(round.Rate, plan.Rounds), OutputRate = After(round.OutputRate, plan.Rounds), RecurrentRate = After(round.RecurrentRate, plan.Rounds),
            },
            NullDraws = plan.Rounds == 0 ? 0 : plan.NullDraws ?? (rows.Features <= 64 ? 20 : 0),
        };
    }

    private static Architecture ArchitectureOf(ExperimentPlan plan, ExperimentRows rows)
    {
        try
        {
            return Architecture.Parse(plan.Architecture, rows.Features, rows.Classes, rows.Window);
        }
        catch (FormatException fault)
        {
            throw new ResearchRefusedException($"--architecture: {fault.Message}", fault);
        }
    }

    /// <summary>What rounds of a rate remove together: 1 - (1 - rate)^rounds.</summary>
    private static double After(double rate, int rounds)
    {
        var kept = 1m;
        for (var round = 0; round < rounds; round++)
        {
            kept *= 1 - (decimal)rate;
        }

        return (double)(1 - kept);
    }

    private static T Word<T>(string word, string option, params (string Word, T Value)[] known)
    {
        foreach (var (name, value) in known)
        {
            if (name == word)
            {
                return value;
            }
        }

        throw new ResearchRefusedException($"--{option}: expected {string.Join(" or ", known.Select(k => k.Word))}, found '{word}'");
    }

    private static void Require(bool holds, string option, string expected, object? found)
    {
        if (!holds)
        {
            throw new ResearchRefusedException(string.Create(CultureInfo.InvariantCulture, $"--{option}: expected {expected}, found {found}"));
        }
    }
}

using TicketBot.Learning.Training;
using TicketBot.Research.Experiments;

namespace TicketBot.Research.ArchitectureSearch.Estimation;

/// <summary>How trials and finalists are trained, read from a plan.</summary>
internal sealed record TrialSettings
{
    private const int DefaultEpochs = 10;
    private const int LeastUpdates = 500;
    private const int LeastRows = 5_000;
    private const double DefaultRowShare = 0.2;
    private const int Validations = 20;

    /// <summary>Training rows of a trial.</summary>
    public required int Rows { get; init; }

    /// <summary>Training of a trial.</summary>
    public required TrainingOptions Trial { get; init; }

    /// <summary>Training of a finalist, on all rows.</summary>
    public required TrainingOptions Final { get; init; }

    /// <summary>Reads and checks a plan.</summary>
    /// <exception cref="ResearchRefusedException">A value is out of its range.</exception>
    public static TrialSettings Of(ArchitectureSearchPlan plan, ExperimentRows rows)
    {
        Require(plan.Epochs is null or >= 1, "epochs", "at least 1", plan.Epochs);
        Require(plan.Batch >= 1, "batch", "at least 1", plan.Batch);
        Require(plan.LearningRate > 0 && double.IsFinite(plan.LearningRate), "learning-rate", "a number above 0", plan.LearningRate);
        Require(plan.RowShare is null or (> 0 and <= 1), "row-share", "a share above 0 and at most 1", plan.RowShare);
        Require(plan.Trials is >= 1 and <= 1_000_000, "budget", "1 to 1,000,000 trials", plan.Trials);
        Require(plan.Time is null || plan.Time > TimeSpan.Zero, "budget", "a time above 0", plan.Time);
        Require(plan.Population is >= 4 and <= 1_000, "population", "4 to 1,000", plan.Population);
        Require(plan.Tournament >= 1 && plan.Tournament <= plan.Population, "tournament", $"1 to the population of {plan.Population}", plan.Tournament);
        Require(plan.ControllerRate > 0 && double.IsFinite(plan.ControllerRate), "controller-rate", "a number above 0", plan.ControllerRate);
        Require(plan.Finalists is >= 1 and <= 100, "finalists", "1 to 100", plan.Finalists);
        Require(plan.RetestSeeds is >= 1 and <= 1_000, "retest-seeds", "1 to 1,000", plan.RetestSeeds);
        Require(plan.Halving is null or (>= 2 and <= 10), "halving", "2 to 10", plan.Halving);
        var all = rows.Train.Rows;
        var count = plan.RowShare is { } share ? Math.Max(1, (int)(share * all)) : Math.Min(all, Math.Max(LeastRows, (int)(DefaultRowShare * all)));
        return new TrialSettings { Rows = count, Trial = OptionsOf(plan, count), Final = OptionsOf(plan, all) };
    }

    private static TrainingOptions OptionsOf(ArchitectureSearchPlan plan, int rows)
    {
        var perEpoch = (rows + plan.Batch - 1) / plan.Batch;
        var updates = plan.Epochs is { } epochs ? checked(epochs * perEpoch) : Math.Max(DefaultEpochs * perEpoch, LeastUpdates);
        return new TrainingOptions
        {
            Optimizer = Optimizer.AdamW, LearningRate = plan.LearningRate, BatchSize = plan.Batch, Steps = updates,
            ValidateEverySteps = Math.Max(1, updates / Validations), ClipNorm = 5,
        };
    }

    private static void Require(bool holds, string option, string expected, object? found)
    {
        if (!holds)
        {
            throw new ResearchRefusedException(FormattableString.Invariant($"--{option}: expected {expected}, found {found}"));
        }
    }
}

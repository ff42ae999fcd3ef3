using TicketBot.Research.ArchitectureSearch;

namespace TicketBot.Host.Verbs;

/// <summary>The JSON document of <c>search</c>.</summary>
public static class ArchitectureSearchDocument
{
    /// <summary>Returns the document; two runs with equal inputs give the same but for <c>seconds</c>.</summary>
    public static object Of(ArchitectureSearchReport report) => new
    {
        rows = new { train = report.Rows.Train, validation = report.Rows.Validation, test = report.Rows.Test, trial = report.TrialRows },
        strategy = report.Plan.Strategy,
        seed = report.Plan.Seed,
        report.Space,
        spaceSize = report.SpaceSize,
        objectives = report.Plan.Objectives,
        latencyTable = report.LatencyTable,
        priorLoss = report.PriorLoss,
        trials = report.Trials.Select(TrialOf),
        front = report.Front.Select(TrialOf),
        best = FinalistOf(report.Best),
        finalists = report.Finalists.Select(FinalistOf),
        report.Hypervolume,
        report.Remarks,
        report.Seconds,
    };

    private static object TrialOf(TrialReport trial) => new
    {
        trial.Number,
        trial.Architecture,
        trial.Parameters,
        trial.MultiplyAdds,
        trial.LatencyUs,
        validationLoss = double.IsFinite(trial.ValidationLoss) ? trial.ValidationLoss : (double?)null,
        trial.ValidationAccuracy,
        trial.Updates,
        trial.TrainingMultiplyAdds,
    };

    private static object FinalistOf(FinalistReport finalist) => new
    {
        finalist.Architecture,
        finalist.Parameters,
        finalist.TestAccuracy,
        finalist.SearchScore,
        finalist.ConfirmedScore,
        finalist.RetestScore,
        finalist.RetestLow,
        finalist.RetestHigh,
        finalist.Shrinkage,
    };
}

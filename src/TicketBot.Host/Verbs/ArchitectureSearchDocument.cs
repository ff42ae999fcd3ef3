using TicketBot.Research.ArchitectureSearch;
using TicketBot.Research.ArchitectureSearch.Candles;

namespace TicketBot.Host.Verbs;

/// <summary>The JSON document of <c>search</c>.</summary>
public static class ArchitectureSearchDocument
{
    /// <summary>Returns the document; two runs with equal inputs give the same but for <c>seconds</c>.</summary>
    /// <param name="report">The search.</param>
    /// <param name="candles">What it was on candles; <c>null</c> of a table.</param>
    public static object Of(ArchitectureSearchReport report, object? candles = null) => new
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
        candles,
    };

    /// <summary>Returns what a search on candles has beyond one on a table.</summary>
    /// <param name="report">The search.</param>
    /// <param name="file">The tickets as a file that was evaluated; <c>null</c> where none were drawn.</param>
    /// <param name="admission">What became of them in the registry; <c>null</c> where they were only judged.</param>
    public static object CandlesOf(CandleSearchReport report, EvaluatedFile? file, string? admission) => new
    {
        report.Symbol,
        report.Interval,
        report.AsOf,
        report.Window,
        trialSpan = new { report.TrialSpan.From, report.TrialSpan.Until },
        testSpan = new { report.TestSpan.From, report.TestSpan.Until },
        ledgerEntries = report.Entered,
        chosen = new { report.Choice.Finalist.Architecture, report.Choice.Finalist.Parameters, report.Choice.Reason, rule = FinalistChoice.Rule },
        verdict = report.Tickets?.Report.Verdict,
        tickets = file is null ? null : EvaluationDocument.Of([file]),
        admission,
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

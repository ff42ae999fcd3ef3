using TicketBot.Research.Experiments;

namespace TicketBot.Host.Verbs;

/// <summary>The JSON document of <c>tickets search</c>.</summary>
public static class ExperimentDocument
{
    /// <summary>Returns the document.</summary>
    public static object Of(ExperimentReport report) => new
    {
        report.Rows,
        report.Features,
        report.Classes,
        report.Window,
        splitRows = new { train = report.TrainRows, validation = report.ValidationRows, test = report.TestRows },
        method = ExperimentText.NameOf(report.Plan.Method),
        rewind = report.Plan.Rewind,
        report.Architecture,
        seeds = report.Seeds.Select(seed => new
        {
            seed.Seed,
            rounds = seed.Rounds.Select(RoundOf),
            seed.EmergedAtStep,
            shareSaved = seed.EmergedAtStep is { } step ? 1 - ((double)step / report.Plan.Steps) : (double?)null,
            seed.Stopped,
            seed.MaskSha256,
            seed.WeightsSha256,
            seed.InputSurvival,
        }),
        comparison = report.Comparisons.Select(c => new
        {
            c.Round, c.Remaining, c.Control, meanDifference = c.Accuracy.Mean, c.Accuracy.Low, c.Accuracy.High, c.Accuracy.PValue, n = c.Accuracy.Count, c.MeanStepDifference,
        }),
        label = report.Verdict.Label,
        labelRound = report.Verdict.Round,
        labelReason = report.Verdict.Reason,
        report.NullDraws,
        report.MultiplyAdds,
        report.Trainings,
        report.Reused,
        report.Seconds,
    };

    private static Dictionary<string, object> RoundOf(RoundReport round)
    {
        var document = new Dictionary<string, object>
        {
            ["round"] = round.Round, ["remaining"] = round.Remaining, ["layers"] = round.Layers, ["collapsed"] = round.HasCollapsed,
        };
        foreach (var (name, outcome) in round.Outcomes)
        {
            document[name] = outcome;
        }

        return document;
    }
}

using TicketBot.Research.Transfer;

namespace TicketBot.Host.Verbs;

/// <summary>The JSON document of <c>transfer</c>.</summary>
public static class TransferDocument
{
    /// <summary>Returns the document; <c>tickets</c> is null where no ticket was transferred.</summary>
    public static object Of(TransferReport report, TicketTransferReport? tickets) => new
    {
        distances = new
        {
            report.Distances.Mmd,
            report.Distances.MmdPValue,
            report.Distances.ADistance,
            report.Distances.ADistanceLow,
            report.Distances.ADistanceHigh,
            report.Distances.Coral,
            report.Distances.Similarity,
            report.IntuitionOfTargetError,
        },
        methods = report.Methods.Select(method => new
        {
            name = TransferMethods.NameOf(method.Method),
            method.SourceAccuracyBefore,
            method.SourceAccuracy,
            method.TargetAccuracyBefore,
            method.TargetAccuracy,
            method.Low,
            method.High,
            method.Epochs,
            method.ValidationLoss,
            method.Rows,
            method.LeastRows,
            overScratch = GainOf(method.OverScratch),
            overSource = GainOf(method.OverSource),
            method.NegativeTransferRisk,
            method.UpdatesToScratch,
            method.ScratchUpdates,
            method.StatisticBefore,
            method.StatisticAfter,
            method.DomainAccuracyBefore,
            method.DomainAccuracy,
            method.AdversaryAccuracyBefore,
            method.AdversaryAccuracy,
            method.Collapse,
            method.Refused,
            method.Curve,
            method.DistanceCurve,
            method.Seconds,
        }),
        chosen = TransferMethods.NameOf(report.Chosen),
        gainOverScratch = report.OverScratch?.Mean,
        gainLow = report.OverScratch?.Low,
        gainHigh = report.OverScratch?.High,
        gainOverSource = GainOf(report.OverSource),
        report.Fallback,
        report.Reason,
        eligible = report.IsEligible,
        report.Gates,
        report.Architecture,
        report.FeatureLayer,
        rows = new { source = report.SourceRows, target = report.TargetRows, targetLabels = report.TargetLabels, test = report.TestRows },
        report.Features,
        report.Window,
        report.Classes,
        report.Plan.Seed,
        report.Plan.Seeds,
        report.Trainings,
        report.Reused,
        report.Seconds,
        tickets = tickets is null ? null : Of(tickets),
    };

    private static object Of(TicketTransferReport report) => new
    {
        report.Transfers,
        report.Reason,
        report.Round,
        report.Architecture,
        report.Plan.RewindStep,
        report.Plan.Seed,
        report.Plan.Seeds,
        rows = new { train = report.TrainRows, validation = report.ValidationRows, test = report.TestRows },
        report.Scratch,
        rounds = report.Rounds.Select(round => new
        {
            round.Round,
            round.Remaining,
            round.Overlap,
            round.OverlapByChance,
            round.Outcomes,
            comparisons = round.Comparisons.Select(c => new { c.Partner, c.Accuracy.Mean, c.Accuracy.Low, c.Accuracy.High, c.Accuracy.PValue, n = c.Accuracy.Count, steps = c.MeanStepDifference }),
        }),
        report.Trainings,
        report.Reused,
        report.Seconds,
    };

    private static object? GainOf(Gain? gain) => gain is null ? null : new { gain.Mean, gain.Low, gain.High };
}

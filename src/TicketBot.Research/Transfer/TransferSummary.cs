using TicketBot.Learning;
using TicketBot.Research.Stages;
using TicketBot.Research.Statistics;

namespace TicketBot.Research.Transfer;

/// <summary>Sums up outcomes of all seeds, method by method.</summary>
internal sealed class TransferSummary(
    TransferRows rows, TransferPlan plan, TransferOptions options, IReadOnlyDictionary<TransferMethod, MethodOutcome[]> found, TransferVerdict verdict)
{
    /// <summary>Returns the report of a method; one that was not trained has names and reasons only.</summary>
    public MethodReport Of(TransferMethod method)
    {
        var outcomes = found[method];
        var report = new MethodReport
        {
            Method = method,
            LeastRows = TransferMethods.LeastRows(method, options),
            Rows = TransferGates.RowsOf(method, rows),
            Refused = verdict.Refused.GetValueOrDefault(method) ?? outcomes[0].Skipped,
        };
        if (outcomes.Any(outcome => outcome.Skipped is not null))
        {
            return report;
        }

        var target = RightOf(method);
        var bound = target is null ? null : TransferChoice.Bounded(target, rows.Window, Chance("accuracy", method));

        // A bootstrap of rows that are all right has no width; the score interval of as many independent rows does.
        var score = target is null ? default : WilsonInterval.Of((int)Math.Round(target.Sum()), target.Length);
        var scratch = found[TransferMethod.Scratch];
        return report with
        {
            SourceAccuracyBefore = Mean(outcomes, outcome => outcome.SourceBefore),
            SourceAccuracy = Mean(outcomes, outcome => outcome.SourceAfter),
            TargetAccuracyBefore = Mean(outcomes, outcome => outcome.TargetBefore),
            TargetAccuracy = Mean(outcomes, outcome => outcome.TargetAfter),
            Low = bound is null ? null : Math.Max(0, Math.Min(bound.Low, score.Low)),
            High = bound is null ? null : Math.Min(1, Math.Max(bound.High, score.High)),
            Epochs = (int)Math.Round(outcomes.Average(outcome => outcome.Epochs)),
            ValidationLoss = HasLosses(method) ? TransferVerdict.LossesOf(outcomes).Average() : null,
            OverScratch = GainOf(method, TransferMethod.Scratch),
            OverSource = GainOf(method, TransferMethod.None),
            NegativeTransferRisk = TransferMethods.Transfers(method) && HasLosses(method) && HasLosses(TransferMethod.Scratch)
                ? TransferChoice.RiskOf(CandidateOf(method), CandidateOf(TransferMethod.Scratch), CandidateOf(TransferMethod.None), rows.Window, Chance("risk", method)) : null,
            UpdatesToScratch = UpdatesTo(outcomes, scratch),
            ScratchUpdates = HasLosses(TransferMethod.Scratch) ? scratch.Average(outcome => (double)outcome.CurveUpdates[Array.IndexOf(outcome.Curve, outcome.Curve.Min())]) : null,
            StatisticBefore = outcomes[0].StatisticBefore is null ? null : outcomes.Average(outcome => outcome.StatisticBefore!.Value),
            StatisticAfter = outcomes[0].StatisticAfter is null ? null : outcomes.Average(outcome => outcome.StatisticAfter!.Value),
            DomainAccuracyBefore = outcomes[0].DomainAccuracyBefore is null ? null : outcomes.Average(outcome => outcome.DomainAccuracyBefore!.Value),
            DomainAccuracy = outcomes[0].DomainAccuracy is null ? null : outcomes.Average(outcome => outcome.DomainAccuracy!.Value),
            AdversaryAccuracyBefore = outcomes[0].AdversaryAccuracyBefore is null ? null : outcomes.Average(outcome => outcome.AdversaryAccuracyBefore!.Value),
            AdversaryAccuracy = outcomes[0].AdversaryAccuracy is null ? null : outcomes.Average(outcome => outcome.AdversaryAccuracy!.Value),
            Collapse = outcomes.Select(outcome => outcome.Collapse).FirstOrDefault(collapse => collapse is not null),
            Curve = outcomes[0].Curve,
            DistanceCurve = outcomes[0].DistanceCurve,
        };
    }

    /// <summary>Returns the gain of a method over another in target test accuracy; <c>null</c> where one of them has none.</summary>
    public Gain? GainOf(TransferMethod method, TransferMethod over)
    {
        if (RightOf(method) is not { } mine || RightOf(over) is not { } other)
        {
            return null;
        }

        return method == over ? new Gain(0, 0, 0) : TransferChoice.Bounded([.. mine.Select((right, row) => right - other[row])], rows.Window, Chance("gain", method, over));
    }

    // Share of seeds in which each test row of the target is right.
    private double[]? RightOf(TransferMethod method)
    {
        var outcomes = found[method];
        return rows.TargetTest is not { } test || outcomes.Any(outcome => outcome.Skipped is not null) ? null
            : [.. Enumerable.Range(0, test.Rows).Select(row => outcomes.Average(outcome => outcome.TargetAfter[row] ? 1.0 : 0.0))];
    }

    private bool HasLosses(TransferMethod method) => Array.TrueForAll(found[method], outcome => outcome.HeldLosses.Length > 0);

    private TransferChoice.Candidate CandidateOf(TransferMethod method) => new(method, TransferVerdict.LossesOf(found[method]));

    private static double? UpdatesTo(MethodOutcome[] outcomes, MethodOutcome[] scratch)
    {
        var updates = new List<double>();
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (scratch[i].Curve.Length == 0)
            {
                return null;
            }

            var goal = scratch[i].Curve.Min();
            var at = Array.FindIndex(outcomes[i].Curve, loss => loss <= goal);
            if (at < 0)
            {
                return null;
            }

            updates.Add(outcomes[i].CurveUpdates[at]);
        }

        return updates.Average();
    }

    private Rng Chance(params object[] parts) => new(StageHash.Seed(["transfer", plan.Seed, rows.Hash, .. parts]));

    private static double? Mean(MethodOutcome[] outcomes, Func<MethodOutcome, bool[]> of) =>
        of(outcomes[0]).Length == 0 ? null : outcomes.Average(outcome => of(outcome).Count(right => right) / (double)of(outcome).Length);
}

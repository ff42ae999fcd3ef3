using TicketBot.Research;

namespace TicketBot.Host.Verbs;

/// <summary>The JSON document of <c>evaluate</c>.</summary>
/// <remarks>Over several files <c>combined</c> weighs each file by its trades. Its bounds are the weighted bounds of the files, each taken at the call's level divided by the files: together
/// they hold at the call's level, and so does their mean. Sharpe figures of several files are not added up; <c>files</c> has them one by one.</remarks>
public static class EvaluationDocument
{
    /// <summary>Returns the document over one report per file.</summary>
    public static object Of(IReadOnlyList<EvaluatedFile> files)
    {
        var reports = files.Select(f => f.Report).ToList();
        var count = reports.Sum(r => r.Combined.Count);
        double Weighted(Func<CombinedReport, double> value) => count == 0 ? 0 : reports.Sum(r => value(r.Combined) * r.Combined.Count) / count;
        return new
        {
            verdict = reports.Any(r => r.IsEligible) ? "eligible" : "notEligible",
            trials = reports.Sum(r => r.Trials),
            tickets = from report in reports
                      from ticket in report.Tickets
                      select new
                      {
                          id = ticket.Id, symbol = report.Symbol, interval = report.Interval, regime = ticket.Regime, density = ticket.Density,
                          gates = ticket.Gates.Judgements.Select(g => new { g.Name, g.Value, g.Threshold, n = g.SampleSize, g.Passed, g.Reason }),
                          calibration = ticket.Calibration is { } c
                              ? new
                              {
                                  n = c.Rows, expectedCalibrationError = c.ExpectedError, expectedCalibrationErrorEqualMass = c.ExpectedErrorOfEqualMass, brier = c.Brier,
                                  reliabilityCurve = c.Curve, conformal = c.Conformal,
                              }
                              : null,
                          probabilisticSharpe = ticket.ProbabilisticSharpe, deflatedSharpe = ticket.DeflatedSharpe,
                      },
            baselines = from report in reports
                        from b in report.Baselines
                        select new { b.Name, b.Accuracy, b.GrossBpPerTrade, b.NetBpPerTrade, n = b.Count, symbol = report.Symbol, interval = report.Interval },
            combined = new
            {
                accuracy = Weighted(c => c.Accuracy), netExpectancyBp = Weighted(c => c.NetExpectancyBp), netExpectancyLowBp = Weighted(c => c.NetExpectancyLowBp),
                netExpectancyHighBp = Weighted(c => c.NetExpectancyHighBp), n = count, deflatedSharpe = reports.Count == 1 ? reports[0].Combined.DeflatedSharpe : null,
                probabilisticSharpe = reports.Count == 1 ? reports[0].Combined.ProbabilisticSharpe : null,
            },
            selection = reports.Select(r => new
            {
                symbol = r.Symbol, candidates = r.Selection.Candidates, candidatesOfLedger = r.Selection.FromLedger, n = r.Selection.Superiority.Rows, spaPValue = r.Selection.Superiority.Consistent,
                spaLowerPValue = r.Selection.Superiority.Lower, spaUpperPValue = r.Selection.Superiority.Upper, realityCheckPValue = r.Selection.Superiority.RealityCheck,
                overfittingProbability = r.Selection.Overfitting?.Probability,
            }),
            breakEvenHitRate = reports.Average(r => r.BreakEvenHitRate),
            files = files.Select(f => new
            {
                file = f.Name, symbol = f.Report.Symbol, interval = f.Report.Interval, verdict = f.Report.Verdict, trials = f.Report.Trials,
                combined = new
                {
                    f.Report.Combined.Accuracy, f.Report.Combined.NetExpectancyBp, f.Report.Combined.NetExpectancyLowBp, f.Report.Combined.NetExpectancyHighBp, n = f.Report.Combined.Count,
                    f.Report.Combined.DeflatedSharpe, f.Report.Combined.ProbabilisticSharpe,
                },
                breakEvenHitRate = f.Report.BreakEvenHitRate,
                classBalance = f.Report.Classes.Select(c => new { regime = c.Name, n = c.Count, counts = c.Counts, shares = c.Shares, majorityShare = c.MajorityShare, effectiveN = c.EffectiveCount }),
                costs = new
                {
                    profile = f.Costs.Name, section = f.Costs.Section, f.Costs.Costs.TakerFeeBp, f.Costs.Costs.MakerFeeBp, f.Costs.Costs.SlippageBp, f.Costs.Costs.ImpactCoefficient, f.Costs.Costs.ImpactFreeNotional,
                    f.Costs.Costs.FundingBp, notional = f.Report.JudgedNotional, roundTripBp = f.Report.RoundTripBp, tradable = f.Costs.IsTradable,
                },
            }),
            seconds = reports.Sum(r => r.Seconds),
        };
    }
}

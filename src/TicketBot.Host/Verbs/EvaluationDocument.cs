using TicketBot.Research;

namespace TicketBot.Host.Verbs;

/// <summary>The JSON document of <c>evaluate</c>.</summary>
public static class EvaluationDocument
{
    /// <summary>Returns the document over one report per file.</summary>
    public static object Of(IReadOnlyList<FactoryReport> reports)
    {
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
                          id = ticket.Id, symbol = report.Symbol, regime = ticket.Regime, density = ticket.Density,
                          gates = ticket.Gates.Judgements.Select(g => new { g.Name, g.Value, g.Threshold, n = g.SampleSize, g.Passed, g.Reason }),
                          calibration = ticket.Calibration is { } c
                              ? new
                              {
                                  n = c.Rows, expectedCalibrationError = c.ExpectedError, expectedCalibrationErrorEqualMass = c.ExpectedErrorOfEqualMass, brier = c.Brier,
                                  reliabilityCurve = c.Curve,
                              }
                              : null,
                      },
            baselines = reports.SelectMany(r => r.Baselines).Select(b => new { b.Name, b.Accuracy, b.GrossBpPerTrade, b.NetBpPerTrade, n = b.Count }),
            combined = new
            {
                accuracy = Weighted(c => c.Accuracy), netExpectancyBp = Weighted(c => c.NetExpectancyBp), netExpectancyLowBp = Weighted(c => c.NetExpectancyLowBp),
                netExpectancyHighBp = Weighted(c => c.NetExpectancyHighBp), n = count, deflatedSharpe = reports.Count == 1 ? reports[0].Combined.DeflatedSharpe : null,
            },
            selection = reports.Select(r => new
            {
                symbol = r.Symbol, candidates = r.Selection.Candidates, candidatesOfLedger = r.Selection.FromLedger, n = r.Selection.Superiority.Rows, spaPValue = r.Selection.Superiority.Consistent,
                spaLowerPValue = r.Selection.Superiority.Lower, spaUpperPValue = r.Selection.Superiority.Upper, realityCheckPValue = r.Selection.Superiority.RealityCheck,
                overfittingProbability = r.Selection.Overfitting?.Probability,
            }),
            breakEvenHitRate = reports.Average(r => r.BreakEvenHitRate),
            seconds = reports.Sum(r => r.Seconds),
        };
    }
}

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
                      },
            baselines = reports.SelectMany(r => r.Baselines).Select(b => new { b.Name, b.Accuracy, b.GrossBpPerTrade, b.NetBpPerTrade, n = b.Count }),
            combined = new
            {
                accuracy = Weighted(c => c.Accuracy), netExpectancyBp = Weighted(c => c.NetExpectancyBp), netExpectancyLowBp = Weighted(c => c.NetExpectancyLowBp),
                netExpectancyHighBp = Weighted(c => c.NetExpectancyHighBp), n = count, deflatedSharpe = reports.Count == 1 ? reports[0].Combined.DeflatedSharpe : null,
            },
            breakEvenHitRate = reports.Average(r => r.BreakEvenHitRate),
            seconds = reports.Sum(r => r.Seconds),
        };
    }
}

using System.Globalization;
using TicketBot.Host.Reports;

namespace TicketBot.Host.Verbs;

/// <summary>Writes what <c>evaluate</c> found for people.</summary>
public static class EvaluationText
{
    /// <summary>Writes one file's verdict, costs, rules and tickets.</summary>
    public static void Write(TextWriter output, EvaluatedFile file)
    {
        var (report, combined) = (file.Report, file.Report.Combined);
        output.WriteLine(Text(
            $"{report.Symbol}/{report.Interval}: {report.Verdict}, {report.Tickets.Count(t => t.Gates.Passed)} of {report.Tickets.Count} tickets passed; combined {combined.NetExpectancyBp:0.0} bp net per trade over {combined.Count} trades"));
        output.WriteLine($"{file.Costs}");
        output.WriteLine(Text(
            $"orders of {report.JudgedNotional:0.##} in quote coin; opening and closing cost {report.RoundTripBp:0.00} bp on average, so trades of the usual size pay from a hit rate of {report.BreakEvenHitRate:P1} on"));
        foreach (var classes in report.Classes)
        {
            output.WriteLine(Text(
                $"labels, {classes.Name}: {classes.Count}, up {classes.Shares[1]:P1}, worth {classes.EffectiveCount:0} independent ones; always naming the frequent one is right in {classes.MajorityShare:P1}"));
        }

        if (combined.ProbabilisticSharpe is not null)
        {
            output.WriteLine(Text(
                $"probability that the Sharpe ratio lies above zero {CalibrationPart.Percent(combined.ProbabilisticSharpe)}, above the best of {report.Family} trials without skill {CalibrationPart.Percent(combined.DeflatedSharpe)}"));
        }

        TextTable.Write(output, ["rule", "trades", "hit rate", "gross bp", "net bp"], report.Baselines.Append(OfTickets(file)).Select(b => new[]
        {
            b.Name, Text($"{b.Count}"), b.Count == 0 ? "-" : Text($"{b.Accuracy:P1}"), b.Count == 0 ? "-" : Text($"{b.GrossBpPerTrade:0.0}"), b.Count == 0 ? "-" : Text($"{b.NetBpPerTrade:0.0}"),
        }));
        TextTable.Write(output, ["ticket", "regime", "density", "trades", "net bp", "calibration error", "intervals held", "first refusal"], report.Tickets.Select(t => new[]
        {
            t.Id.Short, t.Regime, Text($"{t.Density:P1}"), Text($"{t.Trades}"), Text($"{t.NetPerTradeBp:0.0}"), CalibrationPart.Percent(t.Calibration?.ExpectedError),
            CalibrationPart.Percent(t.Calibration?.Conformal?.Coverage), t.Gates.FirstRefusal is { } refusal ? $"{refusal.Name}: {refusal.Reason}" : "none",
        }));
    }

    /// <summary>Returns the tickets of a file as one more rule.</summary>
    internal static Research.BaselineReport OfTickets(EvaluatedFile file)
    {
        var traded = file.Report.Tickets.Where(t => t.Trades > 0).ToList();
        var (combined, count) = (file.Report.Combined, traded.Sum(t => t.Trades));
        return new Research.BaselineReport("tickets", combined.Accuracy, combined.GrossBpPerTrade, combined.NetExpectancyBp, count == 0 ? 0 : combined.Count);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

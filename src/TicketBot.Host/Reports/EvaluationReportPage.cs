using System.Globalization;
using TicketBot.Host.Verbs;

namespace TicketBot.Host.Reports;

/// <summary>The report of <c>evaluate</c>: per file the verdict, the rules that every ticket must beat with the break-even hit rate beside them, the gates, and whether tickets are right as
/// often as they say.</summary>
public static class EvaluationReportPage
{
    /// <summary>Returns the page.</summary>
    /// <param name="files">The files, in the order they were given.</param>
    /// <param name="threshold">Confidence from which signals are given.</param>
    public static string Of(IReadOnlyList<EvaluatedFile> files, double threshold)
    {
        var page = new HtmlPage($"evaluate: {string.Join(", ", files.Select(f => f.Name))}");
        foreach (var file in files)
        {
            var (report, combined) = (file.Report, file.Report.Combined);
            page.Heading($"{report.Symbol}/{report.Interval}: {(report.IsEligible ? "eligible" : "not eligible")}", 1)
                .Paragraph(Text($"{file.Name}: {report.Candles} candles, {report.Rows} rows ({report.TrainRows} to train, {report.ValidationRows} to choose, {report.TestRows} to judge), {report.Trials} networks trained"), "muted")
                .Paragraph(file.Costs.ToString())
                .Paragraph(Text($"Orders of {report.JudgedNotional:0.##} in quote coin; opening and closing cost {report.RoundTripBp:0.00} bp on average. Trades of the usual size pay from a hit rate of {100 * report.BreakEvenHitRate:0.0} % on."))
                .Heading("How often each direction occurs")
                .Beside(HtmlPage.Table(
                    ["regime", "labels", "up, %", "the frequent one, %", "worth independent labels"],
                    report.Classes.Select(c => (IReadOnlyList<string>)
                        [c.Name, Text($"{c.Count}"), Text($"{100 * c.Shares[1]:0.0}"), Text($"{100 * c.MajorityShare:0.0}"), Text($"{c.EffectiveCount:0}")]),
                    column => column > 0))
                .Heading("Rules that every ticket must beat, and the tickets")
                .Beside(HtmlPage.Table(
                    ["rule", "trades", "hit rate, %", "break-even, %", "gross bp a trade", "net bp a trade"],
                    report.Baselines.Append(EvaluationText.OfTickets(file)).Select(b => (IReadOnlyList<string>)
                    [
                        b.Name, Text($"{b.Count}"), b.Count == 0 ? "" : Text($"{100 * b.Accuracy:0.0}"), Text($"{100 * report.BreakEvenHitRate:0.0}"),
                        b.Count == 0 ? "" : Text($"{b.GrossBpPerTrade:0.0}"), b.Count == 0 ? "" : Text($"{b.NetBpPerTrade:0.0}"),
                    ]),
                    column => column > 0))
                .Paragraph(combined.Count == 0
                    ? "No ticket gave a signal on the rows that judge."
                    : Text($"All tickets together: net {combined.NetExpectancyBp:0.0} bp a trade, from {combined.NetExpectancyLowBp:0.0} to {combined.NetExpectancyHighBp:0.0}. {(combined.ProbabilisticSharpe is null ? "They are too few for a Sharpe ratio." : FormattableString.Invariant($"The Sharpe ratio lies above zero with probability {CalibrationPart.Percent(combined.ProbabilisticSharpe)}, above the best of {report.Family} trials without skill with {CalibrationPart.Percent(combined.DeflatedSharpe)}."))}"))
                .Heading("What the gates said")
                .Beside(HtmlPage.Table(
                    ["regime", "gate", "value", "held against", "n", "verdict", "reason"],
                    report.Tickets.SelectMany(t => t.Gates.Judgements.Select(g => (IReadOnlyList<string>)
                    [
                        t.Regime, g.Name, g.Value is { } value ? Text($"{value:G6}") : "-", Text($"{g.Threshold:G6}"), Text($"{g.SampleSize}"),
                        g.Passed switch { true => "passed", false => "REFUSED", null => "not run" }, g.Reason,
                    ]))))
                .Heading("Is it right as often as it says?")
                .Paragraph(CalibrationPart.Words, "muted");
            foreach (var ticket in report.Tickets)
            {
                if (ticket.Calibration is { } calibration)
                {
                    page.Beside(
                        CalibrationPart.Plot(ticket.Regime, calibration, threshold),
                        HtmlPage.Table(
                            ["figure", ""],
                            [
                                .. CalibrationPart.Rows(calibration), ["trades, net bp each", Text($"{ticket.Trades}, {ticket.NetPerTradeBp:0.0}")],
                                ["probability that the Sharpe ratio lies above zero", CalibrationPart.Percent(ticket.ProbabilisticSharpe)],
                                [Text($"above the best of {report.Family} trials without skill"), CalibrationPart.Percent(ticket.DeflatedSharpe)],
                            ]));
                }
                else
                {
                    page.Paragraph($"{ticket.Regime}: its regime has no row that judges.", "muted");
                }
            }
        }

        return page.ToString();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

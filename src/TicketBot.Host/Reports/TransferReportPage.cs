using System.Globalization;
using TicketBot.Host.Verbs;
using TicketBot.Research.Transfer;

namespace TicketBot.Host.Reports;

/// <summary>The report of a transfer: the verdict, every method beside scratch with rows, time, accuracy, gain and risk, loss curves, distances, gates and tickets.</summary>
public static class TransferReportPage
{
    private const string Percent = "0.0";

    /// <summary>Returns the page.</summary>
    /// <param name="report">The transfer.</param>
    /// <param name="tickets">The source's tickets on the target, or <c>null</c>.</param>
    public static string Of(TransferReport report, TicketTransferReport? tickets)
    {
        var page = new HtmlPage("Transfer");
        page.Heading($"Transfer: {(report.Fallback ? "refused, " : "")}{TransferMethods.NameOf(report.Chosen)}", 1)
            .Paragraph(report.Reason)
            .Paragraph(Text($"{report.SourceRows} rows of the source to train; {report.TargetRows} of the target, {report.TargetLabels} labels of it to use, {report.TestRows} rows to test; {report.Features} features{(report.Window > 1 ? Text($" x {report.Window} steps") : "")}, {report.Classes} classes; network {report.Architecture}, features after gene {report.FeatureLayer}; {report.Plan.Seeds} repetitions from seed {report.Plan.Seed}; {report.Trainings} trainings."), "muted");
        Methods(page, report);
        Curves(page, report);
        Domains(page, report);
        if (tickets is not null)
        {
            Tickets(page, tickets);
        }

        return page.ToString();
    }

    private static void Methods(HtmlPage page, TransferReport report)
    {
        page.Heading("The methods beside each other")
            .Paragraph(
                "Accuracy on test rows of the target, in percent, with its 95 % interval; gains in points. Rows are those it had and those it needs: labelled ones, or any for methods that adapt domains. "
                + "Seconds are of its own trainings, 0 where they were found stored. The risk of negative transfer is the share of bootstrap draws of the rows used to choose in which the method is worse than both scratch and the source's network.", "muted")
            .Beside(HtmlPage.Table(
                ["method", "rows had", "needed", "seconds", "epochs", "source before", "after", "target before", "after", "95 % interval", "over scratch", "95 % interval", "over source", "log-loss", "risk", "updates to scratch's best", "remark"],
                report.Methods.Select(m => (IReadOnlyList<string>)
                [
                    TransferMethods.NameOf(m.Method) + (m.Method == report.Chosen ? " (chosen)" : ""), Text($"{m.Rows}"), m.LeastRows == 0 ? "-" : Text($"{m.LeastRows}"), Text($"{m.Seconds:0.0}"), Text($"{m.Epochs}"),
                    Share(m.SourceAccuracyBefore), Share(m.SourceAccuracy), Share(m.TargetAccuracyBefore), Share(m.TargetAccuracy), m.Low is null ? "-" : $"{Share(m.Low)} to {Share(m.High)}",
                    m.OverScratch is { } gain ? TransferText.Signed(gain.Mean) : "-", m.OverScratch is { } of ? $"{TransferText.Signed(of.Low)} to {TransferText.Signed(of.High)}" : "-",
                    m.OverSource is { } over ? TransferText.Signed(over.Mean) : "-", m.ValidationLoss is { } loss ? Text($"{loss:0.0000}") : "-", m.NegativeTransferRisk is { } risk ? Text($"{risk:P0}") : "-",
                    m.UpdatesToScratch is { } updates && m.ScratchUpdates is { } scratch ? Text($"{updates:0} of {scratch:0}") : "-", TransferText.Remark(m),
                ]),
                column => column is >= 1 and <= 8 or 10 or 12 or 13 or 14));
        PlotSeries[] gains = [new PlotSeries("gain over scratch", "ticket", [.. report.Methods.Where(m => m.OverScratch is not null).Select((m, i) => new PlotPoint(
            (i + 0.5) / report.Methods.Count(x => x.OverScratch is not null), 100 * m.OverScratch!.Mean, 100 * m.OverScratch.Low, 100 * m.OverScratch.High))])];
        if (gains[0].Points.Count > 1)
        {
            page.Beside(Titled(
                $"points over scratch with 95 % intervals, from the left: {string.Join(", ", report.Methods.Where(m => m.OverScratch is not null).Select(m => TransferMethods.NameOf(m.Method)))}",
                LinePlot.Of("gains over scratch", "methods in the order of the table", Percent, gains, isRemaining: false, zero: true)));
        }
    }

    private static void Curves(HtmlPage page, TransferReport report)
    {
        string[] parts = [.. report.Methods.Where(m => m.Curve.Count > 1 || m.DistanceCurve.Count > 1).SelectMany(m => (string[])
        [
            .. m.Curve.Count > 1 ? [Titled($"{TransferMethods.NameOf(m.Method)}: log-loss on held-out rows of the target", Plot("held-out loss", "0.000", "ticket", m.Curve))] : Array.Empty<string>(),
            .. m.DistanceCurve.Count > 1 ? [Titled($"{TransferMethods.NameOf(m.Method)}: kernel distance of the features", Plot("kernel distance", "0.000", "random", m.DistanceCurve))] : Array.Empty<string>(),
        ])];
        if (parts.Length > 0)
        {
            page.Heading("On the way")
                .Paragraph("What was seen between updates, of the first repetition; an adaptation ends where the held-out loss no longer falls or the distance rises.", "muted")
                .Beside(parts);
        }
    }

    private static void Domains(HtmlPage page, TransferReport report)
    {
        var d = report.Distances;
        page.Heading("How far apart the domains lie, and the gates")
            .Beside(
                HtmlPage.Table(["distance", "value"],
                [
                    ["similarity, 1 = told apart by nothing but chance", Text($"{d.Similarity:0.000}")], ["kernel distance (unbiased squared MMD)", Text($"{d.Mmd:0.0000}, p = {d.MmdPValue:0.000}")],
                    ["proxy A-distance, 0 to 2", Text($"{d.ADistance:0.00}, {d.ADistanceLow:0.00} to {d.ADistanceHigh:0.00}")], ["covariances", Text($"{d.Coral:0.0000}")],
                    ["source error + A-distance / 2: an intuition, no bound", Text($"{report.IntuitionOfTargetError:P0}")],
                ]),
                HtmlPage.Table(["gate", "verdict", "why"], report.Gates.Select(gate => (IReadOnlyList<string>)
                    [gate.Name, gate.Passed switch { true => "passed", false => gate.Refuses ? "REFUSED" : "refuses a ticket", null => "-" }, gate.Reason])));
    }

    private static void Tickets(HtmlPage page, TicketTransferReport report)
    {
        (string Name, string Style)[] names =
        [
            (TicketTransferReport.TransferredName, "ticket"), (TicketTransferReport.OwnName, "dense"), (TicketTransferReport.ShuffledName, "shuffled"), (TicketTransferReport.ReinitName, "reinit"),
        ];
        page.Heading($"Tickets of the source on the target: {(report.Transfers ? "they carry over" : "nothing shown to carry over")}")
            .Paragraph(report.Reason)
            .Paragraph(Text($"The source's mask over its weights at step {report.Plan.RewindStep} (transferred), against the target's own ticket, the mask shuffled inside each layer, the mask over fresh weights, and all weights from scratch. {report.Plan.Seeds} repetitions; intervals by Student's t over repetitions, p one-sided by sign flips."), "muted")
            .Beside(
                Titled("test rows of the target right, %", LinePlot.Of(
                    "accuracy by weights left", "weights left", Percent,
                    [.. names.Select(name => new PlotSeries(name.Name, name.Style, [.. report.Rounds.Select(r => new PlotPoint(r.Remaining, 100 * r.Outcomes[name.Name].Accuracy))]))], isRemaining: true)),
                Titled("transferred minus partner, points", LinePlot.Of(
                    "paired differences", "weights left", Percent,
                    [.. names.Skip(1).Select(name => new PlotSeries("minus " + name.Name, name.Style, [.. report.Rounds.Select(r => r.Comparisons.Single(c => c.Partner == name.Name) is var c
                        ? new PlotPoint(r.Remaining, 100 * c.Accuracy.Mean, 100 * c.Accuracy.Low, 100 * c.Accuracy.High) : throw new InvalidOperationException("Invariant: every partner is compared"))]))],
                    isRemaining: true, zero: true)),
                HtmlPage.Table(
                    ["round", "weights left", "overlap with own", "by chance", "against", "points", "95 % interval", "p", "steps"],
                    report.Rounds.SelectMany(r => r.Comparisons.Select(c => (IReadOnlyList<string>)
                    [
                        Text($"{r.Round}{(r.Round == report.Round ? " (judged)" : "")}"), Text($"{100 * r.Remaining:0.0} %"), Text($"{r.Overlap:0.00}"), Text($"{r.OverlapByChance:0.00}"), c.Partner,
                        TransferText.Signed(c.Accuracy.Mean), c.Accuracy is { Low: { } low, High: { } high } ? $"{TransferText.Signed(low)} to {TransferText.Signed(high)}" : "-", Text($"{c.Accuracy.PValue:0.000}"),
                        Text($"{c.MeanStepDifference:+0;-0;0}"),
                    ]))));
    }

    private static string Plot(string label, string format, string style, IReadOnlyList<double> values) =>
        LinePlot.Of(label, "share of the looks", format, [new PlotSeries(label, style, [.. values.Select((value, i) => new PlotPoint((double)i / (values.Count - 1), value))])], isRemaining: false);

    private static string Share(double? value) => value is { } share ? Text($"{100 * share:0.0}") : "-";

    private static string Titled(string title, string picture) => $"<p class=\"label\">{System.Net.WebUtility.HtmlEncode(title)}</p>{picture}";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using TicketBot.Host.Verbs;
using TicketBot.Research.Experiments;

namespace TicketBot.Host.Reports;

/// <summary>The report of a search on a table: verdict, accuracy and early stop against remaining weights, paired differences, and what survives.</summary>
public static class ExperimentReportPage
{
    /// <summary>With fewer draws under a null their highest stands for their 95 % point.</summary>
    internal const int FewDraws = 40;

    private const int FeaturesShown = 40;

    /// <summary>Returns the page.</summary>
    public static string Of(ExperimentReport report)
    {
        var page = new HtmlPage("Ticket search");
        page.Heading($"Ticket search: {report.Verdict.Label}{(report.Verdict.Round is { } round ? Text($" at round {round}") : "")}", 1)
            .Paragraph(report.Verdict.Reason)
            .Paragraph(Text($"{report.TrainRows} rows to train, {report.ValidationRows} to validate, {report.TestRows} to test; {report.Features} features{(report.Window > 1 ? Text($" x {report.Window} steps") : "")}, {report.Classes} classes; network {report.Architecture}; method {ExperimentText.NameOf(report.Plan.Method)}; {report.Seeds.Count} repetitions from seed {report.Plan.Seed}; {report.Trainings} trainings."), "muted");
        Outcomes(page, report);
        Comparisons(page, report);
        Survival(page, report);
        return page.ToString();
    }

    private static void Outcomes(HtmlPage page, ExperimentReport report)
    {
        var rounds = report.Seeds.SelectMany(s => s.Rounds).GroupBy(r => r.Round).OrderBy(g => g.Key)
            .Select(g => (Remaining: g.Average(r => r.Remaining), Reports: g.ToList())).ToList();
        string[] names = [ExperimentReport.TicketName, .. rounds.SelectMany(r => r.Reports).SelectMany(r => r.Outcomes.Keys).Distinct(StringComparer.Ordinal)
            .Where(n => n is not (ExperimentReport.TicketName or ExperimentReport.DenseName))];
        double? Mean(List<RoundReport> of, string name, Func<OutcomeReport, double> value)
        {
            var found = of.Where(r => r.Outcomes.ContainsKey(name)).Select(r => value(r.Outcomes[name])).ToList();
            return found.Count == 0 ? null : found.Average();
        }

        string Plot(string label, string format, Func<OutcomeReport, double> value)
        {
            var lines = names.Select(name => new PlotSeries(name, name, [.. rounds.Select(r => (r.Remaining, Mean: Mean(r.Reports, name, value))).Where(p => p.Mean is not null).Select(p => new PlotPoint(p.Remaining, p.Mean!.Value))]))
                .Where(s => s.Points.Count > 0).ToList();
            if (Mean(rounds[0].Reports, ExperimentReport.DenseName, value) is { } dense)
            {
                lines.Add(new PlotSeries(ExperimentReport.DenseName, "dense", [new PlotPoint(1, dense), new PlotPoint(rounds[^1].Remaining, dense)]));
            }

            return Titled(label, LinePlot.Of(label, "weights left", format, lines, isRemaining: true));
        }

        page.Heading("Accuracy and early stop against remaining weights")
            .Paragraph(
                "Means over repetitions; all weights on the left, fewer to the right. Accuracy is on test rows, which no choice looked at, with the weights of the lowest validation loss; "
                + "an earlier stop means faster learning. Later rounds may hold fewer repetitions (column n).", "muted")
            .Beside(
                Plot("test rows right at the early stop, %", "0.00", o => 100 * o.AccuracyAtEarlyStop), Plot("step of the early stop", "0", o => o.EarlyStopStep),
                HtmlPage.Table(
                    ["weights left", "n", "dense or ticket: accuracy", "early stop", .. names.Skip(1).SelectMany(n => (string[])[$"{n}: accuracy", "early stop"])],
                    rounds.Select(r => (IReadOnlyList<string>)
                    [
                        Text($"{100 * r.Remaining:0.00} %{(r.Reports.Exists(x => x.HasCollapsed) ? " collapsed" : "")}"), Text($"{r.Reports.Count}"),
                        .. names.SelectMany((name, i) =>
                        {
                            var shown = i == 0 && !r.Reports[0].Outcomes.ContainsKey(name) ? ExperimentReport.DenseName : name;
                            return (string[])
                            [
                                Mean(r.Reports, shown, o => o.AccuracyAtEarlyStop) is { } accuracy ? Text($"{100 * accuracy:0.00} %") : "-",
                                Mean(r.Reports, shown, o => o.EarlyStopStep) is { } step ? Text($"{step:0}") : "-",
                            ];
                        }),
                    ])));
    }

    private static void Comparisons(HtmlPage page, ExperimentReport report)
    {
        if (report.Comparisons.Count == 0)
        {
            return;
        }

        var partners = report.Comparisons.Select(c => c.Control).Distinct(StringComparer.Ordinal).ToList();
        page.Heading("The ticket against its partners, repetition by repetition")
            .Paragraph(
                "Accuracy at the early stop of the ticket minus that of its partner with the same seed, in points, with the 95 % interval of the mean by Student's t; p is one-sided, by sign flips. "
                + "Every row is looked at by itself: with many rows some p below 0.05 are to be expected by chance. Above zero the ticket is better.", "muted")
            .Beside(
                Titled("ticket minus partner, points", LinePlot.Of(
                    "paired differences", "weights left", "0.00",
                    [.. partners.Select(name => new PlotSeries("minus " + name, name, [.. report.Comparisons.Where(c => c.Control == name)
                        .Select(c => new PlotPoint(c.Remaining, 100 * c.Accuracy.Mean, 100 * c.Accuracy.Low, 100 * c.Accuracy.High))]))],
                    isRemaining: true, zero: true)),
                Titled("early stop: ticket minus partner, steps (below zero: earlier)", LinePlot.Of(
                    "early stop differences", "weights left", "0",
                    [.. partners.Select(name => new PlotSeries("minus " + name, name, [.. report.Comparisons.Where(c => c.Control == name).Select(c => new PlotPoint(c.Remaining, c.MeanStepDifference))]))],
                    isRemaining: true, zero: true)),
                HtmlPage.Table(["round", "weights left", "against", "points", "95 % interval", "p", "n", "steps"], report.Comparisons.Select(c => (IReadOnlyList<string>)
                [
                    Text($"{c.Round}"), Text($"{100 * c.Remaining:0.00} %"), c.Control, Text($"{100 * c.Accuracy.Mean:+0.00;-0.00}"),
                    c.Accuracy is { Low: { } low, High: { } high } ? Text($"{100 * low:+0.00;-0.00} to {100 * high:+0.00;-0.00}") : "-", Text($"{c.Accuracy.PValue:0.000}"), Text($"{c.Accuracy.Count}"),
                    Text($"{c.MeanStepDifference:+0;-0;0}"),
                ])));
    }

    private static void Survival(HtmlPage page, ExperimentReport report)
    {
        var draws = report.Seeds[0].InputSurvival.All(i => i.NullHigh is not null) && report.Seeds[0].InputSurvival.Count > 0;
        var inputs = report.Seeds.SelectMany(s => s.InputSurvival).GroupBy(i => i.Feature, StringComparer.Ordinal)
            .Select(g => (Feature: g.Key, Share: g.Average(i => i.Share), Above: g.Count(i => i.Share > i.NullHigh), Count: g.Count()))
            .OrderByDescending(i => i.Share).ToList();
        double? chance = draws ? report.Seeds.Average(s => s.InputSurvival[0].NullHigh!.Value) : null;
        page.Heading("What the last network looks at")
            .Paragraph(
                "Share of each input in the surviving weight that reads inputs, the mean over repetitions. " + (draws
                    ? Text($"The line is {(report.NullDraws < FewDraws ? "the highest" : "the 95 % point")} of the largest share of any input when labels are permuted, averaged over repetitions; the table counts the repetitions in which an input lies above that repetition's own line. {report.NullDraws} searches on permuted labels.")
                    : "No searches on permuted labels were made (--null-draws), so none of it can be told from chance."), "muted")
            .Beside(
                Titled($"share of surviving input weight{(inputs.Count > FeaturesShown ? $", the largest {FeaturesShown} of {inputs.Count}" : "")}", BarPlot.Of(
                    "feature survival", [.. inputs.Take(FeaturesShown).Select(i => new BarPlot.Bar(i.Feature, i.Share, draws && 2 * i.Above > i.Count))], chance)),
                HtmlPage.Table(["input", "share", "above chance in"], inputs.Select(i => (IReadOnlyList<string>)
                    [i.Feature, Text($"{100 * i.Share:0.00} %"), draws ? Text($"{i.Above} of {i.Count}") : "-"])));
    }

    private static string Titled(string title, string picture) => $"<p class=\"label\">{System.Net.WebUtility.HtmlEncode(title)}</p>{picture}";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using TicketBot.Host.Dashboard;
using TicketBot.Research;
using TicketBot.Research.Diagnostics;
using TicketBot.Tickets;

namespace TicketBot.Host.Reports;

/// <summary>The report of one ticket: where it comes from, what the gates said, and what the diagnosis drew, each picture with its numbers beside it.</summary>
public static class TicketReportPage
{
    private const int FeaturesShown = 40;

    /// <summary>Returns the page.</summary>
    /// <param name="entry">The ticket with its state.</param>
    /// <param name="found">Its diagnosis.</param>
    /// <param name="quality">What it said on rows after training, or <c>null</c> where there are none.</param>
    public static string Of(RegistryEntry entry, TicketDiagnostics found, OutOfSampleQuality? quality)
    {
        var ticket = TicketView.Of(entry);
        var page = new HtmlPage($"{ticket.Symbol}/{ticket.Interval} {ticket.Regime} {ticket.Id.Short}");
        Head(page, ticket, entry.Ticket);
        Gates(page, ticket);
        Calibration(page, quality);
        Levels(page, found);
        Barriers(page, found);
        Overlap(page, found);
        Survival(page, found);
        return page.ToString();
    }

    private static void Head(HtmlPage page, TicketView view, Ticket ticket)
    {
        var lineage = ticket.Lineage;
        var whole = MaskStatistic.Of(ticket).First(s => s.Kind == "all");
        page.Heading($"{view.Symbol}/{view.Interval}, regime {view.Regime}: {view.Label}", 1)
            .Paragraph(view.Id.Value, "muted")
            .Paragraph(view.Label == "winning ticket"
                ? "Winning ticket: trained from its own first weights it was better than the same mask with weights drawn again, a shuffled mask and a random mask, over repetitions from other seeds. That is a statement about training, not about profit."
                : "Sparse network: it was not shown to beat all of its controls, so it is not called a winning ticket. Whether such a network may trade is one option, off by default.")
            .Beside(
                HtmlPage.Table(["the ticket", ""],
                [
                    ["state at writing", $"{view.State.ToString().ToLowerInvariant()} since {view.Since}: {view.Reason}"],
                    ["weights left", Text($"{100 * view.Density:0.##} %: {whole.Remaining} of {whole.Total} that may be pruned")],
                    ["reads", Text($"{ticket.Schema.Names.Count} inputs, schema version {ticket.Schema.Version}")],
                    ["predicts", Text($"{view.Task.ToString().ToLowerInvariant()} {view.HorizonCandles} candle{(view.HorizonCandles == 1 ? "" : "s")} ahead; temperature {view.Temperature:0.###}")],
                    ["opens nothing from", view.ExpiresAt.ToString()],
                ]),
                HtmlPage.Table(["where it comes from", ""],
                [
                    ["mask", Text($"{lineage.Method}{(lineage.EmergedAt > 0 ? FormattableString.Invariant($", drawn after {100 * lineage.EmergedAt:0} % of dense training") : "")}")],
                    ["trained on", $"{lineage.TrainedFrom} to {lineage.TrainedUntil}"],
                    ["judged on", $"rows after that, to {lineage.TestedUntil}"],
                    ["seed, networks trained", Text($"{lineage.Seed}, {lineage.Trials}")],
                    ["candles", lineage.DataHash],
                    ["settings", lineage.SettingsHash],
                    ["trained on from", lineage.Parent?.Value ?? "nothing: from drawn weights"],
                ]));
    }

    private static void Gates(HtmlPage page, TicketView view) => page
        .Heading("What the gates said")
        .Paragraph("Gates judge on rows after training. A ticket trades only when every gate ran and passed; a gate after a refusal is not run.", "muted")
        .Beside(HtmlPage.Table(["gate", "value", "held against", "n", "verdict", "reason"], view.Gates.Select(g => (IReadOnlyList<string>)
        [
            g.Name, g.Value is { } value ? Text($"{value:G6}") : "-", Text($"{g.Threshold:G6}"), Text($"{g.SampleSize}"),
            g.Passed switch { true => "passed", false => "REFUSED", null => "not run" }, g.Reason,
        ])));

    private static void Calibration(HtmlPage page, OutOfSampleQuality? quality)
    {
        page.Heading("Is it right as often as it says?");
        if (quality is null)
        {
            page.Paragraph("Its regime has no row after what it was fitted on.", "muted");
            return;
        }

        page.Paragraph(CalibrationPart.Words, "muted").Beside(
            CalibrationPart.Plot("share of rows right", quality.Calibration),
            HtmlPage.Table(
                ["figure", ""],
                [
                    .. CalibrationPart.Rows(quality.Calibration),
                    ["trades, right, net bp each", Text($"{quality.Trades}, {100 * quality.HitRate:0.0} %, {quality.NetPerTradeBp:0.0}")],
                    ["probability that the Sharpe ratio lies above zero", CalibrationPart.Percent(quality.ProbabilisticSharpe)],
                    [Text($"above the best of {quality.Trials} trials without skill (networks trained)"), CalibrationPart.Percent(quality.DeflatedSharpe)],
                ]));
    }

    private static void Levels(HtmlPage page, TicketDiagnostics found)
    {
        page.Heading("Accuracy, loss and early stop against remaining weights");
        if (found.Levels.Count < 2)
        {
            page.Paragraph("This ticket was trained on from another at that one's mask, so no density was searched; the numbers are of the network trained on.", "muted");
        }
        else
        {
            page.Paragraph(
                "All weights on the left, fewer to the right. The ticket of each density that the search tried, pooled over regimes, beside the mean of random masks with the same "
                + "count in every layer, and the dense network. All of it on validation rows, which also chose the early stop and the density: read it as a comparison between "
                + Text($"networks, not as what to expect of trading. With {found.ValidationRows} such rows an accuracy is uncertain by {100 * Math.Sqrt(0.25 / found.ValidationRows):0.0} points (one standard error), ")
                + "so small steps mean nothing. One seed; the gate winningTicket holds the comparison over several.", "muted")
                .Beside(
                    Level(found, "share of validation rows right, %", "0.00", o => 100 * o.Accuracy), Level(found, "log-loss on validation rows, nats", "0.0000", o => o.Loss),
                    Level(found, "step of the early stop", "0", o => o.EarlyStopStep));
        }

        page.Beside(HtmlPage.Table(
            ["weights left", "network", "accuracy", "loss", "early stop at step", "random masks: accuracy", "loss", "early stop at step"],
            found.Levels.Select(l => (IReadOnlyList<string>)
            [
                Text($"{100 * l.Remaining:0.##} %"), l.Remaining < 1 ? Math.Abs(l.Remaining - found.Density) < 1e-9 ? "ticket, the density settled on" : "ticket" : found.Levels.Count < 2 ? "this ticket" : "dense", Text($"{100 * l.Ticket.Accuracy:0.00} %"), Text($"{l.Ticket.Loss:0.00000}"),
                Text($"{l.Ticket.EarlyStopStep:0}"), l.Random is { } a ? Text($"{100 * a.Accuracy:0.00} %") : "-", l.Random is { } b ? Text($"{b.Loss:0.00000}") : "-",
                l.Random is { } c ? Text($"{c.EarlyStopStep:0}") : "-",
            ])));
    }

    private static string Level(TicketDiagnostics found, string label, string format, Func<LevelOutcome, double> of)
    {
        var dense = of(found.Levels[0].Ticket);
        return Titled(label, LinePlot.Of(
            label, "weights left", format,
            [
                new PlotSeries("ticket", "ticket", [.. found.Levels.Skip(1).Select(l => new PlotPoint(l.Remaining, of(l.Ticket)))]),
                new PlotSeries("random masks, mean", "random", [.. found.Levels.Where(l => l.Random is not null).Select(l => new PlotPoint(l.Remaining, of(l.Random!)))]),
                new PlotSeries("dense", "dense", [new PlotPoint(1, dense), new PlotPoint(found.Levels[^1].Remaining, dense)]),
            ],
            isRemaining: true));
    }

    private static void Barriers(HtmlPage page, TicketDiagnostics found)
    {
        string[] styles = ["ticket", "random", "dense"];
        string Curves(string label, string format, Func<BarrierPoint, double> of) => Titled(label, LinePlot.Of(
            label, "share of the second network", format,
            [.. found.Barriers.Select((b, i) => new PlotSeries(b.Name, styles[i % styles.Length], [.. b.Points.Select(p => new PlotPoint(p.Alpha, of(p)))]))], isRemaining: false));
        page.Heading("Linear mode connectivity")
            .Paragraph(
                "Loss and error on validation rows along the straight line between two networks. A barrier is the highest point of the line above the mean of its ends. Two networks whose "
                + "error barrier stays below 2 points count as connected (Frankle et al. 2020): training then ends in one valley whatever the order of the data. "
                + "Networks that are hardly better than guessing are connected easily, so look at the loss too.", "muted")
            .Beside(
                Curves("log-loss on the line, nats", "0.0000", p => p.Loss), Curves("share of rows missed on the line, %", "0.00", p => 100 * p.Error),
                HtmlPage.Table(["line", "loss barrier, nats", "error barrier, points", "", "loss at its ends"], found.Barriers.Select(b => (IReadOnlyList<string>)
                [
                    b.Name, Text($"{b.LossBarrier:0.00000}"), Text($"{100 * b.ErrorBarrier:0.00}"), b.ErrorBarrier < 0.02 ? "connected" : "not connected",
                    Text($"{b.Points[0].Loss:0.00000} and {b.Points[^1].Loss:0.00000}"),
                ])))
            .Folded("every point", HtmlPage.Table(["line", "share of the second", "loss", "error"], found.Barriers.SelectMany(b => b.Points.Select(p => (IReadOnlyList<string>)
                [b.Name, Text($"{p.Alpha:0.000}"), Text($"{p.Loss:0.00000}"), Text($"{100 * p.Error:0.00} %")]))));
    }

    private static void Overlap(HtmlPage page, TicketDiagnostics found)
    {
        var (overlap, stability) = (found.Overlap, found.Stability);
        IReadOnlyList<string> Row(string name, StabilityScore s) =>
        [
            name, Text($"{s.Value:0.000}"), Text($"{s.NullMean:0.000}"), Text($"{s.NullHigh:0.000}"), Text($"{s.Untrained:0.000}"), Text($"{s.Ceiling:0.000}"),
            s.Corrected is { } corrected ? Text($"{corrected:0.00}") : "-", Text($"{s.PValue:0.000}"),
        ];
        page.Heading("Do other rows, orders and first weights draw the same mask?")
            .Paragraph(
                Text($"Two halves of the training rows ({stability.HalfRows} each) drew a mask each, {stability.Starts} first weights apiece. Any two masks from the same first weights have much in common, whatever ")
                + Text($"the labels say; so the agreement is held against {stability.Draws} pairs drawn with shuffled labels, and p is the share that agrees at least as well, the found pair counted among them. ")
                + (stability.Answers.PValue < 0.05
                    ? "Here what the two kept subnetworks say of the same rows agrees by more than with shuffled labels (p below 0.05): the gate's condition."
                    : "Here what the two kept subnetworks say of the same rows does not agree beyond shuffled labels (p is not below 0.05): the gate would refuse it.")
                + (stability.Weights.PValue < 0.05 ? "" : " By single weights they do not agree beyond shuffled labels: which single weights survive is mostly a memory of the first weights."), "muted")
            .Beside(
                HtmlPage.Table(
                    ["agreement of the halves", "found", "shuffled labels, mean", stability.Draws < ExperimentReportPage.FewDraws ? "their highest" : "their 95 % point", "with untrained magnitudes", "same rows, other order", "corrected", "p"],
                    [
                        Row("by what they say of the same rows, beyond what is said whatever the labels, in squared logits (judged)", stability.Answers),
                        Row("by inputs read, beyond what is read whatever the labels, in units of chance", stability.Inputs), Row("by single weights, shared of either", stability.Weights),
                        Row("by single weights, longest ways from the first weights", stability.Movement),
                    ]))
            .Paragraph("corrected: 0 = no better than that bound of shuffled labels, 1 = as good as another order of the same rows; shown, never judged by.", "muted")
            .Paragraph(Text($"Masks of unlike density cannot share everything: the ticket keeps {100 * found.Density:0.##} % of the weights, so its row stays pale; the distances below allow for that."), "muted")
            .Beside(Titled(
                "weights kept by both masks, of those kept by either; darker = more in common",
                HeatMap.Of("mask overlap", overlap.Names, overlap.IntersectionOverUnion)))
            .Folded("distance: weights on which two masks differ, 0 = equal, 1 = as many as random masks of these counts", Matrix(overlap.Names, overlap.Distance));
        foreach (var layer in overlap.Layers)
        {
            page.Folded($"weights kept by both, of either, in {layer.Name}", Matrix(overlap.Names, layer.IntersectionOverUnion));
        }
    }

    private static void Survival(HtmlPage page, TicketDiagnostics found)
    {
        var survival = found.Survival;
        var features = survival.Features.OrderByDescending(f => f.Share).ToList();
        var pairs = survival.Pairs;
        var above = features.Count(f => f.Survives);
        page.Heading("What the ticket looks at")
            .Paragraph(
                Text($"How much of the surviving weight that reads inputs stands on each of them, the mean over masks of both halves; the dot is this ticket alone. The line is {(survival.Draws < ExperimentReportPage.FewDraws ? "the highest" : "the 95 % point")} of the largest share of any input under shuffled labels ({survival.Draws} draws): {(above == 0 ? "no input lies above it, so none can be told from chance" : above == 1 ? "one input lies above it" : $"{above} inputs lie above it")}. ")
                + "An input below the line is not shown to be useless, and one above it is read more than by chance, not shown to earn money.", "muted")
            .Beside(
                Titled($"share of surviving input weight, as bar and number{(features.Count > FeaturesShown ? $", the largest {FeaturesShown} of {features.Count}" : "")}", BarPlot.Of(
                    "feature survival", [.. features.Take(FeaturesShown).Select(f => new BarPlot.Bar(f.Feature, f.Share, f.Survives, f.TicketShare))], survival.NullHigh)),
                HtmlPage.Table(["input", "share", "this ticket", $"above {100 * survival.NullHigh:0.00} %?"], features.Select(f => (IReadOnlyList<string>)
                    [f.Feature, Text($"{100 * f.Share:0.00} %"), f.TicketShare is { } own ? Text($"{100 * own:0.00} %") : "-", f.Survives ? "above" : "no"])));
        if (survival.PairNullHigh is not { } pairHigh || pairs.Count == 0)
        {
            page.Paragraph("Pairs of inputs were not counted: there are too many inputs.", "muted");
            return;
        }

        page.Heading("Strongest interactions")
            .Paragraph(
                "Pairs of inputs that meet in the same neurons of the first layer, by the product of what a neuron reads of either; held against the largest pair under shuffled labels. "
                + "A strong input lifts every pair it is in, and meeting in a neuron makes an interaction possible, it does not prove one.", "muted")
            .Beside(
                Titled("share of all pairs", BarPlot.Of("interactions", [.. pairs.Select(p => new BarPlot.Bar($"{p.First} x {p.Second}", p.Share, p.Survives))], pairHigh)),
                HtmlPage.Table(["pair", "share", $"above {100 * pairHigh:0.00} %?"], pairs.Select(p => (IReadOnlyList<string>)
                    [$"{p.First} x {p.Second}", Text($"{100 * p.Share:0.00} %"), p.Survives ? "above" : "no"])));
    }

    private static string Matrix(IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<double>> values) =>
        HtmlPage.Table(["", .. names], names.Select((name, row) => (IReadOnlyList<string>)[name, .. values[row].Select(v => Text($"{v:0.000}"))]));

    private static string Titled(string title, string picture) => $"<p class=\"label\">{System.Net.WebUtility.HtmlEncode(title)}</p>{picture}";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

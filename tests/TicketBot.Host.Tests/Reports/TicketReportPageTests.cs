using TicketBot.Domain;
using TicketBot.Host.Reports;
using TicketBot.Research;
using TicketBot.Research.Diagnostics;
using TicketBot.Research.Statistics;
using TicketBot.Testing;
using TicketBot.Tickets;

namespace TicketBot.Host.Tests.Reports;

public sealed class TicketReportPageTests
{
    private static readonly string[] Masks = ["ticket", "all rows", "shuffled labels", "untrained"];

    [Fact]
    public void The_page_has_every_section_with_a_picture_and_loads_nothing()
    {
        var page = Page(Found());
        Assert.All(
            [
                "What the gates said", "Is it right as often as it says?", "Accuracy, loss and early stop against remaining weights", "Linear mode connectivity", "Do other rows, orders and first weights draw the same mask?",
                "What the ticket looks at", "Strongest interactions",
            ],
            heading => Assert.Contains($"<h2>{heading}</h2>", page, StringComparison.Ordinal));
        Assert.Equal(9, page.Split("<svg ").Length - 1);
        Assert.Equal(9, page.Split("</svg>").Length - 1);
        Assert.All(["http", "src=", "@import", "url(", "<script", "NaN"], outside => Assert.DoesNotContain(outside, page, StringComparison.Ordinal));
    }

    [Fact]
    public void Numbers_of_the_diagnosis_stand_on_the_page_as_text()
    {
        var found = Found();
        var page = Page(found);
        Assert.Contains(Row("25 %", "ticket, the density settled on", "63.40 %", "0.65432", "120", "58.10 %", "0.68111", "200"), page, StringComparison.Ordinal);
        Assert.Contains(Row("100 %", "dense", "62.50 %", "0.66001", "180", "-", "-", "-"), page, StringComparison.Ordinal);
        Assert.Contains(Row("dense to ticket", "0.01234", "1.50", "connected", "0.66000 and 0.65000"), page, StringComparison.Ordinal);
        Assert.Contains(Row("dense, two data orders", "0.20000", "9.00", "not connected", "0.66000 and 0.65000"), page, StringComparison.Ordinal);
        Assert.Contains(Row("by single weights, shared of either", "0.700", "0.500", "0.600", "0.300", "0.900", "0.33", "0.048"), page, StringComparison.Ordinal);
        Assert.Contains(Row("momentum_8 x volume_burst_32", "30.00 %", "above"), page, StringComparison.Ordinal);
        Assert.Contains(Row("volume_burst_32", "45.00 %", "61.00 %", "above"), page, StringComparison.Ordinal);
        Assert.Contains(Row("momentum_8", "15.00 %", "9.00 %", "no"), page, StringComparison.Ordinal);
        Assert.Contains(">chance 20.0 %<", page, StringComparison.Ordinal);
        Assert.Contains("ticket and shuffled labels: 0.22", page, StringComparison.Ordinal);
        Assert.Contains("the gate&#39;s condition", page, StringComparison.Ordinal);
        Assert.Contains("one input lies above it", page, StringComparison.Ordinal);
        Assert.Contains("<th>their highest</th>", page, StringComparison.Ordinal);
        Assert.Contains("<th>their 95 % point</th>", Page(found with { Stability = found.Stability with { Draws = 40 } }), StringComparison.Ordinal);
        Assert.Contains("With 2500 such rows an accuracy is uncertain by 1.0 points", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_chance_explains_is_called_so()
    {
        var found = Found();
        var page = Page(found with
        {
            Stability = found.Stability with { Answers = found.Stability.Answers with { PValue = 0.05 } },
            Survival = found.Survival with { Features = [.. found.Survival.Features.Select(f => f with { Survives = false })] },
        });
        Assert.Contains("the gate would refuse it", page, StringComparison.Ordinal);
        Assert.Contains("mostly a memory of the first weights", Page(found with { Stability = found.Stability with { Weights = found.Stability.Weights with { PValue = 0.5 } } }), StringComparison.Ordinal);
        Assert.Contains("none can be told from chance", page, StringComparison.Ordinal);
        Assert.Contains("Sparse network: it was not shown", page, StringComparison.Ordinal);
        Assert.Contains(Row("trades", "12", "100", "12", "REFUSED", "too few &lt;trades&gt;").Replace("<td>REFUSED", "<td class=\"bad\">REFUSED", StringComparison.Ordinal), page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ticket_trained_on_from_another_has_no_densities_to_draw()
    {
        var found = Found();
        var page = Page(found with { Levels = [found.Levels[0]] });
        Assert.Contains("no density was searched", page, StringComparison.Ordinal);
        Assert.Contains(Row("100 %", "this ticket", "62.50 %", "0.66001", "180", "-", "-", "-"), page, StringComparison.Ordinal);
        Assert.Equal(6, page.Split("<svg ").Length - 1);
    }

    private static readonly OutOfSampleQuality Quality = new(
        new TicketCalibration(600, 0.04, 0.03, new BrierScore(0.21, 0.01, 0.04, 0.25, -0.01), [new ReliabilityBin(0.5, 0.55, 400, 0.52, 0.5, 0.45, 0.55), new ReliabilityBin(0.65, 0.7, 200, 0.68, 0.66, 0.59, 0.72)])
        {
            Conformal = new ConformalCoverage(0.9, 0.895, 0.08, 0.02, 600),
        },
        150, 0.66, 4.5, 0.97, 0.61, 31);

    [Fact]
    public void Calibration_stands_on_the_page_as_a_picture_and_as_text()
    {
        var page = Page(Found());
        Assert.Contains(Row("expected calibration error", "4.00 points"), page, StringComparison.Ordinal);
        Assert.Contains(Row("probability that the Sharpe ratio lies above zero", "97.0 %"), page, StringComparison.Ordinal);
        Assert.Contains(Row("above the best of 31 trials without skill (networks trained)", "61.0 %"), page, StringComparison.Ordinal);
        Assert.Contains("89.5 % of 90 % promised", page, StringComparison.Ordinal);
        Assert.Contains("stated 0.680, right 0.660 (0.590 to 0.720) of 200 rows", page, StringComparison.Ordinal);
    }

    private static string Row(params string[] cells) =>
        string.Concat(cells.Select(c => c == "above" ? "<td class=\"good\">above</td>" : $"<td>{c}</td>"));

    private static string Page(TicketDiagnostics found)
    {
        var draft = TestTickets.Direction("calm-bull");
        var ticket = Ticket.Seal(draft with { Gates = new GateReport([GateJudgement.Of("trades", 12, 100, 12, false, "too few <trades>")]) });
        return TicketReportPage.Of(new RegistryEntry(ticket, TicketState.Candidate, new Instant(1), "stored"), found, Quality);
    }

    private static TicketDiagnostics Found()
    {
        BarrierCurve Curve(string name, double loss, double error) => new(name, loss, error, [new(0, 0.66, 0.4), new(0.5, 0.67, 0.41), new(1, 0.65, 0.39)]);
        var score = new StabilityScore(0.7, 0.5, 0.6, 0.9, 0.3, 1 / 21.0);
        IReadOnlyList<IReadOnlyList<double>> matrix = [[1, 0.8, 0.22, 0.3], [0.8, 1, 0.25, 0.31], [0.22, 0.25, 1, 0.33], [0.3, 0.31, 0.33, 1]];
        return new TicketDiagnostics
        {
            Regime = "calm-bull",
            IsPooled = false,
            Density = 0.25,
            ValidationRows = 2_500,
            Barriers = [Curve("dense to ticket", 0.01234, 0.015), Curve("ticket, two data orders", 0.001, 0.001), Curve("dense, two data orders", 0.2, 0.09)],
            Overlap = new OverlapReport(Masks, matrix, matrix, [new LayerOverlapReport("layer1.weight", matrix, matrix)]),
            Stability = new MaskStabilityReport(20, 3, 500, score, score, score, score, [0.45, 0.15], [0.3], [0.2], [0.25]),
            Survival = new FeatureSurvival(
                20, 0.2, [new FeatureShare("momentum_8", 0.15, 0.09, false), new FeatureShare("volume_burst_32", 0.45, 0.61, true)], 0.25,
                [new PairShare("momentum_8", "volume_burst_32", 0.3, true)]),
            Levels = [new DensityLevel(1, new LevelOutcome(180, 0.625, 0.66001), null), new DensityLevel(0.25, new LevelOutcome(120, 0.634, 0.65432), new LevelOutcome(200, 0.581, 0.68111))],
        };
    }
}

using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Host.Reports;
using TicketBot.Host.Verbs;
using TicketBot.Market.Candles;
using TicketBot.Research;
using TicketBot.Research.Labels;
using TicketBot.Research.Statistics;
using TicketBot.Tickets;
using TicketBot.Trading;

namespace TicketBot.Host.Tests.Verbs;

public sealed class EvaluationDocumentTests
{
    [Fact]
    public void Shows_calibration_and_selection_beside_the_contract_and_judges_by_the_gates_alone()
    {
        // A p-value of 0.9 and an overfitting probability of 0.8 change no verdict.
        var document = Read(Report(new OverfittingProbability(0.8, 0.5, -1, 12_870, 3)));

        Assert.Equal("eligible", document.GetProperty("verdict").GetString());
        Assert.Equal(
            ["verdict", "trials", "tickets", "baselines", "combined", "selection", "breakEvenHitRate", "files", "seconds"], document.EnumerateObject().Select(p => p.Name));
        var selection = document.GetProperty("selection")[0];
        Assert.Equal(("BTCUSDT", 3, 600), (selection.GetProperty("symbol").GetString(), selection.GetProperty("candidates").GetInt32(), selection.GetProperty("n").GetInt32()));
        Assert.Equal(
            [0.85, 0.9, 0.95, 0.97, 0.8],
            new[] { "spaLowerPValue", "spaPValue", "spaUpperPValue", "realityCheckPValue", "overfittingProbability" }.Select(n => selection.GetProperty(n).GetDouble()));
        var calibration = document.GetProperty("tickets")[0].GetProperty("calibration");
        Assert.Equal(0.04, calibration.GetProperty("expectedCalibrationError").GetDouble());
        Assert.Equal(0.7, calibration.GetProperty("reliabilityCurve")[0].GetProperty("meanForecast").GetDouble());
        Assert.Equal(0.21, calibration.GetProperty("brier").GetProperty("score").GetDouble());
    }

    [Fact]
    public void What_could_not_be_measured_is_null() =>
        Assert.Equal(JsonValueKind.Null, Read(Report(null)).GetProperty("selection")[0].GetProperty("overfittingProbability").ValueKind);

    private static JsonElement Read(FactoryReport report) => JsonDocument.Parse(HostJson.Line(EvaluationDocument.Of([File(report)]))).RootElement;

    [Fact]
    public void Says_per_file_at_which_costs_it_was_judged_and_whether_they_can_be_traded()
    {
        var research = new ResearchOptions();
        var equity = CostProfile.Of(TradingHours.Sessions, new TradingOptions(), research);
        var document = JsonDocument.Parse(HostJson.Line(EvaluationDocument.Of([File(Report(null)), new EvaluatedFile("us-equity_SPY_1h.csv", Report(null), equity)]))).RootElement;

        var costs = document.GetProperty("files").EnumerateArray().Select(f => f.GetProperty("costs")).ToList();
        Assert.Equal([("crypto", 5.5, true), ("equity", 1.0, false)], costs.Select(c => (c.GetProperty("profile").GetString(), c.GetProperty("takerFeeBp").GetDouble(), c.GetProperty("tradable").GetBoolean())));
        Assert.Equal((200, 13.2), (costs[0].GetProperty("notional").GetDouble(), costs[0].GetProperty("roundTripBp").GetDouble()));
        Assert.Equal(0.97, document.GetProperty("files")[0].GetProperty("combined").GetProperty("probabilisticSharpe").GetDouble());
        Assert.Equal(JsonValueKind.Null, document.GetProperty("combined").GetProperty("probabilisticSharpe").ValueKind); // Of two files: not added up.
        Assert.Contains("cannot trade", equity.ToString(), StringComparison.Ordinal);
        Assert.Equal(0.2m, CostProfile.Of(TradingHours.Weekdays, new TradingOptions(), research).Costs.TakerFeeBp);
        Assert.Equal(1, equity.ApplyTo(new TradingOptions { MaxPositionFraction = 0.01m }).Costs.TakerFeeBp);
    }

    [Fact]
    public void Says_how_often_each_direction_occurs_in_all_and_by_regime()
    {
        var file = File(Report(null));
        var classes = JsonDocument.Parse(HostJson.Line(EvaluationDocument.Of([file]))).RootElement.GetProperty("files")[0].GetProperty("classBalance");
        Assert.Equal(
            [("all", 2_800, 0.54), ("calm", 1_400, 4.0 / 7)],
            classes.EnumerateArray().Select(c => (c.GetProperty("regime").GetString(), c.GetProperty("n").GetInt32(), c.GetProperty("majorityShare").GetDouble())));
        var text = new StringWriter();
        EvaluationText.Write(text, file);
        Assert.Contains("labels, all: 2800, up 54.0 %, worth 2800 independent ones; always naming the frequent one is right in 54.0 %", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("How often each direction occurs", EvaluationReportPage.Of([file], 0.65), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_shows_rules_break_even_gates_and_calibration_and_loads_nothing()
    {
        var page = EvaluationReportPage.Of([File(Report(null))], 0.65);
        Assert.All(
            ["BTCUSDT/15m: eligible", "Rules that every ticket must beat", "break-even, %", "What the gates said", "Is it right as often as it says?", "signals from 0.65", "89.5 %", "97.0 %"],
            text => Assert.Contains(text, page, StringComparison.Ordinal));
        Assert.Single(page.Split("<svg ").Skip(1));
        Assert.All(["http", "src=", "@import", "url(", "<script", "NaN"], outside => Assert.DoesNotContain(outside, page, StringComparison.Ordinal));
    }

    private static EvaluatedFile File(FactoryReport report) => new("bybit_BTCUSDT_15m.csv.gz", report, CostProfile.Of(TradingHours.Always, new TradingOptions(), new ResearchOptions()));

    private static FactoryReport Report(OverfittingProbability? overfitting) => new()
    {
        Symbol = new Symbol("BTCUSDT"), Interval = Interval.FifteenMinutes, Candles = 3_000, Rows = 2_800, TrainRows = 1_500, ValidationRows = 400, TestRows = 600,
        Classes = [new ClassBalance(ClassBalance.All, [1_288, 1_512], 2_800), new ClassBalance("calm", [600, 800], 1_400)],
        Trials = 9, Family = 2, DenseValidationLoss = 0.69, DenseTestAccuracy = 0.5, Densities = [], Baselines = [], BreakEvenHitRate = 0.6,
        Combined = new CombinedReport(0.6, 5, 1, 9, 120, 0.9) { ProbabilisticSharpe = 0.97 }, JudgedNotional = 200, RoundTripBp = 13.2,
        Tickets =
        [
            new TicketReport(
                new TicketId("abc"), "calm", 0.1, true, 900, 0.3, 0.68, 1.2, 0.55, 0.51, 120, 5, new GateReport([GateJudgement.Of("trades", 120, 100, 600, true, "enough")]))
            {
                Calibration = new TicketCalibration(600, 0.04, 0.03, new BrierScore(0.21, 0.01, 0.04, 0.25, -0.01), [new ReliabilityBin(0.65, 0.7, 600, 0.7, 0.68, 0.64, 0.72)])
                {
                    Conformal = new ConformalCoverage(0.9, 0.895, 0.08, 0.02, 600),
                },
            },
        ],
        Selection = new SelectionReport(3, new SuperiorPredictiveAbility(3, 600, 2_000, 1, 0.4, 0.85, 0.9, 0.95, 2, 0.97), overfitting),
    };
}

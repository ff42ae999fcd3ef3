using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Host.Verbs;
using TicketBot.Research;
using TicketBot.Research.Statistics;
using TicketBot.Tickets;

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
            ["verdict", "trials", "tickets", "baselines", "combined", "selection", "breakEvenHitRate", "seconds"], document.EnumerateObject().Select(p => p.Name));
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

    private static JsonElement Read(FactoryReport report) => JsonDocument.Parse(HostJson.Line(EvaluationDocument.Of([report]))).RootElement;

    private static FactoryReport Report(OverfittingProbability? overfitting) => new()
    {
        Symbol = new Symbol("BTCUSDT"), Interval = Interval.FifteenMinutes, Candles = 3_000, Rows = 2_800, TrainRows = 1_500, ValidationRows = 400, TestRows = 600,
        Trials = 9, Family = 2, DenseValidationLoss = 0.69, DenseTestAccuracy = 0.5, Densities = [], Baselines = [], BreakEvenHitRate = 0.6,
        Combined = new CombinedReport(0.6, 5, 1, 9, 120, 0.9),
        Tickets =
        [
            new TicketReport(
                new TicketId("abc"), "calm", 0.1, true, 900, 0.3, 0.68, 1.2, 0.55, 0.51, 120, 5, new GateReport([GateJudgement.Of("trades", 120, 100, 600, true, "enough")]))
            {
                Calibration = new TicketCalibration(600, 0.04, 0.03, new BrierScore(0.21, 0.01, 0.04, 0.25, -0.01), [new ReliabilityBin(0.65, 0.7, 600, 0.7, 0.68, 0.64, 0.72)]),
            },
        ],
        Selection = new SelectionReport(3, new SuperiorPredictiveAbility(3, 600, 2_000, 1, 0.4, 0.85, 0.9, 0.95, 2, 0.97), overfitting),
    };
}

using TicketBot.Learning;
using TicketBot.Research.Statistics;

namespace TicketBot.Research.Tests.Statistics;

public sealed class CalibrationTests
{
    [Theory]
    [InlineData("equalWidth")]
    [InlineData("equalMass")]
    public void Curves_and_errors_equal_scikit_learn(string kind)
    {
        var file = GoldenNumbers.Read("calibration");
        var (forecasts, came, expected) = (file.Numbers("forecasts"), file.Flags("came"), file.GetProperty("curves").GetProperty(kind));
        var found = kind == "equalWidth" ? ReliabilityCurve.OfEqualWidth(forecasts, came, 10) : ReliabilityCurve.OfEqualMass(forecasts, came, 10);

        GoldenNumbers.AreEqual(expected.Numbers("hitRates"), found.Bins.Select(b => b.HitRate), 1e-12);
        GoldenNumbers.AreEqual(expected.Numbers("meanForecasts"), found.Bins.Select(b => b.MeanForecast), 1e-12);
        GoldenNumbers.AreEqual(expected.Numbers("counts"), found.Bins.Select(b => (double)b.Count), 0);
        Assert.Equal(expected.Number("expectedError"), found.ExpectedError, 1e-12);
        Assert.Equal(expected.Number("largestError"), found.LargestError, 1e-12);
    }

    [Fact]
    public void Brier_score_and_its_parts_equal_scikit_learn_and_add_up()
    {
        var file = GoldenNumbers.Read("calibration");
        var expected = file.GetProperty("brier");
        var found = BrierScore.Of(file.Numbers("forecasts"), file.Flags("came"));

        Assert.Equal(expected.Number("score"), found.Score, 1e-12);
        Assert.Equal(expected.Number("reliability"), found.Reliability, 1e-12);
        Assert.Equal(expected.Number("resolution"), found.Resolution, 1e-12);
        Assert.Equal(expected.Number("uncertainty"), found.Uncertainty, 1e-12);
        Assert.InRange(Math.Abs(found.Within), 1e-6, 0.005); // Ten bins hold forecasts that differ by less than a tenth.
    }

    [Fact]
    public void Where_all_forecasts_of_a_bin_are_equal_nothing_is_left_within()
    {
        double[] forecasts = [0.15, 0.15, 0.75, 0.75, 0.75, 0.15];
        var found = BrierScore.Of(forecasts, [false, true, true, true, false, false]);
        Assert.Equal(0, found.Within, 1e-15);
    }

    [Fact]
    public void Wilson_intervals_equal_statsmodels()
    {
        foreach (var expected in GoldenNumbers.Read("family").GetProperty("wilson").EnumerateArray())
        {
            var found = WilsonInterval.Of(expected.Count("hits"), expected.Count("trials"), expected.Number("alpha"));
            GoldenNumbers.AreEqual(expected.Numbers("interval"), [found.Low, found.High], 1e-12);
        }
    }

    [Fact]
    public void Equal_forecasts_share_a_bin_and_their_order_decides_no_bit()
    {
        double[] forecasts = [0.7, 0.6, 0.7, 0.7, 0.7, 0.8];
        bool[] came = [true, false, false, true, true, true];
        var curve = ReliabilityCurve.OfEqualMass(forecasts, came, 3);
        Assert.Equal([5, 1], curve.Bins.Select(b => b.Count));

        Array.Reverse(forecasts);
        Array.Reverse(came);
        Assert.Equal(curve.Bins, ReliabilityCurve.OfEqualMass(forecasts, came, 3).Bins);
    }

    [Fact]
    public void Confidences_of_a_calibrated_forecaster_have_a_small_error_and_those_of_a_boaster_the_boast()
    {
        var rng = new Rng(1);
        var confidences = new double[20_000];
        var calibrated = new bool[confidences.Length];
        var boasting = new bool[confidences.Length];
        for (var i = 0; i < confidences.Length; i++)
        {
            confidences[i] = 0.6 + (0.3 * rng.NextDouble());
            calibrated[i] = rng.NextDouble() < confidences[i];
            boasting[i] = rng.NextDouble() < confidences[i] - 0.1;
        }

        Assert.InRange(ReliabilityCurve.OfEqualWidth(confidences, calibrated, 10, 0.5).ExpectedError, 0, 0.02);
        Assert.Equal(0.1, ReliabilityCurve.OfEqualWidth(confidences, boasting, 10, 0.5).ExpectedError, 0.02);
    }

    [Fact]
    public void A_forecast_outside_its_range_is_refused_by_its_place() =>
        Assert.Contains("number 1 was 0.4", Assert.Throws<ArgumentException>(() => ReliabilityCurve.OfEqualWidth([0.6, 0.4], [true, true], 5, 0.5)).Message, StringComparison.Ordinal);
}

namespace TicketBot.Learning.Tests;

public class BinaryCalibrationTests
{
    [Theory]
    [InlineData(0.7, 1)]
    [InlineData(1.5, 2)]
    [InlineData(1.0, 3)]
    public void Finds_the_calibration_that_made_the_labels(double temperature, double exponent)
    {
        var truth = new BinaryCalibration(temperature, exponent);
        var (logits, labels) = Rows(truth, 40_000, seed: 5);

        var fitted = BinaryCalibration.Fit(logits, labels, []);

        Assert.Equal(exponent, fitted.Exponent);
        Assert.InRange(fitted.Temperature, 0.93 * temperature, 1.07 * temperature);
        double best = fitted.LossOf(logits, labels, []);
        Assert.True(best <= (fitted with { Temperature = 1.02 * fitted.Temperature }).LossOf(logits, labels, []));
        Assert.True(best <= (fitted with { Temperature = fitted.Temperature / 1.02 }).LossOf(logits, labels, []));
    }

    [Fact]
    public void Without_an_exponent_it_is_temperature_scaling()
    {
        var calibration = new BinaryCalibration(1.7, 1);

        Assert.Equal(Softmax.ProbabilityOf([0.3f, -1.1f], 1, 1.7), calibration.ProbabilityOf(0.3f, -1.1f), 1e-15);
        Assert.Equal(LogLoss.OfRow([0.3f, -1.1f], 0, 1.7), calibration.LossOf(0.3f, -1.1f, 0), 1e-15);
    }

    [Fact]
    public void Even_odds_stay_even_sides_are_mirrored_and_the_order_of_answers_stays()
    {
        var calibration = new BinaryCalibration(0.8, 2.5);

        Assert.Equal(0.5, calibration.ProbabilityOf(1.25f, 1.25f));
        double last = 0;
        for (float z = -2.5f; z <= 2.5f; z += 0.25f) // Further out the answers are 0 and 1 to the last bit.
        {
            double p = calibration.ProbabilityOf(0, z);
            Assert.True(p > last);
            Assert.Equal(1, p + calibration.ProbabilityOf(z, 0), 1e-14);
            Assert.Equal(-Math.Log(p), calibration.LossOf(0, z, 1), 1e-10);
            last = p;
        }
    }

    [Fact]
    public void Few_telling_rows_among_many_that_say_nothing_keep_their_confidence()
    {
        // Nine rows of ten carry a small logit that means nothing, one a large one that is right in 7 of 10 cases.
        var rng = new Rng(3);
        const int Count = 20_000;
        float[] logits = new float[2 * Count];
        int[] labels = new int[Count];
        for (int i = 0; i < Count; i++)
        {
            int side = (int)(rng.NextUInt64() >> 63);
            bool tells = i % 10 == 0;
            logits[(2 * i) + 1] = (side == 1 ? 1 : -1) * (tells ? 1.2f : 0.4f);
            labels[i] = rng.NextDouble() < (tells ? 0.7 : 0.5) ? side : 1 - side;
        }

        var fitted = BinaryCalibration.Fit(logits, labels, []);
        var alone = new BinaryCalibration(Calibration.FitTemperature(logits, labels, []), 1);

        Assert.InRange(fitted.ProbabilityOf(0, 1.2f), 0.67, 0.73);
        Assert.True(alone.ProbabilityOf(0, 1.2f) < 0.65);
        Assert.True(fitted.LossOf(logits, labels, []) < alone.LossOf(logits, labels, []));
    }

    [Fact]
    public void Lengths_that_disagree_are_refused() =>
        Assert.Throws<ArgumentException>(() => BinaryCalibration.Fit([0f, 1f, 2f], [1, 0], []));

    private static (float[] Logits, int[] Labels) Rows(BinaryCalibration truth, int count, ulong seed)
    {
        var rng = new Rng(seed);
        float[] logits = new float[2 * count];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            logits[(2 * i) + 1] = (float)(1.5 * rng.NextGaussian());
            labels[i] = rng.NextDouble() < truth.ProbabilityOf(0, logits[(2 * i) + 1]) ? 1 : 0;
        }

        return (logits, labels);
    }
}

namespace TicketBot.Learning.Tests;

public class CalibrationTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(1.0)]
    [InlineData(3.0)]
    public void Finds_the_temperature_that_made_the_labels(double truth)
    {
        var rng = new Rng(1);
        const int Rows = 40_000;
        float[] logits = new float[2 * Rows];
        int[] labels = new int[Rows];
        for (int i = 0; i < Rows; i++)
        {
            logits[2 * i + 1] = (float)(2.0 * truth * rng.NextGaussian());
            labels[i] = rng.NextDouble() < 1.0 / (1.0 + Math.Exp(-logits[2 * i + 1] / truth)) ? 1 : 0;
        }

        double fitted = Calibration.FitTemperature(logits, labels, []);
        Assert.InRange(fitted, 0.95 * truth, 1.05 * truth);
        double best = LogLoss.Of(logits, labels, [], 2, fitted);
        Assert.True(best <= LogLoss.Of(logits, labels, [], 2, fitted * 1.02));
        Assert.True(best <= LogLoss.Of(logits, labels, [], 2, fitted / 1.02));
    }

    [Fact]
    public void Rows_without_weight_do_not_count()
    {
        float[] logits = [0f, 2f, 0f, 2f, 0f, 2f, 0f, 2f];
        double plain = Calibration.FitTemperature(logits.AsSpan(0, 6), [1, 1, 0], []);
        double weighted = Calibration.FitTemperature(logits, [1, 1, 0, 0], [1f, 1f, 1f, 0f]);
        Assert.Equal(plain, weighted, 1e-12);
    }

    [Fact]
    public void Separable_logits_end_at_the_sharp_bound_and_contrary_ones_at_the_flat_bound()
    {
        Assert.Equal(Calibration.LowestTemperature, Calibration.FitTemperature([0f, 1f, 1f, 0f], [1, 0], []), 1e-6);
        Assert.Equal(Calibration.HighestTemperature, Calibration.FitTemperature([0f, 1f, 1f, 0f], [0, 1], []), 1e-6);
    }

    [Fact]
    public void Probabilities_sum_to_one_and_follow_the_temperature()
    {
        double[] p = new double[3];
        Softmax.Apply([1f, 2f, 3f], 2.0, p);
        Assert.Equal(1.0, p.Sum(), 1e-15);
        Assert.Equal(Math.Exp(0.5), p[1] / p[0], 1e-12);
        Assert.Equal(p[2], Softmax.ProbabilityOf([1f, 2f, 3f], 2, 2.0), 1e-15);
        Assert.Equal(-Math.Log(p[2]), LogLoss.Of([1f, 2f, 3f], [2], [], 3, 2.0), 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => Softmax.Apply([1f, 2f], 0.0, new double[2]));
    }
}

using TicketBot.Learning.Losses;
using TicketBot.Learning.Tests.Reference;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests.Losses;

/// <summary>Each twin against central differences below 1e-6; each float loss against its twin within 1e-6 of the largest gradient and of the loss (evaluation 1e-9),
/// with sample weights of which some are zero; every form gives the same bits.</summary>
public class LossGradientTests
{
    public static TheoryData<int, int> Shapes => new() { { 1, 1 }, { 1, 4 }, { 7, 3 }, { 64, 2 }, { 65, 5 }, { 130, 1 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Squared_and_huber_errors(int samples, int outputs)
    {
        var rng = new Rng((ulong)(samples * 100 + outputs));
        double[] targets = LossCheck.Draw(samples * outputs, ref rng);
        double[] z = LossCheck.Draw(samples * outputs, ref rng, 2.0);
        float[] weights = LossCheck.Weights(samples, ref rng);
        var set = new TrainingSet(new float[samples * 2], 2, LossCheck.Floats(targets), outputs, weights);
        LossCheck.Check(new Loss.MeanSquared(), TwinLosses.MeanSquared(outputs, targets, LossCheck.Doubles(weights)), set, outputs, z);
        foreach (float delta in new[] { 0.1f, 1f, 50f })
        {
            // Differences mean little at the join of the two branches.
            for (int i = 0; i < z.Length; i++)
            {
                z[i] += Math.Abs(Math.Abs(z[i] - targets[i]) - delta) < 1e-3 ? 4e-3 : 0.0;
            }

            LossCheck.Check(new Loss.Huber { Delta = delta }, TwinLosses.Huber(outputs, targets, LossCheck.Doubles(weights), delta), set, outputs, z);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Reconstruction_of_windows_over_a_series(int samples, int features)
    {
        const int Window = 3;
        var rng = new Rng((ulong)(samples * 101 + features));
        float[] series = LossCheck.Floats(LossCheck.Draw((samples + 5) * features, ref rng));
        int[] last = [.. Enumerable.Range(0, samples).Select(_ => Window - 1)];
        for (int i = 0; i < samples; i++)
        {
            last[i] += rng.NextInt(samples + 3);
        }

        float[] weights = LossCheck.Weights(samples, ref rng);
        var set = TrainingSet.OverSeries(series, features, Window, last, new int[samples], weights);
        double[] targets = [.. Enumerable.Range(0, samples).SelectMany(i => LossCheck.Doubles(set.RowOf(i).ToArray()))];
        double[] z = LossCheck.Draw(targets.Length, ref rng);
        LossCheck.Check(new Loss.Reconstruction(), TwinLosses.MeanSquared(Window * features, targets, LossCheck.Doubles(weights)), set, Window * features, z);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Binary_targets(int samples, int outputs)
    {
        var rng = new Rng((ulong)(samples * 102 + outputs));
        double[] targets = new double[samples * outputs];
        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] = (i % 3) switch { 0 => 0.0, 1 => 1.0, _ => rng.NextFloat() };
        }

        double[] z = LossCheck.Draw(targets.Length, ref rng, 3.0);
        float[] weights = LossCheck.Weights(samples, ref rng);
        var set = new TrainingSet(new float[samples], 1, LossCheck.Floats(targets), outputs, weights);
        LossCheck.Check(new Loss.Binary(), TwinLosses.Binary(outputs, targets, LossCheck.Doubles(weights)), set, outputs, z);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Cross_entropy_with_class_weights_and_a_class_without_samples(int samples, int more)
    {
        int classes = more + 1;
        var rng = new Rng((ulong)(samples * 103 + classes));
        int[] labels = [.. Enumerable.Range(0, samples).Select(i => classes > 2 ? i % (classes - 1) : i % 2)];
        double[] z = LossCheck.Draw(samples * classes, ref rng, 3.0);
        float[] weights = LossCheck.Weights(samples, ref rng);
        float[] classWeights = [.. Enumerable.Range(0, classes).Select(c => 0.5f + c)];
        var set = new TrainingSet(new float[samples], 1, labels, weights);
        double[] products = [.. weights.Select((w, i) => (double)(w * classWeights[labels[i]]))];
        LossCheck.Check(new Loss.CrossEntropy(), TwinLosses.CrossEntropy(classes, labels, LossCheck.Doubles(weights)), set, classes, z);
        LossCheck.Check(new Loss.CrossEntropy { ClassWeights = classWeights }, TwinLosses.CrossEntropy(classes, labels, products), set, classes, z);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gaussian_with_and_without_a_mean(int samples, int targetCount)
    {
        var rng = new Rng((ulong)(samples * 104 + targetCount));
        double[] targets = LossCheck.Draw(samples * targetCount, ref rng);
        float[] weights = LossCheck.Weights(samples, ref rng);
        var set = new TrainingSet(new float[samples], 1, LossCheck.Floats(targets), targetCount, weights);
        foreach (bool mean in new[] { true, false })
        {
            int outputs = mean ? 2 * targetCount : targetCount;
            double[] z = LossCheck.Draw(samples * outputs, ref rng);
            LossCheck.Check(new Loss.Gaussian { PredictsMean = mean }, TwinLosses.Gaussian(outputs, mean, targets, LossCheck.Doubles(weights)), set, outputs, z);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Sharpe_ratio_long_only_and_with_leverage(int samples, int assets)
    {
        var rng = new Rng((ulong)(samples * 105 + assets));
        double[] targets = LossCheck.Draw(samples * assets, ref rng, 0.02);
        float[] weights = LossCheck.Weights(samples, ref rng);
        var set = new TrainingSet(new float[samples], 1, LossCheck.Floats(targets), assets, weights);
        foreach (double leverage in new[] { 1.0, 2.5 })
        {
            int outputs = leverage > 1.0 ? 2 * assets : assets;
            double[] z = LossCheck.Draw(samples * outputs, ref rng);
            const double Floor = 0.01;
            LossCheck.Check(
                new Loss.Sharpe { GrossLeverage = leverage, DeviationFloor = Floor }, new TwinSharpe(assets, leverage, Floor, targets, LossCheck.Doubles(weights)), set, outputs, z);
        }
    }
}

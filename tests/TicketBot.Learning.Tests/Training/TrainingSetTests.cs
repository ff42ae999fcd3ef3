using TicketBot.Learning.Losses;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests.Training;

public class TrainingSetTests
{
    private static float[] Series(int steps, int features, ulong seed)
    {
        var rng = new Rng(seed);
        return [.. Enumerable.Range(0, steps * features).Select(_ => (float)rng.NextGaussian())];
    }

    [Fact]
    public void A_window_is_the_slice_of_the_series_that_ends_at_its_last_step()
    {
        float[] series = Series(10, 3, 1);
        TrainingSet set = TrainingSet.OverSeries(series, 3, 4, [3, 9, 5, 5], [0f, 1f, 2f, 3f], 1);
        Assert.Equal((4, 12, 4, 3), (set.Rows, set.RowLength, set.Window, set.FeatureCount));
        Assert.Same(series, set.FeatureArray);
        Assert.Equal(series[..12], set.RowOf(0).ToArray());
        Assert.Equal(series[18..30], set.RowOf(1).ToArray());
        Assert.Equal(series[6..18], set.RowOf(3).ToArray());
        Assert.Equal(6, set.FeatureOffsetOf(2));
        Assert.Throws<InvalidOperationException>(() => set.Features.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => set.RowOf(4).Length);
        Assert.Equal([2f], set.Targets.Slice(2, set.TargetWidth).ToArray());
    }

    [Fact]
    public void Windows_train_and_validate_to_the_bits_of_the_same_rows_laid_out()
    {
        const int Features = 3;
        const int Window = 4;
        float[] series = Series(700, Features, 2);
        int[] last = [.. Enumerable.Range(Window - 1, 600)];
        float[] targets = [.. last.Select(step => series[step * Features] * series[(step - 1) * Features + 1])];
        float[] weights = [.. last.Select(step => step % 7 == 0 ? 0f : 1f)];
        TrainingSet windows = TrainingSet.OverSeries(series, Features, Window, last, targets.SelectMany(t => new[] { t, -t }).ToArray(), 2, weights);
        float[] rows = [.. Enumerable.Range(0, 600).SelectMany(row => windows.RowOf(row).ToArray())];
        var laidOut = new TrainingSet(rows, Features * Window, windows.Targets.ToArray(), 2, weights);
        var options = new TrainingOptions { Loss = new Loss.MeanSquared(), Epochs = 5, LearningRate = 1e-2 };
        var results = new List<(string Hash, double Loss)>();
        foreach (TrainingSet set in new[] { windows, laidOut })
        {
            var rng = new Rng(3);
            Network network = Network.Create(Architecture.Parse("dense:24", Features * Window, 2), ref rng);
            TrainingResult result = Trainer.Train(network, MaskSet.Full(network), set, set, options, rng);
            Assert.Equal(5, result.Validations.Count);
            results.Add((Tasks.HashOf(network.Parameters.Select(p => p.Values)), options.Loss.Of(network, set)));
        }

        Assert.Equal(results[1], results[0]);
    }

    [Fact]
    public void Float_targets_are_learned_and_early_stopping_watches_their_loss()
    {
        TrainingSet train = Sine(2000, 5);
        TrainingSet validation = Sine(500, 6);
        var options = new TrainingOptions { Loss = new Loss.Huber { Delta = 0.5f }, Epochs = 40, LearningRate = 5e-3, EarlyStopPatience = 10 };
        var rng = new Rng(7);
        Network network = Network.Create(Architecture.Parse("dense:32/tanh", 2, 2), ref rng);
        double before = options.Loss.Of(network, validation);
        TrainingResult result = Trainer.Train(network, MaskSet.Full(network), train, validation, options, rng);
        Assert.True(result.BestValidationLoss < 0.05 * before, $"from {before} to {result.BestValidationLoss}");
        Assert.Equal(result.BestValidationLoss, options.Loss.Of(network, validation));

        static TrainingSet Sine(int rows, ulong seed)
        {
            float[] x = Series(rows, 2, seed);
            return new TrainingSet(x, 2, [.. Enumerable.Range(0, rows).SelectMany(i => new[] { MathF.Sin(x[2 * i]), x[2 * i] * x[2 * i + 1] })], 2);
        }
    }

    [Fact]
    public void Bad_input_is_named_with_its_place_its_value_and_a_remedy()
    {
        Says("row 1, column 0", "NaN", () => new TrainingSet([1f, 2f, float.NaN, 4f], 2, [0, 1]));
        Says("row 1, column 1", "leave out the rows", () => new TrainingSet(new float[2], 1, [0f, 1f, 2f, float.NegativeInfinity], 2));
        Says("step 2, column 0", "fill the gap", () => TrainingSet.OverSeries([1f, 2f, float.NaN], 1, 2, [1], [0]));
        Says("found 1 at row 1", "from 2 to 4", () => TrainingSet.OverSeries(new float[5], 1, 3, [2, 1], [0, 0]));
        Says("found 5 at row 0", "leaves the series", () => TrainingSet.OverSeries(new float[5], 1, 3, [5], [0]));
        Says("expected the last step of 2 rows", "found 1", () => TrainingSet.OverSeries(new float[5], 1, 3, [2], [0, 0]));
        Says("whole steps of 2 features", "found 5", () => TrainingSet.OverSeries(new float[5], 2, 1, [1], [0]));
        Says("whole rows of 2 targets", "found 3", () => new TrainingSet(new float[2], 1, [0f, 1f, 2f], 2));
        Says("found -1 at row 1", "number the classes", () => new TrainingSet(new float[2], 1, [0, -1]));
        Says("found -2 at row 0", "weigh a row 0", () => new TrainingSet(new float[2], 1, [0, 1], [-2f, 1f]));
        Says("found NaN at row 1", "finite", () => new TrainingSet(new float[2], 1, [0f, 1f], 1, [1f, float.NaN]));
        Says("expected 2 rows of 3 features", "found 4", () => new TrainingSet(new float[4], 3, [0f, 1f], 1));

        static void Says(string place, string more, Func<TrainingSet> make)
        {
            ArgumentException error = Assert.Throws<ArgumentException>(make);
            Assert.Contains(place, error.Message, StringComparison.Ordinal);
            Assert.Contains(more, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_loss_refuses_a_set_that_it_cannot_read()
    {
        var rng = new Rng(1);
        Network network = Network.Create(Architecture.Parse("dense:4", 2, 2), ref rng);
        var labels = new TrainingSet(new float[4], 2, [0, 1]);
        var targets = new TrainingSet(new float[4], 2, [0f, 2f, 1f, 0f], 2);
        Assert.Contains("a set of class labels", Refusal(new Loss.Huber(), labels), StringComparison.Ordinal);
        Assert.Contains("found a set of 2 targets", Refusal(new Loss.CrossEntropy(), targets), StringComparison.Ordinal);
        Assert.Contains("found 2 at row 0, column 1", Refusal(new Loss.Binary(), targets), StringComparison.Ordinal);
        Assert.Contains("expected 1 targets a row", Refusal(new Loss.Gaussian(), targets), StringComparison.Ordinal);
        Assert.Contains("a label 2", Refusal(new Loss.CrossEntropy(), new TrainingSet(new float[2], 2, [2])), StringComparison.Ordinal);
        Assert.Contains("sum above 0", Refusal(new Loss.MeanSquared(), new TrainingSet(new float[2], 2, [0f, 1f], 2, [0f])), StringComparison.Ordinal);

        Assert.Contains("found 1 rows of 1 x 4", Refusal(new Loss.MeanSquared(), new TrainingSet(new float[4], 4, [0f, 1f], 2)), StringComparison.Ordinal);

        string Refusal(Loss loss, TrainingSet set) => Assert.Throws<ArgumentException>(() => loss.Of(network, set)).Message;
    }
}

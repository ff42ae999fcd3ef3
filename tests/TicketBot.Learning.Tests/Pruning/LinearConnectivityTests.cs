using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests.Pruning;

public class LinearConnectivityTests
{
    private static readonly TrainingSet Rows = Tasks.Interaction(1_000, 8, 1);
    private static readonly TrainingSet Others = Tasks.Interaction(600, 8, 2);

    [Fact]
    public void Two_equal_networks_have_no_barrier_at_any_gene()
    {
        TrainingSet windows = GeneSamples.Halves(300, 3);
        foreach (string genes in GeneSamples.All)
        {
            float[][] weights = GeneSamples.Draw(genes).CaptureWeights();
            LinearConnectivityCurve curve = LinearConnectivity.Between(Architecture.Parse(genes, 3, 2, window: 6), weights, weights, windows, windows);

            Assert.Equal(LinearConnectivity.PaperPoints, curve.Points.Count);
            Assert.Equal(0.0, curve.LossBarrier);
            Assert.Equal(0.0, curve.ErrorBarrier);
            Assert.InRange(curve.Points[7].Loss, 0.1, 10.0);
        }
    }

    [Fact]
    public void The_ends_of_the_line_are_the_networks_themselves()
    {
        Architecture shape = Architecture.Parse("dense:12,dense:6", 8, 2);
        Network first = Trained(shape, 1, 1);
        Network second = Trained(shape, 1, 2);
        LinearConnectivityCurve curve = LinearConnectivity.Between(shape, first.CaptureWeights(), second.CaptureWeights(), Others, null, 5);

        Assert.Equal([0.0, 0.25, 0.5, 0.75, 1.0], curve.Points.Select(point => point.Alpha));
        Assert.Equal(Trainer.LossOf(first, Others), curve.Points[0].Loss, 12);
        Assert.Equal(Trainer.LossOf(second, Others), curve.Points[^1].Loss, 12);
        Assert.Equal(1.0 - Tasks.AccuracyOf(first, Others), curve.Points[0].Error, 12);
    }

    [Fact]
    public void One_start_is_connected_over_two_data_orders_where_two_starts_are_not()
    {
        Architecture shape = Architecture.Parse("dense:24,dense:12", 8, 2);
        float[][] network = Trained(shape, 1, 1).CaptureWeights();
        LinearConnectivityCurve orders = LinearConnectivity.Between(shape, network, Trained(shape, 1, 2).CaptureWeights(), Others, null);
        LinearConnectivityCurve starts = LinearConnectivity.Between(shape, network, Trained(shape, 9, 1).CaptureWeights(), Others, null);

        Assert.True(orders.LossBarrier < starts.LossBarrier / 2, $"{orders.LossBarrier} against {starts.LossBarrier}");
        Assert.True(orders.ErrorBarrier < starts.ErrorBarrier, $"{orders.ErrorBarrier} against {starts.ErrorBarrier}");
    }

    [Fact]
    public void Without_new_statistics_of_batch_normalisation_a_false_barrier_appears()
    {
        // The second network is the first with ten times the weights before the normalisation, which takes the factor out again: the same answers at both ends, and between
        // them. Statistics mixed on a straight line do not, because a variance grows with the square.
        Architecture shape = Architecture.Parse("dense:16/identity,batchnorm/relu", 8, 2);
        Network network = Trained(shape, 1, 1);
        float[][] first = network.CaptureWeights();
        float[][] second = [.. first.Select(values => (float[])values.Clone())];
        Scale(second[Index(shape, "layer1.weight")], 10f);
        Scale(second[Index(shape, "layer1.bias")], 10f);
        Scale(second[Index(shape, "layer2.running_mean")], 10f);
        Scale(second[Index(shape, "layer2.running_variance")], 100f);
        LinearConnectivityCurve renewed = LinearConnectivity.Between(shape, first, second, Others, Rows);
        LinearConnectivityCurve mixed = LinearConnectivity.Between(shape, first, second, Others, null);

        Assert.InRange(renewed.LossBarrier, 0.0, 0.005);
        Assert.True(mixed.LossBarrier > 0.02, $"expected a false barrier, found {mixed.LossBarrier}");
    }

    [Fact]
    public void New_statistics_are_those_of_the_rows_layer_after_layer()
    {
        Architecture shape = Architecture.Parse("batchnorm,dense:6,batchnorm", 8, 2);
        var rng = new Rng(4);
        Network network = Network.Create(shape, ref rng);
        LinearConnectivity.RenewStatistics(network, Rows);

        float[] mean = network.Parameters[Index(shape, "layer1.running_mean")].Values;
        double expected = Enumerable.Range(0, Rows.Rows).Average(row => (double)Rows.RowOf(row)[2]);
        Assert.Equal(expected, mean[2], 5);

        // What reaches the output layer has mean 0 and variance 1 over these very rows, so its logits have the bias (0) as their mean.
        float[] logits = network.Forward(Rows.Features, Rows.Rows);
        Assert.Equal(0.0, logits.Average(), 4);
    }

    [Fact]
    public void Rows_that_do_not_fit_are_refused_with_both_shapes()
    {
        Architecture shape = Architecture.Parse("dense:6", 8, 2);
        var rng = new Rng(4);
        float[][] weights = Network.Create(shape, ref rng).CaptureWeights();

        Assert.Contains("rows of 8 values", Assert.Throws<ArgumentException>(() => LinearConnectivity.Between(shape, weights, weights, Tasks.Interaction(10, 7, 1), null)).Message, StringComparison.Ordinal);
        Assert.Contains("labels from 0 to 1", Assert.Throws<ArgumentException>(() => LinearConnectivity.Between(shape, weights, weights, new TrainingSet(new float[8], 8, [2]), null)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => LinearConnectivity.Between(shape, weights, weights, Rows, null, 1));
    }

    private static int Index(Architecture shape, string name) => shape.Parameters.ToList().FindIndex(parameter => parameter.Name == name);

    private static void Scale(float[] values, float factor)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= factor;
        }
    }

    private static Network Trained(Architecture shape, ulong start, ulong order)
    {
        var rng = new Rng(start);
        Network network = Network.Create(shape, ref rng);
        Trainer.Train(network, MaskSet.Full(shape), Rows, null, new TrainingOptions { Epochs = 20, LearningRate = 5e-3 }, new Rng(order));
        return network;
    }
}

using TicketBot.Learning.Tests.Reference;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests;

public class NetworkTests
{
    [Theory]
    [InlineData("dense:9,dense:5", 2)]
    [InlineData("dense:8/leakyrelu,dense:7/tanh", 3)]
    [InlineData("dense:17/tanh", 2)]
    [InlineData("", 4)]
    public void The_twin_has_the_gradient_of_central_differences(string genes, int classes)
    {
        Problem problem = Problem.AwayFromKinks(genes, classes, rows: 12);
        double[][] gradient = problem.Twin.Gradient(problem.Rows, problem.Labels, problem.Weights);
        for (int p = 0; p < gradient.Length; p++)
        {
            for (int i = 0; i < gradient[p].Length; i++)
            {
                double value = problem.Twin.Parameters[p][i];
                problem.Twin.Parameters[p][i] = value + 1e-5;
                double above = problem.Twin.Loss(problem.Rows, problem.Labels, problem.Weights);
                problem.Twin.Parameters[p][i] = value - 1e-5;
                double below = problem.Twin.Loss(problem.Rows, problem.Labels, problem.Weights);
                problem.Twin.Parameters[p][i] = value;
                double difference = (above - below) / 2e-5;
                Assert.True(Math.Abs(difference - gradient[p][i]) <= 1e-6 * Math.Max(1e-3, Math.Abs(difference)), $"parameter {p}[{i}]: {difference:R} against {gradient[p][i]:R}");
            }
        }
    }

    [Theory]
    [InlineData("dense:9,dense:5", 2, 12)]
    [InlineData("dense:8/leakyrelu,dense:7/tanh", 3, 64)]
    [InlineData("dense:64,dense:32", 2, 150)]
    [InlineData("dense:33/identity", 2, 65)]
    [InlineData("", 4, 7)]
    public void The_float_kernels_agree_with_the_twin(string genes, int classes, int rows)
    {
        Problem problem = Problem.AwayFromKinks(genes, classes, rows);
        int[] all = [.. Enumerable.Range(0, rows)];
        double loss = problem.Network.Backpropagate(problem.Set, all);
        Assert.Equal(problem.Twin.Loss(problem.Rows, problem.Labels, problem.Weights), loss, 1e-5);
        double[][] gradient = problem.Twin.Gradient(problem.Rows, problem.Labels, problem.Weights);
        for (int p = 0; p < gradient.Length; p++)
        {
            double scale = gradient[p].Max(Math.Abs);
            for (int i = 0; i < gradient[p].Length; i++)
            {
                Assert.Equal(gradient[p][i], problem.Network.Parameters[p].Gradient[i], 1e-5 * scale + 1e-9);
            }
        }

        float[] logits = problem.Network.Forward(problem.Set.Features, rows);
        for (int i = 0; i < rows; i++)
        {
            double[] expected = problem.Twin.Logits(problem.Rows[i]);
            for (int c = 0; c < classes; c++)
            {
                Assert.Equal(expected[c], logits[i * classes + c], 1e-5);
            }
        }
    }

    [Fact]
    public void Captured_weights_restore_the_network()
    {
        var rng = new Rng(1);
        Network network = Network.Create(Architecture.Parse("dense:8", 4, 2), ref rng);
        float[][] weights = network.CaptureWeights();
        var other = new Network(network.Architecture);
        other.RestoreWeights(weights);
        float[] row = [1f, -2f, 0.5f, 3f];
        Assert.Equal(network.Forward(row, 1), other.Forward(row, 1));
        weights[0][0] += 1f;
        Assert.NotEqual(weights[0][0], network.Parameters[0].Values[0]);
        Assert.Throws<ArgumentException>(() => other.RestoreWeights(weights[..1]));
    }

    [Fact]
    public void Drawn_weights_have_the_variance_of_their_rule()
    {
        var rng = new Rng(2);
        Network network = Network.Create(Architecture.Parse("dense:200/relu,dense:200/tanh", 100, 2), ref rng);
        Assert.Equal(2.0 / 100, network.Parameters[0].Values.Average(w => (double)w * w), 0.001);
        Assert.Equal(2.0 / 400, network.Parameters[2].Values.Average(w => (double)w * w), 0.0005);
        Assert.All(network.Parameters[1].Values, b => Assert.Equal(0f, b));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Features_that_are_no_numbers_are_refused(float bad)
    {
        var network = new Network(Architecture.Parse("dense:8", 2, 2));
        Assert.Throws<ArgumentException>(() => network.Forward([1f, bad], 1));
        Assert.Throws<ArgumentException>(() => new TrainingSet([1f, bad], 2, [0]));
    }

    [Fact]
    public void A_row_has_the_same_logits_in_any_company()
    {
        var rng = new Rng(3);
        TrainingSet set = Tasks.Interaction(130, 5, 9);
        Network network = Network.Create(Architecture.Parse("dense:13,dense:6/tanh", 5, 2), ref rng);
        float[] together = network.Forward(set.Features, 130);
        for (int i = 0; i < 130; i++)
        {
            Assert.Equal(network.Forward(set.Features.Slice(i * 5, 5), 1), together[(2 * i)..(2 * i + 2)]);
        }
    }

    private sealed record Problem(Network Network, DoubleNetwork Twin, TrainingSet Set, double[][] Rows, int[] Labels, double[] Weights)
    {
        /// <summary>Draws again until no sum lies within 1e-4 of a kink, where one-sided slopes would differ.</summary>
        public static Problem AwayFromKinks(string genes, int classes, int rows)
        {
            const int Features = 6;
            Architecture architecture = Architecture.Parse(genes, Features, classes);
            for (ulong seed = 1; ; seed++)
            {
                var rng = new Rng(seed);
                Network network = Network.Create(architecture, ref rng);
                foreach (Parameter bias in network.Parameters.Where(parameter => !parameter.IsPrunable))
                {
                    for (int i = 0; i < bias.Values.Length; i++)
                    {
                        bias.Values[i] = (float)(0.3 * rng.NextGaussian());
                    }
                }

                float[] x = new float[rows * Features];
                for (int i = 0; i < x.Length; i++)
                {
                    x[i] = (float)rng.NextGaussian();
                }

                int[] labels = new int[rows];
                float[] weights = new float[rows];
                for (int i = 0; i < rows; i++)
                {
                    labels[i] = rng.NextInt(classes);
                    weights[i] = 0.5f + rng.NextFloat();
                }

                var twin = new DoubleNetwork(architecture, network.CaptureWeights());
                double[][] wide = [.. Enumerable.Range(0, rows).Select(i => Array.ConvertAll(x[(i * Features)..((i + 1) * Features)], v => (double)v))];
                double[] wideWeights = Array.ConvertAll(weights, w => (double)w);
                twin.Gradient(wide, labels, wideWeights);
                if (twin.ClosestKink > 1e-4 || rows > 100)
                {
                    return new Problem(network, twin, new TrainingSet(x, Features, labels, weights), wide, labels, wideWeights);
                }
            }
        }
    }
}

using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Tests.Reference;
using TicketBot.Learning.Training;
using TicketBot.Testing;

namespace TicketBot.Learning.Tests.Training;

public class SparseTrainingTests
{
    private static readonly Architecture Shape = Architecture.Parse("dense:40,dense:20", 12, 2);

    [Theory]
    [InlineData(0.05, Optimizer.AdamW, 64)]
    [InlineData(0.2, Optimizer.AdamW, 64)]
    [InlineData(0.2, Optimizer.Sgd, 64)]
    [InlineData(0.2, Optimizer.AdamW, 150)]
    [InlineData(0.2, Optimizer.AdamW, 20)]
    [InlineData(0.5, Optimizer.AdamW, 64)]
    [InlineData(0.7, Optimizer.AdamW, 64)]
    [InlineData(1.0, Optimizer.AdamW, 64)]
    public void A_whole_training_gives_the_weights_of_the_masked_dense_reference(double density, Optimizer optimizer, int batchSize)
    {
        TrainingSet train = Tasks.Interaction(330, 12, 20);
        var options = new TrainingOptions { Optimizer = optimizer, LearningRate = optimizer == Optimizer.Sgd ? 0.05 : 3e-3, BatchSize = batchSize, Epochs = 4, WeightDecay = 1e-2, ClipNorm = 0.3 };
        MaskSet mask = MaskOf(Shape, density);
        var reference = new MaskedDenseTraining(Draw(Shape), mask, options);
        string untrained = Tasks.HashOf(reference.Weights);
        reference.Run(train, new Rng(3));
        string expected = Tasks.HashOf(reference.Weights);
        Assert.NotEqual(untrained, expected);
        foreach (KernelForm form in Enum.GetValues<KernelForm>())
        {
            Network network = Draw(Shape);
            network.Form = form;
            Trainer.Train(network, mask, train, null, options, new Rng(3));
            Assert.Equal(expected, Tasks.HashOf(network.CaptureWeights()));
        }
    }

    [Fact]
    public void The_two_orders_of_weight_gradients_differ_so_the_switch_is_part_of_the_result()
    {
        // If they did not, the theory above would prove nothing about the switch.
        var rng = new Rng(1);
        float[] dy = [.. Enumerable.Range(0, 64).Select(_ => (float)rng.NextGaussian())];
        float[] x = [.. Enumerable.Range(0, 64).Select(_ => (float)rng.NextGaussian())];
        float ascending = 0f;
        for (int s = 0; s < 64; s++)
        {
            ascending = MathF.FusedMultiplyAdd(dy[s], x[s], ascending);
        }

        Assert.NotEqual(ascending, PlainSums.LaneTree(dy, x));
        Assert.Equal(0.5, SparseTraining.SwitchDensity);
    }

    [Fact]
    public void Only_matrices_up_to_the_switch_density_are_packed_and_only_while_training()
    {
        Network network = Draw(Shape);
        MaskSet mask = MagnitudePruning.Prune(network, MaskSet.Full(network), PruningOptions.ToDensity(0.3));
        var packed = new List<bool>();
        Trainer.Train(network, mask, Tasks.Interaction(100, 12, 1), null, new TrainingOptions { Epochs = 1 }, new Rng(1), _ =>
        {
            packed.Clear();
            packed.AddRange(network.ParameterArray.Select(parameter => parameter.Packed is not null));
            return true;
        });
        Assert.Equal([.. Enumerable.Range(0, 6).Select(i => i % 2 == 0 && (double)mask.Of(i).Count(true) / mask.Of(i).Length <= 0.5)], packed);
        Assert.Contains(true, packed);
        Assert.All(network.ParameterArray, parameter => Assert.Null(parameter.Packed));
    }

    [Fact]
    public void A_training_that_diverges_leaves_nothing_packed()
    {
        Network network = Draw(Shape);
        Assert.Throws<TrainingDivergedException>(() => Trainer.Train(network, MaskOf(Shape, 0.2), Tasks.Interaction(300, 12, 1), null, new TrainingOptions { Optimizer = Optimizer.Sgd, LearningRate = 1e20 }, new Rng(1)));
        Assert.All(network.ParameterArray, parameter => Assert.Null(parameter.Packed));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.4)]
    [InlineData(1.0)]
    public void Multiply_adds_and_updates_equal_the_survivors(double density)
    {
        const int Rows = 200;
        const int Tiles = 4;
        const int Updates = 3;
        TrainingSet train = Tasks.Interaction(Rows, 12, 2);
        Network network = Draw(Shape);
        MaskSet mask = MaskOf(Shape, density);
        mask.ApplyTo(network);
        using var state = new OptimizerState(network, mask, new TrainingOptions());
        for (int step = 0; step < Updates; step++)
        {
            network.Backpropagate(train, [.. Enumerable.Range(0, Rows)]);
            state.Apply(network, 1e-3);
        }

        WeightMatrix[] matrices = [.. network.Graph.Layers.SelectMany(layer => layer.Matrices)];
        Assert.Equal(3, matrices.Length);
        for (int l = 0; l < matrices.Length; l++)
        {
            long survivors = mask.Layers[l].Remaining * Tiles * Updates;
            Assert.Equal(survivors, matrices[l].Work.Forward);
            Assert.Equal(survivors, matrices[l].Work.WeightGradient);
            // Nobody reads the gradient of the network's own inputs.
            Assert.Equal(l == 0 ? 0 : survivors, matrices[l].Work.InputGradient);
        }

        int biases = network.ParameterArray.Where(parameter => !parameter.IsPrunable).Sum(parameter => parameter.Shape.Count);
        Assert.Equal(Updates * (mask.Remaining + biases), state.Updated);
    }

    [Theory]
    [InlineData(Optimizer.AdamW)]
    [InlineData(Optimizer.Adam)]
    [InlineData(Optimizer.Sgd)]
    public void Masked_weights_gradients_and_moments_are_plus_zero_after_every_step(Optimizer optimizer)
    {
        TrainingSet train = Tasks.Interaction(300, 12, 4);
        Network network = Draw(Shape);
        MaskSet mask = MaskOf(Shape, 0.2);
        mask.ApplyTo(network);
        using var state = new OptimizerState(network, mask, new TrainingOptions { Optimizer = optimizer, WeightDecay = 0.1 });
        for (int step = 0; step < 30; step++)
        {
            network.Backpropagate(train, [.. Enumerable.Range(step, 200)]);
            state.Apply(network, 0.01);
            int moved = 0;
            for (int p = 0; p < network.Parameters.Count; p += 2)
            {
                float[][] arrays = [network.Parameters[p].Values, network.ParameterArray[p].Gradient, state.FirstMoments[p], state.SecondMoments[p]];
                for (int i = 0; i < mask.Of(p).Length; i++)
                {
                    if (!mask.Of(p)[i])
                    {
                        Assert.All(arrays, array => Assert.True(array.Length == 0 || BitConverter.SingleToInt32Bits(array[i]) == 0));
                    }

                    moved += arrays[2][i] != 0f && arrays[1][i] != 0f ? 1 : 0;
                }
            }

            Assert.InRange(moved, mask.Remaining / 2, mask.Remaining);
        }
    }

    [Fact]
    public void Moments_are_captured_and_restored_in_the_order_of_the_dense_matrix()
    {
        TrainingSet train = Tasks.Interaction(300, 12, 5);
        MaskSet mask = MaskOf(Shape, 0.2);
        string[] hashes = new string[2];
        for (int interrupted = 0; interrupted < 2; interrupted++)
        {
            Network network = Draw(Shape);
            mask.ApplyTo(network);
            var options = new TrainingOptions();
            var state = new OptimizerState(network, mask, options);
            for (int step = 0; step < 20; step++)
            {
                if (step == 9 && interrupted == 1)
                {
                    OptimizerSnapshot snapshot = state.Capture();
                    Assert.Equal(network.Parameters.Select(parameter => parameter.Shape.Count), snapshot.SecondMoments.Select(moments => moments.Length));
                    float[][] weights = network.CaptureWeights();
                    state.Dispose();
                    network = new Network(Shape);
                    network.RestoreWeights(weights);
                    state = new OptimizerState(network, mask, options);
                    state.Restore(snapshot);
                }

                network.Backpropagate(train, [.. Enumerable.Range(step, 100)]);
                state.Apply(network, 0.01);
            }

            hashes[interrupted] = Tasks.HashOf(network.CaptureWeights());
        }

        Assert.Equal(hashes[0], hashes[1]);
    }

    [Fact]
    public void A_packed_step_allocates_nothing()
    {
        TrainingSet train = Tasks.Interaction(500, 12, 12);
        Network network = Draw(Shape);
        MaskSet mask = MaskOf(Shape, 0.2);
        using var state = new OptimizerState(network, mask, new TrainingOptions { ClipNorm = 1.0 });
        var order = new DataOrder(new Rng(1), 500, 64);
        Step step = default;
        Learn();
        Assert.Equal(0, AllocatedBytes.LeastOf(Learn));

        void Learn()
        {
            for (int i = 0; i < 20; i++)
            {
                network.Backpropagate(train, order.RowsOf(step));
                state.Apply(network, 0.001);
                step = order.After(step);
            }
        }
    }

    [Fact]
    public void A_second_training_of_the_same_network_stops_the_first()
    {
        Network network = Draw(Shape);
        var first = new OptimizerState(network, MaskOf(Shape, 0.2), new TrainingOptions());
        using var second = new OptimizerState(network, MaskOf(Shape, 0.3), new TrainingOptions());
        Assert.Throws<InvalidOperationException>(() => first.Apply(network, 0.01));
    }

    private static Network Draw(Architecture architecture)
    {
        var rng = new Rng(1);
        return Network.Create(architecture, ref rng);
    }

    // So many survivors per matrix, at random places, with a dead row and a dead column in each wide matrix of a sparse mask.
    private static MaskSet MaskOf(Architecture architecture, double density)
    {
        var rng = new Rng(11);
        bool[]?[] masks = MaskSet.Full(architecture).ToArrays();
        for (int p = 0; p < masks.Length; p++)
        {
            if (masks[p] is not { } mask)
            {
                continue;
            }

            ParameterShape shape = architecture.Parameters[p];
            for (int i = 0; i < mask.Length; i++)
            {
                mask[i] = i < density * mask.Length;
            }

            rng.Shuffle(mask.AsSpan());
            for (int i = 0; density <= 0.5 && shape.Rows > 2 && i < mask.Length; i++)
            {
                mask[i] &= i / shape.Columns != 3 && i % shape.Columns != 5;
            }
        }

        return MaskSet.FromArrays(architecture, masks);
    }
}

using TicketBot.Learning.Kernels;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;
using TicketBot.Testing;

namespace TicketBot.Learning.Tests.Training;

public class TrainerTests
{
    private static readonly Architecture Shape = Architecture.Parse("dense:32,dense:16", 12, 2);

    private static Network Draw(ulong seed = 1)
    {
        var rng = new Rng(seed);
        return Network.Create(Shape, ref rng);
    }

    [Theory]
    [InlineData(Optimizer.Adam, 3e-3)]
    [InlineData(Optimizer.Sgd, 0.05)]
    public void Learns_an_interaction_of_features(Optimizer optimizer, double rate)
    {
        TrainingSet train = Tasks.Interaction(4000, 12, 1);
        TrainingSet validation = Tasks.Interaction(1000, 12, 2);
        TrainingSet test = Tasks.Interaction(2000, 12, 3);
        Network network = Draw();
        TrainingResult result = Trainer.Train(network, MaskSet.Full(network), train, validation, new TrainingOptions { Optimizer = optimizer, LearningRate = rate, Epochs = 20 }, new Rng(1));
        Assert.True(Tasks.AccuracyOf(network, test) > 0.93, $"accuracy {Tasks.AccuracyOf(network, test)}");
        Assert.Equal(20, result.Validations.Count);
        Assert.Equal(result.Validations.Min(point => point.Loss), result.BestValidationLoss);
        Assert.Equal(result.BestValidationLoss!.Value, Trainer.LossOf(network, validation), 1e-15);
    }

    [Fact]
    public void Same_seed_same_bits_by_any_path()
    {
        string vector = TrainForHash(KernelForm.Vector256, seed: 1);
        Assert.Equal(vector, TrainForHash(KernelForm.Vector256, seed: 1));
        Assert.Equal(vector, TrainForHash(KernelForm.Scalar, seed: 1));
        Assert.NotEqual(vector, TrainForHash(KernelForm.Vector256, seed: 2));
        // Holds on every machine and with DOTNET_EnableAVX2=0 or DOTNET_EnableHWIntrinsic=0.
        Assert.Equal("B91766800BD64A5D", vector);
    }

    [Fact]
    public void Parallel_trainings_give_the_bits_of_one_alone()
    {
        string alone = TrainForHash(KernelForm.Vector256, seed: 1);
        string[] hashes = new string[4];
        Parallel.For(0, hashes.Length, i => hashes[i] = TrainForHash(KernelForm.Vector256, seed: 1));
        Assert.All(hashes, hash => Assert.Equal(alone, hash));
    }

    [Theory]
    [InlineData(Optimizer.Adam)]
    [InlineData(Optimizer.Sgd)]
    public void Masked_weights_and_moments_stay_exactly_zero(Optimizer optimizer)
    {
        TrainingSet train = Tasks.Interaction(500, 12, 4);
        Network network = Draw();
        MaskSet mask = MagnitudePruning.Prune(network, MaskSet.Full(network), PruningOptions.ToDensity(0.2));
        mask.ApplyTo(network);
        var options = new TrainingOptions { Optimizer = optimizer, WeightDecay = 0.1, ClipNorm = 1.0 };
        var state = new OptimizerState(network, mask, options);
        var order = new DataOrder(new Rng(1), 500, 64);
        for (Step step = default; step.Number < 100; step = order.After(step))
        {
            network.Backpropagate(train, order.RowsOf(step));
            state.Apply(network, 0.01);
        }

        int moved = 0;
        for (int p = 0; p < network.Parameters.Count; p += 2)
        {
            for (int i = 0; i < mask.Of(p).Length; i++)
            {
                if (mask.Of(p)[i])
                {
                    moved += state.FirstMoments[p][i] != 0f ? 1 : 0;
                    continue;
                }

                Assert.Equal(0, BitConverter.SingleToInt32Bits(network.Parameters[p].Values[i]));
                Assert.Equal(0, BitConverter.SingleToInt32Bits(state.FirstMoments[p][i]));
                Assert.Equal(0, optimizer == Optimizer.Adam ? BitConverter.SingleToInt32Bits(state.SecondMoments[p][i]) : 0);
            }
        }

        Assert.True(moved > mask.Remaining / 2);
    }

    [Fact]
    public void Rewound_weights_are_the_masked_weights_of_level_zero_at_every_level()
    {
        TrainingSet train = Tasks.Interaction(1000, 12, 5);
        Network network = Draw();
        var options = new TrainingOptions { Epochs = 4 };
        TrainingCheckpoint? start = null;
        MaskSet mask = MaskSet.Full(network);
        Trainer.Train(network, mask, train, null, options, new Rng(5), moment =>
        {
            start = moment.Step.Number == 7 ? moment.Capture() : start;
            return true;
        });
        for (int level = 1; level <= 4; level++)
        {
            mask = MagnitudePruning.Prune(network, mask, new PruningOptions());
            Trainer.Rewind(network, mask, start!, train, null, options, moment =>
            {
                if (moment.Step.Number == 7)
                {
                    for (int p = 0; p < network.Parameters.Count; p++)
                    {
                        float[] expected = (float[])start!.Weights[p].Clone();
                        for (int i = 0; i < mask.Of(p).Length; i++)
                        {
                            expected[i] = mask.Of(p)[i] ? expected[i] : 0f;
                        }

                        Assert.Equal(expected, network.Parameters[p].Values);
                    }
                }

                return true;
            });
        }
    }

    [Fact]
    public void Rewinding_resumes_the_data_order_and_the_schedule()
    {
        // Without momentum nothing but weights, data order and learning rate carries over, so the rewound run repeats the first one.
        TrainingSet train = Tasks.Interaction(500, 12, 6);
        Network network = Draw();
        var options = new TrainingOptions { Optimizer = Optimizer.Sgd, Momentum = 0.0, LearningRate = 0.05, Epochs = 3, Schedule = LearningRateSchedule.Linear };
        TrainingCheckpoint? middle = null;
        Trainer.Train(network, MaskSet.Full(network), train, null, options, new Rng(6), moment =>
        {
            middle = moment.Step.Number == 11 ? moment.Capture() : middle;
            return true;
        });
        string whole = Tasks.HashOf(network.CaptureWeights());
        TrainingResult result = Trainer.Rewind(network, MaskSet.Full(network), middle!, train, null, options);
        Assert.Equal(whole, Tasks.HashOf(network.CaptureWeights()));
        Assert.Equal(new Step(24, 3, 0), result.LastStep);
    }

    [Fact]
    public void Patience_ends_training_and_the_best_weights_come_back()
    {
        TrainingSet train = Tasks.Interaction(200, 12, 7, labelNoise: 0.6);
        TrainingSet validation = Tasks.Interaction(500, 12, 8, labelNoise: 0.6);
        Network network = Draw();
        var options = new TrainingOptions { Epochs = 500, LearningRate = 1e-2, EarlyStopPatience = 5, ValidateEverySteps = 3 };
        TrainingResult result = Trainer.Train(network, MaskSet.Full(network), train, validation, options, new Rng(7));
        Assert.True(result.StoppedEarly);
        Assert.Equal(15, result.LastStep.Number - result.BestStep.Number);
        Assert.Equal(result.BestValidationLoss!.Value, Trainer.LossOf(network, validation), 1e-15);
    }

    [Fact]
    public void Rows_without_weight_teach_nothing()
    {
        TrainingSet one = Tasks.Interaction(64, 12, 9);
        float[] features = [.. one.Features, .. Enumerable.Repeat(9f, 64 * 12)];
        float[] weights = [.. Enumerable.Repeat(1f, 64), .. Enumerable.Repeat(0f, 64)];
        var both = new TrainingSet(features, 12, [.. one.Labels, .. new int[64]], weights);
        Network network = Draw();
        int[] rows = [.. Enumerable.Range(0, 128)];
        double lossOfBoth = network.Backpropagate(both, rows);
        float[] gradientOfBoth = (float[])network.Parameters[0].Gradient.Clone();
        Assert.Equal(network.Backpropagate(one, rows.AsSpan(0, 64)), lossOfBoth);
        Assert.Equal(network.Parameters[0].Gradient, gradientOfBoth);
    }

    [Fact]
    public void Divergence_is_an_error_with_its_numbers()
    {
        TrainingSet train = Tasks.Interaction(500, 12, 10);
        Network network = Draw();
        TrainingDivergedException error = Assert.Throws<TrainingDivergedException>(() =>
            Trainer.Train(network, MaskSet.Full(network), train, null, new TrainingOptions { Optimizer = Optimizer.Sgd, LearningRate = 1e20 }, new Rng(1)));
        Assert.Contains("1E+20", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_validation_loss_that_is_no_number_ends_training_like_that_of_a_batch()
    {
        // Finite features this large overflow in the second layer; without the error the first measurement would stay the best for ever.
        float[] features = new float[10 * 12];
        Array.Fill(features, 1e30f);
        features[5] = 3e38f;
        var validation = new TrainingSet(features, 12, new int[10]);
        Network network = Draw();
        network.ParameterArray[0].Values.AsSpan().Fill(1e3f);
        TrainingDivergedException error = Assert.Throws<TrainingDivergedException>(() =>
            Trainer.Train(network, MaskSet.Full(network), Tasks.Interaction(200, 12, 1), validation, new TrainingOptions { Epochs = 2 }, new Rng(1)));
        Assert.Contains("validation", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Clipping_bounds_the_step()
    {
        TrainingSet train = Tasks.Interaction(64, 12, 11);
        Network network = Draw();
        float[][] before = network.CaptureWeights();
        var options = new TrainingOptions { Optimizer = Optimizer.Sgd, Momentum = 0.0, LearningRate = 1.0, Steps = 1, ClipNorm = 0.01 };
        Trainer.Train(network, MaskSet.Full(network), train, null, options, new Rng(1));
        double moved = Math.Sqrt(before.Select((values, p) => values.Select((v, i) => Math.Pow(network.Parameters[p].Values[i] - v, 2)).Sum()).Sum());
        Assert.Equal(0.01, moved, 1e-5);
    }

    [Theory]
    [InlineData(Optimizer.Adam)]
    [InlineData(Optimizer.Sgd)]
    public void A_converged_problem_leaves_no_denormals(Optimizer optimizer)
    {
        // Two far-apart points: gradients vanish, and moments would decay into denormals within a few hundred steps.
        var train = new TrainingSet([5f, 0f, -5f, 0f], 2, [1, 0]);
        var rng = new Rng(1);
        Network network = Network.Create(Architecture.Parse("dense:16", 2, 2), ref rng);
        MaskSet mask = MaskSet.Full(network);
        var options = new TrainingOptions { Optimizer = optimizer, LearningRate = 0.3, WeightDecay = 1e-3 };
        var state = new OptimizerState(network, mask, options);
        for (int step = 0; step < 20_000; step++)
        {
            network.Backpropagate(train, [0, 1]);
            state.Apply(network, optimizer == Optimizer.Adam ? 0.05 : 1.0);
            if (step % 100 == 0)
            {
                Assert.DoesNotContain(network.Parameters.SelectMany(p => p.Values), float.IsSubnormal);
                Assert.DoesNotContain(state.FirstMoments.Concat(state.SecondMoments).SelectMany(m => m), float.IsSubnormal);
            }
        }
    }

    [Fact]
    public void A_step_of_training_allocates_nothing()
    {
        TrainingSet train = Tasks.Interaction(500, 12, 12);
        Network network = Draw();
        var options = new TrainingOptions();
        var state = new OptimizerState(network, MaskSet.Full(network), options);
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
    public void Sets_that_do_not_fit_are_refused()
    {
        Network network = Draw();
        Assert.Throws<ArgumentException>(() => Trainer.Train(network, MaskSet.Full(network), Tasks.Interaction(10, 11, 1), null, new TrainingOptions(), new Rng(1)));
        Assert.Throws<ArgumentException>(() => Trainer.Train(network, MaskSet.Full(network), new TrainingSet(new float[12], 12, [2]), null, new TrainingOptions(), new Rng(1)));
        Assert.Throws<ArgumentException>(() => Trainer.Train(network, MaskSet.Full(network), Tasks.Interaction(10, 12, 1), null, new TrainingOptions { LearningRate = 0 }, new Rng(1)));
        Assert.Throws<ArgumentException>(() => new TrainingSet(new float[5], 2, [0, 1]));
        Assert.Throws<ArgumentException>(() => new TrainingSet(new float[4], 2, [0, -1]));
        Assert.Throws<ArgumentException>(() => new TrainingSet(new float[4], 2, [0, 1], [1f, -1f]));
    }

    private static string TrainForHash(KernelForm form, ulong seed)
    {
        TrainingSet train = Tasks.Interaction(300, 12, 20);
        TrainingSet validation = Tasks.Interaction(100, 12, 21);
        var rng = new Rng(seed);
        Network network = Network.Create(Architecture.Parse("dense:24,dense:10/tanh,dense:7/leakyrelu", 12, 2), ref rng);
        network.Form = form;
        MaskSet mask = MagnitudePruning.Prune(network, MaskSet.Full(network), PruningOptions.ToDensity(0.5));
        Trainer.Train(network, mask, train, validation, new TrainingOptions { Epochs = 3, WeightDecay = 1e-3, ClipNorm = 5.0 }, rng);
        return Tasks.HashOf(network.CaptureWeights());
    }
}

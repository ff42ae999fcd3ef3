using TicketBot.Learning.Kernels;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Sparse;
using TicketBot.Learning.Training;
using TicketBot.Testing;

namespace TicketBot.Learning.Tests;

/// <summary>Networks of all layers at once: they learn, keep their masks, repeat their bits in every form, and resume.</summary>
public class WholeNetworkTests
{
    public static TheoryData<string> Genes => [.. GeneSamples.All];

    [Theory]
    [MemberData(nameof(Genes))]
    public void Learns_to_tell_which_half_of_the_window_is_higher(string genes)
    {
        (TrainingSet train, TrainingSet test) = (GeneSamples.Halves(1200, 1), GeneSamples.Halves(400, 2));
        Network network = GeneSamples.Draw(genes);
        Trainer.Train(network, MaskSet.Full(network), train, null, new TrainingOptions { Epochs = 25, LearningRate = 5e-3 }, new Rng(1));
        Assert.True(Tasks.AccuracyOf(network, test) > 0.85, $"accuracy {Tasks.AccuracyOf(network, test)}");
    }

    [Theory]
    [MemberData(nameof(Genes))]
    public void Every_form_trains_the_same_bits_dense_and_sparse(string genes)
    {
        TrainingSet rows = GeneSamples.Halves(150, 3);
        foreach (double density in new[] { 1.0, 0.3 })
        {
            float[][] expected = Train(KernelForm.Scalar, density);
            Assert.Equal(expected, Train(KernelForm.Vector256, density));
            Assert.Equal(expected, Train(KernelForm.Vector512, density));
        }

        float[][] Train(KernelForm form, double density)
        {
            Network network = GeneSamples.Draw(genes);
            network.Form = form;
            MaskSet mask = MagnitudePruning.Prune(network, MaskSet.Full(network), PruningOptions.ToDensity(density));
            Trainer.Train(network, mask, rows, rows, new TrainingOptions { Epochs = 3, BatchSize = 70, LearningRate = 1e-2, WeightDecay = 0.01, ClipNorm = 1.0 }, new Rng(1));
            return network.CaptureWeights();
        }
    }

    [Theory]
    [MemberData(nameof(Genes))]
    public void Masked_weights_stay_exactly_zero_and_the_others_move(string genes)
    {
        Network network = GeneSamples.Draw(genes);
        MaskSet mask = MagnitudePruning.Prune(network, MaskSet.Full(network), PruningOptions.ToDensity(0.4));
        mask.ApplyTo(network);
        float[][] start = network.CaptureWeights();
        Trainer.Train(network, mask, GeneSamples.Halves(300, 4), null, new TrainingOptions { Epochs = 4, LearningRate = 1e-2, WeightDecay = 0.1 }, new Rng(1));
        int moved = 0;
        for (int p = 0; p < start.Length; p++)
        {
            for (int i = 0; i < mask.Of(p).Length; i++)
            {
                if (mask.Of(p)[i])
                {
                    moved += network.Parameters[p].Values[i] != start[p][i] ? 1 : 0;
                }
                else
                {
                    Assert.Equal(0, BitConverter.SingleToInt32Bits(network.Parameters[p].Values[i]));
                }
            }
        }

        Assert.True(moved > 0.9 * mask.Remaining, $"{moved} of {mask.Remaining} moved");
    }

    [Theory]
    [MemberData(nameof(Genes))]
    public void Resumes_with_dropout_running_statistics_and_masks(string genes)
    {
        TrainingSet rows = GeneSamples.Halves(150, 5);
        var options = new TrainingOptions { Epochs = 4, BatchSize = 32, LearningRate = 1e-2, EarlyStopPatience = 9 };
        Network whole = GeneSamples.Draw(genes);
        MaskSet mask = MagnitudePruning.Prune(whole, MaskSet.Full(whole), PruningOptions.ToDensity(0.3));
        TrainingState? state = null;
        Trainer.Train(whole, mask, rows, rows, options, new Rng(1), moment =>
        {
            state = moment.Step.Number == 7 ? moment.CaptureState() : state;
            return true;
        });
        var resumed = new Network(whole.Architecture);
        Trainer.Resume(resumed, mask, state!, rows, rows, options);
        Assert.Equal(whole.CaptureWeights(), resumed.CaptureWeights());
    }

    [Theory]
    [MemberData(nameof(Genes))]
    public void Frozen_layers_change_nothing_running_statistics_included(string genes)
    {
        Network network = GeneSamples.Draw(genes);
        float[][] start = network.CaptureWeights();
        double[] rates = [.. Enumerable.Repeat(0.0, network.Architecture.Layers.Count), 1.0];
        Trainer.Train(network, MaskSet.Full(network), GeneSamples.Halves(100, 6), null, new TrainingOptions { Epochs = 2, LayerRates = rates }, new Rng(1));
        Assert.Equal(start[..^2], network.CaptureWeights()[..^2]);
        Assert.NotEqual(start[^2], network.CaptureWeights()[^2]);
    }

    [Theory]
    [MemberData(nameof(Genes))]
    public void Training_and_prediction_allocate_nothing_after_the_first_batch(string genes)
    {
        TrainingSet rows = GeneSamples.Halves(130, 7);
        Network network = GeneSamples.Draw(genes);
        int[] batch = [.. Enumerable.Range(0, 130)];
        float[] outputs = new float[260];
        for (int i = 0; i < 2; i++)
        {
            network.Backpropagate(rows, batch, new Rng(1));
            network.LogitsOf(rows.Features, 130, outputs);
        }

        Assert.Equal(0, AllocatedBytes.LeastOf(() =>
        {
            network.Backpropagate(rows, batch, new Rng(1));
            network.LogitsOf(rows.Features, 130, outputs);
        }));
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.3)]
    public void One_frozen_normalisation_keeps_all_of_its_values_while_everything_else_learns(double density)
    {
        const string Genes = "conv1d:4x2/identity,batchnorm,gru:5,batchnorm/relu,dense:6/tanh+2";
        Network network = GeneSamples.Draw(Genes);
        MaskSet mask = MagnitudePruning.Prune(network, MaskSet.Full(network), PruningOptions.ToDensity(density));
        TrainingSet rows = GeneSamples.Halves(200, 8);
        var options = new TrainingOptions { Epochs = 3, LearningRate = 1e-2 };
        Trainer.Train(network, mask, rows, rows, options, new Rng(1));
        float[][] start = network.CaptureWeights();
        TrainingState? state = null;
        TrainingOptions frozen = options with { LayerRates = [1.0, 0.0, 0.5, 1.0, 1.0, 1.0] };
        Trainer.Train(network, mask, rows, null, frozen, new Rng(2), moment =>
        {
            state = moment.Step.Number == 5 ? moment.CaptureState() : state;
            return true;
        });
        for (int p = 0; p < start.Length; p++)
        {
            bool isFrozen = network.Parameters[p].Shape.Layer == 2;
            Assert.True(isFrozen == start[p].SequenceEqual(network.Parameters[p].Values), network.Parameters[p].Name);
        }

        Assert.Equal(4, network.Parameters.Count(parameter => parameter.Shape.Layer == 2));
        var resumed = new Network(network.Architecture);
        Trainer.Resume(resumed, mask, state!, rows, null, frozen);
        Assert.Equal(network.CaptureWeights(), resumed.CaptureWeights());
        var compiled = new CompiledNetwork(network.Architecture, network.CaptureWeights(), mask);
        float[] logits = new float[2];
        for (int r = 0; r < 20; r++)
        {
            compiled.Predict(rows.RowOf(r), logits);
            Assert.Equal(network.Forward(rows.RowOf(r), 1), logits, (a, b) => MathF.Abs(a - b) <= 1e-5f * MathF.Max(1f, MathF.Abs(a)));
        }
    }
}

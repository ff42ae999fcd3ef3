using TicketBot.Learning.Kernels;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests;

/// <summary>Networks of all layers at once: they learn, keep their masks, repeat their bits in every form, and resume.</summary>
public class WholeNetworkTests
{
    public static TheoryData<string> Genes =>
    [
        "flatten,dense:16/gelu,batchnorm/tanh,dense:8+0",
        "conv1d:6x3/gelu,lstm:5@0.2,layernorm,dense:7/tanh+1",
        "gru:6,batchnorm,mean",
        "attention:8x2+0,conv1d:5x2:valid/sigmoid,max,dense:6/leakyrelu@0.1",
        "dense:5/identity,skip+0,flatten,dense:9/tanh+1",
    ];

    [Theory]
    [MemberData(nameof(Genes))]
    public void Learns_to_tell_which_half_of_the_window_is_higher(string genes)
    {
        (TrainingSet train, TrainingSet test) = (Halves(1200, 1), Halves(400, 2));
        Network network = Draw(genes);
        Trainer.Train(network, MaskSet.Full(network), train, null, new TrainingOptions { Epochs = 25, LearningRate = 5e-3 }, new Rng(1));
        Assert.True(Tasks.AccuracyOf(network, test) > 0.85, $"accuracy {Tasks.AccuracyOf(network, test)}");
    }

    [Theory]
    [MemberData(nameof(Genes))]
    public void Every_form_trains_the_same_bits_dense_and_sparse(string genes)
    {
        TrainingSet rows = Halves(150, 3);
        foreach (double density in new[] { 1.0, 0.3 })
        {
            float[][] expected = Train(KernelForm.Scalar, density);
            Assert.Equal(expected, Train(KernelForm.Vector256, density));
            Assert.Equal(expected, Train(KernelForm.Vector512, density));
        }

        float[][] Train(KernelForm form, double density)
        {
            Network network = Draw(genes);
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
        Network network = Draw(genes);
        MaskSet mask = MagnitudePruning.Prune(network, MaskSet.Full(network), PruningOptions.ToDensity(0.4));
        mask.ApplyTo(network);
        float[][] start = network.CaptureWeights();
        Trainer.Train(network, mask, Halves(300, 4), null, new TrainingOptions { Epochs = 4, LearningRate = 1e-2, WeightDecay = 0.1 }, new Rng(1));
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
        TrainingSet rows = Halves(150, 5);
        var options = new TrainingOptions { Epochs = 4, BatchSize = 32, LearningRate = 1e-2, EarlyStopPatience = 9 };
        Network whole = Draw(genes);
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
        Network network = Draw(genes);
        float[][] start = network.CaptureWeights();
        double[] rates = [.. Enumerable.Repeat(0.0, network.Architecture.Layers.Count), 1.0];
        Trainer.Train(network, MaskSet.Full(network), Halves(100, 6), null, new TrainingOptions { Epochs = 2, LayerRates = rates }, new Rng(1));
        Assert.Equal(start[..^2], network.CaptureWeights()[..^2]);
        Assert.NotEqual(start[^2], network.CaptureWeights()[^2]);
    }

    [Theory]
    [MemberData(nameof(Genes))]
    public void Training_and_prediction_allocate_nothing_after_the_first_batch(string genes)
    {
        TrainingSet rows = Halves(130, 7);
        Network network = Draw(genes);
        int[] batch = [.. Enumerable.Range(0, 130)];
        float[] outputs = new float[260];
        for (int i = 0; i < 2; i++)
        {
            network.Backpropagate(rows, batch, new Rng(1));
            network.LogitsOf(rows.Features, 130, outputs);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        network.Backpropagate(rows, batch, new Rng(1));
        network.LogitsOf(rows.Features, 130, outputs);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Network Draw(string genes)
    {
        var rng = new Rng(11);
        return Network.Create(Architecture.Parse(genes, 3, 2, window: 6), ref rng);
    }

    /// <summary>Windows of six steps of noise; the label says whether the first channel is higher in the second half.</summary>
    private static TrainingSet Halves(int rows, ulong seed)
    {
        var rng = new Rng(seed);
        float[] features = new float[rows * 18];
        int[] labels = new int[rows];
        for (int i = 0; i < features.Length; i++)
        {
            features[i] = (float)rng.NextGaussian();
        }

        for (int r = 0; r < rows; r++)
        {
            float difference = 0f;
            for (int t = 0; t < 6; t++)
            {
                difference += (t < 3 ? -1f : 1f) * features[r * 18 + t * 3];
            }

            labels[r] = difference > 0 ? 1 : 0;
        }

        return new TrainingSet(features, 18, labels);
    }
}

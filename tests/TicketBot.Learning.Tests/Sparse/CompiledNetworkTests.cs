using System.Runtime.InteropServices;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Sparse;
using TicketBot.Testing;

namespace TicketBot.Learning.Tests.Sparse;

public class CompiledNetworkTests
{
    [Theory]
    [InlineData("dense:64,dense:32", 1.0)]
    [InlineData("dense:64,dense:32", 0.2)]
    [InlineData("dense:64,dense:32", 0.02)]
    [InlineData("dense:31/leakyrelu,dense:17/tanh", 0.05)]
    [InlineData("dense:16/identity,dense:16/tanh,dense:16", 0.03)]
    [InlineData("", 0.3)]
    public void Logits_are_the_bits_of_the_masked_dense_form(string genes, double density)
    {
        Architecture architecture = Architecture.Parse(genes, 24, 2);
        for (ulong seed = 1; seed <= 10; seed++)
        {
            Network network = DrawMasked(architecture, density, seed, out MaskSet mask);
            var compiled = new CompiledNetwork(architecture, network.CaptureWeights(), mask.ToArrays());
            var rng = new Rng(seed + 100);
            float[] row = new float[24];
            float[] logits = new float[2];
            for (int i = 0; i < 50; i++)
            {
                for (int f = 0; f < row.Length; f++)
                {
                    row[f] = (float)rng.NextGaussian();
                }

                compiled.Predict(row, logits);
                Assert.True(MemoryMarshal.AsBytes<float>(network.Forward(row, 1)).SequenceEqual(MemoryMarshal.AsBytes<float>(logits)));
            }
        }
    }

    [Fact]
    public void Dead_inputs_and_neurons_are_gone()
    {
        Architecture architecture = Architecture.Parse("dense:4", 3, 2);
        float[][] weights = [[1, 2, 0, 3, 4, 0, 5, 6, 0, 7, 8, 9], [0.5f, -0.5f, -1, 2], [1, 1, 1, 0, 1, 1, 1, 0], [0, 0]];
        bool[]?[] masks =
        [
            [true, true, false, false, false, false, false, false, false, true, true, true],
            null,
            [true, true, true, false, true, true, true, false],
            null,
        ];
        var compiled = new CompiledNetwork(architecture, weights, masks);
        // Neuron 1 and 2 are constant zero (no inputs, negative bias); neuron 3, alone with input 2, reaches no logit.
        Assert.Equal([0, 1], compiled.LiveInputs);
        Assert.Equal(1, compiled.LiveNeurons);
        Assert.Equal(4, compiled.MultiplyAdds);
        float[] logits = new float[2];
        compiled.Predict([1, 1, 100], logits);
        Assert.Equal([3.5f, 3.5f], logits);
    }

    [Fact]
    public void A_neuron_without_inputs_but_with_a_positive_bias_still_counts()
    {
        Architecture architecture = Architecture.Parse("dense:2", 1, 2);
        var compiled = new CompiledNetwork(architecture, [[1, 1], [0, 3], [1, 2, 1, 1], [0, 0]], [[true, false], null, [true, true, true, true], null]);
        float[] logits = new float[2];
        compiled.Predict([1], logits);
        Assert.Equal([7f, 4f], logits);
        Assert.Equal(1, compiled.LiveNeurons);
    }

    [Theory]
    [InlineData("conv1d:16x3,conv1d:16x3/gelu+1,mean", 0.3)]
    [InlineData("dense:12,lstm:20,gru:12/tanh", 1.0)]
    [InlineData("layernorm,attention:16x4+0,batchnorm,max,dense:8", 0.5)]
    [InlineData("conv1d:8x2:valid,flatten,dense:64,dense:64", 0.1)]
    public void Predicting_and_advancing_allocate_nothing(string genes, double density)
    {
        Architecture architecture = Architecture.Parse(genes, 7, 2, window: 10);
        var rng = new Rng(4);
        Network network = RandomNetwork.Draw(architecture, density, ref rng, out MaskSet mask);
        var compiled = new CompiledNetwork(architecture, network.CaptureWeights(), mask);
        float[] rows = RandomNetwork.DrawRow(architecture.RowLength, ref rng);
        float[] logits = new float[2];
        compiled.Predict(rows, logits);
        compiled.Advance(rows.AsSpan(0, 7), logits);
        Assert.Equal(0, AllocatedBytes.LeastOf(() =>
        {
            for (int i = 0; i < 500; i++)
            {
                rows[i % rows.Length] += 0.01f;
                compiled.Predict(rows, logits);
                compiled.Advance(rows.AsSpan(i % 9 * 7, 7), logits);
            }

            compiled.Reset();
        }));
    }

    [Fact]
    public void A_candle_that_is_no_number_is_not_taken()
    {
        Architecture architecture = Architecture.Parse("gru:4", 2, 1, window: 3);
        var rng = new Rng(9);
        Network network = RandomNetwork.Draw(architecture, 1.0, ref rng, out MaskSet mask);
        var compiled = new CompiledNetwork(architecture, network.CaptureWeights(), mask);
        float[] expected = new float[1];
        float[] found = new float[1];
        compiled.Predict([1, 2, 3, 4, 5, 6], expected);
        Assert.False(compiled.Advance([1, 2], found));
        Assert.Throws<ArgumentException>(() => compiled.Advance([float.NaN, 1], found));
        Assert.Throws<ArgumentException>(() => compiled.Advance([1, 2, 3], found));
        Assert.False(compiled.Advance([3, 4], found));
        Assert.Equal(0f, found[0]);
        Assert.True(compiled.Advance([5, 6], found));
        Assert.Equal(expected, found);
    }

    [Fact]
    public void Predicting_allocates_nothing()
    {
        Architecture architecture = Architecture.Parse("dense:64,dense:32", 24, 2);
        Network network = DrawMasked(architecture, 0.2, 1, out MaskSet mask);
        var compiled = new CompiledNetwork(architecture, network.CaptureWeights(), mask);
        float[] row = new float[24];
        float[] logits = new float[2];
        compiled.Predict(row, logits);
        Assert.Equal(0, AllocatedBytes.LeastOf(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                row[i % 24] += 0.01f;
                compiled.Predict(row, logits);
            }
        }));
    }

    [Fact]
    public void Features_and_logits_that_are_no_numbers_are_refused()
    {
        Architecture architecture = Architecture.Parse("", 2, 2);
        var compiled = new CompiledNetwork(architecture, [[3e38f, 3e38f, 0, 0], [0, 0]], MaskSet.Full(architecture));
        Assert.Throws<ArgumentException>(() => compiled.Predict([float.NaN, 0], new float[2]));
        Assert.Throws<ArgumentException>(() => compiled.Predict([1, 1], new float[2]));
        Assert.Throws<ArgumentException>(() => compiled.Predict([1], new float[2]));
        Assert.Throws<ArgumentException>(() => new CompiledNetwork(architecture, [[float.NaN, 0, 0, 0], [0, 0]], MaskSet.Full(architecture)));
    }

    private static Network DrawMasked(Architecture architecture, double density, ulong seed, out MaskSet mask)
    {
        var rng = new Rng(seed);
        Network network = Network.Create(architecture, ref rng);
        foreach (Parameter bias in network.Parameters.Where(parameter => !parameter.IsPrunable))
        {
            for (int i = 0; i < bias.Values.Length; i++)
            {
                bias.Values[i] = (float)(0.5 * rng.NextGaussian());
            }
        }

        mask = MagnitudePruning.Prune(network, MaskSet.Full(architecture), PruningOptions.ToDensity(density));
        mask.ApplyTo(network);
        return network;
    }
}

using System.Runtime.InteropServices;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Sparse;

namespace TicketBot.Learning.Tests.Sparse;

/// <summary>Architectures that drawing hardly ever hits: several skips into one gene, genes that leave no stage of their own between a layer and its
/// batch normalisation, flattened windows that go on.</summary>
public class CompiledListedTests
{
    [Theory]
    [InlineData("dense:5/identity,identity,batchnorm,dense:5+1")]
    [InlineData("conv1d:4x2/identity,reversal:0.5,batchnorm+1,dense:3")]
    [InlineData("dense:6/identity@0.2,identity,identity,batchnorm/relu,skip+1")]
    [InlineData("dense:6/identity,batchnorm,skip+1")]
    [InlineData("flatten,dense:6/identity,flatten,batchnorm,dense:4+2+3")]
    [InlineData("dense:5+0,conv1d:6x3:valid+0+1,gru:4+0+1+2,attention:4x2+3,mean,dense:7+0+5")]
    [InlineData("conv1d:3x4,flatten,conv1d:5x3/tanh,batchnorm+0+2,dense:5+1")]
    [InlineData("lstm:5+0,layernorm+1,max,reversal:1+3,dense:4+0")]
    public void Outputs_are_those_of_the_masked_network_in_both_ways(string genes)
    {
        foreach (double density in new[] { 1.0, 0.3 })
        {
            var rng = new Rng(5);
            Architecture architecture = Architecture.Parse(genes, 3, 2, window: 7);
            Network network = RandomNetwork.Draw(architecture, density, ref rng, out MaskSet mask);
            var compiled = new CompiledNetwork(architecture, network.CaptureWeights(), mask);
            float[] series = RandomNetwork.DrawRow(3 * 40, ref rng);
            float[] logits = new float[2];
            float[] advanced = new float[2];
            for (int t = 0; t < 40; t++)
            {
                if (!compiled.Advance(series.AsSpan(t * 3, 3), advanced))
                {
                    continue;
                }

                ReadOnlySpan<float> row = series.AsSpan((t - 6) * 3, 21);
                compiled.Predict(row, logits);
                float[] expected = network.Forward(row, 1);
                Assert.True(MemoryMarshal.AsBytes<float>(logits).SequenceEqual(MemoryMarshal.AsBytes<float>(advanced)), $"{genes}, candle {t}");
                float allowed = compiled.HasFolded ? 1e-5f * Math.Max(1f, expected.Max(Math.Abs)) : 0f;
                for (int i = 0; i < 2; i++)
                {
                    Assert.True(Math.Abs(expected[i] - logits[i]) <= allowed, $"{genes}, density {density}, candle {t}: expected {expected[i]:R}, found {logits[i]:R}");
                }
            }
        }
    }
}

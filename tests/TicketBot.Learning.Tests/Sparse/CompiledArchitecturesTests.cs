using System.Runtime.InteropServices;
using TicketBot.Learning.Kernels;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Sparse;

namespace TicketBot.Learning.Tests.Sparse;

/// <summary>For every architecture, mask and row: the compiled network answers the bits of the masked network (within 1e-5 of the largest output where
/// batch normalisation was folded); fed candle by candle it answers the bits of its own window; its multiply-adds are at most those of the window.</summary>
public class CompiledArchitecturesTests
{
    private const int Networks = 400;

    private static readonly double[] Densities = [1.0, 0.5, 0.2, 0.05];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Outputs_are_the_bits_of_the_masked_dense_form(int form)
    {
        int folded = 0;
        for (ulong seed = 1; seed <= Networks; seed++)
        {
            var rng = new Rng(seed);
            Architecture architecture = RandomNetwork.DrawArchitecture(ref rng);
            double density = Densities[seed % 4];
            Network network = RandomNetwork.Draw(architecture, density, ref rng, out MaskSet mask);
            var compiled = new CompiledNetwork(architecture, network.CaptureWeights(), mask, (KernelForm)form);
            folded += compiled.HasFolded ? 1 : 0;
            for (int i = 0; i < 3; i++)
            {
                float[] row = RandomNetwork.DrawRow(architecture.RowLength, ref rng);
                float[] logits = new float[architecture.Outputs];
                compiled.Predict(row, logits);
                RequireSame(network.Forward(row, 1), logits, compiled.HasFolded, $"seed {seed}, {architecture}, density {density}");
            }
        }

        Assert.InRange(folded, 1, Networks / 2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Candle_by_candle_the_outputs_are_the_bits_of_the_window(int form)
    {
        int cheaper = 0;
        for (ulong seed = 1; seed <= Networks; seed++)
        {
            var rng = new Rng(seed);
            Architecture architecture = RandomNetwork.DrawArchitecture(ref rng);
            Network network = RandomNetwork.Draw(architecture, Densities[seed % 4], ref rng, out MaskSet mask);
            var compiled = new CompiledNetwork(architecture, network.CaptureWeights(), mask, (KernelForm)form);
            int inputs = architecture.Inputs;
            int candles = 4 * architecture.Window + 20;
            float[] series = RandomNetwork.DrawRow(candles * inputs, ref rng);
            float[] expected = new float[architecture.Outputs];
            float[] logits = new float[architecture.Outputs];
            for (int t = 0; t < candles; t++)
            {
                if (t == candles - architecture.Window - 5)
                {
                    compiled.Reset();
                }

                int fed = t < candles - architecture.Window - 5 ? t + 1 : t + 1 - (candles - architecture.Window - 5);
                bool isFull = compiled.Advance(series.AsSpan(t * inputs, inputs), logits);
                Assert.Equal(fed >= architecture.Window, isFull);
                if (isFull)
                {
                    compiled.Predict(series.AsSpan((t + 1 - architecture.Window) * inputs, architecture.RowLength), expected);
                    RequireSame(expected, logits, isFolded: false, $"seed {seed}, {architecture}, candle {t}");
                }
            }

            Assert.True(compiled.AdvanceMultiplyAdds <= compiled.MultiplyAdds, $"seed {seed}, {architecture}: {compiled.AdvanceMultiplyAdds} of {compiled.MultiplyAdds}");
            cheaper += compiled.AdvanceMultiplyAdds < compiled.MultiplyAdds ? 1 : 0;
        }

        Assert.True(cheaper > Networks / 8, $"cheaper for {cheaper} of {Networks}");
    }

    private static void RequireSame(float[] expected, float[] actual, bool isFolded, string what)
    {
        if (isFolded)
        {
            float scale = Math.Max(1f, expected.Max(Math.Abs));
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-5f * scale, $"{what}: output {i}: expected {expected[i]:R}, found {actual[i]:R}");
            }

            return;
        }

        Assert.True(
            MemoryMarshal.AsBytes<float>(expected).SequenceEqual(MemoryMarshal.AsBytes<float>(actual)),
            $"{what}: expected {string.Join(' ', expected.Select(x => x.ToString("R")))}, found {string.Join(' ', actual.Select(x => x.ToString("R")))}");
    }
}

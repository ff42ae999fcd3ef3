using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Tests.Reference;

namespace TicketBot.Learning.Tests.Layers;

/// <summary>Layers whose matrices train by their surviving weights alone, against their twins over drawn shapes: window 1, batch 1 and odd sizes among them.</summary>
public class PackedLayersTests
{
    public static TheoryData<string, ulong> Cases
    {
        get
        {
            var cases = new TheoryData<string, ulong>();
            foreach (string kind in (string[])["dense", "conv1d", "conv1d:valid", "lstm", "gru", "attention"])
            {
                for (ulong seed = 0; seed < 8; seed++)
                {
                    cases.Add(kind, seed);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Twin_and_floats_agree(string kind, ulong seed)
    {
        var rng = new Rng(seed + 40);
        int samples = seed == 0 ? 1 : 1 + rng.NextInt(140);
        int steps = seed < 2 ? 1 : 1 + rng.NextInt(9);
        int inputs = 1 + rng.NextInt(20);
        int width = 1 + rng.NextInt(20);
        int taps = 1 + rng.NextInt(kind == "conv1d" ? 4 : steps);
        int heads = 1 + rng.NextInt(3);
        width = kind == "attention" ? heads * (1 + rng.NextInt(6)) : width;
        var shape = new LayerShape(steps, inputs);
        Layer layer = kind switch
        {
            "dense" => new DenseLayer(shape, W(width, inputs), B(width), Activation.Tanh),
            "conv1d" or "conv1d:valid" => new Conv1DLayer(shape, W(width, taps * inputs), B(width), taps, kind == "conv1d", Activation.Gelu),
            "lstm" => new LstmLayer(shape, W(4 * width, inputs), W(4 * width, width), B(4 * width)),
            "gru" => new GruLayer(shape, W(3 * width, inputs), W(3 * width, width), B(3 * width), B(width)),
            _ => new AttentionLayer(shape, heads, W(width, inputs), B(width), W(width, inputs), B(width), W(width, inputs), B(width), W(width, width), B(width)),
        };
        TwinLayer twin = kind switch
        {
            "dense" => new TwinDense(new double[width * inputs], new double[width], inputs, width, Activation.Tanh),
            "conv1d" or "conv1d:valid" => new TwinConv1D(new double[width * taps * inputs], new double[width], steps, inputs, width, taps, kind == "conv1d", Activation.Gelu),
            "lstm" => new TwinLstm(steps, inputs, width),
            "gru" => new TwinGru(steps, inputs, width),
            _ => new TwinAttention(steps, inputs, width, heads),
        };
        var masks = new bool[]?[layer.Parameters.Length];
        double density = 0.05 + 0.45 * rng.NextDouble();
        for (int p = 0; p < masks.Length; p++)
        {
            if (layer.Parameters[p].IsPrunable)
            {
                float[] values = layer.Parameters[p].Values;
                bool[] mask = [.. values.Select(_ => rng.NextDouble() < density)];
                for (int i = 0; i < mask.Length; i++)
                {
                    values[i] = mask[i] ? values[i] : 0f;
                }

                layer.Parameters[p].Pack(mask);
                masks[p] = mask;
            }
        }

        Assert.Equal(layer.Matrices.Length, masks.Count(mask => mask is not null));
        Assert.All(layer.Matrices, matrix => Assert.False(matrix.NeedsTransposedInput));
        var masked = new MaskedTwin(twin, masks);
        float[] plain = LayerCheck.FloatAgainstTwin(layer, masked, samples, seed, KernelForm.Scalar);
        RecurrentCheck.SameBits(plain, LayerCheck.FloatAgainstTwin(layer, masked, samples, seed, KernelForm.Vector256));
        RecurrentCheck.SameBits(plain, LayerCheck.FloatAgainstTwin(layer, masked, samples, seed, KernelForm.Vector512));
        LayerCheck.FloatAgainstTwin(layer, masked, samples, seed, KernelForm.Vector256, training: false);

        Parameter W(int rows, int columns) => LayerCheck.DrawParameter("w", rows, columns, ParameterKind.Weight, ref rng);

        Parameter B(int rows) => LayerCheck.DrawParameter("b", rows, 1, ParameterKind.Bias, ref rng);
    }
}

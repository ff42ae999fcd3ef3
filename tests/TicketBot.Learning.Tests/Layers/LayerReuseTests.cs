using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Tests.Reference;

namespace TicketBot.Learning.Tests.Layers;

/// <summary>What a larger batch left in a layer's own room must not be seen by a smaller one that follows.</summary>
public unsafe class LayerReuseTests
{
    public static TheoryData<string> Kinds => ["dense", "conv1d", "lstm", "gru", "attention", "batchnorm", "layernorm", "dropout", "last", "mean", "max", "reversal"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_small_batch_after_a_large_one_gives_the_bits_of_a_fresh_layer(string kind)
    {
        Layer used = Of(kind);
        Step(used, samples: 130, seed: 1);
        float[] after = Step(used, samples: 17, seed: 2);
        Assert.Equal(Step(Of(kind), samples: 17, seed: 2), after);
        Assert.NotEqual(Step(Of(kind), samples: 17, seed: 3), after);
    }

    private static float[] Step(Layer layer, int samples, ulong seed)
    {
        var rng = new Rng(seed);
        var input = new Flow(layer.Input);
        input.RequireLeadingRows(layer.LeadingRows);
        var output = new Flow(layer.Output);
        var pass = new Pass(samples, Training: true, KernelForms.Best, new Rng(seed));
        input.Reserve(pass.Tiles);
        layer.Reserve(pass.Tiles);
        output.Reserve(pass.Tiles);
        for (int s = 0; s < samples; s++)
        {
            for (int r = 0; r < layer.Input.Rows; r++)
            {
                input.Values(s / Tile.Width)[r * Tile.Width + s % Tile.Width] = (float)(1000.0 / samples * rng.NextGaussian());
            }

            for (int r = 0; r < layer.Output.Rows; r++)
            {
                output.Gradient(s / Tile.Width)[r * Tile.Width + s % Tile.Width] = (float)rng.NextGaussian();
            }
        }

        layer.Forward(input, output, pass);
        layer.BeginGradients();
        layer.Backward(input, output, pass);
        layer.FinishGradients();
        var found = new List<float>();
        for (int s = 0; s < samples; s++)
        {
            for (int r = 0; r < layer.Output.Rows; r++)
            {
                found.Add(output.Values(s / Tile.Width)[r * Tile.Width + s % Tile.Width]);
            }

            for (int r = 0; r < layer.Input.Rows; r++)
            {
                found.Add(input.Gradient(s / Tile.Width)[r * Tile.Width + s % Tile.Width]);
            }
        }

        return [.. found, .. layer.Parameters.SelectMany(parameter => parameter.Gradient)];
    }

    private static Layer Of(string kind)
    {
        var shape = new LayerShape(5, 3);
        var rng = new Rng(9);
        return kind switch
        {
            "dense" => new DenseLayer(shape, W(4, 3), B(4), Activation.Gelu),
            "conv1d" => new Conv1DLayer(shape, W(4, 6), B(4), kernel: 2, isCausal: true, Activation.Gelu),
            "lstm" => new LstmLayer(shape, W(16, 3), W(16, 4), B(16)),
            "gru" => new GruLayer(shape, W(12, 3), W(12, 4), B(12), B(4)),
            "attention" => new AttentionLayer(shape, 2, W(4, 3), B(4), W(4, 3), B(4), W(4, 3), B(4), W(4, 4), B(4)),
            "batchnorm" => new BatchNormLayer(shape, B(3), B(3), B(3), B(3)),
            "layernorm" => new LayerNormLayer(shape, B(3), B(3)),
            "dropout" => new DropoutLayer(shape, 0.5, 1),
            "last" => new PoolLayer(shape, Pooling.Last),
            "mean" => new PoolLayer(shape, Pooling.Mean),
            "max" => new PoolLayer(shape, Pooling.Max),
            _ => new GradientReversalLayer(shape, 0.5),
        };

        Parameter W(int rows, int columns) => LayerCheck.DrawParameter("w", rows, columns, ParameterKind.Weight, ref rng);

        Parameter B(int rows) => LayerCheck.DrawParameter("b", rows, 1, ParameterKind.Bias, ref rng);
    }
}

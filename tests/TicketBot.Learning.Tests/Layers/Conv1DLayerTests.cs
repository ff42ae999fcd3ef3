using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Tests.Reference;

namespace TicketBot.Learning.Tests.Layers;

public unsafe class Conv1DLayerTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, 1, true, Activation.Identity)]
    [InlineData(1, 5, 3, 4, 2, true, Activation.Tanh)]
    [InlineData(2, 3, 4, 5, 1, true, Activation.Identity)]
    [InlineData(7, 4, 9, 3, 65, true, Activation.Tanh)]
    [InlineData(6, 16, 8, 3, 130, true, Activation.Tanh)]
    [InlineData(9, 17, 5, 2, 3, true, Activation.LeakyRelu)]
    [InlineData(3, 2, 3, 3, 5, false, Activation.Tanh)]
    [InlineData(8, 5, 6, 3, 130, false, Activation.Identity)]
    [InlineData(11, 3, 7, 4, 65, false, Activation.Relu)]
    [InlineData(4, 6, 5, 1, 64, false, Activation.Tanh)]
    [InlineData(5, 4, 6, 3, 70, true, Activation.Gelu)]
    [InlineData(5, 4, 6, 2, 7, true, Activation.Sigmoid)]
    public void Twin_and_floats_agree(int steps, int inputs, int outputs, int taps, int samples, bool causal, Activation activation)
    {
        (Conv1DLayer layer, TwinConv1D twin) = Draw(steps, inputs, outputs, taps, causal, activation, seed: 1);
        float[] plain = LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Scalar);
        Assert.Equal(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector256));
        Assert.Equal(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector512));
        LayerCheck.TwinAgainstDifferences(twin, Math.Min(samples, 2) * steps * inputs, Math.Min(samples, 2), seed: 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Twin_and_floats_agree_over_drawn_shapes_with_masked_weights(ulong seed)
    {
        var rng = new Rng(seed);
        int taps = 1 + rng.NextInt(5);
        int steps = taps + rng.NextInt(9);
        bool causal = rng.NextInt(2) == 0;
        (Conv1DLayer layer, TwinConv1D twin) = Draw(steps, 1 + rng.NextInt(20), 1 + rng.NextInt(20), taps, causal, Activation.Tanh, seed + 100);
        foreach (ref float w in layer.Parameters[0].Values.AsSpan())
        {
            w = rng.NextInt(10) < 8 ? 0f : w;
        }

        int samples = 1 + rng.NextInt(150);
        float[] plain = LayerCheck.FloatAgainstTwin(layer, twin, samples, seed, KernelForm.Scalar);
        Assert.Equal(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed, KernelForm.Vector256));
        Assert.Equal(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed, KernelForm.Vector512));
    }

    [Fact]
    public void The_hand_made_case_holds()
    {
        // Two taps on 1, 2, 3: 10 x the older + 1 x the newer + 100.
        var layer = new Conv1DLayer(new LayerShape(3, 1), Of("w", 1, [10f, 1f]), Of("b", 1, [100f]), kernel: 2, isCausal: true, Activation.Identity);
        Assert.Equal([101f, 112f, 123f], LayerRun.Forward(layer, [1f, 2f, 3f]));
        var valid = new Conv1DLayer(new LayerShape(3, 1), Of("w", 1, [10f, 1f]), Of("b", 1, [100f]), kernel: 2, isCausal: false, Activation.Identity);
        Assert.Equal([112f, 123f], LayerRun.Forward(valid, [1f, 2f, 3f]));

        // Gradients 1, 2, 4 of the causal outputs: an input feels 1 x its own step and 10 x the next.
        (float[] dx, float[][] dp) = LayerRun.Backward(layer, [1f, 2f, 3f], [1f, 2f, 4f]);
        Assert.Equal([21f, 42f, 4f], dx);
        Assert.Equal([2f * 1f + 4f * 2f, 1f * 1f + 2f * 2f + 4f * 3f], dp[0]);
        Assert.Equal([7f], dp[1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Later_steps_never_change_earlier_outputs(ulong seed)
    {
        var rng = new Rng(seed);
        int steps = 2 + rng.NextInt(10);
        int inputs = 1 + rng.NextInt(6);
        (Conv1DLayer layer, _) = Draw(steps, inputs, 4, 1 + rng.NextInt(5), causal: true, Activation.Tanh, seed);
        float[] x = [.. Enumerable.Range(0, steps * inputs).Select(_ => (float)rng.NextGaussian())];
        float[] y = LayerRun.Forward(layer, x);
        for (int changed = 0; changed < steps; changed++)
        {
            float[] other = [.. x];
            for (int i = changed * inputs; i < other.Length; i++)
            {
                other[i] += 1f;
            }

            float[] z = LayerRun.Forward(layer, other);
            Assert.Equal(y[..(changed * 4)], z[..(changed * 4)]);
            Assert.NotEqual(y[(changed * 4)..((changed + 1) * 4)], z[(changed * 4)..((changed + 1) * 4)]);
        }
    }

    [Fact]
    public void A_frozen_layer_passes_gradients_on_and_keeps_none()
    {
        (Conv1DLayer layer, _) = Draw(5, 3, 4, 3, causal: true, Activation.Tanh, seed: 7);
        float[] x = [.. Enumerable.Range(0, 15).Select(i => 0.1f * i - 0.7f)];
        float[] dy = [.. Enumerable.Range(0, 20).Select(i => 0.3f - 0.05f * i)];
        (float[] free, float[][] gradients) = LayerRun.Backward(layer, x, dy);
        Assert.All(gradients, g => Assert.Contains(g, value => value != 0f));
        layer.IsFrozen = true;
        (float[] frozen, gradients) = LayerRun.Backward(layer, x, dy);
        Assert.Equal(free, frozen);
        Assert.All(gradients, g => Assert.All(g, value => Assert.Equal(0f, value)));
    }

    [Fact]
    public void Parameter_gradients_do_not_need_the_input_gradient()
    {
        (Conv1DLayer layer, _) = Draw(5, 3, 4, 3, causal: true, Activation.Tanh, seed: 8);
        float[] x = [.. Enumerable.Range(0, 15).Select(i => 0.1f * i - 0.7f)];
        float[] dy = [.. Enumerable.Range(0, 20).Select(i => 0.3f - 0.05f * i)];
        (_, float[][] expected) = LayerRun.Backward(layer, x, dy);
        (float[] dx, float[][] found) = LayerRun.Backward(layer, x, dy, wantsGradient: false);
        Assert.Empty(dx);
        Assert.Equal(expected, found);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Room_before_step_zero_for_a_longer_kernel_changes_nothing(bool causal, bool flattened)
    {
        // Two readers of one flow may ask for different room; flattened, the room belongs to the flow behind the view.
        (Conv1DLayer layer, _) = flattened ? Draw(1, 12, 5, 3, causal, Activation.Gelu, seed: 6) : Draw(6, 2, 5, 3, causal, Activation.Gelu, seed: 6);
        float[] own = Run(layer.LeadingRows);
        Assert.Equal(own, Run(layer.LeadingRows + 7));
        Assert.Contains(own, value => value != 0f);

        float[] Run(int leading)
        {
            var flow = new Flow(new LayerShape(6, 2));
            Flow input = flattened ? flow.As(layer.Input) : flow;
            input.RequireLeadingRows(leading);
            input.RequireLeadingRows(layer.LeadingRows);
            var output = new Flow(layer.Output);
            var pass = new Pass(70, Training: true, KernelForms.Best, new Rng(1));
            input.Reserve(pass.Tiles);
            output.Reserve(pass.Tiles);
            layer.Reserve(pass.Tiles);
            var rng = new Rng(7);
            for (int sample = 0; sample < pass.Count; sample++)
            {
                for (int r = 0; r < 12; r++)
                {
                    input.Values(sample / Tile.Width)[r * Tile.Width + sample % Tile.Width] = (float)rng.NextGaussian();
                }

                for (int r = 0; r < layer.Output.Rows; r++)
                {
                    output.Gradient(sample / Tile.Width)[r * Tile.Width + sample % Tile.Width] = (float)rng.NextGaussian();
                }
            }

            // What lies before the room of this kernel is not its to read.
            for (int tile = 0; tile < pass.Tiles; tile++)
            {
                new Span<float>(input.Values(tile) - leading * Tile.Width, (leading - layer.LeadingRows) * Tile.Width).Fill(99f);
            }

            layer.BeginGradients();
            layer.Forward(input, output, pass);
            var found = new List<float>();
            for (int sample = 0; sample < pass.Count; sample++)
            {
                for (int r = 0; r < layer.Output.Rows; r++)
                {
                    found.Add(output.Values(sample / Tile.Width)[r * Tile.Width + sample % Tile.Width]);
                }
            }

            layer.Backward(input, output, pass);
            layer.FinishGradients();
            for (int sample = 0; sample < pass.Count; sample++)
            {
                for (int r = 0; r < 12; r++)
                {
                    found.Add(input.Gradient(sample / Tile.Width)[r * Tile.Width + sample % Tile.Width]);
                }
            }

            return [.. found, .. layer.Parameters.SelectMany(parameter => parameter.Gradient)];
        }
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        var rng = new Rng(1);
        Parameter weight = LayerCheck.DrawParameter("w", 2, 6, ParameterKind.Weight, ref rng);
        Parameter bias = LayerCheck.DrawParameter("b", 2, 1, ParameterKind.Bias, ref rng);
        Assert.Contains("at least 3 steps, found 2", Assert.Throws<ArgumentException>(() => new Conv1DLayer(new LayerShape(2, 2), weight, bias, 3, isCausal: false, Activation.Identity)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Conv1DLayer(new LayerShape(4, 3), weight, bias, 3, isCausal: true, Activation.Identity));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Conv1DLayer(new LayerShape(4, 2), weight, bias, 0, isCausal: true, Activation.Identity));
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        (Conv1DLayer layer, _) = Draw(8, 5, 6, 3, causal: true, Activation.Tanh, seed: 9);
        Assert.Equal(0, LayerRun.AllocatedByStep(layer, samples: 70));
    }

    private static Parameter Of(string name, int rows, float[] values)
    {
        var parameter = new Parameter(new ParameterShape(name, rows, values.Length / rows, ParameterKind.Weight, IsOutput: false));
        values.CopyTo(parameter.Values, 0);
        return parameter;
    }

    private static (Conv1DLayer Layer, TwinConv1D Twin) Draw(int steps, int inputs, int outputs, int taps, bool causal, Activation activation, ulong seed)
    {
        var rng = new Rng(seed);
        var layer = new Conv1DLayer(
            new LayerShape(steps, inputs), LayerCheck.DrawParameter("w", outputs, taps * inputs, ParameterKind.Weight, ref rng, deviation: 0.3),
            LayerCheck.DrawParameter("b", outputs, 1, ParameterKind.Bias, ref rng), taps, causal, activation);
        return (layer, new TwinConv1D(new double[outputs * taps * inputs], new double[outputs], steps, inputs, outputs, taps, causal, activation));
    }
}

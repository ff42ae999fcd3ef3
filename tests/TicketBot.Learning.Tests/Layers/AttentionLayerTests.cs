using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Tests.Reference;

namespace TicketBot.Learning.Tests.Layers;

public class AttentionLayerTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(1, 5, 4, 2, 3)]
    [InlineData(2, 1, 3, 3, 5)]
    [InlineData(3, 4, 9, 3, 65)]
    [InlineData(5, 6, 4, 1, 130)]
    [InlineData(7, 3, 10, 2, 64)]
    [InlineData(16, 8, 16, 4, 17)]
    [InlineData(33, 5, 8, 2, 2)]
    public void Twin_and_floats_agree(int steps, int inputs, int width, int heads, int samples)
    {
        AttentionLayer layer = Draw(steps, inputs, width, heads, seed: 1);
        var twin = new TwinAttention(steps, inputs, width, heads);
        float[] plain = LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Scalar);
        Assert.Equal(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector256));
        Assert.Equal(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector512));
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 3, 4, 2)]
    [InlineData(5, 4, 3, 1)]
    [InlineData(7, 3, 9, 3)]
    public void Twin_and_central_differences_agree(int steps, int inputs, int width, int heads)
    {
        var rng = new Rng(1);
        var twin = new TwinAttention(steps, inputs, width, heads);
        foreach (double[] values in twin.Parameters)
        {
            foreach (ref double value in values.AsSpan())
            {
                value = 0.5 * rng.NextGaussian();
            }
        }

        LayerCheck.TwinAgainstDifferences(twin, 2 * steps * inputs, 2, seed: 3);
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
        int steps = 1 + rng.NextInt(12);
        int inputs = 1 + rng.NextInt(12);
        int heads = 1 + rng.NextInt(4);
        int width = heads * (1 + rng.NextInt(7));
        AttentionLayer layer = Draw(steps, inputs, width, heads, seed + 100);
        foreach (Parameter parameter in layer.Parameters.Where(parameter => parameter.IsPrunable))
        {
            foreach (ref float w in parameter.Values.AsSpan())
            {
                w = rng.NextInt(10) < 7 ? 0f : w;
            }
        }

        var twin = new TwinAttention(steps, inputs, width, heads);
        int samples = 1 + rng.NextInt(100);
        float[] plain = LayerCheck.FloatAgainstTwin(layer, twin, samples, seed, KernelForm.Scalar);
        Assert.Equal(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed, KernelForm.Vector256));
        Assert.Equal(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed, KernelForm.Vector512));
    }

    [Fact]
    public void Without_training_the_outputs_are_the_same()
    {
        AttentionLayer layer = Draw(6, 5, 8, 2, seed: 4);
        var twin = new TwinAttention(6, 5, 8, 2);
        float[] trained = LayerCheck.FloatAgainstTwin(layer, twin, 130, seed: 5, KernelForms.Best);
        float[] evaluated = LayerCheck.FloatAgainstTwin(layer, twin, 130, seed: 5, KernelForms.Best, training: false);
        Assert.Equal(trained[..evaluated.Length], evaluated);
    }

    [Fact]
    public void The_hand_made_case_holds()
    {
        // One channel, one head, positions sin(0) = 0 and sin(1): x' = 1 and 2. Queries 0, so that both steps count a half;
        // values 3 x' + 1 = 4 and 7; output 2 x + 0.5.
        float second = 2f - (float)Math.Sin(1.0);
        AttentionLayer layer = Draw(2, 1, 1, 1, seed: 1);
        float[] values = [0f, 0f, 5f, 0f, 3f, 1f, 2f, 0.5f];
        for (int i = 0; i < values.Length; i++)
        {
            layer.Parameters[i].Values[0] = values[i];
        }

        float[] y = LayerRun.Forward(layer, [1f, second]);
        Assert.Equal(11.5, y[0], 1e-5);
        Assert.Equal(11.5, y[1], 1e-5);

        // Gradient 1 of the first output only. Contexts feel 2, each value 1, each x' 3. The first query's scores have the keys 5 and 10: its
        // gradient is the sum of p (2 v - mean) k = 0.5 (8 - 11) 5 + 0.5 (14 - 11) 10 = 7.5; a key's is that times a query of zero.
        (float[] dx, float[][] dp) = LayerRun.Backward(layer, [1f, second], [1f, 0f]);
        double[] expected = [7.5 * 1.0, 7.5, 0.0, 0.0, 1.0 * 1.0 + 1.0 * 2.0, 2.0, 5.5, 1.0];
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], dp[i][0], 1e-5);
        }

        Assert.Equal(3.0, dx[0], 1e-5);
        Assert.Equal(3.0, dx[1], 1e-5);
    }

    [Fact]
    public void Scores_of_any_size_give_numbers_and_no_denormals()
    {
        AttentionLayer layer = Draw(9, 3, 4, 2, seed: 6);
        foreach (Parameter parameter in layer.Parameters.Take(4))
        {
            for (int i = 0; i < parameter.Values.Length; i++)
            {
                parameter.Values[i] *= 12f;
            }
        }

        float[] x = [.. Enumerable.Range(0, 27).Select(i => (float)Math.Sin(i * 1.7))];
        (float[] dx, float[][] dp) = LayerRun.Backward(layer, x, [.. Enumerable.Range(0, 36).Select(i => 1e-3f * (i % 5))]);
        Assert.All(LayerRun.Forward(layer, x), y => Assert.True(float.IsFinite(y)));
        Assert.All(dp.Append(dx).SelectMany(g => g), g => Assert.True(float.IsFinite(g) && !float.IsSubnormal(g)));
    }

    [Fact]
    public void A_not_a_number_is_not_hidden()
    {
        AttentionLayer layer = Draw(5, 2, 4, 2, seed: 7);
        float[] x = [1f, 2f, 3f, float.NaN, 1f, 2f, 0f, 0f, 1f, 1f];
        Assert.All(LayerRun.Forward(layer, x), y => Assert.True(float.IsNaN(y)));
    }

    [Fact]
    public void A_frozen_layer_passes_gradients_on_and_keeps_none()
    {
        AttentionLayer layer = Draw(4, 3, 6, 2, seed: 8);
        float[] x = [.. Enumerable.Range(0, 12).Select(i => 0.1f * i - 0.7f)];
        float[] dy = [.. Enumerable.Range(0, 24).Select(i => 0.3f - 0.05f * i)];
        (float[] free, float[][] gradients) = LayerRun.Backward(layer, x, dy);
        Assert.All(gradients.Where((_, i) => layer.Parameters[i].Name != "key_bias"), g => Assert.Contains(g, value => value != 0f));
        layer.IsFrozen = true;
        (float[] frozen, gradients) = LayerRun.Backward(layer, x, dy);
        Assert.Equal(free, frozen);
        Assert.All(gradients, g => Assert.All(g, value => Assert.Equal(0f, value)));
        Assert.Empty(LayerRun.Backward(layer, x, dy, wantsGradient: false).Input);
    }

    [Fact]
    public void Parameter_gradients_do_not_need_the_input_gradient()
    {
        AttentionLayer layer = Draw(4, 3, 6, 2, seed: 9);
        float[] x = [.. Enumerable.Range(0, 12).Select(i => 0.1f * i - 0.7f)];
        float[] dy = [.. Enumerable.Range(0, 24).Select(i => 0.3f - 0.05f * i)];
        (_, float[][] expected) = LayerRun.Backward(layer, x, dy);
        (_, float[][] found) = LayerRun.Backward(layer, x, dy, wantsGradient: false);
        Assert.Equal(expected, found);
    }

    [Fact]
    public void The_bias_of_the_keys_changes_nothing_and_gets_no_gradient()
    {
        AttentionLayer layer = Draw(4, 3, 6, 2, seed: 10);
        float[] x = [.. Enumerable.Range(0, 12).Select(i => 0.1f * i - 0.7f)];
        float[] y = LayerRun.Forward(layer, x);
        (_, float[][] gradients) = LayerRun.Backward(layer, x, y);
        Assert.All(gradients[3], g => Assert.Equal(0f, g));
        layer.Parameters[3].Values.AsSpan().Fill(3f);
        float[] moved = LayerRun.Forward(layer, x);
        Assert.All(y.Zip(moved), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void A_second_backward_pass_or_one_after_a_prediction_is_refused()
    {
        AttentionLayer layer = Draw(3, 2, 4, 2, seed: 12);
        var input = new Flow(layer.Input);
        var output = new Flow(layer.Output);
        var pass = new Pass(5, Training: true, KernelForms.Best, new Rng(1));
        input.Reserve(pass.Tiles);
        layer.Reserve(pass.Tiles);
        output.Reserve(pass.Tiles);
        Assert.Throws<InvalidOperationException>(() => layer.Backward(input, output, pass));
        layer.Forward(input, output, pass);
        layer.Backward(input, output, pass);
        Assert.Throws<InvalidOperationException>(() => layer.Backward(input, output, pass));
        layer.Forward(input, output, pass);
        layer.Forward(input, output, pass with { Training = false });
        Assert.Throws<InvalidOperationException>(() => layer.Backward(input, output, pass));
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        Assert.Contains("heads that divide 6", Assert.Throws<ArgumentException>(() => Draw(4, 3, 6, 4, seed: 1)).Message, StringComparison.Ordinal);
        Parameter[] parameters = Draw(4, 3, 6, 2, seed: 1).Parameters;
        Assert.Throws<ArgumentException>(() => With(new LayerShape(4, 2), 2, parameters));
        parameters[6] = parameters[0];
        Assert.Throws<ArgumentException>(() => With(new LayerShape(4, 3), 2, parameters));
    }

    [Fact]
    public void A_step_allocates_nothing() => Assert.Equal(0, LayerRun.AllocatedByStep(Draw(8, 5, 6, 3, seed: 9), samples: 70));

    private static AttentionLayer Draw(int steps, int inputs, int width, int heads, ulong seed)
    {
        var rng = new Rng(seed);
        var parameters = new Parameter[8];
        string[] names = ["query", "key", "value", "output"];
        for (int i = 0; i < 8; i++)
        {
            parameters[i] = i % 2 == 0
                ? LayerCheck.DrawParameter($"{names[i / 2]}_weight", width, i < 6 ? inputs : width, ParameterKind.Weight, ref rng)
                : LayerCheck.DrawParameter($"{names[i / 2]}_bias", width, 1, ParameterKind.Bias, ref rng);
        }

        return With(new LayerShape(steps, inputs), heads, parameters);
    }

    private static AttentionLayer With(LayerShape input, int heads, Parameter[] p) => new(input, heads, p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]);
}

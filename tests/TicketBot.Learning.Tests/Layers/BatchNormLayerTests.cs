using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Tests.Reference;

namespace TicketBot.Learning.Tests.Layers;

public unsafe class BatchNormLayerTests
{
    [Theory]
    [InlineData(1, 5, 1, false)]
    [InlineData(3, 7, 1, false)]
    [InlineData(1, 9, 2, false)]
    [InlineData(2, 33, 17, false)]
    [InlineData(1, 3, 64, false)]
    [InlineData(5, 4, 65, false)]
    [InlineData(2, 6, 130, false)]
    [InlineData(3, 7, 1, true)]
    [InlineData(5, 4, 65, true)]
    [InlineData(1, 6, 130, true)]
    public void Twin_and_floats_agree(int steps, int channels, int samples, bool frozen)
    {
        BatchNormLayer layer = Drawn(steps, channels, seed: 1);
        layer.IsFrozen = frozen;
        var twin = new TwinBatchNorm(channels, frozen);
        // Two values always come out as plus and minus one, so their gradient is a difference of nearly equal numbers.
        double tolerance = steps * samples == 2 ? 5e-4 : 2e-5;
        float[] plain = LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Scalar, tolerance);
        Assert.Equal(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector256, tolerance));
        Assert.Equal(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector512, tolerance));
        float[] evaluated = LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Scalar, training: false);
        Assert.Equal(evaluated, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector256, training: false));
        twin.Training = true;
        int few = Math.Min(samples, 4);
        LayerCheck.TwinAgainstDifferences(twin, few * steps * channels, few, seed: 3);
    }

    [Fact]
    public void Training_moves_the_running_statistics_and_freezing_keeps_them()
    {
        BatchNormLayer layer = Fresh(1, 1);
        Run(layer, [1f, 3f], training: true);
        Assert.Equal([0.2f], layer.Parameters[2].Values);
        Assert.Equal([0.9f + 0.1f * 2f], layer.Parameters[3].Values);
        layer.IsFrozen = true;
        Run(layer, [10f, 30f], training: true);
        layer.IsFrozen = false;
        Run(layer, [10f, 30f], training: false);
        Assert.Equal([0.2f], layer.Parameters[2].Values);
        Assert.Equal([1.1f], layer.Parameters[3].Values);
    }

    [Fact]
    public void One_value_gives_the_shift_and_keeps_the_running_variance()
    {
        BatchNormLayer layer = Fresh(1, 1);
        layer.Parameters[1].Values[0] = -0.5f;
        Assert.Equal([-0.5f], Run(layer, [7f], training: true));
        Assert.Equal([1f], layer.Parameters[3].Values);
        Assert.Equal([0.7f], layer.Parameters[2].Values);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    [InlineData(-123456.7f)]
    [InlineData(1e-20f)]
    public void A_channel_that_does_not_vary_gives_exactly_its_shift_and_no_denormals(float constant)
    {
        BatchNormLayer layer = Fresh(1, 1);
        layer.Parameters[1].Values[0] = 0.25f;
        float[] values = new float[77];
        Array.Fill(values, constant);
        for (int round = 0; round < 1200; round++)
        {
            Assert.All(Run(layer, values, training: true), y => Assert.Equal(0.25f, y));
            Assert.False(float.IsSubnormal(layer.Parameters[2].Values[0]));
            Assert.False(float.IsSubnormal(layer.Parameters[3].Values[0]));
        }

        // What the start of 1 decays to is cut, not carried as 0.9^1200.
        Assert.Equal(0f, layer.Parameters[3].Values[0]);
    }

    [Fact]
    public void A_large_mean_does_not_spoil_the_variance()
    {
        var rng = new Rng(4);
        float[] values = [.. Enumerable.Range(0, 1000).Select(_ => 10_000f + (float)rng.NextGaussian())];
        double mean = values.Average(v => (double)v);
        double deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)) + 1e-5);
        float[] y = Run(Fresh(1, 1), values, training: true);
        for (int i = 0; i < y.Length; i++)
        {
            Assert.Equal((values[i] - mean) / deviation, y[i], 1e-3);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gathered_statistics_are_those_of_all_values_however_cut(bool frozen)
    {
        var rng = new Rng(5);
        float[] values = [.. Enumerable.Range(0, 301).Select(_ => 5f + 2f * (float)rng.NextGaussian())];
        double mean = values.Average(v => (double)v);
        double variance = values.Sum(v => (v - mean) * (v - mean)) / 300;
        foreach (int cut in new[] { 301, 100, 64, 7, 1 })
        {
            BatchNormLayer layer = Fresh(1, 1);
            layer.IsFrozen = frozen;
            layer.BeginStatistics();
            foreach (float[] batch in values.Chunk(cut))
            {
                Run(layer, batch, training: cut == 7);
                Assert.Equal([0f], layer.Parameters[2].Values);
                Assert.Equal([1f], layer.Parameters[3].Values);
            }

            layer.FinishStatistics();
            Assert.Equal(mean, layer.Parameters[2].Values[0], 1e-5);
            Assert.Equal(variance, layer.Parameters[3].Values[0], 1e-5);
            Assert.Equal((values[0] - mean) / Math.Sqrt(variance + 1e-5), Run(layer, [values[0]], training: false)[0], 1e-5);
        }
    }

    [Fact]
    public void Gathering_nothing_is_an_error()
    {
        BatchNormLayer layer = Fresh(1, 1);
        Assert.Throws<InvalidOperationException>(layer.FinishStatistics);
        layer.BeginStatistics();
        Assert.Throws<InvalidOperationException>(layer.FinishStatistics);
    }

    [Fact]
    public void A_first_layer_starts_as_plain_standardisation()
    {
        BatchNormLayer layer = Drawn(1, 3, seed: 6);
        var rng = new Rng(7);
        layer.Initialize(ref rng);
        Assert.Equal([1f, 1f, 1f, 0f, 0f, 0f, 0f, 0f, 0f, 1f, 1f, 1f], layer.Parameters.SelectMany(parameter => parameter.Values));
    }

    [Fact]
    public void Nothing_is_allocated() => LayerCheck.AllocatesNothing(Drawn(3, 5, seed: 8), 130);

    private static BatchNormLayer Drawn(int steps, int channels, ulong seed)
    {
        var rng = new Rng(seed);
        var layer = new BatchNormLayer(
            new LayerShape(steps, channels), LayerCheck.DrawParameter("scale", channels, 1, ParameterKind.Scale, ref rng),
            LayerCheck.DrawParameter("shift", channels, 1, ParameterKind.Shift, ref rng), LayerCheck.DrawParameter("running_mean", channels, 1, ParameterKind.Buffer, ref rng),
            LayerCheck.DrawParameter("running_variance", channels, 1, ParameterKind.Buffer, ref rng));
        foreach (ref float variance in layer.Parameters[3].Values.AsSpan())
        {
            variance = 0.1f + MathF.Abs(variance);
        }

        return layer;
    }

    private static BatchNormLayer Fresh(int steps, int channels)
    {
        BatchNormLayer layer = Drawn(steps, channels, seed: 1);
        var rng = new Rng(1);
        layer.Initialize(ref rng);
        return layer;
    }

    private static float[] Run(BatchNormLayer layer, float[] values, bool training)
    {
        var input = new Flow(layer.Input);
        var output = new Flow(layer.Output);
        var pass = new Pass(values.Length, training, KernelForms.Best, new Rng(1));
        input.Reserve(pass.Tiles);
        output.Reserve(pass.Tiles);
        for (int i = 0; i < values.Length; i++)
        {
            input.Values(i / Tile.Width)[i % Tile.Width] = values[i];
        }

        layer.Forward(input, output, pass);
        return [.. Enumerable.Range(0, values.Length).Select(i => output.Values(i / Tile.Width)[i % Tile.Width])];
    }
}

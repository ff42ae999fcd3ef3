using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Tests.Reference;

namespace TicketBot.Learning.Tests.Layers;

public unsafe class DropoutLayerTests
{
    [Theory]
    [InlineData(1, 1, 1, 0.5)]
    [InlineData(3, 5, 17, 0.1)]
    [InlineData(1, 9, 64, 0.25)]
    [InlineData(2, 7, 65, 0.9)]
    [InlineData(2, 3, 130, 1.0 / 3)]
    [InlineData(2, 3, 130, 0.0)]
    public void Twin_and_floats_agree(int steps, int channels, int samples, double rate)
    {
        var layer = new DropoutLayer(new LayerShape(steps, channels), rate, number: 4);
        var twin = new TwinDropout(steps * channels, rate, 4, new Rng(2));
        float[] plain = LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Scalar, 1e-6);
        Assert.Equal(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector256, 1e-6));
        Assert.Equal(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector512, 1e-6));
        LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector256, 0.0, training: false);
        twin.Training = true;
        int few = Math.Min(samples, 3);
        LayerCheck.TwinAgainstDifferences(twin, few * steps * channels, few, seed: 3);
        LayerCheck.AllocatesNothing(layer, samples);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    public void The_share_and_the_mean_are_kept(double rate)
    {
        float[] y = Run(rate, number: 1, rows: 100, count: 640, seed: 5);
        double kept = y.Count(value => value != 0f) / (double)y.Length;
        double deviation = Math.Sqrt(rate * (1 - rate) / y.Length);
        Assert.InRange(kept, 1 - rate - 4 * deviation, 1 - rate + 4 * deviation);
        Assert.InRange(y.Average(value => (double)value), 1 - 4 * deviation / (1 - rate), 1 + 4 * deviation / (1 - rate));
    }

    [Fact]
    public void A_mask_depends_on_stream_number_and_place_only()
    {
        float[] all = Run(0.5, number: 1, rows: 20, count: 130, seed: 6);
        Assert.Equal(all[..(20 * 70)], Run(0.5, number: 1, rows: 20, count: 70, seed: 6));
        Assert.NotEqual(all, Run(0.5, number: 1, rows: 20, count: 130, seed: 7));
        Assert.NotEqual(all, Run(0.5, number: 2, rows: 20, count: 130, seed: 6));
        Assert.NotEqual(all[..(20 * 64)], all[(20 * 64)..(20 * 128)]);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void A_rate_outside_its_range_is_refused(double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DropoutLayer(new LayerShape(1, 1), rate, 0));

    [Fact]
    public void The_largest_rate_still_lets_something_live()
    {
        float[] y = Run(0.9999999, number: 1, rows: 200, count: 640, seed: 8);
        Assert.Contains(y, value => value == 65536f);
        Assert.DoesNotContain(y, value => value != 65536f && value != 0f);
    }

    // Outputs [sample][row] for inputs of one.
    private static float[] Run(double rate, int number, int rows, int count, ulong seed)
    {
        var layer = new DropoutLayer(new LayerShape(1, rows), rate, number);
        var input = new Flow(layer.Input);
        var output = new Flow(layer.Output);
        var pass = new Pass(count, Training: true, KernelForms.Best, new Rng(seed));
        input.Reserve(pass.Tiles);
        output.Reserve(pass.Tiles);
        layer.Reserve(pass.Tiles);
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            new Span<float>(input.Values(tile), rows * Tile.Width).Fill(1f);
        }

        layer.Forward(input, output, pass);
        float[] y = new float[count * rows];
        for (int i = 0; i < y.Length; i++)
        {
            int sample = i / rows;
            y[i] = output.Values(sample / Tile.Width)[i % rows * Tile.Width + sample % Tile.Width];
        }

        return y;
    }
}

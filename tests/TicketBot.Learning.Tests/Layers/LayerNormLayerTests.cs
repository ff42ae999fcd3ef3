using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Tests.Reference;

namespace TicketBot.Learning.Tests.Layers;

public unsafe class LayerNormLayerTests
{
    [Theory]
    [InlineData(1, 1, 1, false)]
    [InlineData(1, 2, 3, false)]
    [InlineData(3, 7, 17, false)]
    [InlineData(1, 64, 64, false)]
    [InlineData(4, 33, 65, false)]
    [InlineData(2, 9, 130, false)]
    [InlineData(4, 33, 65, true)]
    public void Twin_and_floats_agree(int steps, int channels, int samples, bool frozen)
    {
        LayerNormLayer layer = Drawn(steps, channels, seed: 1);
        layer.IsFrozen = frozen;
        var twin = new TwinLayerNorm(channels);
        // Two channels always come out as plus and minus one, so their gradient is a difference of nearly equal numbers.
        double tolerance = channels == 2 ? 5e-4 : 2e-5;
        float[] plain = LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Scalar, tolerance);
        Assert.Equal(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector256, tolerance));
        Assert.Equal(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector512, tolerance));
        int few = Math.Min(samples, 3);
        LayerCheck.TwinAgainstDifferences(twin, few * steps * channels, few, seed: 3);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-123456.7f)]
    [InlineData(1e-20f)]
    public void Equal_channels_give_exactly_the_shift(float constant)
    {
        LayerNormLayer layer = Drawn(1, 37, seed: 4);
        var input = new Flow(layer.Input);
        var output = new Flow(layer.Output);
        input.Reserve(1);
        output.Reserve(1);
        layer.Reserve(1);
        foreach (KernelForm form in Enum.GetValues<KernelForm>())
        {
            new Span<float>(input.Values(0), 37 * Tile.Width).Fill(constant);
            layer.Forward(input, output, new Pass(64, Training: true, form, new Rng(1)));
            for (int c = 0; c < 37; c++)
            {
                Assert.Equal(layer.Parameters[1].Values[c], output.Values(0)[c * Tile.Width + 5]);
            }
        }
    }

    [Fact]
    public void It_starts_as_plain_standardisation()
    {
        LayerNormLayer layer = Drawn(1, 2, seed: 5);
        var rng = new Rng(6);
        layer.Initialize(ref rng);
        Assert.Equal([1f, 1f, 0f, 0f], layer.Parameters.SelectMany(parameter => parameter.Values));
    }

    [Fact]
    public void Nothing_is_allocated() => LayerCheck.AllocatesNothing(Drawn(3, 5, seed: 7), 130);

    private static LayerNormLayer Drawn(int steps, int channels, ulong seed)
    {
        var rng = new Rng(seed);
        return new LayerNormLayer(
            new LayerShape(steps, channels), LayerCheck.DrawParameter("scale", channels, 1, ParameterKind.Scale, ref rng),
            LayerCheck.DrawParameter("shift", channels, 1, ParameterKind.Shift, ref rng));
    }
}

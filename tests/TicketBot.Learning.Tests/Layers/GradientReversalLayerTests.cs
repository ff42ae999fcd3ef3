using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;

namespace TicketBot.Learning.Tests.Layers;

public unsafe class GradientReversalLayerTests
{
    [Theory]
    [InlineData(1, 1, 1, 1.0)]
    [InlineData(3, 5, 65, 0.3)]
    [InlineData(2, 3, 130, 0.0)]
    public void Values_pass_and_gradients_turn(int steps, int channels, int samples, double strength)
    {
        var layer = new GradientReversalLayer(new LayerShape(steps, channels), strength: 7.0) { Strength = strength };
        var twin = new Reversal(strength);
        float[] plain = Reference.LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Scalar, 1e-7);
        Assert.Equal(plain, Reference.LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector256, 1e-7));
        Assert.Equal(plain, Reference.LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector512, 1e-7));
        Reference.LayerCheck.AllocatesNothing(layer, samples);
    }

    [Fact]
    public void A_flow_that_wants_no_gradient_gets_none()
    {
        var layer = new GradientReversalLayer(new LayerShape(1, 1), 1.0);
        var input = new Flow(layer.Input) { WantsGradient = false };
        var output = new Flow(layer.Output);
        input.Reserve(1);
        output.Reserve(1);
        var pass = new Pass(1, Training: true, KernelForm.Scalar, new Rng(1));
        input.Values(0)[0] = 3f;
        layer.Forward(input, output, pass);
        layer.Backward(input, output, pass);
        Assert.Equal(3f, output.Values(0)[0]);
    }

    // Central differences cannot hold here: the gradient is turned on purpose.
    private sealed class Reversal(double strength) : Reference.TwinLayer([])
    {
        public override double[] Forward(double[] x, int samples) => x;

        public override double[] Backward(double[] dy) => [.. dy.Select(g => -strength * g)];
    }
}

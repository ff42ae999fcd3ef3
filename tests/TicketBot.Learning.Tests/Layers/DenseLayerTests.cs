using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Tests.Reference;

namespace TicketBot.Learning.Tests.Layers;

public class DenseLayerTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, Activation.Identity)]
    [InlineData(1, 7, 5, 3, Activation.Tanh)]
    [InlineData(3, 4, 9, 65, Activation.Tanh)]
    [InlineData(2, 24, 33, 130, Activation.Identity)]
    [InlineData(2, 3, 6, 70, Activation.Gelu)]
    [InlineData(2, 3, 6, 70, Activation.Sigmoid)]
    public void Twin_and_floats_agree(int steps, int inputs, int outputs, int samples, Activation activation)
    {
        var rng = new Rng(1);
        var layer = new DenseLayer(
            new LayerShape(steps, inputs), LayerCheck.DrawParameter("w", outputs, inputs, ParameterKind.Weight, ref rng),
            LayerCheck.DrawParameter("b", outputs, 1, ParameterKind.Bias, ref rng), activation);
        var twin = new TwinDense(new double[outputs * inputs], new double[outputs], inputs, outputs, activation);
        float[] plain = LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Scalar);
        Assert.Equal(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector256));
        Assert.Equal(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector512));
        LayerCheck.TwinAgainstDifferences(twin, Math.Min(samples, 3) * steps * inputs, Math.Min(samples, 3), seed: 3);
    }
}

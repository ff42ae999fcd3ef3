using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Tests.Reference;

namespace TicketBot.Learning.Tests.Layers;

public class ActivationLayerTests
{
    public static TheoryData<Activation, int, int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<Activation, int, int, int>();
            foreach (Activation activation in Enum.GetValues<Activation>())
            {
                shapes.Add(activation, 1, 1, 1);
                shapes.Add(activation, 3, 5, 17);
                shapes.Add(activation, 2, 9, 130);
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Twin_and_floats_agree(Activation activation, int steps, int channels, int samples)
    {
        var layer = new ActivationLayer(new LayerShape(steps, channels), activation);
        var twin = new TwinActivation(activation);
        float[] plain = LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Scalar, tolerance: 1e-6);
        RecurrentCheck.SameBits(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector256, tolerance: 1e-6));
        RecurrentCheck.SameBits(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector512, tolerance: 1e-6));
        LayerCheck.TwinAgainstDifferences(twin, steps * channels, 1, seed: 3);
    }

    [Fact]
    public void A_prediction_gives_the_outputs_of_training()
    {
        var layer = new ActivationLayer(new LayerShape(2, 3), Activation.Gelu);
        var twin = new TwinActivation(Activation.Gelu);
        float[] trained = LayerCheck.FloatAgainstTwin(layer, twin, 20, seed: 2, KernelForm.Vector256);
        Assert.Equal(trained[..120], LayerCheck.FloatAgainstTwin(layer, twin, 20, seed: 2, KernelForm.Vector256, training: false));
    }
}

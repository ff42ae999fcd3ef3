using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Learning.Tests.Reference;

namespace TicketBot.Learning.Tests.Layers;

public unsafe class PoolLayerTests
{
    public static TheoryData<int, int, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, int, int>();
            foreach (int pooling in new[] { 0, 1, 2 })
            {
                cases.Add(pooling, 1, 3, 2);
                cases.Add(pooling, 3, 1, 1);
                cases.Add(pooling, 7, 5, 17);
                cases.Add(pooling, 2, 9, 64);
                cases.Add(pooling, 5, 4, 65);
                cases.Add(pooling, 4, 3, 130);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Twin_and_floats_agree(int pooling, int steps, int channels, int samples)
    {
        var layer = new PoolLayer(new LayerShape(steps, channels), (Pooling)pooling);
        var twin = new TwinPool(steps, channels, (Pooling)pooling);
        float[] plain = LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Scalar, 1e-6);
        Assert.Equal(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector256, 1e-6));
        Assert.Equal(plain, LayerCheck.FloatAgainstTwin(layer, twin, samples, seed: 2, KernelForm.Vector512, 1e-6));
        int few = Math.Min(samples, 3);
        LayerCheck.TwinAgainstDifferences(twin, few * steps * channels, few, seed: 3);
        LayerCheck.AllocatesNothing(layer, samples);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_first_of_equal_steps_wins_and_a_NaN_passes(int form)
    {
        float nan = float.NaN;
        float[][] lanes = [[1f, 2f, 2f], [2f, 2f, 2f], [0f, -0f, 0f], [nan, 5f, 1f], [1f, nan, 9f], [1f, 9f, nan], [-3f, float.NegativeInfinity, -2f]];
        int[] winners = [1, 0, 0, 0, 1, 2, 2];
        var layer = new PoolLayer(new LayerShape(3, 1), Pooling.Max);
        var input = new Flow(layer.Input);
        var output = new Flow(layer.Output);
        input.Reserve(1);
        output.Reserve(1);
        layer.Reserve(1);
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            for (int t = 0; t < 3; t++)
            {
                input.Values(0)[t * Tile.Width + lane] = lanes[lane][t];
            }

            output.Gradient(0)[lane] = 1f;
        }

        var pass = new Pass(lanes.Length, Training: true, (KernelForm)form, new Rng(1));
        layer.Forward(input, output, pass);
        layer.Backward(input, output, pass);
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            Assert.Equal(lanes[lane][winners[lane]], output.Values(0)[lane]);
            for (int t = 0; t < 3; t++)
            {
                Assert.Equal(t == winners[lane] ? 1f : 0f, input.Gradient(0)[t * Tile.Width + lane]);
            }
        }
    }
}

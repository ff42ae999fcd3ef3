using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;
using TicketBot.Testing;

namespace TicketBot.Learning.Tests.Reference;

/// <summary>Runs one layer on one sample given by hand, <c>[step][channel]</c>, in the best form of the machine.</summary>
internal static unsafe class LayerRun
{
    public static float[] Forward(Layer layer, float[] x)
    {
        (Flow input, Flow output) = FlowsOf(layer, tiles: 1, wantsGradient: false);
        Fill(input.Values(0), x);
        layer.Forward(input, output, PassOf(1, training: false));
        return Take(output.Values(0), layer.Output.Rows);
    }

    /// <summary>Runs forward and backward and returns the gradient of the input (empty if it is not wanted) and of each parameter.</summary>
    public static (float[] Input, float[][] Parameters) Backward(Layer layer, float[] x, float[] dy, bool wantsGradient = true)
    {
        (Flow input, Flow output) = FlowsOf(layer, tiles: 1, wantsGradient);
        Fill(input.Values(0), x);
        Pass pass = PassOf(1, training: true);
        layer.Forward(input, output, pass);
        Fill(output.Gradient(0), dy);
        layer.BeginGradients();
        layer.Backward(input, output, pass);
        layer.FinishGradients();
        return (wantsGradient ? Take(input.Gradient(0), layer.Input.Rows) : [], [.. layer.Parameters.Select(parameter => (float[])parameter.Gradient.Clone())]);
    }

    /// <summary>Returns the bytes that a forward and backward pass allocates on this thread once buffers and code are warm.</summary>
    public static long AllocatedByStep(Layer layer, int samples)
    {
        Pass pass = PassOf(samples, training: true);
        (Flow input, Flow output) = FlowsOf(layer, pass.Tiles, wantsGradient: true);
        Step();
        Step();
        return AllocatedBytes.LeastOf(Step);

        void Step()
        {
            layer.Forward(input, output, pass);
            layer.BeginGradients();
            layer.Backward(input, output, pass);
            layer.FinishGradients();
        }
    }

    private static Pass PassOf(int samples, bool training) => new(samples, training, KernelForms.Best, new Rng(1));

    private static (Flow Input, Flow Output) FlowsOf(Layer layer, int tiles, bool wantsGradient)
    {
        var input = new Flow(layer.Input) { WantsGradient = wantsGradient };
        input.RequireLeadingRows(layer.LeadingRows);
        var output = new Flow(layer.Output);
        input.Reserve(tiles);
        output.Reserve(tiles);
        layer.Reserve(tiles);
        return (input, output);
    }

    private static void Fill(float* tile, float[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            tile[i * Tile.Width] = values[i];
        }
    }

    private static float[] Take(float* tile, int rows)
    {
        float[] values = new float[rows];
        for (int i = 0; i < rows; i++)
        {
            values[i] = tile[i * Tile.Width];
        }

        return values;
    }
}

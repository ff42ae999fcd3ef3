using TicketBot.Learning.Kernels;
using TicketBot.Learning.Layers;

namespace TicketBot.Learning.Tests.Reference;

/// <summary>One layer between two flows, for tests that look at single values.</summary>
internal sealed unsafe class RecurrentRun
{
    private readonly Layer _layer;
    private readonly Flow _input;
    private readonly Flow _output;
    private readonly Pass _pass;

    public RecurrentRun(Layer layer, int samples, bool wantsGradient)
    {
        _layer = layer;
        _input = new Flow(layer.Input) { WantsGradient = wantsGradient };
        _output = new Flow(layer.Output);
        _pass = new Pass(samples, Training: true, KernelForms.Best, new Rng(1));
        _input.Reserve(_pass.Tiles);
        layer.Reserve(_pass.Tiles);
        _output.Reserve(_pass.Tiles);
    }

    public void FillInput(Func<int, int, float> valueOf) => Fill(_input.Shape.Rows, _input.Values, valueOf);

    public void FillGradient(Func<int, int, float> valueOf) => Fill(_output.Shape.Rows, _output.Gradient, valueOf);

    public void Forward() => _layer.Forward(_input, _output, _pass);

    public void Backward()
    {
        _input.ClearGradient(_pass.Tiles);
        _layer.BeginGradients();
        _layer.Backward(_input, _output, _pass);
        _layer.FinishGradients();
    }

    public float[] Outputs() => Read(_output.Shape.Rows, _output.Values);

    public float[] OutputGradients() => Read(_output.Shape.Rows, _output.Gradient);

    public float[] InputGradients() => Read(_input.Shape.Rows, _input.Gradient);

    private delegate float* TileOf(int tile);

    private void Fill(int rows, TileOf tileOf, Func<int, int, float> valueOf)
    {
        for (int i = 0; i < _pass.Count * rows; i++)
        {
            At(tileOf, i / rows, i % rows) = valueOf(i / rows, i % rows);
        }
    }

    private float[] Read(int rows, TileOf tileOf) =>
        [.. Enumerable.Range(0, _pass.Count * rows).Select(i => At(tileOf, i / rows, i % rows))];

    private static ref float At(TileOf tileOf, int sample, int row) => ref tileOf(sample / Tile.Width)[row * Tile.Width + sample % Tile.Width];
}

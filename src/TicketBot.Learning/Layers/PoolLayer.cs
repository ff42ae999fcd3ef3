using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>Pooling over time: steps <c>[T][C]</c> become one step <c>[1][C]</c>. The mean adds steps ascending and divides exactly by their number, forward and
/// backward. The maximum gives its gradient to the first of equal steps, and lets a NaN pass.</summary>
internal sealed unsafe class PoolLayer : Layer
{
    private readonly Pooling _pooling;

    // The step each maximum came from, [tile][channel][64]; room for integers in a buffer that is kept in place.
    private TileBuffer _chosen = new(0);

    public PoolLayer(LayerShape input, Pooling pooling)
        : base(input, input with { Steps = 1 }) => _pooling = pooling;

    public override void Reserve(int tiles)
    {
        if (_pooling == Pooling.Max && _chosen.Length < tiles * Output.Rows * Tile.Width)
        {
            _chosen = new TileBuffer(tiles * Output.Rows * Tile.Width);
        }
    }

    public override void Forward(Flow input, Flow output, in Pass pass)
    {
        int channels = Input.Channels;
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            int lanes = pass.LanesOf(tile);
            float* x = input.Values(tile);
            float* y = output.Values(tile);
            TileRows.Copy(_pooling == Pooling.Last ? StepOf(x, Input.Steps - 1) : x, y, channels, lanes);
            switch (_pooling)
            {
                case Pooling.Mean:
                    for (int t = 1; t < Input.Steps; t++)
                    {
                        TileRows.Add(StepOf(x, t), y, channels, lanes, pass.Form);
                    }

                    TileRows.Divide(y, Input.Steps, channels, lanes, pass.Form);
                    break;
                case Pooling.Max:
                    new Span<float>(ChosenOf(tile), channels * Tile.Width).Clear();
                    for (int t = 1; t < Input.Steps; t++)
                    {
                        StepMaximum.Take(StepOf(x, t), t, y, ChosenOf(tile), channels, lanes, pass.Form);
                    }

                    break;
            }
        }
    }

    public override void Backward(Flow input, Flow output, in Pass pass)
    {
        for (int tile = 0; input.WantsGradient && tile < pass.Tiles; tile++)
        {
            int lanes = pass.LanesOf(tile);
            float* dx = input.Gradient(tile);
            float* dy = output.Gradient(tile);
            switch (_pooling)
            {
                case Pooling.Last:
                    TileRows.Add(dy, StepOf(dx, Input.Steps - 1), Input.Channels, lanes, pass.Form);
                    break;
                case Pooling.Mean:
                    TileRows.Divide(dy, Input.Steps, Input.Channels, lanes, pass.Form);
                    for (int t = 0; t < Input.Steps; t++)
                    {
                        TileRows.Add(dy, StepOf(dx, t), Input.Channels, lanes, pass.Form);
                    }

                    break;
                case Pooling.Max:
                    StepMaximum.AddGradient(dy, ChosenOf(tile), dx, Input.Channels, lanes);
                    break;
            }
        }
    }

    private float* StepOf(float* rows, int step) => rows + step * Input.Channels * Tile.Width;

    private int* ChosenOf(int tile) => (int*)_chosen.Pointer + tile * Output.Rows * Tile.Width;
}

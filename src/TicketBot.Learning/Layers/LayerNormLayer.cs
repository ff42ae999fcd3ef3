using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>Layer normalisation (Ba, Kiros and Hinton 2016): y = scale (x - mean) / sqrt(variance + 1e-5) + shift, with mean and biased variance over the
/// channels of one step of one sample. With one channel the output is the shift.</summary>
internal sealed unsafe class LayerNormLayer : Layer
{
    private readonly Parameter _scale;
    private readonly Parameter _shift;

    // [tile][step][64] each.
    private TileBuffer _mean = new(0);
    private TileBuffer _inverse = new(0);

    // [channels][16] each.
    private readonly TileBuffer _sums;
    private readonly TileBuffer _products;

    public LayerNormLayer(LayerShape input, Parameter scale, Parameter shift)
        : base(input, input, scale, shift)
    {
        _scale = scale;
        _shift = shift;
        _sums = new TileBuffer(input.Channels * Tile.LaneGroup);
        _products = new TileBuffer(input.Channels * Tile.LaneGroup);
    }

    public override void Initialize(ref Rng rng)
    {
        Array.Fill(_scale.Values, 1f);
        Array.Clear(_shift.Values);
    }

    public override void Reserve(int tiles)
    {
        if (_mean.Length < tiles * Input.Steps * Tile.Width)
        {
            _mean = new TileBuffer(tiles * Input.Steps * Tile.Width);
            _inverse = new TileBuffer(_mean.Length);
        }
    }

    public override void Forward(Flow input, Flow output, in Pass pass)
    {
        fixed (float* scale = _scale.Values, shift = _shift.Values)
        {
            for (int tile = 0; tile < pass.Tiles; tile++)
            {
                for (int t = 0; t < Input.Steps; t++)
                {
                    int step = t * Input.Channels * Tile.Width;
                    int kept = (tile * Input.Steps + t) * Tile.Width;
                    LayerNormalization.Forward(
                        input.Values(tile) + step, output.Values(tile) + step, Input.Channels, pass.LanesOf(tile), scale, shift,
                        _mean.Pointer + kept, _inverse.Pointer + kept, pass.Form);
                }
            }
        }
    }

    public override void Backward(Flow input, Flow output, in Pass pass)
    {
        _sums.Span.Clear();
        _products.Span.Clear();
        fixed (float* scale = _scale.Values)
        {
            for (int tile = 0; tile < pass.Tiles; tile++)
            {
                int lanes = pass.LanesOf(tile);
                for (int t = 0; t < Input.Steps; t++)
                {
                    int step = t * Input.Channels * Tile.Width;
                    float* x = input.Values(tile) + step;
                    float* dy = output.Gradient(tile) + step;
                    float* mean = _mean.Pointer + (tile * Input.Steps + t) * Tile.Width;
                    float* inverse = _inverse.Pointer + (tile * Input.Steps + t) * Tile.Width;
                    if (!IsFrozen)
                    {
                        LayerNormalization.AddGradientSums(x, dy, Input.Channels, lanes, mean, inverse, _sums.Pointer, _products.Pointer, pass.Form);
                    }

                    if (input.WantsGradient)
                    {
                        LayerNormalization.AddInputGradient(x, dy, input.Gradient(tile) + step, Input.Channels, lanes, scale, mean, inverse, pass.Form);
                    }
                }
            }
        }

        for (int c = 0; !IsFrozen && c < Input.Channels; c++)
        {
            _scale.Gradient[c] += LaneSum.Of(_products.Pointer + c * Tile.LaneGroup, Tile.LaneGroup, pass.Form);
            _shift.Gradient[c] += LaneSum.Of(_sums.Pointer + c * Tile.LaneGroup, Tile.LaneGroup, pass.Form);
        }
    }
}

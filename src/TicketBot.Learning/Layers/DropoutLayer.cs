using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>Inverted dropout (Srivastava et al. 2014): in training each value is dropped to zero with the given rate and divided by 1 - rate where it lives, so that
/// evaluation has nothing to do. The rate is rounded to 1/65536 and the divisor belongs to the rounded rate. What is dropped is a function of the pass's noise, this layer's
/// number, tile, row and lane, and of nothing else; freezing does not stop it, for it has no parameters.</summary>
internal sealed unsafe class DropoutLayer : Layer
{
    private readonly int _threshold;
    private readonly float _factor;
    private readonly ulong _number;
    private ulong[] _masks = [];
    private bool _drops;

    /// <summary>A dropout of so many parts of all values.</summary>
    /// <param name="input">Shape in and out.</param>
    /// <param name="rate">Share of values to drop, in [0, 1).</param>
    /// <param name="number">Number of this layer in its network, at least 0; chooses its stream of chance.</param>
    public DropoutLayer(LayerShape input, double rate, int number)
        : base(input, input)
    {
        if (!(rate >= 0.0 && rate < 1.0))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "expected a dropout rate in [0, 1)");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(number);
        _threshold = Math.Min((int)Math.Round(rate * DropoutMask.Resolution), DropoutMask.Resolution - 1);
        _factor = (float)DropoutMask.Resolution / (DropoutMask.Resolution - _threshold);
        _number = (ulong)number;
    }

    public override void Reserve(int tiles)
    {
        if (_masks.Length < tiles * Input.Rows)
        {
            _masks = new ulong[tiles * Input.Rows];
        }
    }

    public override void Forward(Flow input, Flow output, in Pass pass)
    {
        _drops = pass.Training && _threshold > 0;
        Rng noise = pass.Noise.Split(_number);
        fixed (ulong* masks = _masks)
        {
            for (int tile = 0; tile < pass.Tiles; tile++)
            {
                int lanes = pass.LanesOf(tile);
                if (!_drops)
                {
                    TileRows.Copy(input.Values(tile), output.Values(tile), Input.Rows, lanes);
                    continue;
                }

                Rng stream = noise.Split((ulong)tile);
                ulong* mask = masks + tile * Input.Rows;
                DropoutMask.Draw(ref stream, _threshold, mask, Input.Rows, pass.Form);
                DropoutMask.Apply(input.Values(tile), _factor, mask, output.Values(tile), Input.Rows, lanes, pass.Form);
            }
        }
    }

    public override void Backward(Flow input, Flow output, in Pass pass)
    {
        if (!input.WantsGradient)
        {
            return;
        }

        fixed (ulong* masks = _masks)
        {
            for (int tile = 0; tile < pass.Tiles; tile++)
            {
                int lanes = pass.LanesOf(tile);
                if (_drops)
                {
                    DropoutMask.AddGradient(output.Gradient(tile), _factor, masks + tile * Input.Rows, input.Gradient(tile), Input.Rows, lanes, pass.Form);
                }
                else
                {
                    TileRows.Add(output.Gradient(tile), input.Gradient(tile), Input.Rows, lanes, pass.Form);
                }
            }
        }
    }
}

using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>Long short-term memory over the steps of a window (Hochreiter and Schmidhuber 1997; forget gate: Gers et al. 2000); gates in the order i, f, g, o with one
/// bias each. Its output is the whole sequence of h. State before the first step is zero, so the recurrent product of the first step is left out.</summary>
internal sealed unsafe class LstmLayer : Layer
{
    private const int Gates = 4;

    private readonly WeightMatrix _inputWeight;
    private readonly WeightMatrix _recurrentWeight;
    private readonly Parameter _bias;
    private readonly TransposedRows _inputRows;
    private readonly TransposedRows _outputRows;
    private readonly TileBuffer _carry;

    // Per tile and step the gates [4 hidden][64], the cell state and its tangent [hidden][64] each.
    private TileBuffer _memory = new(0);
    private int _tiles;

    public LstmLayer(LayerShape input, Parameter inputWeight, Parameter recurrentWeight, Parameter bias)
        : base(input, input with { Channels = recurrentWeight.Columns }, inputWeight, recurrentWeight, bias)
    {
        _inputWeight = new WeightMatrix(inputWeight);
        _recurrentWeight = new WeightMatrix(recurrentWeight);
        _bias = bias;
        _inputRows = new TransposedRows(input.Channels);
        _outputRows = new TransposedRows(Hidden);
        _carry = new TileBuffer(Hidden * Tile.Width);
        Matrices = [_inputWeight, _recurrentWeight];
    }

    public override WeightMatrix[] Matrices { get; }

    /// <summary>What is kept of all tiles and steps between the passes; for tests.</summary>
    internal Span<float> Remembered => _memory.Span;

    private int Hidden => Output.Channels;

    private int StepLength => (Gates + 2) * Hidden * Tile.Width;

    /// <summary>Weights after Glorot and Bengio (2010); the bias of the forget gate starts at 1, so that memory is kept until there is a reason
    /// not to (Gers et al. 2000).</summary>
    public override void Initialize(ref Rng rng)
    {
        InitialWeights.Draw(_inputWeight.Parameter, Activation.Identity, ref rng);
        InitialWeights.Draw(_recurrentWeight.Parameter, Activation.Identity, ref rng);
        Array.Clear(_bias.Values);
        Array.Fill(_bias.Values, 1f, Hidden, Hidden);
    }

    public override void Reserve(int tiles)
    {
        if (tiles > _tiles)
        {
            _memory = new TileBuffer(tiles * Output.Steps * StepLength);
            _tiles = tiles;
        }
    }

    public override void Forward(Flow input, Flow output, in Pass pass)
    {
        fixed (float* bias = _bias.Values)
        {
            for (int tile = 0; tile < pass.Tiles; tile++)
            {
                int lanes = pass.LanesOf(tile);
                for (int t = 0; t < Output.Steps; t++)
                {
                    LstmCell.Memory memory = MemoryOf(tile, t, output.Values(tile), pass.Training);
                    _inputWeight.Forward(input.Values(tile) + t * Input.Channels * Tile.Width, bias, (float*)memory.Gates, lanes, pass.Form);
                    if (t > 0)
                    {
                        _recurrentWeight.Forward((float*)memory.Output - Hidden * Tile.Width, null, (float*)memory.Gates, lanes, pass.Form);
                    }

                    LstmCell.Forward(memory, Hidden, lanes, pass.Form);
                }
            }
        }
    }

    public override void Backward(Flow input, Flow output, in Pass pass)
    {
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            BackThroughTime(tile, input, output, pass);
            if (!IsFrozen)
            {
                AddParameterGradients(tile, input, output, pass);
            }
        }
    }

    /// <summary>From the last step to the first: turns the gates into gradients of their sums and hands the gradient of h one step back.</summary>
    private void BackThroughTime(int tile, Flow input, Flow output, in Pass pass)
    {
        int lanes = pass.LanesOf(tile);
        _carry.Span.Clear();
        for (int t = Output.Steps - 1; t >= 0; t--)
        {
            LstmCell.Memory memory = MemoryOf(tile, t, output.Gradient(tile), training: true);
            LstmCell.Backward(memory, _carry.Pointer, Hidden, lanes, pass.Form);
            if (t > 0)
            {
                _recurrentWeight.InputGradient((float*)memory.Gates, (float*)memory.Output - Hidden * Tile.Width, lanes, pass.Form);
            }

            if (input.WantsGradient)
            {
                _inputWeight.InputGradient((float*)memory.Gates, input.Gradient(tile) + t * Input.Channels * Tile.Width, lanes, pass.Form);
            }
        }
    }

    /// <summary>From the first step to the last, which is the order of all sums over steps.</summary>
    private void AddParameterGradients(int tile, Flow input, Flow output, in Pass pass)
    {
        int count = pass.CountOf(tile);
        for (int t = 0; t < Output.Steps; t++)
        {
            float* gates = (float*)MemoryOf(tile, t, output.Gradient(tile), training: true).Gates;
            float* x = input.Values(tile) + t * Input.Channels * Tile.Width;
            if (_inputWeight.NeedsTransposedInput)
            {
                _inputRows.Fill(x, Input.Channels, count);
            }

            _inputWeight.WeightGradient(x, _inputRows.Pointer, _inputRows.Stride, gates, count, pass.Form);
            LaneSum.AddRows(gates, Gates * Hidden, pass.LanesOf(tile), _bias.Gradient, pass.Form);
            if (t == 0)
            {
                continue;
            }

            float* h = output.Values(tile) + (t - 1) * Hidden * Tile.Width;
            if (_recurrentWeight.NeedsTransposedInput)
            {
                _outputRows.Fill(h, Hidden, count);
            }

            _recurrentWeight.WeightGradient(h, _outputRows.Pointer, _outputRows.Stride, gates, count, pass.Form);
        }
    }

    /// <summary>Where step t of a tile lies. Without training nothing is remembered: all steps share one place, which stays in the cache.</summary>
    private LstmCell.Memory MemoryOf(int tile, int t, float* outputs, bool training)
    {
        int state = Hidden * Tile.Width;
        int apart = training ? StepLength : 0;
        float* gates = _memory.Pointer + ((long)tile * Output.Steps * StepLength) + ((long)t * apart);
        float* cell = gates + (Gates * state);
        return new LstmCell.Memory((nint)gates, (nint)cell, t == 0 ? 0 : (nint)(cell - apart), (nint)(cell + state), (nint)(outputs + t * state));
    }
}

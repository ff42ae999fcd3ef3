using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>Gated recurrent unit over the steps of a window (Cho et al. 2014), in the variant whose reset gate acts after the recurrent product, which needs a bias of
/// its own there; gates in the order r, z, n. Its output is the whole sequence of h. State before the first step is zero, so the recurrent product of
/// the first step is left out.</summary>
internal sealed unsafe class GruLayer : Layer
{
    private const int Gates = 3;

    private readonly WeightMatrix _inputWeight;
    private readonly WeightMatrix _recurrentWeight;
    private readonly Parameter _bias;
    private readonly Parameter _recurrentBias;
    private readonly TransposedRows _inputRows;
    private readonly TransposedRows _outputRows;

    // Per tile and step two blocks [3 hidden][64], see GruCell.Memory.
    private TileBuffer _memory = new(0);
    private int _tiles;

    public GruLayer(LayerShape input, Parameter inputWeight, Parameter recurrentWeight, Parameter bias, Parameter recurrentBias)
        : base(input, input with { Channels = recurrentWeight.Columns }, inputWeight, recurrentWeight, bias, recurrentBias)
    {
        _inputWeight = new WeightMatrix(inputWeight);
        _recurrentWeight = new WeightMatrix(recurrentWeight);
        _bias = bias;
        _recurrentBias = recurrentBias;
        _inputRows = new TransposedRows(input.Channels);
        _outputRows = new TransposedRows(Hidden);
        Matrices = [_inputWeight, _recurrentWeight];
    }

    public override WeightMatrix[] Matrices { get; }

    /// <summary>What is kept of all tiles and steps between the passes; for tests.</summary>
    internal Span<float> Remembered => _memory.Span;

    private int Hidden => Output.Channels;

    private int BlockLength => Gates * Hidden * Tile.Width;

    /// <summary>Weights after Glorot and Bengio (2010); biases start at zero.</summary>
    public override void Initialize(ref Rng rng)
    {
        InitialWeights.Draw(_inputWeight.Parameter, Activation.Identity, ref rng);
        InitialWeights.Draw(_recurrentWeight.Parameter, Activation.Identity, ref rng);
        Array.Clear(_bias.Values);
        Array.Clear(_recurrentBias.Values);
    }

    public override void Reserve(int tiles)
    {
        if (tiles > _tiles)
        {
            _memory = new TileBuffer(tiles * Output.Steps * 2 * BlockLength);
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
                    GruCell.Memory memory = MemoryOf(tile, t, output, pass.Training);
                    _inputWeight.Forward(input.Values(tile) + t * Input.Channels * Tile.Width, bias, (float*)memory.InputSums, lanes, pass.Form);
                    BeginRecurrentSums((float*)memory.InputSums, (float*)memory.RecurrentSums);
                    if (t > 0)
                    {
                        _recurrentWeight.Forward((float*)memory.OutputBefore, null, (float*)memory.RecurrentSums, lanes, pass.Form);
                    }

                    GruCell.Forward(memory, Hidden, lanes, pass.Form);
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

    /// <summary>The recurrent product continues the sums of r and z and starts those of q from their own bias.</summary>
    private void BeginRecurrentSums(float* inputSums, float* recurrentSums)
    {
        int state = Hidden * Tile.Width;
        new ReadOnlySpan<float>(inputSums, 2 * state).CopyTo(new Span<float>(recurrentSums, 2 * state));
        for (int j = 0; j < Hidden; j++)
        {
            new Span<float>(recurrentSums + (2 * state) + (j * Tile.Width), Tile.Width).Fill(_recurrentBias.Values[j]);
        }
    }

    /// <summary>From the last step to the first: turns the gates into gradients of their sums and hands the gradient of h one step back.</summary>
    private void BackThroughTime(int tile, Flow input, Flow output, in Pass pass)
    {
        int lanes = pass.LanesOf(tile);
        int state = Hidden * Tile.Width;
        for (int t = Output.Steps - 1; t >= 0; t--)
        {
            float* gradient = output.Gradient(tile) + t * state;
            GruCell.Memory memory = MemoryOf(tile, t, output, training: true) with { Output = (nint)gradient, OutputGradientBefore = t == 0 ? 0 : (nint)(gradient - state) };
            GruCell.Backward(memory, Hidden, lanes, pass.Form);
            if (t > 0)
            {
                _recurrentWeight.InputGradient((float*)memory.RecurrentSums, gradient - state, lanes, pass.Form);
            }

            if (input.WantsGradient)
            {
                _inputWeight.InputGradient((float*)memory.InputSums, input.Gradient(tile) + t * Input.Channels * Tile.Width, lanes, pass.Form);
            }
        }
    }

    /// <summary>From the first step to the last, which is the order of all sums over steps.</summary>
    private void AddParameterGradients(int tile, Flow input, Flow output, in Pass pass)
    {
        int count = pass.CountOf(tile);
        int lanes = pass.LanesOf(tile);
        for (int t = 0; t < Output.Steps; t++)
        {
            GruCell.Memory memory = MemoryOf(tile, t, output, training: true);
            float* x = input.Values(tile) + t * Input.Channels * Tile.Width;
            if (_inputWeight.NeedsTransposedInput)
            {
                _inputRows.Fill(x, Input.Channels, count);
            }

            _inputWeight.WeightGradient(x, _inputRows.Pointer, _inputRows.Stride, (float*)memory.InputSums, count, pass.Form);
            LaneSum.AddRows((float*)memory.InputSums, Gates * Hidden, lanes, _bias.Gradient, pass.Form);
            LaneSum.AddRows((float*)memory.RecurrentSums + 2 * Hidden * Tile.Width, Hidden, lanes, _recurrentBias.Gradient, pass.Form);
            if (t == 0)
            {
                continue;
            }

            if (_recurrentWeight.NeedsTransposedInput)
            {
                _outputRows.Fill((float*)memory.OutputBefore, Hidden, count);
            }

            _recurrentWeight.WeightGradient((float*)memory.OutputBefore, _outputRows.Pointer, _outputRows.Stride, (float*)memory.RecurrentSums, count, pass.Form);
        }
    }

    /// <summary>Where step t of a tile lies. Without training nothing is remembered: all steps share one place, which stays in the cache.</summary>
    private GruCell.Memory MemoryOf(int tile, int t, Flow output, bool training)
    {
        int apart = training ? 2 * BlockLength : 0;
        float* sums = _memory.Pointer + ((long)tile * Output.Steps * 2 * BlockLength) + ((long)t * apart);
        float* h = output.Values(tile) + t * Hidden * Tile.Width;
        return new GruCell.Memory((nint)sums, (nint)(sums + BlockLength), t == 0 ? 0 : (nint)(h - Hidden * Tile.Width), (nint)h);
    }
}

using System.Runtime.Intrinsics;
using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>Multi-head self-attention over the window (Vaswani et al. 2017, section 3.2): x' = x + positions; queries, keys and values are projections
/// of x'; every head mixes values by softmax(Q K' / sqrt(D / heads)) over all steps, without a mask; one more projection mixes the heads.
/// Writes <c>[steps][D]</c>. The bias of the keys moves all scores of a query alike, which the softmax takes away again: its gradient is exactly zero,
/// not the rounding errors that an adaptive optimiser would blow up to full steps. Its backward pass consumes what forward kept: one backward per forward.</summary>
internal sealed unsafe class AttentionLayer : Layer
{
    private const int Query = 0;
    private const int Key = 1;
    private const int Value = 2;

    private readonly int _heads;
    private readonly float _scale;
    private readonly float[] _positions;
    private readonly WeightMatrix[] _projections;
    private readonly Parameter[] _biases;
    private readonly WeightMatrix _mix;
    private readonly Parameter _mixBias;
    private readonly AttentionCorePanels[] _panels;
    private readonly AttentionCorePanels _probabilities;
    private readonly AttentionCorePanels _contextGradient;
    private readonly AttentionCorePanels _scoreGradient;
    private readonly TransposedRows _inputRows;
    private readonly TransposedRows _contextRows;
    private readonly TileBuffer _input;
    private readonly TileBuffer _step;
    private TileBuffer _context = new(0);
    private bool _keepsForward;

    /// <param name="input">Steps and channels of the input.</param>
    /// <param name="heads">Heads, a divisor of D.</param>
    /// <param name="queryWeight"><c>[D][channels]</c>.</param>
    /// <param name="queryBias"><c>[D]</c>.</param>
    /// <param name="keyWeight"><c>[D][channels]</c>.</param>
    /// <param name="keyBias"><c>[D]</c>.</param>
    /// <param name="valueWeight"><c>[D][channels]</c>.</param>
    /// <param name="valueBias"><c>[D]</c>.</param>
    /// <param name="outputWeight"><c>[D][D]</c>.</param>
    /// <param name="outputBias"><c>[D]</c>.</param>
    /// <exception cref="ArgumentException">A size does not fit, or the heads do not divide D.</exception>
    public AttentionLayer(
        LayerShape input, int heads, Parameter queryWeight, Parameter queryBias, Parameter keyWeight, Parameter keyBias, Parameter valueWeight,
        Parameter valueBias, Parameter outputWeight, Parameter outputBias)
        : base(input, input with { Channels = queryWeight.Rows }, queryWeight, queryBias, keyWeight, keyBias, valueWeight, valueBias, outputWeight, outputBias)
    {
        RequireSizes(heads);
        int headWidth = Output.Channels / heads;
        _heads = heads;
        _scale = 1f / MathF.Sqrt(headWidth);
        _positions = SinusoidalPositions.Of(input);
        _projections = [new WeightMatrix(queryWeight), new WeightMatrix(keyWeight), new WeightMatrix(valueWeight)];
        _biases = [queryBias, keyBias, valueBias];
        _mix = new WeightMatrix(outputWeight);
        _mixBias = outputBias;
        _panels = [NewPanels(), NewPanels(), NewPanels()];
        _contextGradient = NewPanels();
        _probabilities = new AttentionCorePanels(input.Steps, heads, input.Steps);
        _scoreGradient = new AttentionCorePanels(input.Steps, 1, input.Steps);
        _inputRows = new TransposedRows(input.Channels);
        _contextRows = new TransposedRows(Output.Channels);
        _input = new TileBuffer(input.Channels * Tile.Width);
        _step = new TileBuffer(Output.Channels * Tile.Width);
        Matrices = [.. _projections, _mix];

        AttentionCorePanels NewPanels() => new(input.Steps, heads, headWidth);
    }

    public override WeightMatrix[] Matrices { get; }

    private int HeadWidth => Output.Channels / _heads;

    public override void Initialize(ref Rng rng)
    {
        foreach (WeightMatrix matrix in Matrices)
        {
            InitialWeights.Draw(matrix.Parameter, Activation.Identity, ref rng);
        }

        foreach (Parameter parameter in Parameters)
        {
            if (!parameter.IsPrunable)
            {
                Array.Clear(parameter.Values);
            }
        }
    }

    public override void Reserve(int tiles)
    {
        foreach (AttentionCorePanels panels in _panels)
        {
            panels.Reserve(tiles);
        }

        _probabilities.Reserve(tiles);
        _contextGradient.Reserve(1);
        _scoreGradient.Reserve(1);
        if (_context.Length < tiles * Output.Rows * Tile.Width)
        {
            _context = new TileBuffer(tiles * Output.Rows * Tile.Width);
        }
    }

    public override void Forward(Flow input, Flow output, in Pass pass)
    {
        _keepsForward = pass.Training;
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            // Nothing is kept for a backward pass that will not come, so that one tile's room stays in the cache.
            int slot = pass.Training ? tile : 0;
            int lanes = pass.LanesOf(tile);
            Project(input.Values(tile), slot, lanes, pass.Form);
            float* context = ContextOf(slot);
            int group = AttentionCoreProduct.LanesOf(pass.Form);
            for (int head = 0; head < _heads; head++)
            {
                for (int g = 0; g < lanes / group; g++)
                {
                    AttentionCore.Forward(
                        _panels[Query].Of(slot, head, g, pass.Form), _panels[Key].Of(slot, head, g, pass.Form), _panels[Value].Of(slot, head, g, pass.Form),
                        _probabilities.Of(slot, head, g, pass.Form), new AttentionCoreMatrix(context + head * HeadWidth * Tile.Width + g * group, OutputHop, Tile.Width),
                        Input.Steps, HeadWidth, pass.Form);
                }
            }

            fixed (float* b = _mixBias.Values)
            {
                for (int t = 0; t < Input.Steps; t++)
                {
                    _mix.Forward(context + t * OutputHop, b, output.Values(tile) + t * OutputHop, lanes, pass.Form);
                }
            }
        }
    }

    public override void Backward(Flow input, Flow output, in Pass pass)
    {
        if (IsFrozen && !input.WantsGradient)
        {
            return;
        }

        if (!_keepsForward)
        {
            throw new InvalidOperationException("Invariant: a backward pass through attention follows a forward pass for training, and only once.");
        }

        _keepsForward = false;
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            int lanes = pass.LanesOf(tile);
            BackThroughMix(tile, output.Gradient(tile), pass);
            for (int head = 0; head < _heads; head++)
            {
                for (int g = 0; g < lanes / AttentionCoreProduct.LanesOf(pass.Form); g++)
                {
                    AttentionCore.Backward(
                        _panels[Query].Of(tile, head, g, pass.Form), _panels[Key].Of(tile, head, g, pass.Form), _panels[Value].Of(tile, head, g, pass.Form),
                        _probabilities.Of(tile, head, g, pass.Form), _contextGradient.Of(0, head, g, pass.Form), _scoreGradient.Of(0, 0, 0, pass.Form),
                        Input.Steps, HeadWidth, pass.Form);
                }
            }

            BackThroughProjections(tile, input, pass);
        }
    }

    private int InputHop => Input.Channels * Tile.Width;

    private int OutputHop => Output.Channels * Tile.Width;

    private void RequireSizes(int heads)
    {
        int width = Output.Channels;
        if (heads < 1 || width % heads != 0)
        {
            throw new ArgumentException($"expected heads that divide {width} channels, found {heads}", nameof(heads));
        }

        for (int i = 0; i < Parameters.Length; i++)
        {
            int columns = i % 2 == 1 ? 1 : i < 6 ? Input.Channels : width;
            if (Parameters[i].Rows != width || Parameters[i].Columns != columns)
            {
                throw new ArgumentException($"expected {Parameters[i].Name} of [{width}][{columns}], found [{Parameters[i].Rows}][{Parameters[i].Columns}]");
            }
        }
    }

    private float* ContextOf(int slot) => _context.Pointer + (long)slot * Output.Rows * Tile.Width;

    private void Project(float* x, int slot, int lanes, KernelForm form)
    {
        for (int t = 0; t < Input.Steps; t++)
        {
            AddPositions(x + t * InputHop, t, lanes);
            for (int i = 0; i < 3; i++)
            {
                fixed (float* b = _biases[i].Values)
                {
                    _projections[i].Forward(_input.Pointer, b, _step.Pointer, lanes, form);
                }

                // The scale goes into the queries, where it costs one product per channel and not one per pair of steps.
                _panels[i].Pack(slot, t, _step.Pointer, i == Query ? _scale : 1f, lanes, form);
            }
        }
    }

    // x' of one step; an addition has the same bits in any form.
    private void AddPositions(float* x, int t, int lanes)
    {
        float* to = _input.Pointer;
        for (int channel = 0; channel < Input.Channels; channel++)
        {
            float position = _positions[t * Input.Channels + channel];
            for (int lane = 0; lane < lanes; lane += 8)
            {
                (Vector256.Load(x + lane) + Vector256.Create(position)).Store(to + lane);
            }

            x += Tile.Width;
            to += Tile.Width;
        }
    }

    // From the gradient of the output to that of the contexts, and to those of the mixing weights.
    private void BackThroughMix(int tile, float* dy, in Pass pass)
    {
        int lanes = pass.LanesOf(tile);
        int count = pass.CountOf(tile);
        for (int t = 0; t < Input.Steps; t++)
        {
            float* dyOfStep = dy + t * OutputHop;
            if (!IsFrozen)
            {
                float* context = ContextOf(tile) + t * OutputHop;
                if (_mix.NeedsTransposedInput)
                {
                    _contextRows.Fill(context, Output.Channels, count);
                }

                _mix.WeightGradient(context, _contextRows.Pointer, _contextRows.Stride, dyOfStep, count, pass.Form);
                LaneSum.AddRows(dyOfStep, Output.Channels, lanes, _mixBias.Gradient, pass.Form);
            }

            _step.Span.Clear();
            _mix.InputGradient(dyOfStep, _step.Pointer, lanes, pass.Form);
            _contextGradient.Pack(0, t, _step.Pointer, 1f, lanes, pass.Form);
        }
    }

    private void BackThroughProjections(int tile, Flow input, in Pass pass)
    {
        int lanes = pass.LanesOf(tile);
        int count = pass.CountOf(tile);
        bool transposes = !IsFrozen && (_projections[Query].NeedsTransposedInput || _projections[Key].NeedsTransposedInput || _projections[Value].NeedsTransposedInput);
        for (int t = 0; t < Input.Steps; t++)
        {
            if (!IsFrozen)
            {
                AddPositions(input.Values(tile) + t * InputHop, t, lanes);
            }

            if (transposes)
            {
                _inputRows.Fill(_input.Pointer, Input.Channels, count);
            }

            for (int i = 0; i < 3; i++)
            {
                // The core left the queries' gradient, by the scaled queries, where that of the contexts was.
                (i == Query ? _contextGradient : _panels[i]).Unpack(i == Query ? 0 : tile, t, _step.Pointer, i == Query ? _scale : 1f, lanes, pass.Form);
                if (!IsFrozen)
                {
                    _projections[i].WeightGradient(_input.Pointer, _inputRows.Pointer, _inputRows.Stride, _step.Pointer, count, pass.Form);
                    if (i != Key)
                    {
                        LaneSum.AddRows(_step.Pointer, Output.Channels, lanes, _biases[i].Gradient, pass.Form);
                    }
                }

                if (input.WantsGradient)
                {
                    _projections[i].InputGradient(_step.Pointer, input.Gradient(tile) + t * InputHop, lanes, pass.Form);
                }
            }
        }
    }
}

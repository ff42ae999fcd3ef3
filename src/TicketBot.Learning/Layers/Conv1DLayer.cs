using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>A convolution over time: y[t] = activation(b + W (x[t-K+1], .., x[t])), the K taps oldest first. Since steps lie one after another, the
/// taps of a step are one run of rows, and every step is one product with the whole kernel. Causal: as many steps as the input, zeros before step 0.
/// Valid: only steps whose taps all exist.</summary>
internal sealed unsafe class Conv1DLayer : Layer
{
    private readonly WeightMatrix _weight;
    private readonly Parameter _bias;
    private readonly FusedActivation _activation;
    private readonly TransposedRows _inputRows;

    /// <param name="input">Steps and channels of the input.</param>
    /// <param name="weight"><c>[out][taps * in]</c>, column = tap * in + channel, tap 0 the oldest step.</param>
    /// <param name="bias"><c>[out]</c>.</param>
    /// <param name="kernel">K, at least 1.</param>
    /// <param name="isCausal">True: zeros before step 0; false: T - K + 1 steps.</param>
    /// <param name="activation">Applied to the sums.</param>
    /// <exception cref="ArgumentException">The weights do not fit, or a valid convolution has fewer steps than taps.</exception>
    public Conv1DLayer(LayerShape input, Parameter weight, Parameter bias, int kernel, bool isCausal, Activation activation)
        : base(input, new LayerShape(StepsOf(input.Steps, kernel, isCausal), weight.Rows), weight, bias)
    {
        if (weight.Columns != kernel * input.Channels)
        {
            throw new ArgumentException($"expected a kernel of {kernel} x {input.Channels} columns, found {weight.Columns}", nameof(weight));
        }

        LeadingRows = isCausal ? (kernel - 1) * input.Channels : 0;
        _weight = new WeightMatrix(weight);
        _bias = bias;
        _activation = new FusedActivation(activation, Output.Rows);
        _inputRows = new TransposedRows(RowsRead);
        Matrices = [_weight];
    }

    public override WeightMatrix[] Matrices { get; }

    public override int LeadingRows { get; }

    private int RowsRead => LeadingRows + Input.Rows;

    private int Hop => Input.Channels * Tile.Width;

    public override void Initialize(ref Rng rng)
    {
        InitialWeights.Draw(_weight.Parameter, _activation.Activation, ref rng);
        Array.Clear(_bias.Values);
    }

    public override void Reserve(int tiles) => _activation.Reserve(tiles);

    public override void Forward(Flow input, Flow output, in Pass pass)
    {
        fixed (float* b = _bias.Values)
        {
            for (int tile = 0; tile < pass.Tiles; tile++)
            {
                int lanes = pass.LanesOf(tile);
                float* x = input.Values(tile) - LeadingRows * Tile.Width;
                float* y = output.Values(tile);
                for (int t = 0; t < Output.Steps; t++)
                {
                    _weight.Forward(x + t * Hop, b, y + t * Output.Channels * Tile.Width, lanes, pass.Form);
                }

                _activation.Forward(tile, y, pass);
            }
        }
    }

    public override void Backward(Flow input, Flow output, in Pass pass)
    {
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            int lanes = pass.LanesOf(tile);
            float* dy = output.Gradient(tile);
            _activation.Backward(tile, output.Values(tile), dy, pass);
            if (!IsFrozen)
            {
                AddWeightGradient(input.Values(tile) - LeadingRows * Tile.Width, dy, pass.CountOf(tile), lanes, pass.Form);
            }

            if (input.WantsGradient)
            {
                float* dx = input.Gradient(tile) - LeadingRows * Tile.Width;
                for (int t = 0; t < Output.Steps; t++)
                {
                    _weight.InputGradient(dy + t * Output.Channels * Tile.Width, dx + t * Hop, lanes, pass.Form);
                }
            }
        }
    }

    private static int StepsOf(int steps, int kernel, bool isCausal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(kernel, 1);
        return isCausal || steps >= kernel
            ? (isCausal ? steps : steps - kernel + 1)
            : throw new ArgumentException($"a valid convolution of {kernel} taps needs at least {kernel} steps, found {steps}", nameof(steps));
    }

    private void AddWeightGradient(float* x, float* dy, int count, int lanes, KernelForm form)
    {
        if (_weight.NeedsTransposedInput)
        {
            // Once for the whole sequence: the taps of a step are then a run of columns, as they are a run of rows in x.
            _inputRows.Fill(x, RowsRead, count);
        }

        for (int t = 0; t < Output.Steps; t++)
        {
            float* dyOfStep = dy + t * Output.Channels * Tile.Width;
            _weight.WeightGradient(x + t * Hop, _inputRows.Pointer + t * Input.Channels, _inputRows.Stride, dyOfStep, count, form);
            LaneSum.AddRows(dyOfStep, Output.Channels, lanes, _bias.Gradient, form);
        }
    }
}

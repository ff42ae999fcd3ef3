using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>A fully connected layer at every step: y = activation(W x + b).</summary>
internal sealed unsafe class DenseLayer : Layer
{
    private readonly WeightMatrix _weight;
    private readonly Parameter _bias;
    private readonly FusedActivation _activation;
    private readonly TransposedRows _inputRows;

    public DenseLayer(LayerShape input, Parameter weight, Parameter bias, Activation activation)
        : base(input, input with { Channels = weight.Rows }, weight, bias)
    {
        _weight = new WeightMatrix(weight);
        _bias = bias;
        _activation = new FusedActivation(activation, Output.Rows);
        _inputRows = new TransposedRows(input.Channels);
        Matrices = [_weight];
    }

    public override WeightMatrix[] Matrices { get; }

    public override void Initialize(ref Rng rng) => InitialWeights.Draw(_weight.Parameter, _activation.Activation, ref rng);

    public override void Reserve(int tiles) => _activation.Reserve(tiles);

    public override void Forward(Flow input, Flow output, in Pass pass)
    {
        fixed (float* b = _bias.Values)
        {
            for (int tile = 0; tile < pass.Tiles; tile++)
            {
                int lanes = pass.LanesOf(tile);
                for (int t = 0; t < Input.Steps; t++)
                {
                    _weight.Forward(input.Values(tile) + t * Input.Channels * Tile.Width, b, output.Values(tile) + t * Output.Channels * Tile.Width, lanes, pass.Form);
                }

                _activation.Forward(tile, output.Values(tile), pass);
            }
        }
    }

    public override void Backward(Flow input, Flow output, in Pass pass)
    {
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            int lanes = pass.LanesOf(tile);
            int count = pass.CountOf(tile);
            _activation.Backward(tile, output.Values(tile), output.Gradient(tile), pass);
            for (int t = 0; t < Input.Steps; t++)
            {
                float* x = input.Values(tile) + t * Input.Channels * Tile.Width;
                float* dy = output.Gradient(tile) + t * Output.Channels * Tile.Width;
                if (!IsFrozen)
                {
                    if (_weight.NeedsTransposedInput)
                    {
                        _inputRows.Fill(x, Input.Channels, count);
                    }

                    _weight.WeightGradient(x, _inputRows.Pointer, _inputRows.Stride, dy, count, pass.Form);
                    LaneSum.AddRows(dy, Output.Channels, lanes, _bias.Gradient, pass.Form);
                }

                if (input.WantsGradient)
                {
                    _weight.InputGradient(dy, input.Gradient(tile) + t * Input.Channels * Tile.Width, lanes, pass.Form);
                }
            }
        }
    }
}

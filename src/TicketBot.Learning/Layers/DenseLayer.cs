using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>A fully connected layer at every step: y = activation(W x + b).</summary>
internal sealed unsafe class DenseLayer : Layer
{
    private readonly WeightMatrix _weight;
    private readonly Parameter _bias;
    private readonly Activation _activation;
    private readonly TransposedRows _inputRows;

    public DenseLayer(LayerShape input, Parameter weight, Parameter bias, Activation activation)
        : base(input, input with { Channels = weight.Rows }, weight, bias)
    {
        _weight = new WeightMatrix(weight);
        _bias = bias;
        _activation = activation;
        _inputRows = new TransposedRows(input.Channels);
        Matrices = [_weight];
    }

    public override WeightMatrix[] Matrices { get; }

    public override void Initialize(ref Rng rng) => InitialWeights.Draw(_weight.Parameter, _activation, ref rng);

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

                Activations.ApplyRows(_activation, output.Values(tile), Output.Rows, lanes, pass.Form);
            }
        }
    }

    public override void Backward(Flow input, Flow output, in Pass pass)
    {
        for (int tile = 0; tile < pass.Tiles; tile++)
        {
            int lanes = pass.LanesOf(tile);
            int count = pass.CountOf(tile);
            Activations.BackwardRows(_activation, output.Values(tile), output.Gradient(tile), Output.Rows, lanes, pass.Form);
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

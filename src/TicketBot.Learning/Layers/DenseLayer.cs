using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>A fully connected layer over tiles of 64 samples: y = activation(W x + b). Owns its outputs and gradients; W is
/// <c>[outputs][inputs]</c>, activations are <c>[feature][64]</c>.</summary>
internal sealed unsafe class DenseLayer
{
    private readonly int _paddedInputs;
    private readonly TileBuffer _inputRows;
    private readonly TileBuffer _weightGradient;

    public DenseLayer(Parameter weight, Parameter bias, Activation activation)
    {
        Weight = weight;
        Bias = bias;
        Activation = activation;
        Inputs = weight.Columns;
        Outputs = weight.Rows;
        _paddedInputs = Tile.RoundUp(Inputs);
        _inputRows = new TileBuffer(Tile.Width * _paddedInputs);
        _weightGradient = new TileBuffer(Outputs * _paddedInputs);
        Output = new TileBuffer(Outputs * Tile.Width);
        OutputGradient = new TileBuffer(Outputs * Tile.Width);
    }

    public Parameter Weight { get; }

    public Parameter Bias { get; }

    public Activation Activation { get; }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary><c>[outputs][64]</c> after <see cref="Forward"/>.</summary>
    public TileBuffer Output { get; }

    /// <summary><c>[outputs][64]</c>: gradient of the loss by the outputs, to be filled before <see cref="Backward"/>, which overwrites it.</summary>
    public TileBuffer OutputGradient { get; }

    public void Forward(TileBuffer input, int lanes, bool scalar)
    {
        fixed (float* w = Weight.Values)
        fixed (float* b = Bias.Values)
        {
            TileProduct.Run(w, Inputs, 1, input.Pointer, Tile.Width, b, Output.Pointer, Tile.Width, Outputs, Inputs, lanes, scalar);
        }

        ApplyActivation(backward: false, lanes, scalar);
    }

    /// <summary>Adds this tile's share to the gradients of W and b, and writes the gradient by the inputs unless the caller wants none.</summary>
    public void Backward(TileBuffer input, TileBuffer? inputGradient, int count, int lanes, bool firstTile, bool scalar)
    {
        ApplyActivation(backward: true, lanes, scalar);
        if (firstTile)
        {
            _weightGradient.Span.Clear();
            Array.Clear(Bias.Gradient);
        }

        // The weight gradient is the same product with inputs as lanes: W'[o][i] adds samples in ascending order.
        Tile.Transpose(input.Pointer, Tile.Width, Inputs, count, _inputRows.Pointer, _paddedInputs);
        TileProduct.Run(OutputGradient.Pointer, Tile.Width, 1, _inputRows.Pointer, _paddedInputs, null, _weightGradient.Pointer, _paddedInputs, Outputs, count, _paddedInputs, scalar);
        for (int o = 0; o < Outputs; o++)
        {
            Bias.Gradient[o] += LaneSum.Of(OutputGradient.Pointer + o * Tile.Width, lanes, scalar);
        }

        if (inputGradient is null)
        {
            return;
        }

        inputGradient.Span.Clear();
        fixed (float* w = Weight.Values)
        {
            TileProduct.Run(w, 1, Inputs, OutputGradient.Pointer, Tile.Width, null, inputGradient.Pointer, Tile.Width, Inputs, Outputs, lanes, scalar);
        }
    }

    /// <summary>Moves the collected gradient of W from its padded form into the parameter.</summary>
    public void FinishGradient()
    {
        for (int o = 0; o < Outputs; o++)
        {
            new ReadOnlySpan<float>(_weightGradient.Pointer + (long)o * _paddedInputs, Inputs).CopyTo(Weight.Gradient.AsSpan(o * Inputs, Inputs));
        }
    }

    private void ApplyActivation(bool backward, int lanes, bool scalar)
    {
        if (Activation == Activation.Identity)
        {
            return;
        }

        // A full tile is one run; a short one leaves the unused lanes of each row alone.
        int rows = lanes == Tile.Width ? 1 : Outputs;
        int length = lanes == Tile.Width ? Outputs * Tile.Width : lanes;
        for (int row = 0; row < rows; row++)
        {
            float* y = Output.Pointer + row * Tile.Width;
            if (backward)
            {
                Activations.Backward(Activation, y, OutputGradient.Pointer + row * Tile.Width, length, scalar);
            }
            else
            {
                Activations.Apply(Activation, y, length, scalar);
            }
        }
    }
}

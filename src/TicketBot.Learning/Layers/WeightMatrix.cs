using TicketBot.Learning.Kernels;

namespace TicketBot.Learning.Layers;

/// <summary>A weight matrix <c>[rows][columns]</c> at work: the only place where activations meet weights. Everything it reads or writes is one step of
/// one tile, <c>[channel][64]</c>.</summary>
internal sealed unsafe class WeightMatrix
{
    private readonly int _paddedColumns;
    private readonly TileBuffer _gradient;
    private readonly TileBuffer _zeros;
    private bool _gradientIsEmpty;

    public WeightMatrix(Parameter parameter)
    {
        Parameter = parameter;
        _paddedColumns = Tile.RoundUp(Columns);
        _gradient = new TileBuffer(_paddedColumns == Columns ? 0 : Rows * _paddedColumns);
        _zeros = new TileBuffer(Rows);
    }

    public Parameter Parameter { get; }

    public int Rows => Parameter.Rows;

    public int Columns => Parameter.Columns;

    /// <summary>True while weight gradients read their inputs from <see cref="TransposedRows"/>; else those need not be filled.</summary>
    public bool NeedsTransposedInput { get; } = true;

    /// <summary>y = start + W x, where a null start continues from what y holds.</summary>
    public void Forward(float* x, float* start, float* y, int lanes, KernelForm form)
    {
        fixed (float* w = Parameter.Values)
        {
            TileProduct.Run(w, Columns, 1, x, Tile.Width, start, y, Tile.Width, Rows, Columns, lanes, form);
        }
    }

    /// <summary>dx = dx + W' dy.</summary>
    public void InputGradient(float* dy, float* dx, int lanes, KernelForm form)
    {
        fixed (float* w = Parameter.Values)
        {
            TileProduct.Run(w, 1, Columns, dy, Tile.Width, null, dx, Tile.Width, Columns, Rows, lanes, form);
        }
    }

    public void BeginGradient() => _gradientIsEmpty = true;

    /// <summary>dW = dW + dy x' over the samples of the tile.</summary>
    /// <param name="x">Inputs <c>[columns][64]</c>.</param>
    /// <param name="inputRows">The same inputs as <c>[sample][inputStride]</c>; read only if <see cref="NeedsTransposedInput"/>.</param>
    /// <param name="inputStride">Step between samples.</param>
    /// <param name="dy">Gradient of the outputs <c>[rows][64]</c>.</param>
    /// <param name="count">Samples of the tile.</param>
    /// <param name="form">Form of the kernels.</param>
    public void WeightGradient(float* x, float* inputRows, int inputStride, float* dy, int count, KernelForm form)
    {
        float* start = _gradientIsEmpty ? _zeros.Pointer : null;
        _gradientIsEmpty = false;
        fixed (float* whole = Parameter.Gradient)
        {
            float* gradient = _paddedColumns == Columns ? whole : _gradient.Pointer;
            TileProduct.Run(dy, Tile.Width, 1, inputRows, inputStride, start, gradient, _paddedColumns, Rows, count, _paddedColumns, form);
        }
    }

    /// <summary>Moves the collected gradient into the parameter, where columns without padding already are.</summary>
    public void FinishGradient()
    {
        if (_gradientIsEmpty)
        {
            Array.Clear(Parameter.Gradient);
            return;
        }

        for (int o = 0; o < Rows && _paddedColumns != Columns; o++)
        {
            new ReadOnlySpan<float>(_gradient.Pointer + (long)o * _paddedColumns, Columns).CopyTo(Parameter.Gradient.AsSpan(o * Columns, Columns));
        }
    }
}

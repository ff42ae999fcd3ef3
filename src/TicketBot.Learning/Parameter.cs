using TicketBot.Learning.Layers;

namespace TicketBot.Learning;

/// <summary>One array of a network: weights <c>[rows, columns]</c> row-major, row = output, or a vector <c>[rows, 1]</c>.</summary>
public sealed class Parameter
{
    private readonly float[] _values;
    private readonly float[] _gradient;

    internal Parameter(ParameterShape shape)
    {
        Shape = shape;
        _values = new float[shape.Count];
        _gradient = new float[shape.Count];
    }

    /// <summary>Name and size.</summary>
    public ParameterShape Shape { get; }

    /// <summary>For example <c>layer1.weight</c>.</summary>
    public string Name => Shape.Name;

    /// <summary>Outputs of a weight matrix, else the number of values.</summary>
    public int Rows => Shape.Rows;

    /// <summary>Inputs of a weight matrix, else 1.</summary>
    public int Columns => Shape.Columns;

    /// <summary>True for weight matrices; everything else is never pruned.</summary>
    public bool IsPrunable => Shape.IsPrunable;

    /// <summary>The live values. Always the same array, but training under a mask may keep the surviving weights elsewhere: then each read of this
    /// property brings the array up to date, and what is written into it holds if it is written before the next update.</summary>
    public float[] Values
    {
        get
        {
            Packed?.ShowValues();
            return _values;
        }
    }

    /// <summary>The gradient of the last pass, brought up to date as <see cref="Values"/> are; to be written by layers alone.</summary>
    internal float[] Gradient
    {
        get
        {
            Packed?.ShowGradient();
            return _gradient;
        }
    }

    /// <summary>The surviving weights while training keeps them packed, else null.</summary>
    internal SparseWeights? Packed { get; private set; }

    /// <summary>Keeps only these weights from now on, packed, until <see cref="Unpack"/>.</summary>
    internal void Pack(ReadOnlySpan<bool> mask)
    {
        Unpack();
        Packed = new SparseWeights(_values, _gradient, Columns, mask);
    }

    /// <summary>Brings the arrays up to date and makes them the only truth again.</summary>
    internal void Unpack()
    {
        Packed?.ShowValues();
        Packed?.ShowGradient();
        Packed = null;
    }
}

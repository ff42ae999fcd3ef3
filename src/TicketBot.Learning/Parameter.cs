namespace TicketBot.Learning;

/// <summary>One array of a network: weights <c>[rows, columns]</c> row-major, row = output, or a vector <c>[rows, 1]</c>.</summary>
public sealed class Parameter
{
    internal Parameter(ParameterShape shape)
    {
        Shape = shape;
        Values = new float[shape.Count];
        Gradient = new float[shape.Count];
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

    /// <summary>The live values.</summary>
    public float[] Values { get; }

    internal float[] Gradient { get; }
}

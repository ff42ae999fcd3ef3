namespace TicketBot.Learning;

/// <summary>One trainable array of a network: weights <c>[rows, columns]</c> row-major, row = neuron, or biases <c>[rows, 1]</c>.</summary>
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

    /// <summary>Neurons of the layer.</summary>
    public int Rows => Shape.Rows;

    /// <summary>Inputs of the layer for weights, 1 for biases.</summary>
    public int Columns => Shape.Columns;

    /// <summary>True for weights; biases are never pruned.</summary>
    public bool IsPrunable => Shape.IsPrunable;

    /// <summary>The live values.</summary>
    public float[] Values { get; }

    internal float[] Gradient { get; }
}

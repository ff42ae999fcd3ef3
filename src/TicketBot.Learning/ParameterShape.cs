namespace TicketBot.Learning;

/// <summary>Name, size and role of one parameter array of a network.</summary>
/// <param name="Name">For example <c>layer1.weight</c> or <c>output.bias</c>.</param>
/// <param name="Rows">Outputs of a weight matrix (all gates one after another), else the number of values.</param>
/// <param name="Columns">Inputs of a weight matrix, else 1.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="IsOutput">True for the layer that makes the outputs of the network.</param>
/// <param name="Groups">Gates stacked in the rows, each of <c>Rows / Groups</c> rows; 1 where there are no gates.</param>
public sealed record ParameterShape(string Name, int Rows, int Columns, ParameterKind Kind, bool IsOutput, int Groups = 1)
{
    /// <summary>Number of its gene, from 1; one more than the last gene for the output layer.</summary>
    public int Layer { get; init; }

    /// <summary>Number of values.</summary>
    public int Count => Rows * Columns;

    /// <summary>True for weight matrices; everything else is never pruned.</summary>
    public bool IsPrunable => Kind is ParameterKind.Weight or ParameterKind.RecurrentWeight;

    /// <summary>True for what gradients change: everything but running statistics.</summary>
    public bool IsTrained => Kind != ParameterKind.Buffer;
}

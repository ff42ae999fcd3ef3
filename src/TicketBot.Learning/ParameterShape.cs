namespace TicketBot.Learning;

/// <summary>Name and size of one parameter array of a network.</summary>
/// <param name="Name">For example <c>layer1.weight</c> or <c>output.bias</c>.</param>
/// <param name="Rows">Neurons of the layer.</param>
/// <param name="Columns">Inputs of the layer for weights, 1 for biases.</param>
/// <param name="IsPrunable">True for weights; biases are never pruned.</param>
/// <param name="IsOutput">True for the layer that makes the logits.</param>
public sealed record ParameterShape(string Name, int Rows, int Columns, bool IsPrunable, bool IsOutput)
{
    /// <summary>Number of values.</summary>
    public int Count => Rows * Columns;
}

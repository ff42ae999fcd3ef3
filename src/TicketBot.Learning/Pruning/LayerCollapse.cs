namespace TicketBot.Learning.Pruning;

/// <summary>A layer that a mask has all but closed: it keeps fewer than one weight in a hundred, or an output of the network has no living input.</summary>
/// <param name="Name">Name of its weights.</param>
/// <param name="Remaining">Surviving weights.</param>
/// <param name="Total">All weights.</param>
/// <param name="DeadOutputs">Outputs of the network without a living input, ascending; empty for hidden layers.</param>
public sealed record LayerCollapse(string Name, int Remaining, int Total, IReadOnlyList<int> DeadOutputs)
{
    /// <summary>The layer and what is wrong with it, in words.</summary>
    public override string ToString() => DeadOutputs.Count == 0
        ? $"{Name} keeps {Remaining} of {Total} weights"
        : $"{Name} keeps {Remaining} of {Total} weights; without input: outputs {string.Join(", ", DeadOutputs)}";
}

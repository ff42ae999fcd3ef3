namespace TicketBot.Learning.Pruning;

/// <summary>What a mask leaves of the neurons or channels of one layer.</summary>
/// <param name="Name">Name of the weights that make them.</param>
/// <param name="Remaining">Units with at least one living weight.</param>
/// <param name="Total">All units.</param>
public sealed record LayerUnits(string Name, int Remaining, int Total);

namespace TicketBot.Research;

/// <summary>How far a search is.</summary>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Done">Pieces of work done.</param>
/// <param name="Of">Pieces of work expected in all; may shrink when a density is settled early.</param>
/// <param name="Detail">Plain words.</param>
public sealed record FactoryProgress(string Stage, int Done, int Of, string Detail);

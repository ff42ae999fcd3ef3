namespace TicketBot.Learning.Pruning;

/// <summary>How alike two masks are in one weight array.</summary>
/// <param name="Name">Name of the parameter.</param>
/// <param name="IntersectionOverUnion">Weights kept by both among those kept by either, 0..1; 1 when neither keeps any.</param>
/// <param name="Distance">Weights on which they differ over what independent random masks of these counts differ by: 0 = equal, 1 = chance.</param>
public sealed record MaskOverlapLayer(string Name, double IntersectionOverUnion, double Distance);

using TicketBot.Domain;

namespace TicketBot.Trading;

/// <summary>What the regular readings of the account found since the start.</summary>
/// <param name="Readings">How many were taken.</param>
/// <param name="Differences">How many differed from the journal's account, transient ones included.</param>
/// <param name="LastDifference">In what the last of those differed; empty if none did.</param>
/// <param name="LastDifferenceAt">Market time of it, or <c>null</c>.</param>
/// <param name="Standing">What two readings on end differed in, while no later one agreed; empty if there is no such thing.</param>
public sealed record CheckFindings(long Readings, long Differences, string LastDifference, Instant? LastDifferenceAt, string Standing = "");

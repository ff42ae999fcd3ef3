using TicketBot.Market.Regimes;
using TicketBot.Tickets;

namespace TicketBot.Research;

/// <summary>What a search hands over: one regime set, its tickets with their gate reports, and the report.</summary>
/// <param name="Regimes">The regime set, fitted on rows before the test block.</param>
/// <param name="Tickets">One per regime, passed or not.</param>
/// <param name="Report">The report.</param>
public sealed record FactoryResult(RegimeSet Regimes, IReadOnlyList<Ticket> Tickets, FactoryReport Report)
{
    /// <summary>How tickets that were trained on went, one per network and in the order of the tickets; empty where none was.</summary>
    public IReadOnlyList<TicketAdaptation> Adaptations { get; init; } = [];
}

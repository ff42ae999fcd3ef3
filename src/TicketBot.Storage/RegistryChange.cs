using TicketBot.Domain;
using TicketBot.Tickets;

namespace TicketBot.Storage;

/// <summary>One row of the registry's history.</summary>
/// <param name="Sequence">Number, ascending.</param>
/// <param name="At">Market time of the change.</param>
/// <param name="RegimeSetId">The regime set concerned.</param>
/// <param name="TicketId">The ticket whose state changed, or <c>null</c> when a regime set was stored or came into force.</param>
/// <param name="From">State before, or <c>null</c> for a new ticket.</param>
/// <param name="To">State after, or <c>null</c> for a regime set.</param>
/// <param name="Reason">Plain words.</param>
public sealed record RegistryChange(long Sequence, Instant At, string RegimeSetId, TicketId? TicketId, TicketState? From, TicketState? To, string Reason);

namespace TicketBot.Domain;

/// <summary>What is known of an order's life, apart from what it was ordered to be. <c>default</c> is an order that was intended and of
/// which nothing else is known.</summary>
/// <param name="Status">Where it is in its life.</param>
/// <param name="Filled">Quantity filled as far as known.</param>
/// <param name="Executed">Quantity of the executions seen, which may run ahead of or behind the venue's report.</param>
/// <param name="VenueId">The venue's id, or <c>null</c> while unknown.</param>
/// <param name="Reason">Why it ended, in the venue's words; empty or <c>null</c> if unknown.</param>
public readonly record struct OrderState(OrderStatus Status, Quantity Filled, Quantity Executed, VenueOrderId? VenueId, string? Reason)
{
    /// <summary>Whether nothing more is expected to happen to it.</summary>
    public bool IsFinal => Order.IsFinalStatus(Status);

    /// <summary>Whether the venue is known to have the order: before this the word against it is ours or an answer's.</summary>
    public bool IsAtVenue => VenueId is not null || !Filled.IsZero;
}

using TicketBot.Domain;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;

namespace TicketBot.Trading.Orders;

/// <summary>A position with its owner and its protection. Changed only by <see cref="AccountState"/>.</summary>
public sealed class Holding
{
    /// <summary>Makes a flat holding.</summary>
    public Holding(Symbol symbol) => Position = new Position(symbol);

    /// <summary>The position, kept from executions.</summary>
    public Position Position { get; }

    /// <summary>The ticket that opened it, or <c>null</c> for an adopted one.</summary>
    public TicketId? Owner { get; internal set; }

    /// <summary>Market time at which the owner's horizon is over, or <c>null</c>.</summary>
    public Instant? ExitDue { get; internal set; }

    /// <summary>Market time of the first fill.</summary>
    public Instant OpenedAt { get; internal set; }

    /// <summary>The stop that was asked for, or <c>null</c>.</summary>
    public Price? Stop { get; internal set; }

    /// <summary>Whether the venue reported a stop for this position.</summary>
    public bool StopConfirmed { get; internal set; }

    /// <summary>Market time of the last request for a stop after a missing confirmation, or <c>null</c>.</summary>
    public Instant? StopRequestedAt { get; internal set; }

    /// <summary>Exit orders intended since the position was opened.</summary>
    public int ExitAttempts { get; internal set; }

    /// <summary>Market time of the last exit order, or <c>null</c>.</summary>
    public Instant? LastExitAt { get; internal set; }

    /// <summary>Whether the operator asked for it to be closed: it is tried until the position is flat.</summary>
    public bool CloseAsked { get; internal set; }

    // A report may run ahead of the execution it follows from.
    internal PositionReport? LastReport { get; set; }

    internal void Clear()
    {
        (Owner, ExitDue, Stop, StopConfirmed, StopRequestedAt) = (null, null, null, false, null);
        (ExitAttempts, LastExitAt, CloseAsked) = (0, null, false);
    }
}

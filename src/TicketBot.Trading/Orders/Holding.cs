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

    /// <summary>Market time since which it has been without a stop known at the venue; of no meaning while the stop is confirmed.</summary>
    public Instant UnprotectedSince { get; internal set; }

    /// <summary>Market time of the first request for a stop since then, or <c>null</c>.</summary>
    public Instant? StopRequestedAt { get; internal set; }

    /// <summary>Market time of the last one, or <c>null</c>.</summary>
    public Instant? StopAskedAt { get; internal set; }

    /// <summary>Whether a reading of the account said that there is no stop: none is on its way.</summary>
    public bool StopMissing { get; internal set; }

    /// <summary>Whether the last request for a stop was refused or lost.</summary>
    public bool StopFailed { get; internal set; }

    /// <summary>Whether the venue refused the stop because the market is beyond it already.</summary>
    public bool StopIsThrough { get; internal set; }

    /// <summary>Exit orders intended since the position was opened.</summary>
    public int ExitAttempts { get; internal set; }

    /// <summary>Market time of the last exit order, or <c>null</c>.</summary>
    public Instant? LastExitAt { get; internal set; }

    /// <summary>Why an exit was sent; what it leaves open is closed for the same reason.</summary>
    public ExitReason Closing { get; internal set; }

    /// <summary>Whether it was opened by something that is not ours: adopted and protected, never added to.</summary>
    public bool IsForeign => Owner is null && !Position.IsFlat;

    /// <summary>Whether the operator asked for it to be closed: it is tried until the position is flat.</summary>
    public bool CloseAsked { get; internal set; }

    // A report may run ahead of the execution it follows from.
    internal PositionReport? LastReport { get; set; }

    internal void Clear()
    {
        (Owner, ExitDue, Stop) = (null, null, null);
        (ExitAttempts, LastExitAt, CloseAsked, Closing) = (0, null, false, ExitReason.None);
        Unprotect(UnprotectedSince);
    }

    // The venue told that there is a stop, or said yes to one.
    internal void Confirm(Price stop)
    {
        (Stop, StopConfirmed) = (stop, true);
        (StopRequestedAt, StopAskedAt, StopMissing, StopFailed, StopIsThrough) = (null, null, false, false, false);
    }

    // Requests for a stop that belong to an earlier time without one count no more.
    internal void Unprotect(Instant since)
    {
        (StopConfirmed, UnprotectedSince) = (false, since);
        (StopRequestedAt, StopAskedAt, StopMissing, StopFailed, StopIsThrough) = (null, null, false, false, false);
    }
}

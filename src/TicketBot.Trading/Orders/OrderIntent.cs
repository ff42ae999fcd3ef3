using TicketBot.Domain;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;

namespace TicketBot.Trading.Orders;

/// <summary>What an order is for.</summary>
public enum IntentKind
{
    /// <summary>Opens a position.</summary>
    Entry = 1,

    /// <summary>Closes a position, reduce-only.</summary>
    Exit = 2,
}

/// <summary>Why a position is closed.</summary>
public enum ExitReason
{
    /// <summary>Not an exit.</summary>
    None = 0,

    /// <summary>The ticket's horizon is over.</summary>
    Horizon = 1,

    /// <summary>The ticket that opened it signals the other side.</summary>
    OppositeSignal = 2,

    /// <summary>The ticket that opened it expired.</summary>
    TicketExpired = 3,

    /// <summary>The daily drawdown limit was reached.</summary>
    Drawdown = 4,

    /// <summary>The operator asked.</summary>
    Operator = 5,

    /// <summary>The venue did not confirm a stop in time.</summary>
    Unprotected = 6,
}

/// <summary>An order with its purpose: what is journalled before its bytes leave.</summary>
/// <param name="Request">Exactly what is sent.</param>
/// <param name="Kind">Entry or exit.</param>
/// <param name="Reason">Why a position is closed; None for an entry.</param>
/// <param name="Ticket">The ticket behind an entry, or <c>null</c>.</param>
/// <param name="ExitDue">When the entry's horizon is over (a candle close), or <c>null</c>.</param>
/// <param name="Attempt">0 for the first order of this purpose at this time, then 1, 2, ...</param>
public sealed record OrderIntent(OrderRequest Request, IntentKind Kind, ExitReason Reason, TicketId? Ticket, Instant? ExitDue, int Attempt);

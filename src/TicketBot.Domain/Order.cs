namespace TicketBot.Domain;

/// <summary>How an order meets the market.</summary>
public enum OrderType
{
    /// <summary>Takes what the book gives at once; the rest is cancelled.</summary>
    Market = 1,

    /// <summary>Trades at its price or better.</summary>
    Limit = 2,
}

/// <summary>Where an order is in its life.</summary>
public enum OrderStatus
{
    /// <summary>Journalled, not yet known to have left.</summary>
    Intended = 0,

    /// <summary>Its bytes were sent and the answer was lost: the venue may or may not have it.</summary>
    Unknown = 1,

    /// <summary>The venue acknowledged receipt; it may still refuse.</summary>
    Acknowledged = 2,

    /// <summary>Resting in the book or waiting for its trigger.</summary>
    Open = 3,

    /// <summary>Partly filled, the rest open.</summary>
    PartiallyFilled = 4,

    /// <summary>Completely filled. Final.</summary>
    Filled = 5,

    /// <summary>Ended by a cancel, whatever was filled before. Final.</summary>
    Cancelled = 6,

    /// <summary>Refused by the venue. Final.</summary>
    Rejected = 7,

    /// <summary>Proved never to have reached the venue. Final.</summary>
    NotSent = 8,
}

/// <summary>What can happen to an order.</summary>
public abstract record OrderEvent
{
    private OrderEvent()
    {
    }

    /// <summary>The venue acknowledged receipt.</summary>
    /// <param name="VenueId">The venue's id.</param>
    public sealed record Acknowledged(VenueOrderId VenueId) : OrderEvent;

    /// <summary>The venue refused it.</summary>
    /// <param name="Reason">Code and text of the venue.</param>
    public sealed record Rejected(string Reason) : OrderEvent;

    /// <summary>The answer to its submission was lost.</summary>
    public sealed record AnswerLost : OrderEvent;

    /// <summary>Two independent look-ups, apart in time, proved that the venue never had it.</summary>
    public sealed record ProvedAbsent : OrderEvent;

    /// <summary>The venue reported its state.</summary>
    /// <param name="VenueId">The venue's id.</param>
    /// <param name="Status">Open, PartiallyFilled, Filled, Cancelled or Rejected.</param>
    /// <param name="FilledQuantity">Quantity filled in all.</param>
    /// <param name="Reason">Reason of a cancel or refusal; empty if none.</param>
    public sealed record Reported(VenueOrderId VenueId, OrderStatus Status, Quantity FilledQuantity, string Reason) : OrderEvent;

    /// <summary>An execution of it arrived (already known not to be a duplicate).</summary>
    /// <param name="Quantity">Quantity of this fill.</param>
    public sealed record Filled(Quantity Quantity) : OrderEvent;
}

/// <summary>One order of ours; its state changes only in <see cref="Apply"/>.</summary>
/// <remarks>Not safe for use by several threads. Events may come in any order and twice: the filled quantity only grows and
/// a final status stays final, with two exceptions: evidence that the venue has the order revives one that we had given up
/// (<see cref="OrderStatus.NotSent"/>, or <see cref="OrderStatus.Rejected"/> by the answer to one of several sendings), and
/// fills that complete an order make it <see cref="OrderStatus.Filled"/> whatever was said before.</remarks>
public sealed class Order
{
    /// <summary>Makes an intended order.</summary>
    /// <exception cref="ArgumentException">The id or symbol is <c>default</c>, or the quantity is zero.</exception>
    public Order(ClientOrderId id, Symbol symbol, Side side, OrderType type, Quantity quantity, bool reduceOnly)
    {
        if (id.IsDefault || symbol.IsDefault || quantity.IsZero)
        {
            throw new ArgumentException($"an order needs an id, a symbol and a quantity, got {id}, {symbol}, {quantity}", nameof(id));
        }

        (Id, Symbol, Side, Type, Quantity, ReduceOnly) = (id, symbol, side, type, quantity, reduceOnly);
    }

    /// <summary>Our id.</summary>
    public ClientOrderId Id { get; }

    /// <summary>The contract.</summary>
    public Symbol Symbol { get; }

    /// <summary>Buy or sell.</summary>
    public Side Side { get; }

    /// <summary>Market or limit.</summary>
    public OrderType Type { get; }

    /// <summary>Ordered quantity.</summary>
    public Quantity Quantity { get; }

    /// <summary>Whether it may only reduce a position.</summary>
    public bool ReduceOnly { get; }

    /// <summary>What is known of its life.</summary>
    public OrderState State { get; private set; }

    /// <summary>Where it is in its life.</summary>
    public OrderStatus Status => State.Status;

    /// <summary>Quantity filled as far as known.</summary>
    public Quantity FilledQuantity => State.Filled;

    /// <summary>Quantity of the executions seen, which may run ahead of or behind the venue's report.</summary>
    public Quantity ExecutedQuantity => State.Executed;

    /// <summary>The venue's id, or <c>null</c> while unknown.</summary>
    public VenueOrderId? VenueId => State.VenueId;

    /// <summary>Why it ended, in the venue's words; empty if unknown.</summary>
    public string Reason => State.Reason ?? "";

    /// <summary>Whether nothing more can happen to it.</summary>
    public bool IsFinal => State.IsFinal;

    /// <summary>Whether <paramref name="status"/> is final.</summary>
    public static bool IsFinalStatus(OrderStatus status) =>
        status is OrderStatus.Filled or OrderStatus.Cancelled or OrderStatus.Rejected or OrderStatus.NotSent;

    /// <summary>Applies what happened by <see cref="OrderTransitions"/>; returns whether the status or the filled quantity changed.</summary>
    public bool Apply(OrderEvent happened)
    {
        var before = State;
        State = OrderTransitions.Next(before, Quantity, happened);
        return before.Status != State.Status || before.Filled != State.Filled;
    }
}

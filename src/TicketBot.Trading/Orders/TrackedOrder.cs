using TicketBot.Domain;

namespace TicketBot.Trading.Orders;

/// <summary>An order of ours with its intent and the state of its look-ups.</summary>
public sealed class TrackedOrder
{
    /// <summary>Makes one from the intent that was journalled.</summary>
    public TrackedOrder(OrderIntent intent, long sequence)
    {
        Intent = intent;
        Sequence = sequence;
        var r = intent.Request;
        Order = new Order(r.Id, r.Symbol, r.Side, r.Type, r.Quantity, r.ReduceOnly);
    }

    /// <summary>What it is for.</summary>
    public OrderIntent Intent { get; }

    /// <summary>Journal number of the intent.</summary>
    public long Sequence { get; }

    /// <summary>Its state.</summary>
    public Order Order { get; }

    /// <summary>Market time of the first look-up that missed, or <c>null</c>.</summary>
    public Instant? MissedAt { get; internal set; }

    /// <summary>Whether a look-up is under way.</summary>
    public bool LookUpPending { get; internal set; }
}

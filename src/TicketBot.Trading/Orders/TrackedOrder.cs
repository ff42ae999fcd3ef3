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

    /// <summary>Market time of the last question about it in this session, or <c>null</c>.</summary>
    public Instant? LookedUpAt { get; internal set; }

    /// <summary>Whether what it fills is to be closed at once: the operator asked while it was under way.</summary>
    public bool CloseAsked { get; internal set; }

    /// <summary>Requests to cancel it that were answered; more than three are never made.</summary>
    public int Cancels { get; internal set; }

    /// <summary>Whether a request to cancel it is under way.</summary>
    internal bool CancelPending { get; set; }

    // How often an exit was sent again at one market time: a venue that loses everything at once is not to be hammered.
    internal (Instant At, int Count) Resent { get; set; }

    // Market time of this session's first snapshot that did not bring the executions of what the venue calls final.
    internal Instant? FinalSince { get; set; }
}

using TicketBot.Domain;

namespace TicketBot.Simulator.Matching;

/// <summary>Where an order is at the venue; the names are Bybit's.</summary>
public enum VenueOrderStatus
{
    /// <summary>On its way or resting.</summary>
    New = 1,

    /// <summary>Waiting for its trigger.</summary>
    Untriggered = 2,

    /// <summary>Completely filled. Final.</summary>
    Filled = 3,

    /// <summary>Ended by a cancel, perhaps filled in part. Final.</summary>
    Cancelled = 4,

    /// <summary>Filled in part, the rest still stands.</summary>
    PartiallyFilled = 5,

    /// <summary>Its trigger was met; passing.</summary>
    Triggered = 6,

    /// <summary>Ended before its trigger was met. Final.</summary>
    Deactivated = 7,
}

/// <summary>What a triggered order is for; the names are Bybit's stopOrderType.</summary>
public enum StopKind
{
    /// <summary>A plain order.</summary>
    None = 0,

    /// <summary>An order on a condition that the account placed.</summary>
    Stop = 1,

    /// <summary>Stop-loss of the whole position.</summary>
    StopLoss = 2,

    /// <summary>Take-profit of the whole position.</summary>
    TakeProfit = 3,

    /// <summary>Stop-loss of a part of the position.</summary>
    PartialStopLoss = 4,

    /// <summary>Take-profit of a part of the position.</summary>
    PartialTakeProfit = 5,

    /// <summary>Stop of the whole position that follows the price.</summary>
    TrailingStop = 6,
}

/// <summary>An order's state at the venue; a new record for each change.</summary>
public sealed record VenueOrder
{
    /// <summary>What was asked.</summary>
    public required NewOrder Request { get; init; }

    /// <summary>The venue's id.</summary>
    public required string Id { get; init; }

    /// <summary>Number within the account, from 1; orders time priority.</summary>
    public required long Number { get; init; }

    /// <summary>Market time of the request.</summary>
    public required Instant Created { get; init; }

    /// <summary>Market time it reaches the book.</summary>
    public required Instant Arrival { get; init; }

    /// <summary>Market time of the last change.</summary>
    public required Instant Updated { get; init; }

    /// <summary>Last price when it was made.</summary>
    public required decimal LastPriceOnCreated { get; init; }

    /// <summary>Where it is.</summary>
    public VenueOrderStatus Status { get; init; } = VenueOrderStatus.New;

    /// <summary>Whether it has reached the book.</summary>
    public bool IsResting { get; init; }

    /// <summary>What it is for when it waits or waited for a trigger.</summary>
    public StopKind Kind { get; init; }

    /// <summary>Trigger price now, or <c>null</c> for a plain order.</summary>
    public decimal? Trigger { get; init; }

    /// <summary>Which way the price must come to <see cref="Trigger"/>.</summary>
    public TriggerDirection TriggerDirection { get; init; }

    /// <summary>Which price <see cref="Trigger"/> watches.</summary>
    public TriggerSource TriggerBy { get; init; } = TriggerSource.LastPrice;

    /// <summary>Distance of a trailing stop; zero for another order.</summary>
    public decimal TrailDistance { get; init; }

    /// <summary>Price at which a trailing stop starts to follow; <c>null</c> = it follows.</summary>
    public decimal? ActivePrice { get; init; }

    /// <summary>Link id of the order an attached stop came from; empty for none.</summary>
    public string ParentLinkId { get; init; } = "";

    /// <summary>What ties a partial take-profit and a partial stop-loss together; empty for none.</summary>
    public string PairId { get; init; } = "";

    /// <summary>Bybit's createType.</summary>
    public string CreateType { get; init; } = "CreateByUser";

    /// <summary>Quantity now: of a stop the position's, of a reduced order what it was cut to.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Filled base coin.</summary>
    public decimal Filled { get; init; }

    /// <summary>Filled quote coin.</summary>
    public decimal FilledValue { get; init; }

    /// <summary>Fees paid.</summary>
    public decimal Fee { get; init; }

    /// <summary>Realised profit of its fills before fees.</summary>
    public decimal ClosedPnl { get; init; }

    /// <summary>Bybit's cancelType; <c>UNKNOWN</c> for none.</summary>
    public string CancelType { get; init; } = "UNKNOWN";

    /// <summary>Bybit's rejectReason; <c>EC_NoError</c> for none.</summary>
    public string RejectReason { get; init; } = "EC_NoError";

    /// <summary>What is still to be filled; zero when final.</summary>
    public decimal Leaves => IsFinal ? 0 : Quantity - Filled;

    /// <summary>Whether it is the stop-loss of a whole position.</summary>
    public bool IsStopLoss => Kind == StopKind.StopLoss;

    /// <summary>Whether it was made to protect a position: any take-profit, stop-loss or trailing stop.</summary>
    public bool IsProtection => Kind >= StopKind.StopLoss;

    /// <summary>Whether it waits for its trigger.</summary>
    public bool IsUntriggered => Status == VenueOrderStatus.Untriggered;

    /// <summary>Whether it may only reduce a position.</summary>
    public bool OnlyReduces => Request.ReduceOnly || Request.CloseOnTrigger;

    /// <summary>Whether nothing more can happen to it.</summary>
    public bool IsFinal => Status is VenueOrderStatus.Filled or VenueOrderStatus.Cancelled or VenueOrderStatus.Deactivated;

    /// <summary>Plain reason of its end for a client; empty when there is none.</summary>
    public string Reason => RejectReason != "EC_NoError" ? RejectReason : CancelType != "UNKNOWN" ? CancelType : "";
}

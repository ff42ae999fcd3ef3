using TicketBot.Domain;

namespace TicketBot.Simulator.Matching;

/// <summary>How long an order may rest.</summary>
public enum TimeInForce
{
    /// <summary>Until cancelled.</summary>
    GTC = 1,

    /// <summary>Fills at once; the rest is cancelled.</summary>
    IOC = 2,

    /// <summary>Fills at once and completely or not at all.</summary>
    FOK = 3,

    /// <summary>Rests or is cancelled; never takes liquidity.</summary>
    PostOnly = 4,
}

/// <summary>Where an order is at the venue.</summary>
public enum VenueOrderStatus
{
    /// <summary>On its way or resting.</summary>
    New = 1,

    /// <summary>A stop waiting for its trigger.</summary>
    Untriggered = 2,

    /// <summary>Completely filled. Final.</summary>
    Filled = 3,

    /// <summary>Ended by a cancel. Final.</summary>
    Cancelled = 4,
}

/// <summary>An order as an account asks for it.</summary>
public sealed record NewOrder
{
    /// <summary>The contract.</summary>
    public required Symbol Symbol { get; init; }

    /// <summary>Buy or sell.</summary>
    public required Side Side { get; init; }

    /// <summary>Market or limit.</summary>
    public required OrderType Type { get; init; }

    /// <summary>Base coin.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Price of a limit order.</summary>
    public decimal? Price { get; init; }

    /// <summary>How long it may rest; a market order is always IOC.</summary>
    public TimeInForce TimeInForce { get; init; } = TimeInForce.GTC;

    /// <summary>The account's own id; empty for none.</summary>
    public string LinkId { get; init; } = "";

    /// <summary>Whether it may only reduce a position.</summary>
    public bool ReduceOnly { get; init; }

    /// <summary>Stop-loss for the whole position after the fill.</summary>
    public decimal? StopLoss { get; init; }

    /// <summary>The venue's name of the price that triggers the stop: <c>LastPrice</c>, <c>MarkPrice</c> or <c>IndexPrice</c>; here all three are equal.</summary>
    public string StopTrigger { get; init; } = "LastPrice";
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

    /// <summary>Trigger price of an attached stop, else <c>null</c>.</summary>
    public decimal? Trigger { get; init; }

    /// <summary>Link id of the order an attached stop came from; empty for none.</summary>
    public string ParentLinkId { get; init; } = "";

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

    /// <summary>Whether it is the stop-loss attached to a position.</summary>
    public bool IsStopLoss => Trigger is not null;

    /// <summary>Whether nothing more can happen to it.</summary>
    public bool IsFinal => Status is VenueOrderStatus.Filled or VenueOrderStatus.Cancelled;

    /// <summary>Plain reason of its end for a client; empty when there is none.</summary>
    public string Reason => RejectReason != "EC_NoError" ? RejectReason : CancelType != "UNKNOWN" ? CancelType : "";
}

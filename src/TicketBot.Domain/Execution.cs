namespace TicketBot.Domain;

/// <summary>What an execution row of the venue stands for.</summary>
public enum ExecutionKind
{
    /// <summary>A fill of an order.</summary>
    Trade = 1,

    /// <summary>A funding settlement: it changes the wallet and no position.</summary>
    Funding = 2,

    /// <summary>A forced fill (liquidation or auto-deleveraging).</summary>
    Forced = 3,

    /// <summary>A kind this version does not know; kept, never counted as a fill.</summary>
    Unknown = 4,
}

/// <summary>One execution as the venue reported it.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/order/execution.</remarks>
public sealed record Execution
{
    /// <summary>The venue's id; unique for ever.</summary>
    public required ExecutionId Id { get; init; }

    /// <summary>The contract.</summary>
    public required Symbol Symbol { get; init; }

    /// <summary>What kind of row it is.</summary>
    public required ExecutionKind Kind { get; init; }

    /// <summary>The venue's order id; empty for funding.</summary>
    public required VenueOrderId OrderId { get; init; }

    /// <summary>Our order id, or <c>default</c> when the order was not ours (an attached stop has none).</summary>
    public ClientOrderId ClientOrderId { get; init; }

    /// <summary>Whether the order was the position's stop-loss.</summary>
    public bool IsStopLoss { get; init; }

    /// <summary>Side of the fill; of a funding row the side of the position.</summary>
    public required Side Side { get; init; }

    /// <summary>Price of the fill; of a funding row the mark price.</summary>
    public required Price Price { get; init; }

    /// <summary>Quantity of the fill; of a funding row the position's quantity.</summary>
    public required Quantity Quantity { get; init; }

    /// <summary>Fee in settlement coin; positive = paid. Of a funding row the payment.</summary>
    public required Money Fee { get; init; }

    /// <summary>Whether the fill added liquidity.</summary>
    public bool IsMaker { get; init; }

    /// <summary>Market time of the execution.</summary>
    public required Instant Time { get; init; }
}

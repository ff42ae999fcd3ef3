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

/// <summary>Which price a trigger watches; the names are Bybit's.</summary>
public enum TriggerSource
{
    /// <summary>The price of the last trade.</summary>
    LastPrice = 1,

    /// <summary>The mark price.</summary>
    MarkPrice = 2,

    /// <summary>The index price.</summary>
    IndexPrice = 3,
}

/// <summary>Which way a price must come to meet a trigger; the numbers are Bybit's.</summary>
public enum TriggerDirection
{
    /// <summary>No trigger.</summary>
    None = 0,

    /// <summary>When the price rises to it.</summary>
    Rise = 1,

    /// <summary>When the price falls to it.</summary>
    Fall = 2,
}

/// <summary>An order as an account asks for it.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/order/create-order.</remarks>
public sealed record NewOrder
{
    /// <summary>The contract.</summary>
    public required Symbol Symbol { get; init; }

    /// <summary>Buy or sell.</summary>
    public required Side Side { get; init; }

    /// <summary>Market or limit.</summary>
    public required OrderType Type { get; init; }

    /// <summary>Base coin; zero with <see cref="ReduceOnly"/> and <see cref="CloseOnTrigger"/> closes the whole position.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Price of a limit order.</summary>
    public decimal? Price { get; init; }

    /// <summary>How long it may rest; a market order is always IOC.</summary>
    public TimeInForce TimeInForce { get; init; } = TimeInForce.GTC;

    /// <summary>The account's own id; empty for none.</summary>
    public string LinkId { get; init; } = "";

    /// <summary>Whether it may only reduce a position.</summary>
    public bool ReduceOnly { get; init; }

    /// <summary>Whether it closes when triggered; like <see cref="ReduceOnly"/>, and asked for beside it when the whole position is meant.</summary>
    public bool CloseOnTrigger { get; init; }

    /// <summary>Price that makes it an order on a condition, or <c>null</c>.</summary>
    public decimal? Trigger { get; init; }

    /// <summary>Which way the price must come to <see cref="Trigger"/>.</summary>
    public TriggerDirection TriggerDirection { get; init; }

    /// <summary>Which price <see cref="Trigger"/> watches.</summary>
    public TriggerSource TriggerBy { get; init; } = TriggerSource.LastPrice;

    /// <summary>Stop-loss after the fill, or <c>null</c>.</summary>
    public decimal? StopLoss { get; init; }

    /// <summary>Which price triggers the stop-loss.</summary>
    public TriggerSource StopTrigger { get; init; } = TriggerSource.LastPrice;

    /// <summary>Take-profit after the fill, or <c>null</c>.</summary>
    public decimal? TakeProfit { get; init; }

    /// <summary>Which price triggers the take-profit.</summary>
    public TriggerSource TakeProfitTrigger { get; init; } = TriggerSource.LastPrice;

    /// <summary>Whether stop-loss and take-profit are for the quantity this order fills (<c>Partial</c>), not for the whole position (<c>Full</c>).</summary>
    public bool IsPartialProtection { get; init; }

    /// <summary>Limit price of a partial stop-loss; <c>null</c> = at market.</summary>
    public decimal? StopLossLimit { get; init; }

    /// <summary>Limit price of a partial take-profit; <c>null</c> = at market.</summary>
    public decimal? TakeProfitLimit { get; init; }

    /// <summary>Which position it is for: 0 in one-way mode, 1 (long) or 2 (short) in hedge mode.</summary>
    public int PositionIndex { get; init; }

    /// <summary>How far from the first price a market order may go, as a fraction; <c>null</c> = the price band alone.</summary>
    public decimal? MaxSlippage { get; init; }

    /// <summary>Share of its quantity that a simulated failure lets fill, the rest is cancelled; 0 = it is refused on arrival; <c>null</c> = no failure.</summary>
    public decimal? FillShare { get; init; }
}

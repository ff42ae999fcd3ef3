using TicketBot.Domain;

namespace TicketBot.Simulator.Matching;

/// <summary>An execution at the venue with what its private stream tells beside it.</summary>
/// <param name="Execution">The execution.</param>
/// <param name="Order">The order as it was after the fill; <c>null</c> for funding.</param>
/// <param name="FeeRate">Fee or funding rate as a fraction.</param>
/// <param name="MarkPrice">Mark price at the time.</param>
/// <param name="ClosedQuantity">Base coin it closed.</param>
/// <param name="ClosedPnl">Profit it realised before fees.</param>
/// <param name="Sequence">Ascending number within the account.</param>
public sealed record VenueExecution(
    Execution Execution, VenueOrder? Order, decimal FeeRate, decimal MarkPrice, decimal ClosedQuantity, decimal ClosedPnl, long Sequence)
{
    /// <summary>Bybit's execType: <c>Trade</c>, <c>Funding</c>, <c>BustTrade</c> or <c>AdlTrade</c>.</summary>
    public string Type { get; init; } = "Trade";
}

/// <summary>A deposit or a withdrawal.</summary>
/// <param name="Time">Market time.</param>
/// <param name="Amount">Settlement coin paid in; negative when paid out.</param>
/// <param name="Sequence">Number of the last execution before it within the account; 0 for none.</param>
internal readonly record struct VenueTransfer(Instant Time, decimal Amount, long Sequence);

/// <summary>A position at the venue.</summary>
public sealed record VenuePosition
{
    /// <summary>The contract.</summary>
    public required Symbol Symbol { get; init; }

    /// <summary>Base coin, positive long, negative short, zero flat.</summary>
    public required decimal SignedQuantity { get; init; }

    /// <summary>Average entry price; zero when flat.</summary>
    public required decimal AverageEntry { get; init; }

    /// <summary>Price it is valued at.</summary>
    public required decimal MarkPrice { get; init; }

    /// <summary>Profit not yet realised.</summary>
    public required decimal Unrealised { get; init; }

    /// <summary>Realised profit less fees and funding since the account was opened.</summary>
    public required decimal CumulativeRealised { get; init; }

    /// <summary>Stop of the whole position, or <c>null</c>.</summary>
    public required decimal? StopLoss { get; init; }

    /// <summary>Take-profit of the whole position, or <c>null</c>.</summary>
    public decimal? TakeProfit { get; init; }

    /// <summary>Distance of the trailing stop; zero for none.</summary>
    public decimal TrailingStop { get; init; }

    /// <summary>Leverage.</summary>
    public required decimal Leverage { get; init; }

    /// <summary>Whether the contract is in hedge mode: then the venue tells two rows.</summary>
    public bool IsHedged { get; init; }

    /// <summary>Which position it is: 0 in one-way mode, 1 (long) or 2 (short) in hedge mode.</summary>
    public int Index { get; init; }

    /// <summary>Bybit's positionStatus: <c>Normal</c>, <c>Liq</c> or <c>Adl</c>.</summary>
    public string Status { get; init; } = "Normal";

    /// <summary>Realised profit less fees and funding since the position was last flat.</summary>
    public decimal SessionRealised { get; init; }

    /// <summary>What it reserves of the wallet.</summary>
    public decimal InitialMargin { get; init; }

    /// <summary>Equity below which the account is liquidated, this position's share.</summary>
    public decimal MaintenanceMargin { get; init; }

    /// <summary>Mark price at which the account would be liquidated by this position alone; <c>null</c> when flat or out of reach.</summary>
    public decimal? LiquidationPrice { get; init; }

    /// <summary>Market time the position was opened; of a flat one the last change.</summary>
    public Instant Opened { get; init; }

    /// <summary>Market time of the last change; of a contract never traded the opening of the account.</summary>
    public required Instant Updated { get; init; }

    /// <summary>Ascending number of the last change; -1 if never traded.</summary>
    public required long Sequence { get; init; }
}

/// <summary>A wallet at the venue.</summary>
/// <param name="Balance">Initial balance + realised - fees - funding.</param>
/// <param name="Unrealised">Profit not yet realised at the last prices.</param>
/// <param name="PositionMargin">Position value over leverage, all contracts.</param>
/// <param name="OrderMargin">What open orders reserve.</param>
/// <param name="Realised">Realised profit before fees and funding.</param>
/// <param name="Time">Market time.</param>
public sealed record VenueWallet(decimal Balance, decimal Unrealised, decimal PositionMargin, decimal OrderMargin, decimal Realised, Instant Time)
{
    /// <summary>Equity below which the account is liquidated.</summary>
    public decimal MaintenanceMargin { get; init; }

    /// <summary>Deposits less withdrawals since the opening.</summary>
    public decimal Transfers { get; init; }

    /// <summary>Balance plus unrealised profit.</summary>
    public decimal Equity => Balance + Unrealised;

    /// <summary>What new orders may use.</summary>
    public decimal Available => Equity - PositionMargin - OrderMargin;
}

/// <summary>What an account's private stream tells. A closed family.</summary>
public abstract record VenueEvent
{
    private VenueEvent()
    {
    }

    /// <summary>An order changed.</summary>
    /// <param name="Order">Its state after the change.</param>
    public sealed record OrderChanged(VenueOrder Order) : VenueEvent;

    /// <summary>An execution happened.</summary>
    /// <param name="Execution">The execution.</param>
    public sealed record Executed(VenueExecution Execution) : VenueEvent;

    /// <summary>A position changed.</summary>
    /// <param name="Position">Its state after the change.</param>
    public sealed record PositionChanged(VenuePosition Position) : VenueEvent;

    /// <summary>A wallet changed.</summary>
    /// <param name="Wallet">Its state after the change.</param>
    public sealed record WalletChanged(VenueWallet Wallet) : VenueEvent;
}

/// <summary>What the venue answers to a request.</summary>
/// <param name="Code">Bybit's retCode; 0 = accepted.</param>
/// <param name="Text">The words beside it.</param>
/// <param name="Order">The order the answer is about, or <c>null</c>.</param>
public readonly record struct VenueAnswer(int Code, string Text, VenueOrder? Order)
{
    /// <summary>An acceptance.</summary>
    public static VenueAnswer Accepted(VenueOrder? order = null) => new(0, "OK", order);

    /// <summary>A refusal.</summary>
    public static VenueAnswer Refused(int code, string text) => new(code, text, null);
}

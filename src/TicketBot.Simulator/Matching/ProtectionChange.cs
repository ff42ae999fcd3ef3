namespace TicketBot.Simulator.Matching;

/// <summary>What to change of a position's take-profit and stops; <c>null</c> leaves a value as it is, 0 removes it.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/position/trading-stop.</remarks>
public sealed record ProtectionChange
{
    /// <summary>Stop-loss.</summary>
    public decimal? StopLoss { get; init; }

    /// <summary>Which price triggers the stop-loss.</summary>
    public TriggerSource StopTrigger { get; init; } = TriggerSource.LastPrice;

    /// <summary>Take-profit.</summary>
    public decimal? TakeProfit { get; init; }

    /// <summary>Which price triggers the take-profit.</summary>
    public TriggerSource TakeProfitTrigger { get; init; } = TriggerSource.LastPrice;

    /// <summary>Distance at which a stop follows the price, in quote coin.</summary>
    public decimal? Trailing { get; init; }

    /// <summary>Price at which the trailing stop starts to follow; <c>null</c> = at once.</summary>
    public decimal? ActivePrice { get; init; }

    /// <summary>Whether it adds a take-profit or stop-loss for a part (<c>Partial</c>) and leaves those of the whole position alone.</summary>
    public bool IsPartial { get; init; }

    /// <summary>Base coin of a part; <c>null</c> or the whole position when <see cref="IsPartial"/> is not set.</summary>
    public decimal? Size { get; init; }

    /// <summary>Limit price of a partial stop-loss; <c>null</c> = at market.</summary>
    public decimal? StopLossLimit { get; init; }

    /// <summary>Limit price of a partial take-profit; <c>null</c> = at market.</summary>
    public decimal? TakeProfitLimit { get; init; }
}

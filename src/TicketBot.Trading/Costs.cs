using System.ComponentModel.DataAnnotations;

namespace TicketBot.Trading;

/// <summary>What trading costs: one model for gates, backtest and paper.</summary>
public sealed class CostOptions
{
    /// <summary>Taker fee in basis points of notional, -10 to 100. Default 5.5 (Bybit's lowest tier for perpetuals).</summary>
    [Range(-10, 100)]
    public decimal TakerFeeBp { get; set; } = 5.5m;

    /// <summary>Maker fee in basis points of notional, -10 to 100. Default 2.</summary>
    [Range(-10, 100)]
    public decimal MakerFeeBp { get; set; } = 2m;

    /// <summary>How much worse than the price a market order or stop fills, in basis points, 0 to 100. Default 1.</summary>
    [Range(0, 100)]
    public decimal SlippageBp { get; set; } = 1m;

    /// <summary>Funding rate assumed where no recorded rate is given, in basis points per settlement, -75 to 75. Default 1.</summary>
    [Range(-75, 75)]
    public decimal FundingBp { get; set; } = 1m;

    /// <summary>Costs of opening and closing with market orders, in basis points of notional, without funding.</summary>
    public decimal RoundTripBp => 2 * (TakerFeeBp + SlippageBp);
}

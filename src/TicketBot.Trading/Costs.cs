using System.ComponentModel.DataAnnotations;

namespace TicketBot.Trading;

/// <summary>What trading costs: one model for gates, backtest and paper. A market order or stop pays the taker fee and fills worse than the price by the slippage, whatever its size, and by
/// the impact of its size.</summary>
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

    /// <summary>How much size costs: what an order as large as a candle's turnover fills worse than the slippage, in units of a candle's volatility, 0 to 10; 0 = nothing. Default 1.</summary>
    /// <remarks>See <see cref="MarketImpact"/>. At 1, in candles with 30 million USDT turnover and 25 bp volatility, an order of 20,000 USDT costs 0.6 bp and one of 2 million 6.5 bp.</remarks>
    [Range(0, 10)]
    public double ImpactCoefficient { get; set; } = 1;

    /// <summary>Part of an order in quote coin that size costs nothing for, 0 to 1,000,000,000: what the best level holds. Default 1,000.</summary>
    /// <remarks>The square-root law is one of orders that walk through the book. One that the best level fills pays half the spread, which the slippage stands for: without this, the root would charge
    /// an order of 200 USDT in a thin contract most of another basis point.</remarks>
    [Range(typeof(decimal), "0", "1000000000", ParseLimitsInInvariantCulture = true)]
    public decimal ImpactFreeNotional { get; set; } = 1_000m;

    /// <summary>Funding rate assumed where no recorded rate is given, in basis points per settlement, -75 to 75. Default 1.</summary>
    [Range(-75, 75)]
    public decimal FundingBp { get; set; } = 1m;

    /// <summary>Costs of opening and closing with market orders, in basis points of notional, without funding and the impact of their size.</summary>
    public decimal RoundTripBp => 2 * (TakerFeeBp + SlippageBp);

    /// <summary>Returns how much worse than price and slippage an order fills because of its size, in basis points.</summary>
    /// <param name="depth">The market.</param>
    /// <param name="notional">The order in quote coin, at least 0.</param>
    public double ImpactBp(in MarketDepth depth, double notional) =>
        MarketImpact.Bp(ImpactCoefficient, depth, Math.Max(0, notional - (double)ImpactFreeNotional));
}

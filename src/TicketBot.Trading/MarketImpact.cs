namespace TicketBot.Trading;

/// <summary>How lively and how deep a market was over its newest closed candles: what an order's size is priced against.</summary>
/// <param name="VolatilityBp">Standard deviation of one candle's move in basis points, at least 0.</param>
/// <param name="Turnover">Mean turnover of a candle in quote coin, at least 0.</param>
public readonly record struct MarketDepth(double VolatilityBp, double Turnover);

/// <summary>The square-root law of market impact: how much worse than the price an order fills because of its size.</summary>
/// <remarks>impact = coefficient x volatility x sqrt(notional / turnover): Torre, "BARRA Market Impact Model Handbook" (1997); Almgren, Thum, Hauptmann and Li, "Direct estimation of equity
/// market impact", Risk 18(7), 2005, find exponents of 0.5 to 0.6; Toth et al., Physical Review X 1 (2011) 021006, a coefficient of order one. Volatility grows with the root of the candle
/// length and turnover with the length, so the answer does not depend on the interval. The volatility of a candle is that of Parkinson, Journal of Business 53 (1980): the root of mean
/// (high - low)² / mid² over 4 ln 2, here with the ratio in place of the logarithm (equal to 0.1 % for ranges below 10 %), so that only sums, quotients and roots are taken and every machine
/// gives the same bits. A night or a weekend between candles plays no part.</remarks>
public static class MarketImpact
{
    /// <summary>Newest closed candles that volatility and turnover are taken over; fewer where a series begins.</summary>
    public const int Window = 24;

    /// <summary>Largest impact in basis points: beyond it a venue fills nothing (Bybit's price limit of 5 %).</summary>
    public const double MostBp = 500;

    private const double FourLogTwo = 2.772_588_722_239_781; // 4 ln 2, Parkinson (1980).

    /// <summary>Returns the depth over some closed candles, all columns oldest first and equally long; zeros when there is none.</summary>
    /// <param name="high">Highest prices, above zero.</param>
    /// <param name="low">Lowest prices, above zero.</param>
    /// <param name="turnover">Turnovers in quote coin, at least 0.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static MarketDepth DepthOf(ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> turnover)
    {
        if (high.Length != low.Length || high.Length != turnover.Length)
        {
            throw new ArgumentException($"the columns must be equally long, were {high.Length}, {low.Length} and {turnover.Length}");
        }

        if (high.Length == 0)
        {
            return default;
        }

        double squares = 0, sum = 0;
        for (var i = 0; i < high.Length; i++)
        {
            var range = 2 * (high[i] - low[i]) / (high[i] + low[i]);
            squares += range * range;
            sum += turnover[i];
        }

        return new MarketDepth(10_000 * Math.Sqrt(squares / high.Length / FourLogTwo), sum / high.Length);
    }

    /// <summary>Returns the impact of an order in basis points, 0 to <see cref="MostBp"/>; zero where the price stands still.</summary>
    /// <remarks>Candles without any turnover carry no order: in a moving market one of any size then costs the most.</remarks>
    /// <param name="coefficient">Impact of an order as large as a candle's turnover, in units of the candle's volatility, at least 0; 0 = size costs nothing.</param>
    /// <param name="depth">The market.</param>
    /// <param name="notional">The order in quote coin, at least 0.</param>
    public static double Bp(double coefficient, in MarketDepth depth, double notional)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(notional);
        return coefficient == 0 || depth.VolatilityBp == 0 || notional == 0
            ? 0
            : Math.Min(MostBp, coefficient * depth.VolatilityBp * Math.Sqrt(notional / depth.Turnover)); // Infinite without turnover.
    }
}

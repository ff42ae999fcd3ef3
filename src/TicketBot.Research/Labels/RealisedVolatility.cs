using TicketBot.Market.Candles;

namespace TicketBot.Research.Labels;

/// <summary>The volatility that a horizon turned out to have: the label of the volatility task. Its span is <see cref="LabelSpan.After"/>.</summary>
/// <remarks>Square root of the sum of squared log returns (Andersen, Bollerslev, Diebold and Labys, Econometrica 71, 2003).</remarks>
public static class RealisedVolatility
{
    /// <summary>Returns the realised volatility of the <paramref name="horizon"/> candles after <paramref name="candle"/>, as a fraction over the
    /// whole horizon (not per candle or year), at least 0; the series must hold those candles.</summary>
    public static double Of(CandleSeries series, int candle, int horizon)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        var close = series.Close;
        var sum = 0.0;
        for (var i = candle + 1; i <= candle + horizon; i++)
        {
            var move = Math.Log(close[i] / close[i - 1]);
            sum += move * move;
        }

        return Math.Sqrt(sum);
    }
}

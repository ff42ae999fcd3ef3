using TicketBot.Market.Candles;

namespace TicketBot.Research.Datasets;

/// <summary>What a trade decided at one candle's close would have brought, before fees and slippage.</summary>
/// <remarks>Entry at the next candle's open; exit at the stop (worst case: the stop is met before any favourable extreme; at the open if the price gapped through it)
/// or at the open after the candle that ends the horizon. The same order of events as the exchange simulator's.</remarks>
/// <param name="LongBp">Return of a long trade in basis points of the entry.</param>
/// <param name="ShortBp">Return of a short trade in basis points of the entry.</param>
public readonly record struct TradeOutcome(double LongBp, double ShortBp)
{
    /// <summary>Basis points of one.</summary>
    public const double BpOfOne = 10_000;

    /// <summary>Returns the outcome of trades decided at the close of candle <paramref name="candle"/>; the series must hold the
    /// <paramref name="horizon"/> + 1 candles after it without a gap.</summary>
    public static TradeOutcome At(CandleSeries series, int candle, int horizon, double stopFraction)
    {
        var entry = series.Open[candle + 1];
        var exit = series.Open[candle + horizon + 1];
        return new TradeOutcome(
            Return(series, candle, horizon, entry, exit, stopFraction, 1), Return(series, candle, horizon, entry, exit, stopFraction, -1));
    }

    private static double Return(CandleSeries series, int candle, int horizon, double entry, double exit, double stopFraction, int sign)
    {
        var stop = entry * (1 - (sign * stopFraction));
        for (var i = candle + 1; i <= candle + horizon; i++)
        {
            var open = series.Open[i];
            var adverse = sign > 0 ? series.Low[i] : series.High[i];
            if (sign * (open - stop) <= 0)
            {
                exit = open;
                break;
            }

            if (sign * (adverse - stop) <= 0)
            {
                exit = stop;
                break;
            }
        }

        return sign * ((exit / entry) - 1) * BpOfOne;
    }
}

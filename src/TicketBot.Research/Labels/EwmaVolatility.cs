using TicketBot.Market.Candles;

namespace TicketBot.Research.Labels;

/// <summary>Exponentially weighted deviation of close-to-close returns as it is known at each candle's close: what barriers are scaled by.</summary>
/// <remarks>Lopez de Prado 2018, snippet 3.1: the deviation with bias correction of simple returns, weights (1 - a)^k with a = 2 / (span + 1)
/// over all returns so far. A return across a gap of the candles is no candle's return and left out.</remarks>
public static class EwmaVolatility
{
    /// <summary>Returns one value per candle as a fraction per candle, NaN until <paramref name="span"/> returns have been seen.</summary>
    /// <param name="series">The candles.</param>
    /// <param name="span">Span of the weights in returns, at least 2; 24 to 100 is usual.</param>
    public static double[] Of(CandleSeries series, int span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, 2);
        var close = series.Close;
        var found = new double[series.Count];
        var keep = 1 - (2.0 / (span + 1));
        double mean = 0, squares = 0, weights = 0, squaredWeights = 0; // Squares are weighted squared distances from the mean.
        var seen = 0;
        for (var i = 0; i < found.Length; i++)
        {
            if (i > 0 && series.IsContiguous(i, 2))
            {
                var value = (close[i] / close[i - 1]) - 1;
                var before = keep * weights;
                weights = before + 1;
                squaredWeights = (keep * keep * squaredWeights) + 1;
                var distance = value - mean;
                mean += distance / weights;
                squares = (keep * squares) + (before / weights * distance * distance);
                seen++;
            }

            found[i] = seen >= span ? Math.Sqrt(squares / weights / (1 - (squaredWeights / (weights * weights)))) : double.NaN;
        }

        return found;
    }
}

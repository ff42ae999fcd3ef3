using TicketBot.Market.Candles;

namespace TicketBot.Market.Regimes;

/// <summary>What a regime set observes of a candle: the trend (log return in units of its own volatility) and the log
/// realised volatility of its last candles. Each value
/// is computed from those candles alone, so it has the same bits wherever a window or a series starts.</summary>
internal static class RegimeObservations
{
    /// <summary>Candles that return and volatility are measured over.</summary>
    public const int MeasureCandles = 24;

    // A hundredth of a basis point per candle: a market that stands still has no logarithm of volatility.
    private const double VolatilityFloor = 1e-6;

    /// <summary>Writes natural logarithms of closes.</summary>
    public static void LogsOf(ReadOnlySpan<double> closes, Span<double> destination)
    {
        for (var i = 0; i < closes.Length; i++)
        {
            destination[i] = Math.Log(closes[i]);
        }
    }

    /// <summary>Returns the trend over <paramref name="length"/> candles and the log volatility of their returns, of the candle at
    /// <paramref name="index"/> (at least <paramref name="length"/>).</summary>
    public static (double Trend, double Volatility) At(ReadOnlySpan<double> logCloses, int index, int length)
    {
        var sum = 0.0;
        var previous = logCloses[index - length];
        for (var i = index - length + 1; i <= index; i++)
        {
            var change = logCloses[i] - previous;
            previous = logCloses[i];
            sum += change * change;
        }

        var volatility = Math.Max(Math.Sqrt(sum / length), VolatilityFloor);
        return ((logCloses[index] - logCloses[index - length]) / (volatility * Math.Sqrt(length)), Math.Log(volatility));
    }

    /// <summary>Returns the observations of the candles <c>[first, end)</c> that have their whole measure inside it without a gap, with
    /// a mark on each that does not follow the one before it.</summary>
    public static (double[] Trends, double[] Volatilities, bool[] Starts) Of(CandleSeries series, int first, int end)
    {
        var logs = new double[end - first];
        LogsOf(series.Close[first..end], logs);
        var trends = new List<double>(logs.Length);
        var volatilities = new List<double>(logs.Length);
        var starts = new List<bool>(logs.Length);
        var follows = false;
        for (var i = MeasureCandles; i < logs.Length; i++)
        {
            if (!series.IsContiguous(first + i, MeasureCandles + 1))
            {
                follows = false;
                continue;
            }

            var (trend, volatility) = At(logs, i, MeasureCandles);
            trends.Add(trend);
            volatilities.Add(volatility);
            starts.Add(!follows);
            follows = true;
        }

        return ([.. trends], [.. volatilities], [.. starts]);
    }
}

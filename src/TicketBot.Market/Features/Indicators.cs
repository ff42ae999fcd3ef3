using System.Runtime.Intrinsics;

namespace TicketBot.Market.Features;

/// <summary>Technical indicators as pure functions of the spans they are given, oldest value first. Each sums from the first value
/// to the last, so equal values give equal bits wherever they lie in memory; none allocates.</summary>
public static class Indicators
{
    /// <summary>Returns the arithmetic mean; the span must not be empty.</summary>
    public static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    /// <summary>Returns the sample standard deviation (n - 1) of at least two values.</summary>
    public static double Deviation(ReadOnlySpan<double> values)
    {
        var mean = Mean(values);
        return Math.Sqrt(SquaresAbout(values, mean) / (values.Length - 1));
    }

    /// <summary>Returns every average that each close moves on a little, in one walk over the closes: each of them waits for its own last value, so that side by
    /// side they take the time of the slowest. None of them changes a bit of another.</summary>
    /// <remarks>Exponential averages have the weight 2/(period + 1) and start at the first close, the signal at zero. The relative strength index is that of Wilder
    /// 1978 mapped from 0..100 to -1..1, 0 where no price changed: its averages start as plain means of the first changes and are then
    /// smoothed by 1/period.</remarks>
    /// <param name="closes">More closes than <paramref name="strengthPeriod"/>.</param>
    /// <param name="fastPeriod">Period of the MACD's fast average.</param>
    /// <param name="slowPeriod">Period of its slow average.</param>
    /// <param name="signalPeriod">Period of its signal.</param>
    /// <param name="longPeriod">Period of a longer exponential average.</param>
    /// <param name="strengthPeriod">Wilder's period.</param>
    public static CloseAverages Averages(ReadOnlySpan<double> closes, int fastPeriod, int slowPeriod, int signalPeriod, int longPeriod, int strengthPeriod)
    {
        var (alphaFast, alphaSlow, alphaSignal, alphaLong) = (2.0 / (fastPeriod + 1), 2.0 / (slowPeriod + 1), 2.0 / (signalPeriod + 1), 2.0 / (longPeriod + 1));
        var (fast, slow, signal, longer) = (closes[0], closes[0], 0.0, closes[0]);
        var (gain, loss) = (0.0, 0.0);
        for (var i = 1; i < closes.Length; i++)
        {
            var close = closes[i];
            fast += alphaFast * (close - fast);
            slow += alphaSlow * (close - slow);
            signal += alphaSignal * (fast - slow - signal);
            longer += alphaLong * (close - longer);

            var change = close - closes[i - 1];
            var (rise, fall) = (Math.Max(change, 0), Math.Max(-change, 0));
            if (i > strengthPeriod)
            {
                gain += (rise - gain) / strengthPeriod;
                loss += (fall - loss) / strengthPeriod;
                continue;
            }

            gain += rise;
            loss += fall;
            if (i == strengthPeriod)
            {
                gain /= strengthPeriod;
                loss /= strengthPeriod;
            }
        }

        var sum = gain + loss;
        return new CloseAverages(fast, longer, new Macd(fast - slow, signal), sum > 0 ? (gain - loss) / sum : 0);
    }

    /// <summary>Returns where the last close lies between the bands (Bollinger 1992): -1 at the lower band, 1 at the upper one, bands
    /// two population deviations from the mean of all <paramref name="closes"/>; 0 where the price did not move.</summary>
    public static double BollingerPosition(ReadOnlySpan<double> closes)
    {
        var mean = Mean(closes);
        var band = 2 * Math.Sqrt(SquaresAbout(closes, mean) / closes.Length);
        return band > 0 ? (closes[^1] - mean) / band : 0;
    }

    /// <summary>Returns the volume-weighted mean of the typical price (high + low + close) / 3; without any volume its plain mean.</summary>
    public static double Vwap(ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close, ReadOnlySpan<double> volume)
    {
        var weighted = 0.0;
        var plain = 0.0;
        var total = 0.0;
        for (var i = 0; i < close.Length; i++)
        {
            var typical = (high[i] + low[i] + close[i]) / 3;
            weighted += typical * volume[i];
            plain += typical;
            total += volume[i];
        }

        return total > 0 ? weighted / total : plain / close.Length;
    }

    /// <summary>Returns the least-squares slope per candle of on-balance volume (Granville 1963) that starts at zero at the first
    /// candle, over the mean volume of the candles: -1..1 and a little beyond; 0 without any volume.</summary>
    public static double ObvSlope(ReadOnlySpan<double> close, ReadOnlySpan<double> volume)
    {
        var n = close.Length;
        var centre = (n - 1) / 2.0;
        var balance = 0.0;
        var weighted = 0.0;
        var total = volume[0];
        for (var i = 1; i < n; i++)
        {
            balance += Math.Sign(close[i] - close[i - 1]) * volume[i];
            weighted += (i - centre) * balance;
            total += volume[i];
        }

        // The positions' squares about their centre sum to n(n^2 - 1)/12.
        return total > 0 ? weighted / (n * ((double)n * n - 1) / 12) / (total / n) : 0;
    }

    /// <summary>Returns the natural logarithm of a ratio of two sizes of at least zero, between -<paramref name="cap"/> and
    /// <paramref name="cap"/>; 0 where both are zero.</summary>
    public static double LogRatio(double part, double whole, double cap)
    {
        if (whole > 0)
        {
            return part > 0 ? Math.Clamp(Math.Log(part / whole), -cap, cap) : -cap;
        }

        return part > 0 ? cap : 0;
    }

    /// <summary>Returns <paramref name="value"/> in units of <paramref name="scale"/> (at least zero), between
    /// -<paramref name="cap"/> and <paramref name="cap"/>; 0 where the value is zero.</summary>
    public static double Standardised(double value, double scale, double cap)
    {
        if (scale > 0)
        {
            return Math.Clamp(value / scale, -cap, cap);
        }

        return double.IsNaN(value) ? value : Math.Sign(value) * cap;
    }

    /// <summary>Returns how many of the newest returns have the newest one's sign, at most <paramref name="cap"/>, negative for falls; 0 after a return of zero.</summary>
    public static int Streak(ReadOnlySpan<double> returns, int cap)
    {
        var sign = Math.Sign(returns[^1]);
        var length = 1;
        while (length < Math.Min(cap, returns.Length) && Math.Sign(returns[^(length + 1)]) == sign)
        {
            length++;
        }

        return sign * length;
    }

    /// <summary>Returns where a close stands between the lowest low and the highest high, -1 to 1 (Donchian); 0 where both are equal.</summary>
    public static double ChannelPosition(ReadOnlySpan<double> highs, ReadOnlySpan<double> lows, double close)
    {
        var (high, low, i) = (highs[0], lows[0], 0);
        if (highs.Length >= Vector256<double>.Count)
        {
            var (most, least) = (Vector256.Create(highs), Vector256.Create(lows));
            for (i = Vector256<double>.Count; i + Vector256<double>.Count <= highs.Length; i += Vector256<double>.Count)
            {
                (most, least) = (Vector256.Max(most, Vector256.Create(highs[i..])), Vector256.Min(least, Vector256.Create(lows[i..])));
            }

            for (var lane = 0; lane < Vector256<double>.Count; lane++)
            {
                (high, low) = (Math.Max(high, most[lane]), Math.Min(low, least[lane]));
            }
        }

        for (; i < highs.Length; i++)
        {
            (high, low) = (Math.Max(high, highs[i]), Math.Min(low, lows[i]));
        }

        return high > low ? ((2 * (close - low)) / (high - low)) - 1 : 0;
    }

    /// <summary>Returns correlation and beta (covariance over the variance of <paramref name="reference"/>) of two columns of equal
    /// length; 0 where one of them never moved.</summary>
    public static (double Correlation, double Beta) Dependence(ReadOnlySpan<double> values, ReadOnlySpan<double> reference)
    {
        var mean = Mean(values);
        var referenceMean = Mean(reference);
        double covariance = 0, variance = 0, referenceVariance = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var x = values[i] - mean;
            var y = reference[i] - referenceMean;
            covariance += x * y;
            variance += x * x;
            referenceVariance += y * y;
        }

        var scale = Math.Sqrt(variance) * Math.Sqrt(referenceVariance);
        return (scale > 0 ? Math.Clamp(covariance / scale, -1, 1) : 0, referenceVariance > 0 ? covariance / referenceVariance : 0);
    }

    private static double SquaresAbout(ReadOnlySpan<double> values, double mean)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            var deviation = value - mean;
            sum += deviation * deviation;
        }

        return sum;
    }
}

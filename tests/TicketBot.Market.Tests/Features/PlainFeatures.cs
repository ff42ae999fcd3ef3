using TicketBot.Domain;
using TicketBot.Market.Features;

namespace TicketBot.Market.Tests.Features;

/// <summary>The features once more, written plainly from their textbook definitions over lists, to compare with.</summary>
internal static class PlainFeatures
{
    /// <summary>Returns the features of the last candle by name.</summary>
    public static Dictionary<string, double> Of(IReadOnlyList<Candle> window, IReadOnlyList<Candle>? reference)
    {
        var close = window.Select(c => c.Close).ToList();
        var volume = window.Select(c => c.Volume).ToList();
        var last = window[^1];
        var returns = Returns(close);
        double Over(int n) => Math.Log(close[^1] / close[^(n + 1)]);

        var values = new Dictionary<string, double>();
        foreach (var n in (int[])[1, 2, 4, 8, 16])
        {
            values[$"return_{n}"] = Over(n);
        }

        foreach (var n in (int[])[8, 32, 96])
        {
            values[$"log_volatility_{n}"] = Math.Log(Deviation(returns.TakeLast(n)));
        }

        foreach (var n in (int[])[12, 48])
        {
            values[$"momentum_{n}"] = Over(n) / (Deviation(returns.TakeLast(96)) * Math.Sqrt(n));
        }

        foreach (var n in (int[])[24, 96])
        {
            values[$"rate_of_change_{n}"] = (close[^1] - close[^(n + 1)]) / close[^(n + 1)];
        }

        foreach (var n in (int[])[20, 100])
        {
            var average = close.TakeLast(n).Average();
            values[$"sma_distance_{n}"] = (close[^1] - average) / average;
        }

        foreach (var n in (int[])[12, 50])
        {
            var average = EmaLine(close, n)[^1];
            values[$"ema_distance_{n}"] = (close[^1] - average) / average;
        }

        values["volume_ratio_4_64"] = Math.Log(volume.TakeLast(4).Average() / volume.TakeLast(64).Average());
        var traded = window.TakeLast(64).ToList();
        values["vwap_distance_64"] =
            (close[^1] * traded.Sum(c => c.Volume) / traded.Sum(c => c.Volume * (c.High + c.Low + c.Close) / 3)) - 1;
        values["obv_slope_32"] = ObvSlope(window.TakeLast(32).ToList());
        values["rsi_14"] = (Rsi(close, 14) - 50) / 50;

        var line = EmaLine(close, 12).Zip(EmaLine(close, 26), (fast, slow) => fast - slow).ToList();
        var signal = EmaLine(line, 9)[^1];
        values["macd_line"] = line[^1] / close[^1];
        values["macd_signal"] = signal / close[^1];
        values["macd_histogram"] = (line[^1] - signal) / close[^1];

        var middle = close.TakeLast(20).Average();
        var sigma = Math.Sqrt(close.TakeLast(20).Average(c => (c - middle) * (c - middle)));
        var (upper, lower) = (middle + (2 * sigma), middle - (2 * sigma));
        values["bollinger_20"] = (2 * (close[^1] - lower) / (upper - lower)) - 1;

        values["candle_body"] = (last.Close - last.Open) / (last.High - last.Low);
        values["candle_range"] = Math.Log(last.High) - Math.Log(last.Low);
        values["close_location"] = (2 * (last.Close - last.Low) / (last.High - last.Low)) - 1;
        var before = window.SkipLast(1).TakeLast(32).Average(c => c.Volume);
        values["volume_burst_32"] = Math.Log(last.Volume / before);
        values["return_shock_32"] = returns[^1] / Deviation(returns.SkipLast(1).TakeLast(32));
        values["burst_shock"] = values["volume_burst_32"] * values["return_shock_32"];
        for (var back = 1; back <= 4; back++)
        {
            values[$"return_shock_32_back_{back}"] = returns[^(back + 1)] / Deviation(returns.SkipLast(1).TakeLast(32));
        }

        var rises = returns.AsEnumerable().Reverse().TakeWhile(r => Math.Sign(r) == Math.Sign(returns[^1])).Count();
        values["streak"] = Math.Sign(returns[^1]) * Math.Min(8, rises) / 8.0;
        var (top, bottom) = (window.TakeLast(20).Max(c => c.High), window.TakeLast(20).Min(c => c.Low));
        values["channel_20"] = (2 * (close[^1] - bottom) / (top - bottom)) - 1;
        var (wide, narrow) = (window.TakeLast(50).Max(c => c.High), window.TakeLast(50).Min(c => c.Low));
        values["channel_50"] = (2 * (close[^1] - narrow) / (wide - narrow)) - 1;
        for (var back = 0; back <= 2; back++)
        {
            var burst = Math.Log(window[^(back + 1)].Volume / before);
            var suffix = back == 0 ? "" : $"_back_{back}";
            values[$"volume_burst_32{suffix}"] = burst;
            values[$"signed_burst_32{suffix}"] = burst * Math.Sign(returns[^(back + 1)]);
        }

        var day = (last.OpenTime.UnixMilliseconds + 900_000) % 86_400_000 / 86_400_000.0;
        values["hour_sine"] = Math.Sin(2 * Math.PI * day);
        values["hour_cosine"] = Math.Cos(2 * Math.PI * day);
        AddObservations(values, window.TakeLast(FeatureSchema.ObservationWindow).Select(c => c.Observations).ToList());
        if (reference is not null)
        {
            AddReference(values, close, reference.Select(c => c.Close).ToList());
        }

        return values;
    }

    private static void AddObservations(Dictionary<string, double> values, List<Observations> seen)
    {
        values["spread"] = Math.Log(1 + seen[^1].SpreadBp!.Value);
        values["spread_ratio_8"] = Math.Log(seen[^1].SpreadBp!.Value / seen.Average(o => o.SpreadBp!.Value));
        values["book_imbalance"] = seen[^1].BookImbalance!.Value;
        values["book_imbalance_mean_8"] = seen.Average(o => o.BookImbalance!.Value);
        values["signed_flow"] = seen[^1].SignedFlow!.Value;
        values["signed_flow_mean_8"] = seen.Average(o => o.SignedFlow!.Value);
    }

    private static void AddReference(Dictionary<string, double> values, List<double> close, List<double> other)
    {
        double Change(List<double> prices, int n) => Math.Log(prices[^1] / prices[^(n + 1)]);
        var x = Returns(close).TakeLast(96).ToList();
        var y = Returns(other).TakeLast(96).ToList();
        var covariance = x.Zip(y, (a, b) => (a - x.Average()) * (b - y.Average())).Sum() / 95;
        values["reference_return_1"] = Change(other, 1);
        values["reference_return_4"] = Change(other, 4);
        values["correlation_96"] = covariance / (Deviation(x) * Deviation(y));
        values["beta_96"] = covariance / (Deviation(y) * Deviation(y));
        values["relative_strength_16"] = Change(close, 16) - Change(other, 16);
        values["relative_strength_64"] = Change(close, 64) - Change(other, 64);
    }

    private static List<double> Returns(List<double> close) =>
        [.. close.Skip(1).Zip(close, (now, before) => Math.Log(now / before))];

    private static double Deviation(IEnumerable<double> values)
    {
        var all = values.ToList();
        var mean = all.Average();
        return Math.Sqrt(all.Sum(v => (v - mean) * (v - mean)) / (all.Count - 1));
    }

    private static List<double> EmaLine(List<double> values, int period)
    {
        var alpha = 2.0 / (period + 1);
        var line = new List<double> { values[0] };
        foreach (var value in values.Skip(1))
        {
            line.Add((alpha * value) + ((1 - alpha) * line[^1]));
        }

        return line;
    }

    // Wilder 1978: first averages are plain means of the first changes, later ones (previous x (n - 1) + change) / n.
    private static double Rsi(List<double> close, int period)
    {
        var changes = close.Skip(1).Zip(close, (now, before) => now - before).ToList();
        var gain = changes.Take(period).Where(c => c > 0).Sum() / period;
        var loss = -changes.Take(period).Where(c => c < 0).Sum() / period;
        foreach (var change in changes.Skip(period))
        {
            gain = ((gain * (period - 1)) + Math.Max(change, 0)) / period;
            loss = ((loss * (period - 1)) + Math.Max(-change, 0)) / period;
        }

        return 100 - (100 / (1 + (gain / loss)));
    }

    private static double ObvSlope(List<Candle> candles)
    {
        var balance = new List<double> { 0 };
        for (var i = 1; i < candles.Count; i++)
        {
            var volume = candles[i].Volume;
            balance.Add(balance[^1] + (candles[i].Close > candles[i - 1].Close ? volume : candles[i].Close < candles[i - 1].Close ? -volume : 0));
        }

        // Least squares of balance on position, by the normal equations.
        double n = candles.Count, sumX = 0, sumY = 0, sumXX = 0, sumXY = 0;
        for (var i = 0; i < candles.Count; i++)
        {
            sumX += i;
            sumY += balance[i];
            sumXX += (double)i * i;
            sumXY += i * balance[i];
        }

        return ((n * sumXY) - (sumX * sumY)) / ((n * sumXX) - (sumX * sumX)) / candles.Average(c => c.Volume);
    }
}

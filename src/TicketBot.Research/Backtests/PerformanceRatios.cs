namespace TicketBot.Research.Backtests;

/// <summary>Ratios of daily returns, annualised with 365 days, for the market never closes; the riskless rate is taken as zero.</summary>
/// <remarks>Sharpe, "The Sharpe Ratio", Journal of Portfolio Management 21(1), 1994 (deviation with n - 1); Sortino and Price, "Performance Measurement in
/// a Downside Risk Framework", Journal of Investing 3(3), 1994 (root of the mean squared loss over all days); Young, "Calmar Ratio", Futures, 1991.</remarks>
public static class PerformanceRatios
{
    /// <summary>Days of a year.</summary>
    public const int DaysPerYear = 365;

    // Days that differ only in the last bits have no deviation.
    private const double Nothing = 1e-12;

    /// <summary>Returns the standard deviation of a year, or <c>null</c> for fewer than two days.</summary>
    public static double? Volatility(ReadOnlySpan<double> returns) => Moments(returns) is { } m ? m.Deviation * Math.Sqrt(DaysPerYear) : null;

    /// <summary>Returns the Sharpe ratio of a year, or <c>null</c> when the days are fewer than two or do not differ.</summary>
    public static double? Sharpe(ReadOnlySpan<double> returns) =>
        Moments(returns) is { Deviation: > Nothing } m ? m.Mean / m.Deviation * Math.Sqrt(DaysPerYear) : null;

    /// <summary>Returns the Sortino ratio of a year, or <c>null</c> when the days are fewer than two or none lost.</summary>
    public static double? Sortino(ReadOnlySpan<double> returns)
    {
        if (Moments(returns) is not { } m)
        {
            return null;
        }

        var squares = 0.0;
        foreach (var r in returns)
        {
            squares += r < 0 ? r * r : 0;
        }

        var downside = Math.Sqrt(squares / returns.Length);
        return downside > Nothing ? m.Mean / downside * Math.Sqrt(DaysPerYear) : null;
    }

    /// <summary>Returns the compound growth of a year as a fraction, -1 at worst; <c>null</c> for fewer than two days or when it is no number.</summary>
    public static double? AnnualReturn(ReadOnlySpan<double> returns)
    {
        if (returns.Length < 2)
        {
            return null;
        }

        var growth = 1.0;
        foreach (var r in returns)
        {
            growth *= Math.Max(0, 1 + r);
        }

        var annual = Math.Pow(growth, (double)DaysPerYear / returns.Length) - 1;
        return double.IsFinite(annual) ? annual : null;
    }

    /// <summary>Returns the growth of a year over the largest drawdown, or <c>null</c> when nothing was drawn down or the growth is no number.</summary>
    /// <param name="returns">Daily returns.</param>
    /// <param name="drawdown">Largest drawdown, 0..1.</param>
    public static double? Calmar(ReadOnlySpan<double> returns, double drawdown) =>
        drawdown > Nothing && AnnualReturn(returns) is { } annual ? annual / drawdown : null;

    /// <summary>Returns the observations that a Sharpe ratio as good as the one found needs before it lies above <paramref name="benchmark"/> with the
    /// confidence asked for, or <c>null</c> when the ratio does not exceed it: the minimum track record length.</summary>
    /// <remarks>Bailey and Lopez de Prado, "The Sharpe Ratio Efficient Frontier", Journal of Risk 15(2), 2012, equation 11. Skewness and kurtosis are those of
    /// the sample without correction.</remarks>
    /// <param name="returns">Returns per observation.</param>
    /// <param name="benchmark">Sharpe ratio per observation to be exceeded.</param>
    /// <param name="confidence">For example 0.95.</param>
    public static double? MinimumTrackRecord(ReadOnlySpan<double> returns, double benchmark, double confidence)
    {
        if (Moments(returns) is not { Deviation: > Nothing } m || m.Mean / m.Deviation is var sharpe && sharpe <= benchmark)
        {
            return null;
        }

        double second = 0, third = 0, fourth = 0;
        foreach (var r in returns)
        {
            var d = r - m.Mean;
            second += d * d;
            third += d * d * d;
            fourth += d * d * d * d;
        }

        var n = returns.Length;
        var variance = second / n;
        var skewness = third / n / Math.Pow(variance, 1.5);
        var kurtosis = fourth / n / (variance * variance);
        var z = MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, confidence) / (sharpe - benchmark);
        return 1 + ((1 - (skewness * sharpe) + ((kurtosis - 1) / 4 * sharpe * sharpe)) * z * z);
    }

    private static (double Mean, double Deviation)? Moments(ReadOnlySpan<double> values)
    {
        if (values.Length < 2)
        {
            return null;
        }

        double sum = 0, squares = 0;
        foreach (var v in values)
        {
            sum += v;
        }

        var mean = sum / values.Length;
        foreach (var v in values)
        {
            squares += (v - mean) * (v - mean);
        }

        return (mean, Math.Sqrt(squares / (values.Length - 1)));
    }
}

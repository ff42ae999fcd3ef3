using MathNet.Numerics.Distributions;

namespace TicketBot.Research.Statistics;

/// <summary>The probabilistic Sharpe ratio: the probability that a true Sharpe ratio lies above a benchmark, given the length, skewness and kurtosis of the record.</summary>
/// <remarks>Bailey and Lopez de Prado, "The Sharpe ratio efficient frontier", Journal of Risk 15(2), 2012. Sharpe ratios are per observation, never annual.
/// The error of the estimate is that of Mertens (2002), with observations - 1.</remarks>
public static class ProbabilisticSharpe
{
    /// <summary>Returns the probability, 0..1.</summary>
    /// <param name="sharpe">Sharpe ratio per observation.</param>
    /// <param name="observations">Observations, at least 2.</param>
    /// <param name="skewness">Skewness of the observations.</param>
    /// <param name="kurtosis">Kurtosis of the observations; 3 for a normal law.</param>
    /// <param name="benchmark">The Sharpe ratio per observation to lie above.</param>
    public static double Of(double sharpe, int observations, double skewness, double kurtosis, double benchmark)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(observations, 2);
        return Normal.CDF(0, 1, (sharpe - benchmark) / Math.Sqrt(Spread(sharpe, skewness, kurtosis) / (observations - 1)));
    }

    /// <summary>Returns the probability that the true Sharpe ratio of a series of returns lies above zero, or <c>null</c> when it is too short or does not vary: the deflated ratio of one trial.</summary>
    public static double? Of(IReadOnlyList<double> returns) => DeflatedSharpe.Of(returns, 1);

    /// <summary>Returns how many observations a record needs before such a Sharpe ratio lies above the benchmark with the given confidence; infinite where it does not.</summary>
    /// <param name="sharpe">Sharpe ratio per observation.</param>
    /// <param name="skewness">Skewness of the observations.</param>
    /// <param name="kurtosis">Kurtosis of the observations; 3 for a normal law.</param>
    /// <param name="benchmark">The Sharpe ratio per observation to lie above.</param>
    /// <param name="confidence">The probability asked for, above 0.5 and below 1.</param>
    public static double MinimumTrackRecord(double sharpe, double skewness, double kurtosis, double benchmark, double confidence)
    {
        if (confidence is not (> 0.5 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, $"a confidence lies above 0.5 and below 1, was {confidence}");
        }

        var needed = Normal.InvCDF(0, 1, confidence) / (sharpe - benchmark);
        return sharpe > benchmark ? 1 + (Spread(sharpe, skewness, kurtosis) * needed * needed) : double.PositiveInfinity;
    }

    // Variance of the estimate times observations. Moments that no sample can have may make it negative; it is cut before it divides.
    private static double Spread(double sharpe, double skewness, double kurtosis) =>
        Math.Max(1e-12, 1 - (skewness * sharpe) + ((kurtosis - 1) / 4 * sharpe * sharpe));
}

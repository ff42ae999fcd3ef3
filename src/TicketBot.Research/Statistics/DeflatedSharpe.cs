using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace TicketBot.Research.Statistics;

/// <summary>The deflated Sharpe ratio: the probability that a strategy's true Sharpe ratio lies above the best that as many trials without skill
/// would be expected to show.</summary>
/// <remarks>Bailey and Lopez de Prado, "The Deflated Sharpe Ratio", Journal of Portfolio Management 40(5), 2014. Sharpe ratios are per observation.</remarks>
public static class DeflatedSharpe
{
    private const double EulerMascheroni = 0.577_215_664_901_532_86;

    /// <summary>Returns the Sharpe ratio expected of the best of <paramref name="trials"/> without skill.</summary>
    /// <param name="trials">Trials, at least 1; of one trial the answer is 0.</param>
    /// <param name="variance">Variance of the trials' Sharpe ratios.</param>
    public static double ExpectedMaximum(int trials, double variance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        return trials == 1
            ? 0
            : Math.Sqrt(variance) * (((1 - EulerMascheroni) * Normal.InvCDF(0, 1, 1 - (1.0 / trials)))
                + (EulerMascheroni * Normal.InvCDF(0, 1, 1 - (1 / (trials * Math.E)))));
    }

    /// <summary>Returns the probability, 0..1, from moments.</summary>
    /// <param name="sharpe">Sharpe ratio per observation.</param>
    /// <param name="observations">Observations, at least 2.</param>
    /// <param name="skewness">Skewness of the observations.</param>
    /// <param name="kurtosis">Kurtosis of the observations; 3 for a normal law.</param>
    /// <param name="trials">Trials, at least 1.</param>
    /// <param name="variance">Variance of the trials' Sharpe ratios.</param>
    public static double Of(double sharpe, int observations, double skewness, double kurtosis, int trials, double variance) =>
        ProbabilisticSharpe.Of(sharpe, observations, skewness, kurtosis, ExpectedMaximum(trials, variance));

    /// <summary>Returns the probability of a series of returns, or <c>null</c> when it is too short or does not vary. The variance of the trials'
    /// ratios is taken as that of estimates without skill, 1 / observations.</summary>
    public static double? Of(IReadOnlyList<double> returns, int trials)
    {
        if (returns.Count < 8)
        {
            return null;
        }

        var deviation = returns.StandardDeviation();
        return deviation > 0
            ? Of(returns.Mean() / deviation, returns.Count, returns.Skewness(), returns.Kurtosis() + 3, Math.Max(1, trials), 1.0 / returns.Count)
            : null;
    }
}

using TicketBot.Research.Statistics;

namespace TicketBot.Research.Tests;

public sealed class ConformalCoverageTests
{
    [Fact]
    public void Coverage_is_that_of_a_second_implementation_on_the_same_probabilities()
    {
        // Python, written apart: the newest 500 errors sorted by numpy at every row, the set of outcomes within the half-width counted; p = 0.5 + 0.45 sin i, y = (7919 i mod 1000) / 1000 < p.
        const int Rows = 1_500;
        double[] up = [.. Enumerable.Range(0, Rows).Select(i => 0.5 + (0.45 * Math.Sin(i)))];
        bool[] rose = [.. Enumerable.Range(0, Rows).Select(i => i * 7919 % 1000 / 1000.0 < up[i])];
        var found = ConformalCoverage.Of(up, rose);
        Assert.Equal((0.9, 0.8986666666666667, 0.6866666666666666, Rows), (found.Target, found.Coverage, found.Decisive, found.Rows));
        Assert.Equal(0.030666666666666665, found.Allowed, 1e-12);
        Assert.InRange(Math.Abs(found.Coverage - found.Target), 0, found.Allowed);
    }

    [Fact]
    public void A_forecaster_of_one_half_is_covered_and_says_nothing()
    {
        double[] up = [.. Enumerable.Repeat(0.5, 400)];
        var found = ConformalCoverage.Of(up, [.. up.Select((_, i) => i % 3 == 0)]);
        Assert.Equal(0, found.Decisive);
        Assert.InRange(found.Coverage, 0.9 - found.Allowed, 1);
        Assert.Throws<ArgumentException>(() => ConformalCoverage.Of([], []));
        Assert.Throws<ArgumentException>(() => ConformalCoverage.Of([0.5], [true, false]));
    }

    // scipy: skew and kurtosis with bias=False, norm.cdf(sr * sqrt(n - 1) / sqrt(1 - skew * sr + (kurtosis - 1) / 4 * sr**2)).
    [Fact]
    public void The_probabilistic_Sharpe_ratio_of_returns_is_scipys()
    {
        double[] returns = [12.5, -3, 7.25, -11, 4, 9.5, -6, 3, 8, -2.5];
        Assert.Equal(0.7909189965400887, ProbabilisticSharpe.Of(returns)!.Value, 1e-9);
        Assert.Null(ProbabilisticSharpe.Of([1, 2, 3]));
    }
}

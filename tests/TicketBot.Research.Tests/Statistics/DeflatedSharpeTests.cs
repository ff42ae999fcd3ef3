using TicketBot.Research.Statistics;

namespace TicketBot.Research.Tests.Statistics;

public sealed class DeflatedSharpeTests
{
    // The example of Bailey and Lopez de Prado (2014): annual Sharpe 2.5 on 1,250 days, skewness -3, kurtosis 10, variance of trials 1/2 per year.
    [Theory]
    [InlineData(100, 0.9004)]
    [InlineData(46, 0.9505)]
    [InlineData(88, 0.9102)]
    public void Equals_the_published_example(int trials, double expected) =>
        Assert.Equal(expected, DeflatedSharpe.Of(2.5 / Math.Sqrt(250), 1_250, -3, 10, trials, 0.5 / 250), 1e-4);

    [Fact]
    public void The_best_of_a_hundred_trials_is_expected_at_the_published_ratio() =>
        Assert.Equal(0.1132, DeflatedSharpe.ExpectedMaximum(100, 0.5 / 250), 1e-4);

    [Fact]
    public void Says_nothing_of_a_handful_of_trades() => Assert.Null(DeflatedSharpe.Of([1, 2, 3], 1));
}

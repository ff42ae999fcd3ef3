using TicketBot.Research.Statistics;

namespace TicketBot.Research.Tests.Statistics;

/// <summary>The numbers printed in Bailey and Lopez de Prado, "The Sharpe ratio efficient frontier" (2012).</summary>
public sealed class ProbabilisticSharpeTests
{
    private const double HedgeFund = 0.458; // Two years of months, 1.59 a year.

    [Theory]
    [InlineData(0, 3, 0.982)]
    [InlineData(-2.448, 10.164, 0.913)]
    public void Equals_the_published_probabilities_of_a_two_year_track_record(double skewness, double kurtosis, double expected) =>
        Assert.Equal(expected, ProbabilisticSharpe.Of(HedgeFund, 24, skewness, kurtosis, 0), 5e-4);

    // A yearly ratio of 2 against 1 at 95 %, in years of days, weeks and months, and of months with the skewness and kurtosis of hedge funds.
    [Theory]
    [InlineData(252, 0, 3, 2.73)]
    [InlineData(52, 0, 3, 2.83)]
    [InlineData(12, 0, 3, 3.24)]
    [InlineData(12, -0.72, 5.78, 4.99)]
    public void Equals_the_published_track_records(double perYear, double skewness, double kurtosis, double years)
    {
        var (sharpe, benchmark) = (2 / Math.Sqrt(perYear), 1 / Math.Sqrt(perYear));
        Assert.Equal(years, ProbabilisticSharpe.MinimumTrackRecord(sharpe, skewness, kurtosis, benchmark, 0.95) / perYear, 5e-3);
    }

    [Fact]
    public void At_the_minimum_track_record_the_probability_is_the_confidence_asked_for()
    {
        var needed = ProbabilisticSharpe.MinimumTrackRecord(0.1, -1, 6, 0.02, 0.9);
        Assert.InRange(ProbabilisticSharpe.Of(0.1, (int)Math.Ceiling(needed), -1, 6, 0.02), 0.9, 0.9005);
        Assert.InRange(ProbabilisticSharpe.Of(0.1, (int)Math.Floor(needed), -1, 6, 0.02), 0.8995, 0.9);
    }

    [Fact]
    public void A_ratio_at_its_benchmark_never_has_record_enough() =>
        Assert.Equal(double.PositiveInfinity, ProbabilisticSharpe.MinimumTrackRecord(0.1, 0, 3, 0.1, 0.95));
}

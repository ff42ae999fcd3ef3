using TicketBot.Learning;
using TicketBot.Research.Statistics;

namespace TicketBot.Research.Tests.Statistics;

public sealed class StationaryBootstrapTests
{
    [Fact]
    public void Bounds_of_independent_normal_values_agree_with_the_t_interval()
    {
        var rng = new Rng(1);
        var values = new double[400];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = 5 + (20 * rng.NextGaussian());
        }

        var mean = values.Average();
        var deviation = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
        var bound = StationaryBootstrap.OfMean(values, 0.05, 1, 20_000, new Rng(2));

        Assert.Equal(mean, bound.Mean, 9);
        Assert.Equal(mean - (1.645 * deviation / 20), bound.Lower, 0.06);
        Assert.Equal(mean + (1.645 * deviation / 20), bound.Upper, 0.06);
    }

    [Fact]
    public void Blocks_widen_the_bound_of_dependent_values()
    {
        // A moving sum of 10 has a variance of its mean 10 times that of independent values of the same spread.
        var rng = new Rng(3);
        var noise = Enumerable.Range(0, 4_010).Select(_ => rng.NextGaussian()).ToArray();
        var values = Enumerable.Range(0, 4_000).Select(i => noise.AsSpan(i, 10).ToArray().Sum()).ToArray();

        var independent = StationaryBootstrap.OfMean(values, 0.05, 1, 4_000, new Rng(4));
        var blocked = StationaryBootstrap.OfMean(values, 0.05, 100, 4_000, new Rng(4));

        var ratio = (blocked.Mean - blocked.Lower) / (independent.Mean - independent.Lower);
        Assert.InRange(ratio, 2.2, 4.0); // sqrt(10) = 3.16
    }

    [Fact]
    public void The_mean_per_trade_counts_trades_and_not_rows()
    {
        double[] net = [0, 30, 0, 0, -10, 0, 40, 0];
        double[] traded = [0, 1, 0, 0, 1, 0, 1, 0];

        var bound = StationaryBootstrap.OfRatio(net, traded, 0.05, 2, 2_000, new Rng(5));

        Assert.Equal(20, bound.Mean, 12);
        Assert.True(bound.Lower < 20);
    }

    [Fact]
    public void False_admissions_of_noise_stay_near_the_level()
    {
        var rng = new Rng(6);
        var admitted = 0;
        const int Markets = 400;
        for (var market = 0; market < Markets; market++)
        {
            var values = new double[150];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = 100 * rng.NextGaussian();
            }

            admitted += StationaryBootstrap.OfMean(values, 0.05, 4, 1_000, new Rng((ulong)market)).Lower > 0 ? 1 : 0;
        }

        Assert.InRange(admitted / (double)Markets, 0.02, 0.10);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits()
    {
        double[] values = [1, -2, 3, 4, -5, 6, 7, 8, -9, 10];
        Assert.Equal(
            StationaryBootstrap.OfMean(values, 0.01, 3, 500, new Rng(7)), StationaryBootstrap.OfMean(values, 0.01, 3, 500, new Rng(7)));
    }

    [Fact]
    public void The_interval_of_any_statistic_agrees_with_that_of_the_mean_and_with_the_error_of_a_ratio()
    {
        var rng = new Rng(8);
        var values = Enumerable.Range(0, 500).Select(_ => 0.1 + rng.NextGaussian()).ToArray();
        var mean = StationaryBootstrap.OfStatistic(500, rows => Mean(rows), 0.1, 3, 4_000, new Rng(9));
        var bound = StationaryBootstrap.OfMean(values, 0.05, 3, 4_000, new Rng(9));
        Assert.Equal(bound.Mean, mean.Estimate, 12);
        Assert.Equal(bound.Lower, mean.Lower, 1e-12);
        Assert.Equal(bound.Upper, mean.Upper, 1e-12);

        // The error of a small Sharpe ratio of independent values is 1 / sqrt(n).
        var sharpe = StationaryBootstrap.OfStatistic(500, Sharpe, 0.05, 1, 4_000, new Rng(10));
        Assert.Equal(2 * 1.96 / Math.Sqrt(500), sharpe.Upper - sharpe.Lower, 0.01);

        double Mean(ReadOnlySpan<int> rows)
        {
            double sum = 0;
            foreach (var row in rows)
            {
                sum += values[row];
            }

            return sum / rows.Length;
        }

        double Sharpe(ReadOnlySpan<int> rows)
        {
            var centre = Mean(rows);
            double squares = 0;
            foreach (var row in rows)
            {
                squares += (values[row] - centre) * (values[row] - centre);
            }

            return centre / Math.Sqrt(squares / (rows.Length - 1));
        }
    }

    [Fact]
    public void Draws_in_which_a_statistic_does_not_exist_are_left_out_and_counted()
    {
        double[] traded = [0, 0, 0, 0, 0, 1, 0, 0];
        var interval = StationaryBootstrap.OfStatistic(8, PerTrade, 0.05, 1, 1_000, new Rng(11));
        Assert.InRange(interval.Draws, 500, 800); // (7/8)^8 = 0.34 of the draws have no trade.
        Assert.Equal((5, 5), (interval.Lower, interval.Upper));
        Assert.Throws<ArgumentException>(() => StationaryBootstrap.OfStatistic(8, _ => double.NaN, 0.05, 1, 1_000, new Rng(11)));

        double PerTrade(ReadOnlySpan<int> rows)
        {
            double sum = 0, count = 0;
            foreach (var row in rows)
            {
                sum += 5 * traded[row];
                count += traded[row];
            }

            return sum / count;
        }
    }

    [Fact]
    public void Refuses_rows_without_any_trade() =>
        Assert.Throws<ArgumentException>(() => StationaryBootstrap.OfRatio([1, 2], [0, 0], 0.05, 1, 200, new Rng(1)));
}

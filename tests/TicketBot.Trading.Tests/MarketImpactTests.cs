using TicketBot.Testing;

namespace TicketBot.Trading.Tests;

public sealed class MarketImpactTests
{
    private static readonly double[] High = [50_100, 50_250, 50_040, 50_510, 50_333.3];
    private static readonly double[] Low = [49_900, 49_990, 49_801, 49_950, 50_111.1];
    private static readonly double[] Turnover = [3.1e7, 2.4e7, 4.05e7, 1.2e7, 2.22e7];

    // numpy 1.24: r = (h-l)/((h+l)/2); 1e4*sqrt(mean(r**2)/(4*log(2))); turnover.mean(); c*sigma*sqrt(q/turnover). With log(h/l) in place of r the volatility is 38.89332.
    [Theory]
    [InlineData(1, 200, 0.1079946045713568)]
    [InlineData(1, 20_000, 1.079946045713568)]
    [InlineData(0.5, 2_000_000, 5.39973022856784)]
    [InlineData(1, 1e12, 500)]
    [InlineData(0, 1e12, 0)]
    [InlineData(1, 0, 0)]
    public void Impact_is_that_of_numpy_on_the_same_candles(double coefficient, double notional, double expected)
    {
        var depth = MarketImpact.DepthOf(High, Low, Turnover);
        Assert.Equal(38.89305400406513, depth.VolatilityBp, 1e-9);
        Assert.Equal(25_940_000, depth.Turnover, 1e-6);
        Assert.Equal(expected, MarketImpact.Bp(coefficient, depth, notional), 1e-9);
    }

    [Fact]
    public void Where_nothing_trades_a_moving_price_costs_the_most_and_a_still_one_nothing()
    {
        Assert.Equal(MarketImpact.MostBp, MarketImpact.Bp(1, new MarketDepth(20, 0), 1));
        Assert.Equal(0, MarketImpact.Bp(1, new MarketDepth(0, 0), 1));
        Assert.Equal(default, MarketImpact.DepthOf([], [], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => MarketImpact.Bp(1, new MarketDepth(20, 1), -1));
        Assert.Throws<ArgumentException>(() => MarketImpact.DepthOf([1, 2], [1, 2], [1]));
    }

    [Fact]
    public void The_window_says_what_its_newest_candles_say_to_the_last_bit_wherever_it_began()
    {
        var candles = RandomCandles.Walk(200, 5);
        var window = new DepthWindow();
        for (var i = 0; i < candles.Length; i++)
        {
            window.Add(candles[i]);
            var newest = candles.Take(i + 1).TakeLast(MarketImpact.Window).ToList();
            Assert.Equal(
                MarketImpact.DepthOf([.. newest.Select(c => c.High)], [.. newest.Select(c => c.Low)], [.. newest.Select(c => c.Turnover)]), window.Depth());
        }
    }
}

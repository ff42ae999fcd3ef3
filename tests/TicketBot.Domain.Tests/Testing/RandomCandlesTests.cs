using TicketBot.Testing;

namespace TicketBot.Domain.Tests.Testing;

public sealed class RandomCandlesTests
{
    [Fact]
    public void Candles_are_possible_follow_one_another_and_repeat_with_the_seed()
    {
        var candles = RandomCandles.Walk(2_000, 7, Interval.OneHour);
        Assert.All(candles, c => Assert.Null(c.Fault()));
        Assert.All(candles.Zip(candles.Skip(1)), pair => Assert.Equal(Interval.OneHour.CloseOf(pair.First.OpenTime), pair.Second.OpenTime));
        Assert.Equal(candles, RandomCandles.Walk(2_000, 7, Interval.OneHour));
        Assert.NotEqual(candles, RandomCandles.Walk(2_000, 8, Interval.OneHour));
    }

    [Fact]
    public void Gaps_leave_the_ends_and_the_order()
    {
        var candles = RandomCandles.Walk(1_000, 7);
        var gappy = RandomCandles.WithGaps(candles, 3, 0.1);
        Assert.InRange(gappy.Length, 850, 950);
        Assert.Equal((candles[0], candles[^1]), (gappy[0], gappy[^1]));
        Assert.Equal(gappy.OrderBy(c => c.OpenTime), gappy);
    }
}

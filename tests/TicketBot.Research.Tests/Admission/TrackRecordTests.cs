using TicketBot.Domain;
using TicketBot.Research.Admission;
using TicketBot.Research.Statistics;
using TicketBot.Testing;
using TicketBot.Tickets;

namespace TicketBot.Research.Tests.Admission;

public sealed class TrackRecordTests
{
    private static readonly Interval Quarter = Interval.FifteenMinutes;
    private static readonly Instant Since = new(1_735_689_600_000);

    [Fact]
    public void A_signal_before_the_outcome_of_the_last_counted_one_is_passed_over()
    {
        var record = new TrackRecord(Ticket.Seal(TestTickets.Direction() with { HorizonCandles = 4 }), Since, []);
        var counted = Enumerable.Range(1, 13).Where(i => record.State(Quarter.Shift(Since, i), Side.Buy, 0.7));

        Assert.Equal([1, 5, 9, 13], counted);
        Assert.Equal((Quarter.Shift(Since, 1), Quarter.Shift(Since, 5)), record.Oldest);
    }

    [Fact]
    public void What_was_stated_by_the_time_it_went_live_does_not_count()
    {
        var record = new TrackRecord(TestTickets.Direction(), Since, []);
        Assert.False(record.State(Since, Side.Buy, 0.7));
        Assert.True(record.State(Quarter.Shift(Since, 1), Side.Buy, 0.7));
    }

    [Theory]
    [InlineData(Side.Buy, 100, 101, 1)]
    [InlineData(Side.Buy, 100, 99, 0)]
    [InlineData(Side.Sell, 100, 99, 1)]
    [InlineData(Side.Buy, 100, 100, 0)]
    [InlineData(Side.Sell, 100, 100, 1)]
    public void The_close_at_the_horizon_says_which_side_was_right(Side side, double then, double now, double hitRate)
    {
        var record = new TrackRecord(TestTickets.Direction(), Since, []);
        record.State(Quarter.Shift(Since, 1), side, 0.7);
        record.Resolve(then, now);

        Assert.Equal((1, hitRate), (record.View().Signals, record.View().HitRate));
        Assert.Null(record.Oldest);
    }

    [Fact]
    public void It_is_refuted_at_the_same_signal_as_the_test_at_half_of_the_lifes_level()
    {
        var random = new SeededRandom(11);
        var past = Enumerable.Range(0, 120).Select(_ => new CalibratedSignal(0.75, random.NextDouble() < 0.75)).ToArray();
        var record = new TrackRecord(TestTickets.Direction(), Since, past);
        var test = new SequentialCalibrationTest(past, 0.005);
        for (var i = 1; i <= 400; i++)
        {
            var hit = random.NextDouble() < 0.55;
            record.State(Quarter.Shift(Since, i), Side.Buy, 0.75);
            record.Resolve(100, hit ? 101 : 99);
            test.Observe(0.75, hit);
            Assert.Equal(test.IsAlarmed, record.IsRefuted);
        }

        Assert.True(record.IsRefuted);
        Assert.Contains("has reached 200 times its stake", record.View().ToString(), StringComparison.Ordinal);
    }
}

using TicketBot.Domain;
using TicketBot.Simulator.Markets;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Tests.Markets;

public class StepFeedTests
{
    private static readonly Instant Start = new(1_700_006_400_000);
    private static readonly SeriesKey Btc = new(new Symbol("BTCUSDT"), Interval.FifteenMinutes);
    private static readonly SeriesKey Eth = new(new Symbol("ETHUSDT"), Interval.OneHour);

    [Theory]
    [InlineData(250)]
    [InlineData(60_000)]
    public void Ticks_and_whole_candles_give_the_same_candles_at_the_same_times(int tickMs)
    {
        var whole = Play(Market(), 0, 40).Where(s => s.Candles.Length > 0).SelectMany(Rows).ToList();
        var ticked = Play(Market(), tickMs, int.MaxValue).SelectMany(Rows).ToList();
        Assert.Equal(whole, ticked);
    }

    [Fact]
    public void There_is_a_step_at_every_tick_with_the_candles_under_way()
    {
        var steps = Play(Market(), 60_000, 61);
        Assert.Equal(Enumerable.Range(1, 60).Select(i => Start.Plus(i * 60_000L)), steps.Take(60).Select(s => s.Time));
        Assert.All(steps.Take(60), s => Assert.Equal([Btc, Eth], s.UnderWay.Select(u => u.Series)));
        Assert.Equal(Start.Plus(3 * 900_000), steps[59].UnderWay[0].Candle.OpenTime); // It closes with this step.
        Assert.Equal(2, steps[59].Candles.Length);
    }

    [Fact]
    public void A_gap_is_leapt_over()
    {
        var rows = new List<Candle> { Row(-1), Row(0), Row(5) };
        var market = new ReplayMarket(new Dictionary<SeriesKey, IReadOnlyList<Candle>> { [Btc] = rows }, Start);
        var times = Play(market, 60_000, int.MaxValue).Select(s => s.Time.Since(Start) / 60_000).ToList();
        Assert.Equal([.. Enumerable.Range(1, 15).Select(i => (long)i), .. Enumerable.Range(76, 15).Select(i => (long)i)], times);
    }

    [Fact]
    public void Ticks_begin_at_once_and_end_when_no_candle_is_under_way()
    {
        var feed = new StepFeed(Market(), 0);
        feed.Move();
        feed.Switch(60_000);
        Assert.Equal(Start.Plus(900_000 + 60_000), feed.Next!.Time);
        feed.Move();
        feed.Switch(0);
        for (var i = 2; i <= 45; i++)
        {
            Assert.Equal((Start.Plus(900_000 + (i * 60_000)), 60_000), (feed.Next!.Time, feed.Next.TickMs));
            feed.Move();
        }

        Assert.Equal((Start.Plus(5 * 900_000), 0), (feed.Next!.Time, feed.Next.TickMs)); // The hour is over: whole candles again.
    }

    [Theory]
    [InlineData(40)]
    [InlineData(7_000)]
    [InlineData(60_001)]
    public void Ticks_that_do_not_divide_the_candles_are_refused(int tickMs) =>
        Assert.Contains("Simulator:TickMs", Assert.Throws<ArgumentException>(() => new StepFeed(Market(), tickMs)).Message, StringComparison.Ordinal);

    private static IEnumerable<(SeriesKey, Candle, Instant)> Rows(MarketStep step) => step.Candles.Select(c => (c.Series, c.Candle, step.Time));

    private static List<MarketStep> Play(MarketSource market, int tickMs, int most)
    {
        using var feed = new StepFeed(market, tickMs);
        var steps = new List<MarketStep>();
        while (feed.Next is { } step && steps.Count < most)
        {
            steps.Add(step);
            feed.Move();
        }

        return steps;
    }

    private static ReplayMarket Market() => new(
        new Dictionary<SeriesKey, IReadOnlyList<Candle>>
        {
            [Btc] = [.. Enumerable.Range(-1, 21).Select(Row)],
            [Eth] = [.. Enumerable.Range(-1, 6).Select(i => Row(i) with { OpenTime = Start.Plus(i * 3_600_000L) })],
        },
        Start);

    private static Candle Row(int i) => new(Start.Plus(i * 900_000L), 50_000 + i, 50_010 + i, 49_990 + i, 50_001 + i, 5, 250_000);
}

using TicketBot.Domain;
using TicketBot.Simulator.Markets;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Tests.Markets;

public class ReplayMarketTests
{
    private static readonly Instant Start = new(1_700_006_400_000);
    private static readonly SeriesKey Quick = new(new Symbol("BTCUSDT"), Interval.FifteenMinutes);
    private static readonly SeriesKey Slow = new(new Symbol("ADAUSDT"), Interval.OneHour);

    [Fact]
    public void Series_are_merged_by_close_time_and_ordered_within_a_step()
    {
        var market = new ReplayMarket(
            new Dictionary<SeriesKey, IReadOnlyList<Candle>> { [Quick] = Candles(Quick, 8), [Slow] = Candles(Slow, 2) }, Start);
        var steps = market.Steps().ToList();
        Assert.Equal(8, steps.Count);
        Assert.Equal([Slow, Quick], steps[3].Candles.Select(c => c.Series));
        Assert.Equal(Start.Plus(3_600_000), steps[3].Time);
    }

    [Fact]
    public void The_first_fraction_is_history()
    {
        var market = new ReplayMarket(new Dictionary<SeriesKey, IReadOnlyList<Candle>> { [Quick] = Candles(Quick, 10) }, 0.6);
        Assert.Equal(6, market.History(Quick).Count);
        Assert.Equal(4, market.Steps().Count());
        Assert.Equal(Start.Plus(6 * 900_000), market.LiveFrom);
    }

    [Fact]
    public void A_bad_candle_is_named()
    {
        var candles = Candles(Quick, 3);
        candles[2] = candles[2] with { OpenTime = candles[1].OpenTime };
        var fault = Assert.Throws<ArgumentException>(
            () => new ReplayMarket(new Dictionary<SeriesKey, IReadOnlyList<Candle>> { [Quick] = candles }, 0.5));
        Assert.Contains("candle 3 of BTCUSDT/15m", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recorded_funding_rates_take_the_place_of_the_constant_one()
    {
        var schedule = new FundingSchedule(0.0001m, new Dictionary<Symbol, IReadOnlyList<FundingRate>>
        {
            [Quick.Symbol] = [new(Start.Plus(8 * 3_600_000), -0.0003m), new(Start.Plus(16 * 3_600_000), 0.0002m)],
        });
        var rates = schedule.Between(Quick.Symbol, 480, Start, Start.Plus(24 * 3_600_000));
        Assert.Equal([-0.0003m, 0.0002m, 0.0001m], rates.Select(r => r.Rate));
        Assert.Equal([0.0001m, 0.0001m, 0.0001m], schedule.Between(Slow.Symbol, 480, Start, Start.Plus(24 * 3_600_000)).Select(r => r.Rate));
    }

    private static List<Candle> Candles(SeriesKey series, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new Candle(series.Interval.Shift(Start, i), 100, 101, 99, 100, 1, 100))];
}

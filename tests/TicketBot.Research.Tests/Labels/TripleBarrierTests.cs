using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Research.Labels;

namespace TicketBot.Research.Tests.Labels;

// Hand-made candles about a close of 100 with a volatility of 1 %: profit at 102, stop at 99 for a long; 98 and 101 for a short.
public sealed class TripleBarrierTests
{
    private const double Volatility = 0.01;
    private static readonly BarrierRule Rule = new(ProfitMultiple: 2, StopMultiple: 1, Limit: 3);

    [Fact]
    public void A_candle_that_touches_both_was_stopped_first()
    {
        var series = Path((100, 102.5, 98.5, 101), (101, 101, 101, 101), (101, 101, 101, 101));
        Assert.Equal((BarrierKind.Stop, 1), (Long(series)!.Value.Touched, Long(series)!.Value.Span.Last));
        Assert.Equal(-0.01, Long(series)!.Value.Return, 1e-15);
        Assert.Equal(BarrierKind.Stop, Short(series)!.Value.Touched);
        Assert.Equal(-0.01, Short(series)!.Value.Return, 1e-15);
    }

    [Fact]
    public void The_first_barrier_touched_ends_the_span()
    {
        var series = Path((100, 101, 99.5, 100.5), (100.5, 102.2, 100.5, 101), (101, 101, 90, 91));
        var label = Long(series)!.Value;
        Assert.Equal((BarrierKind.Profit, new LabelSpan(0, 1, 2)), (label.Touched, label.Span));
        Assert.Equal(0.02, label.Return, 1e-15);
    }

    [Fact]
    public void An_open_beyond_a_barrier_ends_it_at_that_open()
    {
        var below = Path((95, 103, 94, 102), (102, 102, 102, 102), (102, 102, 102, 102));
        Assert.Equal((BarrierKind.Stop, -0.05), (Long(below)!.Value.Touched, Math.Round(Long(below)!.Value.Return, 12)));
        Assert.Equal((BarrierKind.Profit, 0.05), (Short(below)!.Value.Touched, Math.Round(Short(below)!.Value.Return, 12)));

        // Opened beyond the profit and fell to the stop later: the open comes first, and that is known.
        var above = Path((104, 104, 98, 98), (98, 98, 98, 98), (98, 98, 98, 98));
        Assert.Equal((BarrierKind.Profit, 0.04), (Long(above)!.Value.Touched, Math.Round(Long(above)!.Value.Return, 12)));
    }

    [Fact]
    public void Untouched_it_ends_at_the_close_of_the_last_candle()
    {
        var label = Long(Path((100, 101, 99.5, 100.5), (100.5, 101, 99.5, 100), (100, 101.5, 99.5, 101.2)))!.Value;
        Assert.Equal((BarrierKind.Time, new LabelSpan(0, 1, 3)), (label.Touched, label.Span));
        Assert.Equal(0.012, label.Return, 1e-12);
    }

    [Fact]
    public void A_barrier_touched_exactly_is_touched() =>
        Assert.Equal(BarrierKind.Profit, Long(Path((100, 102, 99.5, 100), (100, 100, 100, 100), (100, 100, 100, 100)))!.Value.Touched);

    [Fact]
    public void A_path_that_is_not_whole_has_no_label_even_where_it_was_touched_before()
    {
        Assert.Null(Long(Path((100, 103, 100, 103), (103, 103, 103, 103))));
        var candles = Candles((100, 103, 100, 103), (103, 103, 103, 103), (103, 103, 103, 103), (103, 103, 103, 103));
        Assert.NotNull(Long(SeriesOf(candles)));
        Assert.Null(Long(SeriesOf([.. candles.Where((_, i) => i != 3)])));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    public void Without_a_volatility_there_are_no_barriers(double volatility) =>
        Assert.Null(TripleBarrier.Of(Path((100, 101, 99, 100), (100, 101, 99, 100), (100, 101, 99, 100)), 0, Side.Buy, Rule, volatility));

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, -1, 1)]
    [InlineData(1, double.NaN, 1)]
    [InlineData(1, 1, 0)]
    public void Impossible_barriers_are_refused_with_the_numbers(double profit, double stop, int limit) =>
        Assert.Contains("multiples above 0", Assert.Throws<ArgumentException>(() => new BarrierRule(profit, stop, limit).Check()).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_known_at_a_decision_does_not_change_with_later_candles()
    {
        var candles = TicketBot.Testing.RandomCandles.Walk(400, seed: 3);
        var whole = EwmaVolatility.Of(CandleSeries.Of(new Symbol("BTCUSDT"), Interval.FifteenMinutes, candles), 30);
        for (var cut = 1; cut < candles.Length; cut += 7)
        {
            var past = EwmaVolatility.Of(CandleSeries.Of(new Symbol("BTCUSDT"), Interval.FifteenMinutes, candles[..cut]), 30);
            Assert.Equal(whole[..cut], past);
        }
    }

    [Fact]
    public void A_return_across_a_gap_is_no_part_of_the_volatility()
    {
        var candles = Candles([.. Enumerable.Range(0, 40).Select(i => (100.0, 101.0, 99.0, i % 2 == 0 ? 100.5 : 99.5))]);
        var jump = candles[25] with { Open = 200, High = 201, Low = 199, Close = 200 };
        Candle[] after = [.. candles[..20], jump, .. candles[26..].Select(c => c with { Open = 200, High = 201, Low = 199, Close = c.Close * 2 })];
        var volatility = EwmaVolatility.Of(SeriesOf(after), 5);
        Assert.Equal(volatility[19], volatility[20]);
        Assert.All(volatility[5..], value => Assert.InRange(value, 0.001, 0.02));
    }

    private static BarrierLabel? Long(CandleSeries series) => TripleBarrier.Of(series, 0, Side.Buy, Rule, Volatility);

    private static BarrierLabel? Short(CandleSeries series) => TripleBarrier.Of(series, 0, Side.Sell, Rule, Volatility);

    private static CandleSeries Path(params (double Open, double High, double Low, double Close)[] after) => SeriesOf(Candles(after));

    private static Candle[] Candles(params (double Open, double High, double Low, double Close)[] after) =>
    [
        .. after.Prepend((100, 100, 100, 100)).Select((p, i) =>
            new Candle(new Instant(1_735_689_600_000L + (i * 900_000L)), p.Open, p.High, p.Low, p.Close, 1, p.Close)),
    ];

    private static CandleSeries SeriesOf(Candle[] candles) => CandleSeries.Of(new Symbol("BTCUSDT"), Interval.FifteenMinutes, candles);
}

using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Market.Features;
using TicketBot.Research.Datasets;
using TicketBot.Research.Labels;
using TicketBot.Testing;

namespace TicketBot.Research.Tests.Datasets;

public sealed class DatasetTests
{
    private static readonly Candle[] Holed = RandomCandles.WithGaps(RandomCandles.Walk(3_000, 1), 2, 0.002);

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void A_label_is_the_sign_of_the_return_over_the_horizon_and_looks_at_those_candles_alone(int horizon)
    {
        var dataset = Of(Holed, horizon);
        Assert.InRange(dataset.Rows, 500, 3_000);
        for (var row = 0; row < dataset.Rows; row++)
        {
            var candle = dataset.Candles[row];
            var close = dataset.Series.Close;
            Assert.Equal(close[candle + horizon] > close[candle] ? 1 : 0, dataset.Labels[row]);
            Assert.Equal(new LabelSpan(candle, candle + 1, candle + horizon), dataset.LabelSpanOf(row));
        }
    }

    [Fact]
    public void A_flat_candle_is_no_rise()
    {
        var candles = RandomCandles.Walk(400, 3);
        candles[301] = candles[301] with { Open = candles[300].Close, High = candles[300].Close, Low = candles[300].Close, Close = candles[300].Close };
        var dataset = Of(candles, 1);
        Assert.Equal(0, dataset.Labels[dataset.Candles.IndexOf(300)]);
    }

    [Fact]
    public void Candles_of_a_market_that_closes_have_rows_by_its_hours_alone_and_another_hash()
    {
        Candle[] days = [.. RandomCandles.Walk(700, 4, Interval.OneDay).Where(c => c.OpenTime.ToDateTimeOffset().DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))];
        var strict = Of(CandleSeries.Of(Markets.Symbol, Interval.OneDay, days), 1);
        var sessions = Of(CandleSeries.Of(Markets.Symbol, Interval.OneDay, days, TradingHours.Sessions), 1);
        Assert.Equal((0, days.Length - FeatureSchema.Default().Window + 1 - 2), (strict.Rows, sessions.Rows));
        Assert.NotEqual(strict.Hash, sessions.Hash);
        Assert.Equal(strict.Hash, Of(CandleSeries.Of(Markets.Symbol, Interval.OneDay, days, TradingHours.Always), 1).Hash);
    }

    [Fact]
    public void A_row_with_a_window_has_the_features_of_the_candles_before_it_and_is_there_only_where_they_have_some()
    {
        const int Window = 7;
        var series = CandleSeries.Of(Markets.Symbol, Markets.Interval, Holed);
        var alone = Of(series, 1);
        var whole = Dataset.Of(series, null, FeatureSchema.Default(), 1, 0.02, new Instant(long.MaxValue / 2), Window);
        var table = FeatureTable.Build(FeatureSchema.Default(), series);
        int[] expected = [.. alone.Candles.ToArray().Where(candle => Enumerable.Range(candle - Window + 1, Window).All(c => c >= 0 && table.RowOfCandle(c) >= 0))];
        Assert.Equal(expected, whole.Candles.ToArray());
        Assert.InRange(whole.Rows, 500, alone.Rows - Window + 1);
        Assert.NotEqual(alone.Hash, whole.Hash);
        Assert.Equal(alone.Lookback + Window - 1, whole.Lookback);
        for (var row = 0; row < whole.Rows; row++)
        {
            var candle = whole.Candles[row];
            var same = alone.Candles.IndexOf(candle);
            Assert.Equal((alone.Labels[same], alone.Outcomes[same]), (whole.Labels[row], whole.Outcomes[row]));
            Assert.Equal(alone.Row(same), whole.Row(row));
            for (var step = 0; step < Window; step++)
            {
                Assert.Equal(table.Row(table.RowOfCandle(candle - Window + 1 + step)), whole.WindowOf(row, Window).Slice(step * whole.Features, whole.Features));
            }
        }
    }

    private static Dataset Of(Candle[] candles, int horizon) => Of(CandleSeries.Of(Markets.Symbol, Markets.Interval, candles), horizon);

    private static Dataset Of(CandleSeries series, int horizon) =>
        Dataset.Of(series, null, FeatureSchema.Default(), horizon, 0.02, new Instant(long.MaxValue / 2));
}

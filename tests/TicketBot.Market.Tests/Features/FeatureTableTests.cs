using TicketBot.Market.Candles;
using TicketBot.Market.Features;

namespace TicketBot.Market.Tests.Features;

public sealed class FeatureTableTests
{
    [Fact]
    public void Holds_the_builders_rows_of_every_candle_that_has_one()
    {
        var schema = FeatureSchema.Default();
        var candles = MarketData.Walk(5, 500);
        candles.RemoveAt(200);
        var series = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, candles);
        var table = FeatureTable.Build(schema, MarketData.Btc, MarketData.Quarter, candles);
        var builder = new FeatureBuilder(schema);
        var row = new float[schema.Names.Count];
        var rows = 0;
        for (var i = 0; i < series.Count; i++)
        {
            if (builder.Build(series, null, i, row) != FeatureStatus.Ready)
            {
                Assert.Equal(-1, table.RowOfCandle(i));
                continue;
            }

            Assert.Equal(rows, table.RowOfCandle(i));
            Assert.Equal(i, table.CandleOfRow[rows]);
            Assert.True(table.Row(rows).SequenceEqual(row));
            rows++;
        }

        Assert.Equal(rows, table.Rows);
        Assert.Equal(rows * schema.Names.Count, table.Values.Length);
        Assert.Equal(schema.Window - 1, table.CountOf(FeatureStatus.TooFewCandles));
        Assert.Equal(schema.Window - 1, table.CountOf(FeatureStatus.GapInWindow));
        Assert.Equal(rows, table.CountOf(FeatureStatus.Ready));
    }
}

using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Market.Features;
using TicketBot.Testing;

namespace TicketBot.Market.Tests.Features;

/// <summary>What a builder keeps of the window before changes no bit of a row.</summary>
public sealed class LogWindowTests
{
    [Fact]
    public void Rows_in_any_order_have_the_bits_that_a_new_builder_gives()
    {
        var schema = FeatureSchema.Default();
        var candles = RandomCandles.Walk(schema.Window + 2_000, 3);
        var series = CandleSeries.Of(TestTickets.Symbol, Interval.FifteenMinutes, candles);
        candles[schema.Window + 5] = candles[schema.Window + 5] with { Close = candles[schema.Window + 5].Low };
        var changed = CandleSeries.Of(TestTickets.Symbol, Interval.FifteenMinutes, candles);
        var kept = new FeatureBuilder(schema);
        var first = schema.Window - 1;

        // A long run forward, the same window twice, leaps, and windows in which a candle of the past has changed.
        foreach (var at in (int[])[.. Enumerable.Range(0, 1_990), 1_989, 1_988, 3, 4, 5, 300, .. Enumerable.Range(301, 70)])
        {
            var of = at is 5 or (> 300 and < 340) ? changed : series;
            Assert.Equal(Row(new FeatureBuilder(schema), of, first + at), Row(kept, of, first + at));
        }
    }

    private static List<int> Row(FeatureBuilder builder, CandleSeries series, int index)
    {
        var row = new float[builder.Schema.Names.Count];
        Assert.Equal(FeatureStatus.Ready, builder.Build(series, null, index, row));
        return [.. row.Select(BitConverter.SingleToInt32Bits)];
    }
}

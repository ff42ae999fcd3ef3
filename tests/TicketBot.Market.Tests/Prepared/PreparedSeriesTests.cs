using TicketBot.Market.Candles;
using TicketBot.Market.Features;
using TicketBot.Market.Prepared;
using TicketBot.Market.Regimes;
using TicketBot.Market.Tests.Regimes;

namespace TicketBot.Market.Tests.Prepared;

public sealed class PreparedSeriesTests
{
    [Fact]
    public void Rows_hashes_and_regimes_have_the_bits_of_those_made_for_one_candle_alone()
    {
        var candles = PlantedRegimes.Make(31, 1_500).Candles;
        candles.RemoveAt(1_200);
        var series = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, candles);
        var set = RegimeFitter.Fit(series, 1_000, new RegimeOptions());
        var schema = FeatureSchema.Default();
        var prepared = new PreparedSeries(series, null, [schema, FeatureSchema.Default()], [set, set]);
        Assert.Null(prepared.RowsOf(FeatureSchema.Default(observations: true)));

        var (rows, regimes) = (prepared.RowsOf(schema)!, prepared.RegimesOf(set)!);
        var (probabilities, expected, built) = (new double[set.Names.Count], new double[set.Names.Count], new float[schema.Names.Count]);
        for (var i = 0; i < series.Count; i += 17)
        {
            var isReady = new FeatureBuilder(schema).Build(series, null, i, built) == FeatureStatus.Ready;
            Assert.Equal(isReady, rows.TryGet(i, out var row));
            Assert.True(!isReady || row.SequenceEqual(built));

            var hasRegime = new RegimeFilter(set).TryEstimate(series, i, expected, out var regime);
            Assert.Equal(hasRegime, regimes.TryGet(i, probabilities, out var estimate));
            Assert.Equal(hasRegime ? regime : default, estimate);
            Assert.True(!hasRegime || probabilities.AsSpan().SequenceEqual(expected));
        }
    }
}

using TicketBot.Domain;
using TicketBot.Market;
using TicketBot.Market.Candles;
using TicketBot.Market.Features;
using TicketBot.Storage.Csv;

namespace TicketBot.Host.Checks;

/// <summary>Checks on a file of candles that features look at nothing they must not: neither at later candles nor before their window.</summary>
public static class FeatureChecks
{
    private const int Samples = 200;

    /// <summary>Changes every later candle and compares each sampled row bit by bit.</summary>
    public static Finding Lookahead(CandleFile file, MarketOptions options) => Compare(
        "lookahead", file, options,
        (candles, index) => [.. candles.Take(index + 1), .. candles.Skip(index + 1).Select(Altered)],
        "no row changes when every later candle is changed");

    /// <summary>Starts the series at the row's own window and compares each sampled row bit by bit.</summary>
    public static Finding Warmup(CandleFile file, MarketOptions options)
    {
        var window = Schema(options).Window;
        return Compare("warmup", file, options, (candles, index) => [.. candles.Skip(index - window + 1).Take(window)], $"each row depends on its last {window} candles alone");
    }

    private static FeatureSchema Schema(MarketOptions options) => FeatureSchema.Default(null, options.UseObservations);

    private static Finding Compare(
        string name, CandleFile file, MarketOptions options, Func<IReadOnlyList<Candle>, int, IReadOnlyList<Candle>> other, string what)
    {
        var schema = Schema(options);
        var candles = file.Candles;
        var whole = file.ToSeries();
        var builder = new FeatureBuilder(schema);
        var expected = new float[schema.Names.Count];
        var found = new float[schema.Names.Count];
        var compared = 0;
        var step = Math.Max(1, (candles.Count - schema.Window) / Samples);
        for (var index = schema.Window - 1; index < candles.Count; index += step)
        {
            if (builder.Build(whole, null, index, expected) != FeatureStatus.Ready)
            {
                continue;
            }

            var series = CandleSeries.Of(file.Symbol, file.Interval, other(candles, index), file.Hours);
            var status = new FeatureBuilder(schema).Build(series, null, series.IndexOf(candles[index].OpenTime), found);
            compared++;
            if (status != FeatureStatus.Ready || !expected.AsSpan().SequenceEqual(found))
            {
                var feature = Enumerable.Range(0, expected.Length).FirstOrDefault(i => !expected[i].Equals(found[i]));
                return new Finding(name, false, $"the row of {candles[index].OpenTime} differs in '{schema.Names[feature]}': {expected[feature]:R} against {found[feature]:R} ({status})");
            }
        }

        return compared == 0
            ? new Finding(name, false, $"no complete row in {candles.Count} candles; a row needs {schema.Window} candles without a gap")
            : new Finding(name, true, $"{compared} rows of {schema.Names.Count} features compared bit by bit: {what}");
    }

    private static Candle Altered(Candle candle) => candle with
    {
        Open = candle.Open * 1.5, High = candle.High * 3, Low = candle.Low * 0.4, Close = candle.Close * 2, Volume = (candle.Volume * 7) + 1, Turnover = (candle.Turnover * 7) + 1,
    };
}

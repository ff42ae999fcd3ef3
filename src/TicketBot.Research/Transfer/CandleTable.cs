using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Market.Features;
using TicketBot.Market.Tables;
using TicketBot.Research.Datasets;
using TicketBot.Research.Splits;

namespace TicketBot.Research.Transfer;

/// <summary>Candles of any market as a labelled table in one feature space: returns, ranges, volumes and times of day, none of them in units of a price. The class is whether the close
/// <c>horizon</c> candles later lies higher.</summary>
public static class CandleTable
{
    private const double TrainShare = 0.6;
    private const double ValidationShare = 0.2;

    /// <summary>Makes the table: 60 % of the rows train, 20 % validate, the rest test, with the gap of feature window and horizon before each later block.</summary>
    /// <param name="symbol">The market.</param>
    /// <param name="interval">Length of a candle.</param>
    /// <param name="candles">Closed candles, oldest first.</param>
    /// <param name="hours">When the market trades; <c>null</c> is always.</param>
    /// <param name="horizon">Candles between decision and label, at least 1.</param>
    /// <param name="mostCandles">Newest candles that are read.</param>
    /// <exception cref="ResearchRefusedException">There are too few candles without a gap.</exception>
    public static LabelledTable Of(Symbol symbol, Interval interval, IReadOnlyList<Candle> candles, TradingHours? hours, int horizon, int mostCandles)
    {
        var schema = FeatureSchema.Default();
        Candle[] newest = [.. candles.Skip(Math.Max(0, candles.Count - mostCandles))];
        if (newest.Length <= schema.Window + horizon + 1)
        {
            throw new ResearchRefusedException(
                $"{symbol} {interval} has {newest.Length} candles, a row needs {schema.Window} before it and {horizon + 1} after it; fetch or import more");
        }

        var series = CandleSeries.Of(symbol, interval, newest, hours);
        var dataset = Dataset.Of(series, null, schema, horizon, 0.5, interval.CloseOf(newest[^1].OpenTime));
        if (dataset.Rows == 0)
        {
            throw new ResearchRefusedException($"none of {newest.Length} candles of {symbol} {interval} has a row: a row needs {schema.Window} candles without a gap; give unbroken candles");
        }

        var split = ChronologicalSplit.Of(dataset.Candles, TrainShare, ValidationShare, horizon, schema.Window);
        var blocks = new[] { (split.Train, TableBlock.Train), (split.Validation, TableBlock.Validation), (split.Test, TableBlock.Test) };
        var (rows, of) = (new List<int>(), new List<TableBlock>());
        foreach (var (range, block) in blocks)
        {
            for (var row = range.Start; row < range.End; row++)
            {
                rows.Add(row);
                of.Add(block);
            }
        }

        var values = new float[rows.Count * dataset.Features];
        for (var i = 0; i < rows.Count; i++)
        {
            dataset.Row(rows[i]).CopyTo(values.AsSpan(i * dataset.Features));
        }

        var labels = dataset.Labels.ToArray();
        return new LabelledTable([.. schema.Names], values, [.. rows.Select(row => labels[row])], [.. of], 1, 2);
    }
}

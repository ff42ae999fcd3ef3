using TicketBot.Market.Candles;
using TicketBot.Market.Features;

namespace TicketBot.Market.Prepared;

/// <summary>The feature rows of every candle of a series. Immutable, and safe for use by several threads.</summary>
public sealed class PreparedRows
{
    private readonly FeatureTable _table;

    internal PreparedRows(FeatureSchema schema, CandleSeries candles, CandleSeries? reference) => _table = FeatureTable.Build(schema, candles, reference);

    /// <summary>Returns the unscaled row of a candle; false when the candle has no row.</summary>
    /// <param name="candle">Index in the prepared series.</param>
    /// <param name="row"><c>[features]</c>.</param>
    public bool TryGet(int candle, out ReadOnlySpan<float> row)
    {
        var at = _table.RowOfCandle(candle);
        row = at < 0 ? default : _table.Row(at);
        return at >= 0;
    }
}

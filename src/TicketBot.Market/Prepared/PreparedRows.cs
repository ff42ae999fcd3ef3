using TicketBot.Market.Candles;
using TicketBot.Market.Features;

namespace TicketBot.Market.Prepared;

/// <summary>The feature rows of every candle of a series with their hashes. Immutable, and safe for use by several threads.</summary>
public sealed class PreparedRows
{
    private readonly FeatureTable _table;
    private readonly string[] _hashes;

    internal PreparedRows(FeatureSchema schema, CandleSeries candles, CandleSeries? reference)
    {
        _table = FeatureTable.Build(schema, candles, reference);
        _hashes = new string[_table.Rows];
        for (var row = 0; row < _hashes.Length; row++)
        {
            _hashes[row] = FeatureBuilder.HashOf(_table.Row(row));
        }
    }

    /// <summary>Returns the unscaled row of a candle and its hash; false when the candle has no row.</summary>
    /// <param name="candle">Index in the prepared series.</param>
    /// <param name="row"><c>[features]</c>.</param>
    /// <param name="hash">As <see cref="FeatureBuilder.HashOf"/> gives it.</param>
    public bool TryGet(int candle, out ReadOnlySpan<float> row, out string hash)
    {
        var at = _table.RowOfCandle(candle);
        row = at < 0 ? default : _table.Row(at);
        hash = at < 0 ? "" : _hashes[at];
        return at >= 0;
    }
}

using TicketBot.Domain;
using TicketBot.Market.Candles;

namespace TicketBot.Market.Features;

/// <summary>The feature rows of a whole series as one matrix, with the candle each row belongs to; candles whose row could not be
/// built have none. Immutable while the series is left alone.</summary>
public sealed class FeatureTable
{
    private readonly float[] _values;
    private readonly int[] _candles;
    private readonly int[] _rowOfCandle;
    private readonly int[] _statusCounts;

    private FeatureTable(FeatureSchema schema, CandleSeries series, float[] values, int[] candles, int[] rowOfCandle, int[] statusCounts)
    {
        Schema = schema;
        Series = series;
        _values = values;
        _candles = candles;
        _rowOfCandle = rowOfCandle;
        _statusCounts = statusCounts;
    }

    /// <summary>The schema of the rows.</summary>
    public FeatureSchema Schema { get; }

    /// <summary>The candles the rows were built from.</summary>
    public CandleSeries Series { get; }

    /// <summary>Number of rows.</summary>
    public int Rows => _candles.Length;

    /// <summary>Features per row.</summary>
    public int Features => Schema.Names.Count;

    /// <summary>The unscaled features, <c>[rows, features]</c>, row-major.</summary>
    public ReadOnlySpan<float> Values => _values.AsSpan(0, Rows * Features);

    /// <summary>Index in <see cref="Series"/> of each row's candle, ascending, <c>[rows]</c>.</summary>
    public ReadOnlySpan<int> CandleOfRow => _candles;

    /// <summary>Returns the features of one row, <c>[features]</c>.</summary>
    public ReadOnlySpan<float> Row(int row) => Values.Slice(row * Features, Features);

    /// <summary>Returns the row of the candle at <paramref name="candle"/>, or -1 when it has none.</summary>
    public int RowOfCandle(int candle) => _rowOfCandle[candle];

    /// <summary>Returns how many candles had <paramref name="status"/>; over all statuses the counts sum to the candles.</summary>
    public int CountOf(FeatureStatus status) => _statusCounts[(int)status];

    /// <summary>Builds the rows of every candle of <paramref name="series"/>.</summary>
    /// <param name="schema">The features.</param>
    /// <param name="series">The symbol's candles, all of them kept.</param>
    /// <param name="reference">The reference symbol's candles; ignored when the schema has no reference.</param>
    public static FeatureTable Build(FeatureSchema schema, CandleSeries series, CandleSeries? reference = null)
    {
        var builder = new FeatureBuilder(schema);
        var features = schema.Names.Count;
        var values = new float[series.Count * features];
        var candles = new int[series.Count];
        var rowOfCandle = new int[series.Count];
        var statusCounts = new int[Enum.GetValues<FeatureStatus>().Length];
        var rows = 0;
        for (var i = 0; i < series.Count; i++)
        {
            var status = builder.Build(series, reference, i, values.AsSpan(rows * features, features));
            statusCounts[(int)status]++;
            rowOfCandle[i] = status == FeatureStatus.Ready ? rows : -1;
            if (status == FeatureStatus.Ready)
            {
                candles[rows++] = i;
            }
        }

        return new FeatureTable(schema, series, values, candles[..rows], rowOfCandle, statusCounts);
    }

    /// <summary>Builds the rows of a list of candles, ascending by open time.</summary>
    /// <param name="schema">The features.</param>
    /// <param name="symbol">The contract.</param>
    /// <param name="interval">The candle length.</param>
    /// <param name="candles">The symbol's candles.</param>
    /// <param name="reference">The reference symbol's candles; ignored when the schema has no reference.</param>
    public static FeatureTable Build(
        FeatureSchema schema, Symbol symbol, Interval interval, IReadOnlyList<Candle> candles, IReadOnlyList<Candle>? reference = null) =>
        Build(
            schema,
            CandleSeries.Of(symbol, interval, candles),
            schema.Reference is { } other && reference is not null ? CandleSeries.Of(other, interval, reference) : null);
}

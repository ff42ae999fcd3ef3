using TicketBot.Market.Candles;
using TicketBot.Market.Features;
using TicketBot.Market.Prepared;

namespace TicketBot.Trading.Signals;

/// <summary>The newest feature rows of one series by one schema, each built once. A row depends on the candles of its own window only, so a
/// kept row has the bits a new one would have until a candle of the past changes. Not safe for use by several threads.</summary>
internal sealed class FeatureRows
{
    // At least the rows a similarity is measured over; fewer would only be slower.
    private const int Slots = 128;
    private readonly FeatureBuilder _builder;
    private readonly float[] _values;
    private readonly long[] _openTimes = new long[Slots];
    private long _revision;

    /// <summary>Makes one without rows.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="ahead">Rows that were made ahead, or <c>null</c>.</param>
    public FeatureRows(FeatureSchema schema, PreparedRows? ahead)
    {
        Ahead = ahead;
        _builder = new FeatureBuilder(schema);
        _values = new float[Slots * schema.Names.Count];
        Array.Fill(_openTimes, long.MinValue);
    }

    /// <summary>The schema.</summary>
    public FeatureSchema Schema => _builder.Schema;

    /// <summary>Rows that were made ahead, or <c>null</c>.</summary>
    public PreparedRows? Ahead { get; }

    /// <summary>Finds or builds the row of the candle at <paramref name="index"/>.</summary>
    /// <param name="series">The symbol's candles, the same at each call.</param>
    /// <param name="reference">The reference symbol's candles, the same at each call.</param>
    /// <param name="index">Index of the row's candle.</param>
    /// <param name="revision">A number that changes whenever a candle of the past of either series did.</param>
    /// <param name="row">The unscaled row, valid until the next call; undefined unless Ready is returned.</param>
    public FeatureStatus At(CandleSeries series, CandleSeries? reference, int index, long revision, out ReadOnlySpan<float> row)
    {
        if (revision != _revision)
        {
            Array.Fill(_openTimes, long.MinValue);
            _revision = revision;
        }

        var openTime = series.OpenTimes[index];
        var slot = (int)(openTime / series.Interval.NominalMilliseconds % Slots);
        var place = _values.AsSpan(slot * Schema.Names.Count, Schema.Names.Count);
        row = place;
        if (index < Schema.Window - 1)
        {
            return FeatureStatus.TooFewCandles; // Candles of a kept row's window are no longer in memory.
        }

        if (_openTimes[slot] == openTime)
        {
            return FeatureStatus.Ready;
        }

        var status = _builder.Build(series, reference, index, place);
        _openTimes[slot] = status == FeatureStatus.Ready ? openTime : long.MinValue;
        return status;
    }
}

using TicketBot.Market.Candles;
using TicketBot.Market.Features;
using TicketBot.Market.Regimes;

namespace TicketBot.Market.Prepared;

/// <summary>Feature rows and regimes of every candle of a series, made once ahead for those that walk over the same candles again and again. Made by the same
/// <see cref="FeatureBuilder"/> and <see cref="RegimeFilter"/> that serve one candle at a time, so a row has the same bits. Immutable while the
/// series are left alone, and then safe for use by several threads.</summary>
public sealed class PreparedSeries
{
    private readonly Dictionary<string, PreparedRows> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<RegimeSetId, PreparedRegimes> _regimes = [];

    /// <summary>Makes the rows and regimes of all candles.</summary>
    /// <param name="candles">The symbol's candles, all of them kept.</param>
    /// <param name="reference">The reference symbol's candles, or <c>null</c>; ignored by schemas without a reference.</param>
    /// <param name="schemas">The features wanted; one that repeats is made once.</param>
    /// <param name="regimes">The regime sets wanted; one that repeats is made once.</param>
    public PreparedSeries(CandleSeries candles, CandleSeries? reference, IEnumerable<FeatureSchema> schemas, IEnumerable<RegimeSet> regimes)
    {
        (Candles, Reference) = (candles, reference);
        foreach (var schema in schemas.Distinct())
        {
            _rows.Add(schema.Hash, new PreparedRows(schema, candles, reference));
        }

        foreach (var set in regimes.Distinct())
        {
            _regimes.Add(set.Id, new PreparedRegimes(set, candles));
        }
    }

    /// <summary>The candles.</summary>
    public CandleSeries Candles { get; }

    /// <summary>The candles that cross-asset features refer to, or <c>null</c>.</summary>
    public CandleSeries? Reference { get; }

    /// <summary>Returns the rows of a schema, or <c>null</c> when it was not asked for.</summary>
    public PreparedRows? RowsOf(FeatureSchema schema) => _rows.GetValueOrDefault(schema.Hash);

    /// <summary>Returns the regimes of a set, or <c>null</c> when it was not asked for.</summary>
    public PreparedRegimes? RegimesOf(RegimeSet set) => _regimes.GetValueOrDefault(set.Id);
}

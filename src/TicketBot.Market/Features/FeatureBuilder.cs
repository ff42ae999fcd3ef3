using TicketBot.Market.Candles;

namespace TicketBot.Market.Features;

/// <summary>Whether a feature row could be built, and if not, why.</summary>
public enum FeatureStatus
{
    /// <summary>The row is complete and finite.</summary>
    Ready,

    /// <summary>Fewer candles than the schema's window.</summary>
    TooFewCandles,

    /// <summary>A candle is missing inside the window.</summary>
    GapInWindow,

    /// <summary>The reference series lacks candles of the window.</summary>
    ReferenceMissing,

    /// <summary>An observation of the schema is missing inside the window.</summary>
    ObservationMissing,

    /// <summary>A value was not finite.</summary>
    NotFinite,
}

/// <summary>Turns the last W candles into one row of features: the only such code, used live and in research. Not safe for use by
/// several threads; allocates nothing per row after warm-up.</summary>
public sealed class FeatureBuilder
{
    /// <summary>Makes a builder for <paramref name="schema"/>.</summary>
    public FeatureBuilder(FeatureSchema schema) => throw new NotImplementedException();

    /// <summary>The schema.</summary>
    public FeatureSchema Schema => throw new NotImplementedException();

    /// <summary>Writes the unscaled row of the candle at <paramref name="index"/>.</summary>
    /// <param name="series">The symbol's candles.</param>
    /// <param name="reference">The reference symbol's candles; ignored when the schema has no reference.</param>
    /// <param name="index">Index of the row's candle in <paramref name="series"/>.</param>
    /// <param name="destination"><c>[Schema.Names.Count]</c>; undefined unless Ready is returned.</param>
    public FeatureStatus Build(CandleSeries series, CandleSeries? reference, int index, Span<float> destination) =>
        throw new NotImplementedException();

    /// <summary>Returns the SHA-256 of a row's bits (hex, first 16 digits): what the decision journal calls the feature hash.</summary>
    public static string HashOf(ReadOnlySpan<float> row) => throw new NotImplementedException();
}

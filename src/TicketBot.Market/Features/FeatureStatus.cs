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

    /// <summary>An observation of the schema is missing where the schema looks at it.</summary>
    ObservationMissing,

    /// <summary>A value was not finite.</summary>
    NotFinite,
}

using TicketBot.Domain;

namespace TicketBot.Market.Features;

/// <summary>The versioned list of features, the window they look at and what they need beside the candles.</summary>
public sealed record FeatureSchema
{
    /// <summary>Returns the current default schema.</summary>
    /// <param name="reference">Symbol for cross-asset features, or <c>null</c> for none of them.</param>
    /// <param name="observations">Whether spread, imbalance and signed flow are features.</param>
    public static FeatureSchema Default(Symbol? reference = null, bool observations = false) => throw new NotImplementedException();

    /// <summary>Version number of the feature definitions; raised whenever any formula changes.</summary>
    public int Version => throw new NotImplementedException();

    /// <summary>Feature names in order; their count is the length of a feature vector.</summary>
    public IReadOnlyList<string> Names => throw new NotImplementedException();

    /// <summary>Candles that a feature row looks at (W): the row at t is a function of candles t-W+1..t alone.</summary>
    public int Window => throw new NotImplementedException();

    /// <summary>The symbol of cross-asset features, or <c>null</c>.</summary>
    public Symbol? Reference => throw new NotImplementedException();

    /// <summary>Whether observation columns are features.</summary>
    public bool UsesObservations => throw new NotImplementedException();

    /// <summary>SHA-256 (hex, lower case) of the canonical text of all of the above.</summary>
    public string Hash => throw new NotImplementedException();
}

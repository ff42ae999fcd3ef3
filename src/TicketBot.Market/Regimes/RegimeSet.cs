using TicketBot.Market.Candles;

namespace TicketBot.Market.Regimes;

/// <summary>The id of a fitted regime set: SHA-256 (hex) of its parameters.</summary>
/// <param name="Value">Hex text.</param>
public readonly record struct RegimeSetId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value ?? "(none)";
}

/// <summary>A fitted Gaussian hidden Markov model over (log return, log realised volatility) with named states.</summary>
/// <remarks>Immutable and serialisable; fitted by <see cref="RegimeFitter"/>.</remarks>
public sealed record RegimeSet
{
    /// <summary>Hash of the parameters below.</summary>
    public RegimeSetId Id => throw new NotImplementedException();

    /// <summary>State names in state order, unique, for example <c>calm-bull</c>, <c>turbulent-bear</c>, <c>calm-sideways</c>.</summary>
    public IReadOnlyList<string> Names => throw new NotImplementedException();

    /// <summary>Candles the filter looks at: a regime estimate at t is a function of candles t-Window+1..t alone.</summary>
    public int Window => throw new NotImplementedException();
}

/// <summary>Fits regime sets on candles, by Baum-Welch with seeded starts; deterministic.</summary>
public static class RegimeFitter
{
    /// <summary>Fits on the candles <c>[0, end)</c> of a series only.</summary>
    /// <param name="series">Candles.</param>
    /// <param name="end">Exclusive end: nothing at or after it is read.</param>
    /// <param name="options">States, window, hysteresis, seed.</param>
    /// <param name="start">A previous fit to start from (warm start), or <c>null</c>.</param>
    public static RegimeSet Fit(CandleSeries series, int end, RegimeOptions options, RegimeSet? start = null) => throw new NotImplementedException();
}

/// <summary>The regime of one candle.</summary>
/// <param name="State">Index into <see cref="RegimeSet.Names"/>, after hysteresis.</param>
/// <param name="Name">Name of the state.</param>
/// <param name="Probability">Filtered probability of that state, 0..1.</param>
public readonly record struct RegimeEstimate(int State, string Name, double Probability);

/// <summary>Forward-filters a regime set over candles. Not safe for use by several threads; allocates nothing after warm-up.</summary>
public sealed class RegimeFilter
{
    /// <summary>Makes a filter.</summary>
    public RegimeFilter(RegimeSet set) => throw new NotImplementedException();

    /// <summary>The set filtered.</summary>
    public RegimeSet Set => throw new NotImplementedException();

    /// <summary>Estimates the regime at <paramref name="index"/> from the candles of the window that ends there; false when the
    /// window is incomplete or has a gap.</summary>
    /// <param name="series">Candles.</param>
    /// <param name="index">The candle.</param>
    /// <param name="probabilities">Filtered probabilities, <c>[Set.Names.Count]</c>, summing to one.</param>
    /// <param name="estimate">State after hysteresis.</param>
    public bool TryEstimate(CandleSeries series, int index, Span<double> probabilities, out RegimeEstimate estimate) => throw new NotImplementedException();
}

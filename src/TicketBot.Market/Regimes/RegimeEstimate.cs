namespace TicketBot.Market.Regimes;

/// <summary>The regime of one candle.</summary>
/// <param name="State">Index into <see cref="RegimeSet.Names"/>, after hysteresis.</param>
/// <param name="Name">Name of the state.</param>
/// <param name="Probability">Filtered probability of that state, 0..1.</param>
public readonly record struct RegimeEstimate(int State, string Name, double Probability);

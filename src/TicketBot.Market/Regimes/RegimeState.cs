namespace TicketBot.Market.Regimes;

/// <summary>One hidden state: independent normal distributions of the two observations of a candle.</summary>
/// <param name="Name"><c>calm</c> or <c>turbulent</c>, a dash, <c>bull</c>, <c>bear</c> or <c>sideways</c>, and an ordinal where a name would repeat.</param>
/// <param name="ReturnMean">Mean log return over <see cref="RegimeSet.MeasureCandles"/> candles.</param>
/// <param name="ReturnDeviation">Its standard deviation, above zero.</param>
/// <param name="VolatilityMean">Mean natural logarithm of the realised volatility per candle.</param>
/// <param name="VolatilityDeviation">Its standard deviation, above zero.</param>
public sealed record RegimeState(
    string Name, double ReturnMean, double ReturnDeviation, double VolatilityMean, double VolatilityDeviation);

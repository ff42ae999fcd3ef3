namespace TicketBot.Market.Regimes;

/// <summary>One hidden state: independent normal distributions of the two observations of a candle.</summary>
/// <param name="Name"><c>calm</c> or <c>turbulent</c>, a dash, <c>bull</c>, <c>bear</c> or <c>sideways</c>, and an ordinal where a name would repeat.</param>
/// <param name="TrendMean">Mean trend: the log return over <see cref="RegimeSet.MeasureCandles"/> candles in units of their own volatility,
/// which a market without drift has spread about zero with deviation one.</param>
/// <param name="TrendDeviation">Its standard deviation, above zero.</param>
/// <param name="VolatilityMean">Mean natural logarithm of the realised volatility per candle.</param>
/// <param name="VolatilityDeviation">Its standard deviation, above zero.</param>
public sealed record RegimeState(
    string Name, double TrendMean, double TrendDeviation, double VolatilityMean, double VolatilityDeviation);

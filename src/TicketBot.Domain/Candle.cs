namespace TicketBot.Domain;

/// <summary>What was observed beside the candle at its close; a missing value was not observed and is never imputed.</summary>
/// <param name="SpreadBp">Best ask minus best bid over mid price, in basis points.</param>
/// <param name="BookImbalance">(bid size - ask size) / (bid size + ask size) over the sampled levels, -1..1.</param>
/// <param name="SignedFlow">(taker buy volume - taker sell volume) / volume of the candle, -1..1.</param>
/// <param name="FundingRate">The rate in force, as a fraction per funding interval.</param>
public readonly record struct Observations(double? SpreadBp, double? BookImbalance, double? SignedFlow, double? FundingRate);

/// <summary>A closed candle: it exists from its close time on. Prices in quote coin, volume in base coin, turnover in quote coin.</summary>
/// <param name="OpenTime">Time the candle opened.</param>
/// <param name="Open">First price.</param>
/// <param name="High">Highest price.</param>
/// <param name="Low">Lowest price.</param>
/// <param name="Close">Last price.</param>
/// <param name="Volume">Traded base coin.</param>
/// <param name="Turnover">Traded quote coin.</param>
/// <param name="Observations">Values sampled at the close.</param>
public readonly record struct Candle(
    Instant OpenTime, double Open, double High, double Low, double Close, double Volume, double Turnover, Observations Observations = default)
{
    /// <summary>Returns why this is not a possible candle, or <c>null</c> when it is one: finite positive prices,
    /// low at most and high at least open and close, finite volume and turnover of at least zero.</summary>
    public string? Fault()
    {
        if (!(double.IsFinite(Open) && double.IsFinite(High) && double.IsFinite(Low) && double.IsFinite(Close)))
        {
            return $"prices must be finite, were open {Open}, high {High}, low {Low}, close {Close}";
        }

        if (Low <= 0)
        {
            return $"prices must be above zero, low was {Low}";
        }

        if (High < Math.Max(Open, Close) || Low > Math.Min(Open, Close))
        {
            return $"high and low must bound open and close, were open {Open}, high {High}, low {Low}, close {Close}";
        }

        return double.IsFinite(Volume) && Volume >= 0 && double.IsFinite(Turnover) && Turnover >= 0
            ? null
            : $"volume and turnover must be finite and not negative, were {Volume} and {Turnover}";
    }
}

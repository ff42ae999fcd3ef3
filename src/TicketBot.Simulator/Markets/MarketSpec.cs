using System.Globalization;

namespace TicketBot.Simulator.Markets;

/// <summary>Which kind of market is generated.</summary>
public enum MarketKind
{
    /// <summary>A random walk: bursts occur and say nothing.</summary>
    Random = 1,

    /// <summary>A random walk whose drift and volatility switch between regimes, with rare jumps of all symbols together.</summary>
    Regimes = 2,

    /// <summary>A demonstration market: a burst announces the next candle's direction with a stated probability.</summary>
    Planted = 3,
}

/// <summary>The text form of a generated market: <c>random</c>, <c>regimes</c> or <c>planted:P</c>.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="Probability">Of a planted market the probability that the candle after a burst goes the burst's way, 0.5 to 1; else 0.5.</param>
public readonly record struct MarketSpec(MarketKind Kind, double Probability)
{
    /// <summary>The default: <c>planted:0.7</c>.</summary>
    public static MarketSpec Default => new(MarketKind.Planted, 0.7);

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static MarketSpec Parse(string text) => TryParse(text, out var spec)
        ? spec
        : throw new FormatException($"a market is random, regimes or planted:P with P from 0.5 to 1 (such as planted:0.7), was '{text}'");

    /// <summary>Reads the text form; returns whether it was one.</summary>
    public static bool TryParse(string? text, out MarketSpec spec)
    {
        spec = text switch
        {
            "random" => new MarketSpec(MarketKind.Random, 0.5),
            "regimes" => new MarketSpec(MarketKind.Regimes, 0.5),
            "planted" => Default,
            _ => default,
        };
        if (spec.Kind == default && text?.StartsWith("planted:", StringComparison.Ordinal) == true
            && double.TryParse(text.AsSpan(8), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var probability)
            && probability is >= 0.5 and <= 1)
        {
            spec = new MarketSpec(MarketKind.Planted, probability);
        }

        return spec.Kind != default;
    }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        MarketKind.Random => "random",
        MarketKind.Regimes => "regimes",
        _ => string.Create(CultureInfo.InvariantCulture, $"planted:{Probability}"),
    };
}

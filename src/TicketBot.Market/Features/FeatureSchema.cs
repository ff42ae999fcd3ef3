using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TicketBot.Domain;

namespace TicketBot.Market.Features;

/// <summary>The versioned list of features, the window they look at and what they need beside the candles. Two schemas are equal
/// when their hashes are.</summary>
public sealed record FeatureSchema
{
    /// <summary>Candles (the newest of the window) whose observations a row needs, where observations are features.</summary>
    public const int ObservationWindow = 8;

    private const int CurrentVersion = 2;
    private const int CurrentWindow = 128;

    private static readonly string[] CandleFeatures =
    [
        "return_1", "return_2", "return_4", "return_8", "return_16",
        "log_volatility_8", "log_volatility_32", "log_volatility_96",
        "momentum_12", "momentum_48", "rate_of_change_24", "rate_of_change_96",
        "sma_distance_20", "sma_distance_100", "ema_distance_12", "ema_distance_50",
        "volume_ratio_4_64", "vwap_distance_64", "obv_slope_32",
        "rsi_14", "macd_line", "macd_signal", "macd_histogram", "bollinger_20",
        "candle_body", "candle_range", "close_location",
        "volume_burst_32", "return_shock_32", "burst_shock",
        "return_shock_32_back_1", "return_shock_32_back_2", "return_shock_32_back_3", "return_shock_32_back_4",
        "streak", "channel_20", "channel_50",
        "signed_burst_32", "volume_burst_32_back_1", "signed_burst_32_back_1", "volume_burst_32_back_2", "signed_burst_32_back_2",
        "hour_sine", "hour_cosine",
    ];

    private static readonly string[] ObservationFeatures =
        ["spread", "spread_ratio_8", "book_imbalance", "book_imbalance_mean_8", "signed_flow", "signed_flow_mean_8"];

    private static readonly string[] ReferenceFeatures =
        ["reference_return_1", "reference_return_4", "correlation_96", "beta_96", "relative_strength_16", "relative_strength_64"];

    private FeatureSchema(Symbol? reference, bool observations)
    {
        Reference = reference;
        UsesObservations = observations;
        Names =
        [
            .. CandleFeatures,
            .. observations ? ObservationFeatures : [],
            .. reference is null ? [] : ReferenceFeatures,
        ];
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"features {Version}\nwindow {Window}\nreference {reference?.Value ?? "-"}\nobservations {(observations ? 1 : 0)}\n{string.Join('\n', Names)}\n"))));
    }

    /// <summary>Returns the current default schema.</summary>
    /// <param name="reference">Symbol for cross-asset features, or <c>null</c> for none of them.</param>
    /// <param name="observations">Whether spread, imbalance and signed flow are features.</param>
    /// <exception cref="ArgumentException">The reference is <c>default(Symbol)</c>.</exception>
    public static FeatureSchema Default(Symbol? reference = null, bool observations = false) =>
        reference is { IsDefault: true }
            ? throw new ArgumentException("the reference must be a symbol or null, was default(Symbol)", nameof(reference))
            : new FeatureSchema(reference, observations);

    /// <summary>Version number of the feature definitions; raised whenever any formula changes.</summary>
    public int Version { get; } = CurrentVersion;

    /// <summary>Feature names in order; their count is the length of a feature vector.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Candles that a feature row looks at (W): the row at t is a function of candles t-W+1..t alone.</summary>
    public int Window { get; } = CurrentWindow;

    /// <summary>The symbol of cross-asset features, or <c>null</c>.</summary>
    public Symbol? Reference { get; }

    /// <summary>Whether observation columns are features.</summary>
    public bool UsesObservations { get; }

    /// <summary>SHA-256 (hex, lower case) of the canonical text of all of the above.</summary>
    public string Hash { get; }

    /// <summary>Returns whether the hashes are equal.</summary>
    public bool Equals(FeatureSchema? other) => other is not null && Hash == other.Hash;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode(StringComparison.Ordinal);
}

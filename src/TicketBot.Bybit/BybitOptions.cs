using System.ComponentModel.DataAnnotations;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit;

/// <summary>Options of the Bybit room (section <c>Bybit</c>).</summary>
public sealed class BybitOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Bybit";

    /// <summary>Venue of the account: Simulator, Testnet, Demo or Live. Default Simulator.</summary>
    [EnumDataType(typeof(ExchangeEnvironment))]
    public ExchangeEnvironment Environment { get; set; } = ExchangeEnvironment.Simulator;

    /// <summary>The separate switch that allows orders with real money; needed when the environment is Live. Default false.</summary>
    public bool AcknowledgeRealMoney { get; set; }

    /// <summary>REST address; an empty text stands for the environment's own. Default empty.</summary>
    public string RestAddress { get; set; } = "";

    /// <summary>Public stream address (linear); an empty text stands for the environment's own. Default empty.</summary>
    public string PublicStreamAddress { get; set; } = "";

    /// <summary>Private stream address; an empty text stands for the environment's own. Default empty.</summary>
    public string PrivateStreamAddress { get; set; } = "";

    /// <summary>Order-entry stream address; an empty text stands for the environment's own. Orders go over REST, so it is only checked. Default empty.</summary>
    public string TradeStreamAddress { get; set; } = "";

    /// <summary>Environment variable that holds the API key. Default BYBIT_API_KEY.</summary>
    [Required]
    public string ApiKeyVariable { get; set; } = "BYBIT_API_KEY";

    /// <summary>Environment variable that holds the API secret. Default BYBIT_API_SECRET.</summary>
    [Required]
    public string ApiSecretVariable { get; set; } = "BYBIT_API_SECRET";

    /// <summary>File that holds the API key, read when the variable is not set; <c>null</c> is none. Default none.</summary>
    public string? ApiKeyFile { get; set; }

    /// <summary>File that holds the API secret, read when the variable is not set; <c>null</c> is none. Default none.</summary>
    public string? ApiSecretFile { get; set; }

    /// <summary>Milliseconds a signed request stays valid, 1,000 to 60,000. Default 5,000.</summary>
    [Range(1_000, 60_000)]
    public int RecvWindowMs { get; set; } = 5_000;

    /// <summary>Milliseconds until an unanswered REST request counts as lost, 500 to 120,000. Default 10,000.</summary>
    [Range(500, 120_000)]
    public int RequestTimeoutMs { get; set; } = 10_000;

    /// <summary>Repetitions of a read that failed for a passing reason, 0 to 10. Default 4.</summary>
    [Range(0, 10)]
    public int ReadRetries { get; set; } = 4;

    /// <summary>Milliseconds before the first repetition of a read; doubles each time, with jitter, 1 to 10,000. Default 250.</summary>
    [Range(1, 10_000)]
    public int ReadRetryDelayMs { get; set; } = 250;

    /// <summary>Writes per second and endpoint (venue limit 10), 1 to 100,000; <c>null</c> is unbounded. Default 10.</summary>
    [Range(1, 100_000)]
    public int? WritesPerSecond { get; set; } = 10;

    /// <summary>Of the writes per second, those kept free for exits, cancels and stops, 0 to 100,000. Default 3.</summary>
    [Range(0, 100_000)]
    public int WritesReservedForExits { get; set; } = 3;

    /// <summary>Reads per second and endpoint (venue limit 50), 1 to 100,000; <c>null</c> is unbounded. Default 20.</summary>
    [Range(1, 100_000)]
    public int? ReadsPerSecond { get; set; } = 20;

    /// <summary>Milliseconds between two measurements of the venue's clock, 1,000 to 3,600,000. Default 600,000.</summary>
    [Range(1_000, 3_600_000)]
    public int ClockRefreshMs { get; set; } = 600_000;

    /// <summary>Milliseconds between two pings of a stream, 100 to 60,000. Default 20,000.</summary>
    [Range(100, 60_000)]
    public int PingIntervalMs { get; set; } = 20_000;

    /// <summary>Milliseconds after a ping within which any frame must come, else the stream counts as dead, 200 to 60,000. Default 5,000.</summary>
    [Range(200, 60_000)]
    public int SilenceTimeoutMs { get; set; } = 5_000;

    /// <summary>Longest pause before a stream is opened again, in milliseconds, 1 to 600,000; the first is a sixtieth of it. Default 60,000.</summary>
    [Range(1, 600_000)]
    public int ReconnectMaxDelayMs { get; set; } = 60_000;

    /// <summary>Milliseconds between two tries with a key that the venue refuses, 1,000 to 3,600,000. Default 60,000.</summary>
    [Range(1_000, 3_600_000)]
    public int RefusedKeyPauseMs { get; set; } = 60_000;

    /// <summary>Milliseconds after a candle's close at which it is announced as missing and read over REST if the stream has not confirmed it, 1 to 60,000. Default 3,000.</summary>
    [Range(1, 60_000)]
    public int CandleConfirmationMs { get; set; } = 3_000;

    /// <summary>Milliseconds of wall time that the messages of a simulator step may take to arrive, 10 to 60,000. Default 2,000.</summary>
    [Range(10, 60_000)]
    public int StepArrivalMs { get; set; } = 2_000;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Environment == ExchangeEnvironment.Live && !AcknowledgeRealMoney)
        {
            yield return new ValidationResult(
                $"{Section}:Environment is Live, which needs {Section}:AcknowledgeRealMoney = true; it was false",
                [nameof(AcknowledgeRealMoney)]);
        }

        if (WritesPerSecond is { } writes && WritesReservedForExits >= writes)
        {
            yield return new ValidationResult(
                $"{Section}:WritesReservedForExits must be below WritesPerSecond ({writes}), was {WritesReservedForExits}",
                [nameof(WritesReservedForExits)]);
        }

        foreach (var (name, text, schemes) in new[]
        {
            (nameof(RestAddress), RestAddress, "http https"), (nameof(PublicStreamAddress), PublicStreamAddress, "ws wss"),
            (nameof(PrivateStreamAddress), PrivateStreamAddress, "ws wss"), (nameof(TradeStreamAddress), TradeStreamAddress, "ws wss"),
        })
        {
            if (text.Length > 0 && !(Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Split(' ').Contains(uri.Scheme)))
            {
                yield return new ValidationResult(
                    $"{Section}:{name} must be an absolute address with one of the schemes {schemes}, was '{text}'", [name]);
            }
        }
    }
}

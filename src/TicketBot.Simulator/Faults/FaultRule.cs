using TicketBot.Domain;

namespace TicketBot.Simulator.Faults;

/// <summary>One thing that goes wrong: what, whom it meets, when, how often. What is not given matches everything.</summary>
/// <remarks>A rule meets requests, messages, new connections or steps, by its <see cref="Kind"/>; a fault of the venue itself meets the
/// matching requests when a <see cref="Path"/> is given, the matching messages when a <see cref="Topic"/> is given, and else each
/// step, the present moment first. Of the occasions it meets inside <see cref="From"/>, <see cref="Until"/> and <see cref="FromStep"/>
/// it strikes from the <see cref="Nth"/> on, each with <see cref="Probability"/>, at most <see cref="Count"/> times.</remarks>
public sealed record FaultRule
{
    /// <summary>Name of the rule; empty lets the desk give one.</summary>
    public string Id { get; init; } = "";

    /// <summary>What goes wrong.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>Beginning of the path of a request or a socket, such as <c>/v5/order/create</c>.</summary>
    public string? Path { get; init; }

    /// <summary>HTTP method of a request.</summary>
    public string? Method { get; init; }

    /// <summary>API key of the account; an act from outside without one meets the first account.</summary>
    public string? Account { get; init; }

    /// <summary>Beginning of the topic of a message, such as <c>kline.15.BTCUSDT</c> or <c>execution</c>.</summary>
    public string? Topic { get; init; }

    /// <summary>A text that must stand in a request's query or body, such as an order's side or link id.</summary>
    public string? Contains { get; init; }

    /// <summary>Contract of an act from outside.</summary>
    public Symbol? Symbol { get; init; }

    /// <summary>First occasion that may be struck, from 1.</summary>
    public int Nth { get; init; } = 1;

    /// <summary>How often it strikes at most, at least 1; <c>null</c> = without bound.</summary>
    public int? Count { get; init; } = 1;

    /// <summary>Probability of each strike, above 0 to 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Market time from which it may strike; <c>null</c> = at once.</summary>
    public Instant? From { get; init; }

    /// <summary>Market time before which it may strike; <c>null</c> = for ever.</summary>
    public Instant? Until { get; init; }

    /// <summary>Step from which it may strike; <c>null</c> = at once.</summary>
    public long? FromStep { get; init; }

    /// <summary>A delay in milliseconds, at least 0; of market time for a read that lags, and for a message unless <see cref="WallTime"/>.</summary>
    public int DelayMs { get; init; }

    /// <summary>How long a state lasts in milliseconds, above 0; <c>null</c> = until the rule is removed.</summary>
    public long? DurationMs { get; init; }

    /// <summary>Whether <see cref="DurationMs"/> and the lag of a message are wall time; else they are market time.</summary>
    public bool WallTime { get; init; }

    /// <summary>Whether the request is applied before it is answered with the fault.</summary>
    public bool AfterApplying { get; init; }

    /// <summary>HTTP status, 200 to 599; 0 = the kind's default.</summary>
    public int Status { get; init; }

    /// <summary>retCode; 0 = the kind's default.</summary>
    public int Code { get; init; }

    /// <summary>Text beside the status or the code.</summary>
    public string? Text { get; init; }

    /// <summary>A share, above 0 to 1.</summary>
    public decimal Fraction { get; init; } = 0.5m;

    /// <summary>How many messages overtake a held one, at least 1.</summary>
    public int Hold { get; init; } = 1;

    /// <summary>Side of a trade from outside.</summary>
    public Side Side { get; init; } = Side.Buy;

    /// <summary>Base coin of a trade from outside, above 0.</summary>
    public decimal Quantity { get; init; }

    /// <summary>USDT of a transfer, a leverage, or a position mode.</summary>
    public decimal Amount { get; init; }

    /// <summary>How far the venue's clock is off in milliseconds, positive ahead.</summary>
    public long OffsetMs { get; init; }

    /// <summary>Wall time in milliseconds over which the clock drifts there; 0 = at once.</summary>
    public long SlewMs { get; init; }

    /// <summary>Returns what is wrong with the rule, or <c>null</c>.</summary>
    public string? Fault() => this switch
    {
        _ when !Enum.IsDefined(Kind) => $"kind must be one of {string.Join(", ", Enum.GetNames<FaultKind>())}, was '{Kind}'",
        { Nth: < 1 } => $"nth must be at least 1, was {Nth}",
        { Count: < 1 } => $"count must be at least 1 or null for no bound, was {Count}",
        { Probability: not (> 0 and <= 1) } => FormattableString.Invariant($"probability must be above 0 and at most 1, was {Probability}"),
        { DelayMs: < 0 } => $"delayMs must be at least 0, was {DelayMs}",
        { DurationMs: < 1 or > 1_000_000_000_000 } => $"durationMs must be 1 to 1,000,000,000,000 or null for no end, was {DurationMs}",
        { Status: not (0 or (>= 200 and <= 599)) } => $"status must be 200 to 599, was {Status}",
        { Fraction: not (> 0 and <= 1) } => FormattableString.Invariant($"fraction must be above 0 and at most 1, was {Fraction}"),
        { Hold: < 1 } => $"hold must be at least 1, was {Hold}",
        { SlewMs: < 0 } => $"slewMs must be at least 0, was {SlewMs}",
        { Kind: FaultKind.DelayRequest or FaultKind.DelayAnswer or FaultKind.LagMessage, DelayMs: 0 } => $"{Kind} needs delayMs above 0",
        { Kind: FaultKind.LagRead, DelayMs: not (> 0 and <= Wire.RecentRows.MostLagMs) } => $"LagRead needs delayMs of 1 to {Wire.RecentRows.MostLagMs}, was {DelayMs}",
        { Kind: FaultKind.ManualTrade, Quantity: <= 0 } => FormattableString.Invariant($"ManualTrade needs a quantity above 0, was {Quantity}"),
        { Kind: FaultKind.ManualTrade or FaultKind.SetLeverage or FaultKind.SwitchMode or FaultKind.Deleverage, Symbol: null } => $"{Kind} needs a symbol",
        { Kind: FaultKind.SwitchMode, Amount: not (0 or 3) } => FormattableString.Invariant($"SwitchMode needs amount 0 (one-way) or 3 (hedge), was {Amount}"),
        { Kind: FaultKind.SetLeverage, Amount: < 1 } => FormattableString.Invariant($"SetLeverage needs amount of at least 1, was {Amount}"),
        { Kind: FaultKind.Transfer, Amount: 0 } => "Transfer needs an amount other than 0",
        { OffsetMs: < -86_400_000L * 365 or > 86_400_000L * 365 } => $"offsetMs must lie within a year, was {OffsetMs}",
        _ => null,
    };

    internal FaultOccasion Occasion => Kind switch
    {
        <= FaultKind.LagRead => FaultOccasion.Request,
        FaultKind.RefuseConnect => FaultOccasion.Connect,
        FaultKind.SilentSocket or FaultKind.CutSocket or >= FaultKind.ClockSkew => Topic is not null ? FaultOccasion.Message
            : Path is not null && Path.StartsWith("/v5/", StringComparison.Ordinal) && !IsSocketPath(Path) ? FaultOccasion.Request : FaultOccasion.Step,
        _ => FaultOccasion.Message,
    };

    private static bool IsSocketPath(string path) =>
        path.StartsWith("/v5/public", StringComparison.Ordinal) || path.StartsWith("/v5/private", StringComparison.Ordinal) || path.StartsWith("/v5/trade", StringComparison.Ordinal);
}

namespace TicketBot.Host.Running;

/// <summary>What a run was asked for beyond the configuration.</summary>
public sealed record RunRequest
{
    /// <summary>Candle files to replay; empty for a generated market.</summary>
    public IReadOnlyList<string> Replay { get; init; } = [];

    /// <summary>Share of a replay that is history, 0..1.</summary>
    public double HistoryFraction { get; init; } = 0.6;

    /// <summary>Recorded funding files, named <c>VENUE_SYMBOL_funding.csv[.gz]</c>.</summary>
    public IReadOnlyList<string> Funding { get; init; } = [];

    /// <summary>Trading rules as JSON, or <c>null</c> for the built-in ones.</summary>
    public string? Instruments { get; init; }

    /// <summary>Wall time after which the daemon stops by itself, or <c>null</c>.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Whether the daemon stays up when a replay is played to its end.</summary>
    public bool Stay { get; init; }
}

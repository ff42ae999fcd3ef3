using TicketBot.Research.ArchitectureSearch.Latency;

namespace TicketBot.Research.ArchitectureSearch.Candles;

/// <summary>A search for architectures on candles.</summary>
public sealed record CandleSearchRequest
{
    /// <summary>Candles and market time.</summary>
    public required SearchInput Input { get; init; }

    /// <summary>How it is searched.</summary>
    public required ArchitectureSearchPlan Plan { get; init; }

    /// <summary>Candles whose feature rows a network reads at once, 1 to 64.</summary>
    public int Window { get; init; } = 1;

    /// <summary>Measured latencies; null leaves latency out.</summary>
    public LatencyTable? Latency { get; init; }

    /// <summary>Whether tickets are drawn from the chosen architecture and judged. Default true.</summary>
    public bool DrawsTickets { get; init; } = true;

    /// <summary>Told of each training of the search, never twice at once; or <c>null</c>.</summary>
    public Action<ArchitectureSearchProgress>? Progress { get; init; }

    /// <summary>Told of each step of the ticket factory; or <c>null</c>.</summary>
    public Action<FactoryProgress>? TicketProgress { get; init; }

    /// <summary>Told what else is going on, in plain words; or <c>null</c>.</summary>
    public Action<string>? Say { get; init; }
}

namespace TicketBot.Research.Campaigns;

/// <summary>Which markets a campaign searches.</summary>
public sealed record CampaignRequest
{
    /// <summary>Kinds of markets, each with every seed.</summary>
    public required IReadOnlyList<CampaignMarket> Markets { get; init; }

    /// <summary>Seeds per market.</summary>
    public int Seeds { get; init; } = 10;

    /// <summary>First seed.</summary>
    public ulong FirstSeed { get; init; } = 1;

    /// <summary>Candles played after the search with the tickets that passed: rows no part of the search has seen.</summary>
    public int ForwardCandles { get; init; } = 4_000;

    /// <summary>File that each finished market is appended to as one line of JSON; lines of an earlier run with equal settings are not done again.</summary>
    public required string ResultsFile { get; init; }
}

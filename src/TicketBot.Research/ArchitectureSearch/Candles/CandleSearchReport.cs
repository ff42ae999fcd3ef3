using TicketBot.Domain;

namespace TicketBot.Research.ArchitectureSearch.Candles;

/// <summary>What a search on candles found, and what came of the tickets drawn from it.</summary>
public sealed record CandleSearchReport
{
    /// <summary>The contract.</summary>
    public required Symbol Symbol { get; init; }

    /// <summary>The candle length.</summary>
    public required Interval Interval { get; init; }

    /// <summary>Market time of the newest candle that was read.</summary>
    public required Instant AsOf { get; init; }

    /// <summary>Candles whose feature rows a network reads at once.</summary>
    public required int Window { get; init; }

    /// <summary>Candles that trials looked at: training and validation rows with their outcomes.</summary>
    public required (Instant From, Instant Until) TrialSpan { get; init; }

    /// <summary>Candles of the rows on which finalists were judged; none of them before <see cref="TrialSpan"/> ends.</summary>
    public required (Instant From, Instant Until) TestSpan { get; init; }

    /// <summary>The search.</summary>
    public required ArchitectureSearchReport Search { get; init; }

    /// <summary>The architecture that tickets are drawn from.</summary>
    public required FinalistChoice Choice { get; init; }

    /// <summary>Trials entered in the ledger, finalists on test rows counted again.</summary>
    public required int Entered { get; init; }

    /// <summary>The tickets with what the gates said, or <c>null</c> where none were asked for.</summary>
    public required FactoryResult? Tickets { get; init; }
}

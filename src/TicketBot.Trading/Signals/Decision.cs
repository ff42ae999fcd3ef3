using TicketBot.Domain;
using TicketBot.Market.Features;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Risk;

namespace TicketBot.Trading.Signals;

/// <summary>What one closed candle of one series led to, whole: everything needed to say why.</summary>
public sealed record Decision
{
    /// <summary>Symbol and interval.</summary>
    public required SeriesKey Series { get; init; }

    /// <summary>Market time: the candle's close.</summary>
    public required Instant Time { get; init; }

    /// <summary>Hash of the feature row's bits; empty when no row could be built.</summary>
    public FeatureHash FeatureHash { get; init; } = FeatureHash.None;

    /// <summary>Regime after hysteresis; empty when unknown.</summary>
    public string Regime { get; init; } = "";

    /// <summary>Filtered probability of that regime.</summary>
    public double RegimeProbability { get; init; }

    /// <summary>The ticket asked, or <c>null</c>.</summary>
    public TicketId? Ticket { get; init; }

    /// <summary>Calibrated probability of a rise, or <c>null</c>.</summary>
    public double? ProbabilityUp { get; init; }

    /// <summary>The side signalled at or above the confidence threshold, or <c>null</c>.</summary>
    public Side? Signal { get; init; }

    /// <summary>Similarity to the ticket's training market, measured for signals only.</summary>
    public double? Similarity { get; init; }

    /// <summary>Why no position was opened; None when one was or when the decision was to close.</summary>
    public DenialCode Denial { get; init; }

    /// <summary>Plain words with the numbers.</summary>
    public string Detail { get; init; } = "";

    /// <summary>The order that follows, or <c>null</c>.</summary>
    public ClientOrderId? Order { get; init; }

    /// <summary>max(p, 1 - p), or <c>null</c>.</summary>
    public double? Confidence => ProbabilityUp is { } p ? Math.Max(p, 1 - p) : null;
}

using TicketBot.Domain;

namespace TicketBot.Tickets;

/// <summary>Where a ticket comes from: everything needed to make it again, bit for bit.</summary>
public sealed record Lineage
{
    /// <summary>SHA-256 (hex) of the candles it was made from.</summary>
    public required string DataHash { get; init; }

    /// <summary>Open time of the first candle of the training rows.</summary>
    public required Instant TrainedFrom { get; init; }

    /// <summary>Close time of the last candle any fitted part (weights, scaler, temperature, mask) has seen.</summary>
    public required Instant TrainedUntil { get; init; }

    /// <summary>Close time of the last candle of the out-of-sample rows the gates judged on.</summary>
    public required Instant TestedUntil { get; init; }

    /// <summary>Seed of all chance in its making.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How the mask was found: <c>earlyBird</c>, <c>imp</c>, ...</summary>
    public required string Method { get; init; }

    /// <summary>Share of training done when the mask was drawn, 0..1.</summary>
    public double EmergedAt { get; init; }

    /// <summary>Density at and below which its training touched surviving weights only, 0..1. It fixes the order in which gradients were added, so the same
    /// bits need the same value; 0 for tickets that were trained as dense networks under a mask.</summary>
    public required double SparseSwitchDensity { get; init; }

    /// <summary>Market time of the call that made it: later candles played no part.</summary>
    public required Instant AsOf { get; init; }

    /// <summary>All factory settings that change a bit, as canonical JSON; empty in files from before it was kept, which cannot be derived again.</summary>
    public required string Settings { get; init; }

    /// <summary>SHA-256 (hex) of <see cref="Settings"/> and <see cref="Seed"/>.</summary>
    public required string SettingsHash { get; init; }

    /// <summary>The ticket that was trained on, or <c>null</c> when it was found from drawn weights.</summary>
    public TicketId? Parent { get; init; }

    /// <summary>Configurations tried in the call that made it (the family the gates corrected for).</summary>
    public required int Trials { get; init; }
}

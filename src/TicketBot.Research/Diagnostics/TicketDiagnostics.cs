using System.Text.Json;

namespace TicketBot.Research.Diagnostics;

/// <summary>What can be drawn about one found ticket: plain numbers, without a network in them.</summary>
public sealed record TicketDiagnostics
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>The regime it is for.</summary>
    public required string Regime { get; init; }

    /// <summary>Whether it is the pooled ticket.</summary>
    public required bool IsPooled { get; init; }

    /// <summary>Surviving share of its prunable weights, 0..1.</summary>
    public required double Density { get; init; }

    /// <summary>Rows that its losses and accuracies were measured on.</summary>
    public required int ValidationRows { get; init; }

    /// <summary>Dense to ticket; the ticket under two data orders; dense under two data orders.</summary>
    public required IReadOnlyList<BarrierCurve> Barriers { get; init; }

    /// <summary>Its mask and masks drawn from other rows, orders, first weights and labels.</summary>
    public required OverlapReport Overlap { get; init; }

    /// <summary>The stability test with its references.</summary>
    public required MaskStabilityReport Stability { get; init; }

    /// <summary>What it looks at.</summary>
    public required FeatureSurvival Survival { get; init; }

    /// <summary>Dense, then the densities that the search tried, pooled; dense alone after a fine-tuning.</summary>
    public required IReadOnlyList<DensityLevel> Levels { get; init; }

    /// <summary>Returns it as JSON with camelCase names.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Web);

    /// <summary>Reads that JSON.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static TicketDiagnostics FromJson(string json) =>
        JsonSerializer.Deserialize<TicketDiagnostics>(json, Web) ?? throw new JsonException("expected the diagnostics of a ticket, found null");
}

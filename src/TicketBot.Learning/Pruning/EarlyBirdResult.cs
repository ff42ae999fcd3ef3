using TicketBot.Learning.Training;

namespace TicketBot.Learning.Pruning;

/// <summary>What an early-bird search found.</summary>
public sealed record EarlyBirdResult
{
    /// <summary>The mask found early; null when it never emerged.</summary>
    public required MaskSet? Mask { get; init; }

    /// <summary>The mask of the last check, emerged or not; null when training was too short for one.</summary>
    public required MaskSet? LastMask { get; init; }

    /// <summary>Layers that the last mask has all but closed; empty for a sound one, or without a mask.</summary>
    public IReadOnlyList<LayerCollapse> Collapses => LastMask?.Collapses() ?? [];

    /// <summary>Where the mask emerged; null when it did not.</summary>
    public required Step? EmergedAt { get; init; }

    /// <summary>Share of the planned training that was not needed, 0..1; 0 when the mask did not emerge.</summary>
    public required double ShareSaved { get; init; }

    /// <summary>theta_k with its place in data order and schedule.</summary>
    public required TrainingCheckpoint RewindPoint { get; init; }

    /// <summary>Weights when the search ended: at emergence, or at the end of training.</summary>
    public required IReadOnlyList<float[]> LastWeights { get; init; }

    /// <summary>Every check, in order.</summary>
    public required IReadOnlyList<EarlyBirdCheck> Checks { get; init; }
}

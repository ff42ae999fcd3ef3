using TicketBot.Learning.Training;

namespace TicketBot.Learning.Pruning;

/// <summary>How a dynamic sparse training went. The network holds the weights of the training's best step.</summary>
public sealed record RigLResult
{
    /// <summary>Losses, steps and ends.</summary>
    public required TrainingResult Training { get; init; }

    /// <summary>The mask that those weights were trained under last; moves after the best step are not in it.</summary>
    public required MaskSet Mask { get; init; }

    /// <summary>Layers that the mask has all but closed; empty for a sound one.</summary>
    public IReadOnlyList<LayerCollapse> Collapses => Mask.Collapses();

    /// <summary>Every move, in order, also those after the best step.</summary>
    public required IReadOnlyList<RigLMove> Moves { get; init; }

    /// <summary>Weights changed by all moves together; one that left and came back later counts twice.</summary>
    public long Changed => Moves.Sum(move => (long)move.Changed);
}

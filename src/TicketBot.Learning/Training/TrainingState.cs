namespace TicketBot.Learning.Training;

/// <summary>Everything training needs to go on from between two updates as if it had never stopped: weights and running statistics, moments, position in
/// schedule and data, streams, and the best validation so far. <see cref="TrainingStateFile"/> keeps it on disk.</summary>
public sealed record TrainingState
{
    /// <summary>Where training stands.</summary>
    public required Step Step { get; init; }

    /// <summary>Copies of all parameters.</summary>
    public required IReadOnlyList<float[]> Weights { get; init; }

    /// <summary>State of the optimiser.</summary>
    public required OptimizerSnapshot Optimizer { get; init; }

    /// <summary>Stream that the data order and dropout draw from; both are functions of it and the step.</summary>
    public required Rng DataOrder { get; init; }

    /// <summary>Loss of the last batch; null before the first update.</summary>
    public required double? BatchLoss { get; init; }

    /// <summary>Every validation so far, in order; empty without a validation set.</summary>
    public required IReadOnlyList<ValidationPoint> Validations { get; init; }

    /// <summary>Weights of the best validation; null before the first one.</summary>
    public required IReadOnlyList<float[]>? BestWeights { get; init; }
}

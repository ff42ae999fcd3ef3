namespace TicketBot.Learning.Training;

/// <summary>How a training went. The network holds the weights of <see cref="BestStep"/>.</summary>
public sealed record TrainingResult
{
    /// <summary>Lowest validation loss, in the unit of <see cref="TrainingOptions.ValidationLoss"/> (nats for cross-entropy); null without a validation set.</summary>
    public required double? BestValidationLoss { get; init; }

    /// <summary>Where it was measured, the first of equals; the last step without a validation set.</summary>
    public required Step BestStep { get; init; }

    /// <summary>Where training ended.</summary>
    public required Step LastStep { get; init; }

    /// <summary>Updates planned by the options.</summary>
    public required int PlannedSteps { get; init; }

    /// <summary>True when patience ran out before the planned end.</summary>
    public required bool StoppedEarly { get; init; }

    /// <summary>True when the callback ended it.</summary>
    public required bool StoppedByCallback { get; init; }

    /// <summary>Loss of the last batch, in the unit of <see cref="TrainingOptions.Loss"/>; null if no update was made.</summary>
    public required double? LastBatchLoss { get; init; }

    /// <summary>Every measurement, in order.</summary>
    public required IReadOnlyList<ValidationPoint> Validations { get; init; }
}

using TicketBot.Research.ArchitectureSearch.Estimation;

namespace TicketBot.Research.ArchitectureSearch;

/// <summary>One architecture that was tried.</summary>
public sealed record TrialReport
{
    /// <summary>Number of the trial, from 1, in the order of the asks.</summary>
    public required int Number { get; init; }

    /// <summary>Canonical genes.</summary>
    public required string Architecture { get; init; }

    /// <summary>Values that training changes.</summary>
    public required long Parameters { get; init; }

    /// <summary>Products of one prediction.</summary>
    public required long MultiplyAdds { get; init; }

    /// <summary>Predicted time of one prediction in microseconds, from the latency table; null without one.</summary>
    public required double? LatencyUs { get; init; }

    /// <summary>Lowest validation log-loss in nats; positive infinity if training diverged.</summary>
    public required double ValidationLoss { get; init; }

    /// <summary>Share of validation rows right at that moment.</summary>
    public required double ValidationAccuracy { get; init; }

    /// <summary>Updates it was trained for.</summary>
    public required int Updates { get; init; }

    /// <summary>Products of weights that its training ran, counted.</summary>
    public required long TrainingMultiplyAdds { get; init; }

    /// <summary>Returns it with what its training gave.</summary>
    internal TrialReport With(TrialResult result, int updates) => this with
    {
        ValidationLoss = result.ValidationLoss, ValidationAccuracy = result.ValidationAccuracy, Updates = updates, TrainingMultiplyAdds = result.TrainingMultiplyAdds,
    };
}

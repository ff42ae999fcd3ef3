namespace TicketBot.Research.ArchitectureSearch;

/// <summary>A trial that was trained again with fresh seeds on all training rows and judged on test rows, which nothing before has seen. Scores are nats of log-loss below
/// always saying the class frequencies of the training rows: 0 is no edge, below 0 is worse than none.</summary>
public sealed record FinalistReport
{
    /// <summary>Canonical genes.</summary>
    public required string Architecture { get; init; }

    /// <summary>Values that training changes.</summary>
    public required long Parameters { get; init; }

    /// <summary>The score it was found by: its one trial on validation rows.</summary>
    public required double SearchScore { get; init; }

    /// <summary>Mean over fresh seeds on the newer half of the validation rows, while the older half stops training early: what the best of the finalists is chosen by.</summary>
    public required double ConfirmedScore { get; init; }

    /// <summary>Mean over fresh seeds on test rows, each network at the temperature that fits the newer half of the validation rows.</summary>
    public required double RetestScore { get; init; }

    /// <summary>Lower end of the 95 % interval of <see cref="RetestScore"/> over test rows (stationary bootstrap) and seeds (Student's t), added in squares.</summary>
    public required double RetestLow { get; init; }

    /// <summary>Upper end of it.</summary>
    public required double RetestHigh { get; init; }

    /// <summary>Search score minus re-test score: what was selection and what was luck.</summary>
    public double Shrinkage => SearchScore - RetestScore;

    /// <summary>Mean share of test rows right over fresh seeds.</summary>
    public required double TestAccuracy { get; init; }

    /// <summary>Log-loss in nats per confirming row, the mean over fresh seeds.</summary>
    internal IReadOnlyList<double> ConfirmedLosses { get; init; } = [];

    /// <summary>Probability given to each test row's own class, the mean over fresh seeds, 0..1.</summary>
    internal IReadOnlyList<double> TestProbabilities { get; init; } = [];
}

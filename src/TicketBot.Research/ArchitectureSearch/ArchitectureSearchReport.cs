namespace TicketBot.Research.ArchitectureSearch;

/// <summary>What a search found. Equal inputs give an equal report but for <see cref="Seconds"/> and <see cref="Reused"/>.</summary>
public sealed record ArchitectureSearchReport
{
    /// <summary>The plan.</summary>
    public required ArchitectureSearchPlan Plan { get; init; }

    /// <summary>The space in words.</summary>
    public required string Space { get; init; }

    /// <summary>Combinations of options with an effect.</summary>
    public required string SpaceSize { get; init; }

    /// <summary>Rows to train, to validate, to test.</summary>
    public required (int Train, int Validation, int Test) Rows { get; init; }

    /// <summary>Training rows a trial saw.</summary>
    public required int TrialRows { get; init; }

    /// <summary>Every architecture tried, in the order of the asks.</summary>
    public required IReadOnlyList<TrialReport> Trials { get; init; }

    /// <summary>The trials that no other one dominates in the objectives, by falling loss.</summary>
    public required IReadOnlyList<TrialReport> Front { get; init; }

    /// <summary>Hypervolume of the front: the share of the box from nothing to the loss of the class frequencies and to the largest architecture of the space (sizes and
    /// latencies by their logarithm) that the front dominates, 0 to 1.</summary>
    public required double Hypervolume { get; init; }

    /// <summary>The finalists, by falling confirmed score; the first is the best.</summary>
    public required IReadOnlyList<FinalistReport> Finalists { get; init; }

    /// <summary>The best of the finalists.</summary>
    public FinalistReport Best => Finalists[0];

    /// <summary>Log-loss of always saying the class frequencies of the training rows, on validation rows, in nats.</summary>
    public required double PriorLoss { get; init; }

    /// <summary>SHA-256 (hex) of the latency table; null without one.</summary>
    public required string? LatencyTable { get; init; }

    /// <summary>What strategy and search have to say, in plain sentences.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    /// <summary>Trainings that were found stored.</summary>
    public required int Reused { get; init; }

    /// <summary>Wall seconds.</summary>
    public required double Seconds { get; init; }
}

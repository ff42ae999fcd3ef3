using TicketBot.Learning.Training;
using TicketBot.Research.ArchitectureSearch.Spaces;
using TicketBot.Research.Experiments;
using TicketBot.Research.Stages;

namespace TicketBot.Research.ArchitectureSearch;

/// <summary>What a strategy may use that learns from the rows before it asks.</summary>
public sealed record SearchContext
{
    /// <summary>The architectures that may be asked for.</summary>
    public required ArchitectureSpace Space { get; init; }

    /// <summary>Rows; a strategy reads training and validation rows and never the test rows.</summary>
    public required ExperimentRows Rows { get; init; }

    /// <summary>How a candidate is trained when it is tried.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>Seed of the search.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Runs work once and stores it under the hash of its inputs.</summary>
    public required StageRunner Stages { get; init; }

    /// <summary>Trains a candidate by itself, as a trial of the search does, and returns its validation log-loss in nats (positive infinity if training diverged): what
    /// scores made of shared weights are held against.</summary>
    public required Func<Candidate, CancellationToken, Task<double>> TrainAloneAsync { get; init; }

    /// <summary>Told in plain words how far the preparation is; or <c>null</c>.</summary>
    public Action<string>? Report { get; init; }
}

namespace TicketBot.Research.Experiments;

/// <summary>What an experiment found.</summary>
public sealed record ExperimentReport
{
    /// <summary>Name of the dense network among outcomes and comparisons.</summary>
    public const string DenseName = "dense";

    /// <summary>Name of the ticket among outcomes.</summary>
    public const string TicketName = "ticket";

    /// <summary>The plan.</summary>
    public required ExperimentPlan Plan { get; init; }

    /// <summary>Canonical gene list.</summary>
    public required string Architecture { get; init; }

    /// <summary>Rows used, all blocks.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows learned from.</summary>
    public required int TrainRows { get; init; }

    /// <summary>Rows that choices are made by.</summary>
    public required int ValidationRows { get; init; }

    /// <summary>Rows of the reported accuracy.</summary>
    public required int TestRows { get; init; }

    /// <summary>Features of a step.</summary>
    public required int Features { get; init; }

    /// <summary>Steps of a row.</summary>
    public required int Window { get; init; }

    /// <summary>Classes.</summary>
    public required int Classes { get; init; }

    /// <summary>Each repetition.</summary>
    public required IReadOnlyList<SeedReport> Seeds { get; init; }

    /// <summary>Over seeds, by round and partner: accuracy at the early stop of the ticket minus that of its partner.</summary>
    public required IReadOnlyList<ControlComparison> Comparisons { get; init; }

    /// <summary>What was found: a winning ticket, a sparse network, or the dense network alone.</summary>
    public required ExperimentVerdict Verdict { get; init; }

    /// <summary>Searches on permuted labels that were made.</summary>
    public required int NullDraws { get; init; }

    /// <summary>Multiply-adds of weights in all trainings, those found stored included: each training counts every weight it really multiplied.</summary>
    public required long MultiplyAdds { get; init; }

    /// <summary>Trainings in all.</summary>
    public required int Trainings { get; init; }

    /// <summary>Trainings found stored.</summary>
    public required int Reused { get; init; }

    /// <summary>Wall time.</summary>
    public required double Seconds { get; init; }

    /// <summary>Returns the name of a control among outcomes and comparisons.</summary>
    public static string NameOf(ExperimentControl control) => control switch
    {
        ExperimentControl.Reinit => "reinit",
        ExperimentControl.Shuffled => "shuffled",
        ExperimentControl.Random => "random",
        _ => throw new ArgumentOutOfRangeException(nameof(control), control, "unknown control"),
    };
}

/// <summary>One repetition.</summary>
public sealed record SeedReport
{
    /// <summary>Its seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Dense, then each round.</summary>
    public required IReadOnlyList<RoundReport> Rounds { get; init; }

    /// <summary>Step of dense training at which the mask of the last density stopped moving; <c>null</c> when it never did or the method does not look.</summary>
    public required int? EmergedAtStep { get; init; }

    /// <summary>Why rounds ended before the last; <c>null</c> if they did not.</summary>
    public required string? Stopped { get; init; }

    /// <summary>SHA-256 (hex) of the last mask: a byte of 0 or 1 per prunable weight, parameter by parameter.</summary>
    public required string MaskSha256 { get; init; }

    /// <summary>SHA-256 (hex) of the last network's weights at its early stop: little-endian floats, parameter by parameter.</summary>
    public required string WeightsSha256 { get; init; }

    /// <summary>What the last network looks at.</summary>
    public required IReadOnlyList<InputShare> InputSurvival { get; init; }
}

/// <summary>One round of one repetition.</summary>
/// <param name="Round">Its number; 0 is dense.</param>
/// <param name="Remaining">Surviving share of the prunable weights, 0..1.</param>
/// <param name="Layers">Survivors per weight array.</param>
/// <param name="HasCollapsed">Whether a layer keeps fewer than one weight in a hundred, or an output has no input.</param>
/// <param name="Outcomes">By name: dense alone, or the ticket and its controls.</param>
public sealed record RoundReport(int Round, double Remaining, IReadOnlyList<LayerCount> Layers, bool HasCollapsed, IReadOnlyDictionary<string, OutcomeReport> Outcomes);

/// <summary>What remains of one weight array.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Remaining">Survivors.</param>
/// <param name="Total">All.</param>
public sealed record LayerCount(string Name, int Remaining, int Total);

/// <summary>How one training went.</summary>
/// <param name="EarlyStopStep">Step of the lowest validation loss.</param>
/// <param name="AccuracyAtEarlyStop">Share of test rows right with the weights of that step, 0..1.</param>
/// <param name="FinalAccuracy">The same with the last weights.</param>
/// <param name="MinValidationLoss">Lowest validation loss in nats.</param>
public sealed record OutcomeReport(int EarlyStopStep, double AccuracyAtEarlyStop, double FinalAccuracy, double MinValidationLoss);

/// <summary>How much of a network's surviving input weights stands on a feature.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Share">Share of the sum of |weight|, 0..1.</param>
/// <param name="NullHigh">95 % point of the largest share of any feature under permuted labels; <c>null</c> without draws.</param>
public sealed record InputShare(string Feature, double Share, double? NullHigh);

/// <summary>The ticket against a partner, paired over seeds.</summary>
/// <param name="Round">The round.</param>
/// <param name="Remaining">Mean surviving share.</param>
/// <param name="Control">The partner: dense or a control.</param>
/// <param name="Accuracy">Accuracy at early stop, ticket minus partner.</param>
/// <param name="MeanStepDifference">Early-stop step, mean of ticket minus partner.</param>
public sealed record ControlComparison(int Round, double Remaining, string Control, PairedTest Accuracy, double MeanStepDifference);

/// <summary>What an experiment may call its network.</summary>
/// <param name="Label">"winning ticket", "sparse network" or "dense network".</param>
/// <param name="Round">The round it is about, chosen by validation loss; <c>null</c> without rounds.</param>
/// <param name="Reason">Why, in plain words.</param>
public sealed record ExperimentVerdict(string Label, int? Round, string Reason);

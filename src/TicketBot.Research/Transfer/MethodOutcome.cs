using System.Text.Json;

namespace TicketBot.Research.Transfer;

/// <summary>What one method gave from one seed: the output of a stage. Immutable.</summary>
internal sealed record MethodOutcome
{
    /// <summary>Why nothing was trained, in plain words; <c>null</c> if something was.</summary>
    public string? Skipped { get; init; }

    /// <summary>Passes over the rows it learned from (of the source, where both domains are learned); 0 where nothing is.</summary>
    public int Epochs { get; init; }

    /// <summary>Updates made for the weights that are judged.</summary>
    public int Updates { get; init; }

    /// <summary>Log-loss of each row that choices are made by, in nats: held-out labelled rows, or validation rows of the target; empty without labels.</summary>
    public double[] HeldLosses { get; init; } = [];

    /// <summary>Whether each of them was right.</summary>
    public bool[] HeldRight { get; init; } = [];

    /// <summary>Share of them that would be right if answers of the same frequencies had no relation to the classes.</summary>
    public double AgreementByChance { get; init; }

    /// <summary>Mean held-out loss at each look.</summary>
    public double[] Curve { get; init; } = [];

    /// <summary>Updates before each look.</summary>
    public int[] CurveUpdates { get; init; } = [];

    /// <summary>Kernel distance of the features of both domains at each look of an adaptation of domains.</summary>
    public double[] DistanceCurve { get; init; } = [];

    /// <summary>Whether each test row of the source was right before, and after.</summary>
    public bool[] SourceBefore { get; init; } = [];

    /// <summary>After.</summary>
    public bool[] SourceAfter { get; init; } = [];

    /// <summary>Whether each test row of the target was right before, and after.</summary>
    public bool[] TargetBefore { get; init; } = [];

    /// <summary>After.</summary>
    public bool[] TargetAfter { get; init; } = [];

    /// <summary>Source validation accuracy before and after.</summary>
    public double SourceValidationBefore { get; init; }

    /// <summary>After.</summary>
    public double SourceValidation { get; init; }

    /// <summary>The alignment's own statistic before and after: kernel or covariance distance of the features; <c>null</c> where nothing is aligned.</summary>
    public double? StatisticBefore { get; init; }

    /// <summary>After.</summary>
    public double? StatisticAfter { get; init; }

    /// <summary>Kernel distance of the features of both domains, before and after.</summary>
    public double FeatureDistanceBefore { get; init; }

    /// <summary>After.</summary>
    public double FeatureDistance { get; init; }

    /// <summary>Share of rows that a classifier made for the features puts in their domain, before and after, 0.5 where it cannot tell; <c>null</c> but for the adversarial method.</summary>
    public double? DomainAccuracyBefore { get; init; }

    /// <summary>After.</summary>
    public double? DomainAccuracy { get; init; }

    /// <summary>Share of rows that the adversary trained beside the network put in their domain over its first updates and over its last; <c>null</c> but for the adversarial method.</summary>
    public double? AdversaryAccuracyBefore { get; init; }

    /// <summary>Over its last.</summary>
    public double? AdversaryAccuracy { get; init; }

    /// <summary>Mean entropy of the predictions for training rows of the target, in nats.</summary>
    public double TargetEntropy { get; init; }

    /// <summary>Why the features count as collapsed; <c>null</c> if they do not.</summary>
    public string? Collapse { get; init; }

    /// <summary>Returns the stored form.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <summary>Reads the stored form.</summary>
    public static MethodOutcome FromBytes(byte[] bytes) =>
        JsonSerializer.Deserialize<MethodOutcome>(bytes) ?? throw new FormatException("a stored transfer is empty; delete the run store to make it again");
}

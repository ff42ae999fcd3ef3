namespace TicketBot.Research.Transfer;

/// <summary>What came of a transfer.</summary>
public sealed record TransferReport
{
    /// <summary>The plan.</summary>
    public required TransferPlan Plan { get; init; }

    /// <summary>Canonical genes of the network.</summary>
    public required string Architecture { get; init; }

    /// <summary>Gene whose outputs are the features.</summary>
    public required int FeatureLayer { get; init; }

    /// <summary>Training rows of the source.</summary>
    public required int SourceRows { get; init; }

    /// <summary>Training rows of the target.</summary>
    public required int TargetRows { get; init; }

    /// <summary>Labels of the target that were used, validation rows included.</summary>
    public required int TargetLabels { get; init; }

    /// <summary>Test rows of the target with a class.</summary>
    public required int TestRows { get; init; }

    /// <summary>Features of a step.</summary>
    public required int Features { get; init; }

    /// <summary>Steps of a row.</summary>
    public required int Window { get; init; }

    /// <summary>Classes.</summary>
    public required int Classes { get; init; }

    /// <summary>How far apart the domains lie.</summary>
    public required DomainDistances Distances { get; init; }

    /// <summary>Error of the source's network on the source plus half the A-distance: an intuition of what its error on the target may come to where both tasks agree. It is no
    /// bound: the distance of Ben-David and others is another one, and their terms of sample size and of the best joint error are missing.</summary>
    public required double IntuitionOfTargetError { get; init; }

    /// <summary>Every method, asked for or a control.</summary>
    public required IReadOnlyList<MethodReport> Methods { get; init; }

    /// <summary>The rules.</summary>
    public required IReadOnlyList<TransferGate> Gates { get; init; }

    /// <summary>What is to be used.</summary>
    public required TransferMethod Chosen { get; init; }

    /// <summary>Whether transfer was asked for and refused.</summary>
    public required bool Fallback { get; init; }

    /// <summary>Why, in plain words.</summary>
    public required string Reason { get; init; }

    /// <summary>Gain of the choice over scratch in target test accuracy; <c>null</c> without labels.</summary>
    public required Gain? OverScratch { get; init; }

    /// <summary>Gain of the choice over the source's network.</summary>
    public required Gain? OverSource { get; init; }

    /// <summary>Whether a ticket may come of it: transfer was chosen and every gate passed.</summary>
    public required bool IsEligible { get; init; }

    /// <summary>Trainings, stored ones included.</summary>
    public required int Trainings { get; init; }

    /// <summary>Of them, found stored.</summary>
    public required int Reused { get; init; }

    /// <summary>Wall time.</summary>
    public required double Seconds { get; init; }
}

namespace TicketBot.Research.Transfer;

/// <summary>What is transferred and how, in words and numbers: with the rows everything a transfer depends on.</summary>
public sealed record TransferPlan
{
    /// <summary>Gene list of the network; <c>null</c> takes 128-64 with batch normalisation and dropout 0.3 as features and a head of 64, behind <c>flatten</c> where rows have a window.</summary>
    public string? Architecture { get; init; }

    /// <summary>Gene whose outputs are the features, counted from 1; <c>null</c> takes the last before the head of 64, or the last of a given gene list.</summary>
    public int? FeatureLayer { get; init; }

    /// <summary>Methods beside none and scratch, which are always there.</summary>
    public IReadOnlyList<TransferMethod> Methods { get; init; } = TransferMethods.All;

    /// <summary>Independent repetitions, 1 to 100; 1 by default.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>First seed; the others follow it one by one. 1 by default.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Longest training in epochs, 1 to 1,000; 60 by default.</summary>
    public int Epochs { get; init; } = 60;

    /// <summary>Step size of training from fresh weights, above 0; 0.001 by default.</summary>
    public double LearningRate { get; init; } = 0.001;

    /// <summary>Factor of an alignment's gradient, at least 0; 1 by default.</summary>
    public double AlignmentWeight { get; init; } = 1;

    /// <summary>Factor of the task's gradient beside an alignment, at least 0; 1 by default. With 0 the features collapse, which the report then says.</summary>
    public double TaskWeight { get; init; } = 1;

    /// <summary>Factor of the pull to the source's weights, at least 0; 0.1 by default.</summary>
    public double AnchorStrength { get; init; } = 0.1;
}

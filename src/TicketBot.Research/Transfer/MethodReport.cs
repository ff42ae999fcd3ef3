namespace TicketBot.Research.Transfer;

/// <summary>What one method gave, over all seeds. Accuracies are shares of test rows; <c>null</c> where nothing was trained or no test row has a class.</summary>
public sealed record MethodReport
{
    /// <summary>The method.</summary>
    public required TransferMethod Method { get; init; }

    /// <summary>On the source, before: the source's network, or a drawn one where training starts afresh.</summary>
    public double? SourceAccuracyBefore { get; init; }

    /// <summary>On the source, after.</summary>
    public double? SourceAccuracy { get; init; }

    /// <summary>On the target, before.</summary>
    public double? TargetAccuracyBefore { get; init; }

    /// <summary>On the target, after.</summary>
    public double? TargetAccuracy { get; init; }

    /// <summary>Lower end of the 95 % interval of <see cref="TargetAccuracy"/>.</summary>
    public double? Low { get; init; }

    /// <summary>Upper end.</summary>
    public double? High { get; init; }

    /// <summary>Mean epochs over seeds, rounded.</summary>
    public int Epochs { get; init; }

    /// <summary>Rows of the target that it needs at least.</summary>
    public int LeastRows { get; init; }

    /// <summary>Rows of the target that it had: labelled ones, or all for methods that adapt domains.</summary>
    public int Rows { get; init; }

    /// <summary>Mean log-loss on the rows that choices are made by, in nats; <c>null</c> without labels.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Gain in target test accuracy over scratch, with its interval.</summary>
    public Gain? OverScratch { get; init; }

    /// <summary>Gain in target test accuracy over the source's network, with its interval.</summary>
    public Gain? OverSource { get; init; }

    /// <summary>Share of bootstrap draws of the rows that choices are made by in which it is worse than both scratch and the source's network: risk of negative transfer, 0..1.</summary>
    public double? NegativeTransferRisk { get; init; }

    /// <summary>Mean updates after which its validation loss was as low as the lowest of scratch; <c>null</c> if never or not comparable.</summary>
    public double? UpdatesToScratch { get; init; }

    /// <summary>Mean updates after which that of scratch was lowest; the measure of <see cref="UpdatesToScratch"/>.</summary>
    public double? ScratchUpdates { get; init; }

    /// <summary>The alignment's own statistic before and after.</summary>
    public double? StatisticBefore { get; init; }

    /// <summary>After.</summary>
    public double? StatisticAfter { get; init; }

    /// <summary>Share of rows that a classifier made for the features puts in their domain, before and after, 0.5 where it cannot tell; <c>null</c> but for the adversarial method.</summary>
    public double? DomainAccuracyBefore { get; init; }

    /// <summary>After.</summary>
    public double? DomainAccuracy { get; init; }

    /// <summary>Share of rows that the adversary trained beside the network put in their domain over its first updates and over its last, 0.5 where it is beaten; <c>null</c> but for the
    /// adversarial method. The adversary lags behind what it is trained against, so <see cref="DomainAccuracy"/> is the harder measure.</summary>
    public double? AdversaryAccuracyBefore { get; init; }

    /// <summary>Over its last.</summary>
    public double? AdversaryAccuracy { get; init; }

    /// <summary>Why its features count as collapsed, or <c>null</c>.</summary>
    public string? Collapse { get; init; }

    /// <summary>Why it was not trained or may not be chosen, or <c>null</c>.</summary>
    public string? Refused { get; init; }

    /// <summary>Mean validation loss at each look.</summary>
    public IReadOnlyList<double> Curve { get; init; } = [];

    /// <summary>Kernel distance of the features at each look.</summary>
    public IReadOnlyList<double> DistanceCurve { get; init; } = [];

    /// <summary>Seconds of its trainings; 0 for stored ones.</summary>
    public double Seconds { get; init; }
}

/// <summary>A difference of accuracies with its interval.</summary>
/// <param name="Mean">The difference, a fraction.</param>
/// <param name="Low">Lower end at 95 %.</param>
/// <param name="High">Upper end at 95 %.</param>
public sealed record Gain(double Mean, double Low, double High);

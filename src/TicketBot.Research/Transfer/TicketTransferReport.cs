using TicketBot.Research.Experiments;

namespace TicketBot.Research.Transfer;

/// <summary>What a source's ticket was worth on the target.</summary>
public sealed record TicketTransferReport
{
    /// <summary>Name of the source's mask over the source's theta_k, trained on the target.</summary>
    public const string TransferredName = "transferred";

    /// <summary>Name of the target's own ticket of the same round.</summary>
    public const string OwnName = "own";

    /// <summary>Name of the source's mask permuted inside each layer, over the source's theta_k.</summary>
    public const string ShuffledName = "shuffled";

    /// <summary>Name of the source's mask over freshly drawn weights.</summary>
    public const string ReinitName = "reinit";

    /// <summary>Name of the dense network trained on the target from drawn weights.</summary>
    public const string ScratchName = "scratch";

    /// <summary>The plan.</summary>
    public required TicketTransferPlan Plan { get; init; }

    /// <summary>Canonical genes of the network.</summary>
    public required string Architecture { get; init; }

    /// <summary>Labelled rows of the target that were learned from.</summary>
    public required int TrainRows { get; init; }

    /// <summary>Labelled rows of the target that the early stop is chosen by.</summary>
    public required int ValidationRows { get; init; }

    /// <summary>Rows of the target that serve the reported accuracy alone.</summary>
    public required int TestRows { get; init; }

    /// <summary>The dense network on the target, all weights.</summary>
    public required TicketTransferOutcome Scratch { get; init; }

    /// <summary>One per round of pruning.</summary>
    public required IReadOnlyList<TicketTransferRound> Rounds { get; init; }

    /// <summary>The round the verdict is about: the sparsest whose ticket is as good as dense on the source's validation rows; the target plays no part in it. <c>null</c> without one.</summary>
    public required int? Round { get; init; }

    /// <summary>Whether, at that round, the transferred ticket is more accurate than the shuffled mask and than fresh weights, each at 5 %: mask and weights both carry something.</summary>
    public required bool Transfers { get; init; }

    /// <summary>Why, in plain words.</summary>
    public required string Reason { get; init; }

    /// <summary>Trainings, stored ones included.</summary>
    public required int Trainings { get; init; }

    /// <summary>Of them, found stored.</summary>
    public required int Reused { get; init; }

    /// <summary>Wall time.</summary>
    public required double Seconds { get; init; }
}

/// <summary>One round of pruning, means over repetitions.</summary>
/// <param name="Round">Its number, from 1.</param>
/// <param name="Remaining">Share of the prunable weights that the source's ticket keeps, 0..1; the target's own keeps as many.</param>
/// <param name="Overlap">Weights kept by both tickets among those kept by either, 0..1.</param>
/// <param name="OverlapByChance">The same expected of random masks of the same counts per layer.</param>
/// <param name="Outcomes">By name: transferred, own, shuffled, reinit.</param>
/// <param name="Comparisons">The transferred ticket against each of the others and against scratch, paired over repetitions.</param>
public sealed record TicketTransferRound(
    int Round, double Remaining, double Overlap, double OverlapByChance, IReadOnlyDictionary<string, TicketTransferOutcome> Outcomes, IReadOnlyList<TicketTransferComparison> Comparisons);

/// <summary>How trainings on the target went on average.</summary>
/// <param name="Accuracy">Share of test rows right with the weights of the lowest validation loss, 0..1.</param>
/// <param name="EarlyStopStep">Step of the lowest validation loss.</param>
/// <param name="MinValidationLoss">That loss in nats.</param>
public sealed record TicketTransferOutcome(double Accuracy, double EarlyStopStep, double MinValidationLoss);

/// <summary>The transferred ticket against a partner.</summary>
/// <param name="Partner">Its name.</param>
/// <param name="Accuracy">Test accuracy, transferred minus partner, with its interval over repetitions: chance of weights and orders, not of the rows, which are the same for all.</param>
/// <param name="MeanStepDifference">Step of the early stop, mean of transferred minus partner.</param>
public sealed record TicketTransferComparison(string Partner, PairedTest Accuracy, double MeanStepDifference);

using TicketBot.Research.Backtests;
using TicketBot.Research.Datasets;
using TicketBot.Research.Diagnostics;
using TicketBot.Research.Splits;

namespace TicketBot.Research.Gates;

/// <summary>What a fitted plain rule says.</summary>
/// <param name="Name">Its name, camelCase.</param>
/// <param name="ProbabilityUp">Calibrated probability of a rise, one per row.</param>
public sealed record FittedBaseline(string Name, IReadOnlyList<double> ProbabilityUp);

/// <summary>Everything the gates look at for one ticket: its out-of-sample rows, its calibrated answers there, those of its controls, and the replay.</summary>
public sealed record TicketEvidence
{
    /// <summary>The rows' dataset.</summary>
    public required Dataset Dataset { get; init; }

    /// <summary>Training rows of the oldest fold (for what baselines need to know).</summary>
    public required RowRange Train { get; init; }

    /// <summary>Out-of-sample rows of the ticket's regime, ascending: those of earlier folds, which the networks of those folds answered, then its own.</summary>
    public required IReadOnlyList<int> Rows { get; init; }

    /// <summary>The regime of each row as an index into the ticket's regime set, -1 where it has none of that name; empty where one ticket decides all rows.</summary>
    public IReadOnlyList<int> States { get; init; } = [];

    /// <summary>Calibrated probability of a rise, one per row.</summary>
    public required IReadOnlyList<double> ProbabilityUp { get; init; }

    /// <summary>The same of the live ticket that this one was trained on from or, where that is another market's, of a dense network from drawn weights; <c>null</c> where it was itself found
    /// from drawn weights.</summary>
    public IReadOnlyList<double>? OriginProbabilityUp { get; init; }

    /// <summary>The same of each random-mask control; empty where no control was trained.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Controls { get; init; }

    /// <summary>Fitted plain rules on the same rows; empty where none was fitted.</summary>
    public IReadOnlyList<FittedBaseline> Fitted { get; init; } = [];

    /// <summary>The cost model.</summary>
    public required TradeCosts Costs { get; init; }

    /// <summary>Least calibrated confidence of a signal.</summary>
    public required double Confidence { get; init; }

    /// <summary>Level of one judgement: alpha divided by the number of tickets tried.</summary>
    public required double Level { get; init; }

    /// <summary>How <see cref="Level"/> came about, for the reasons.</summary>
    public required string LevelText { get; init; }

    /// <summary>Seed of the bootstrap.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Masks of two halves of the training rows compared, or <c>null</c> when none were drawn yet.</summary>
    public MaskStabilityReport? Stability { get; init; }

    /// <summary>The ticket's part of the replay, or <c>null</c> when none was made yet.</summary>
    public ReplayOutcome? Replay { get; init; }

    /// <summary>Returns the ticket's trades.</summary>
    public RowTrades Trades() => RowTrades.OfProbabilities(Dataset, Rows, Costs, ProbabilityUp, Confidence);
}

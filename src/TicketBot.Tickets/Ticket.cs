using TicketBot.Domain;
using TicketBot.Learning;
using TicketBot.Market.Features;
using TicketBot.Market.Regimes;

namespace TicketBot.Tickets;

/// <summary>A sparse subnetwork with everything needed to spend it: the only thing that passes from research to trading. Immutable.</summary>
public sealed record Ticket
{
    /// <summary>SHA-256 of the content.</summary>
    public required TicketId Id { get; init; }

    /// <summary>The contract it was made for.</summary>
    public required Symbol Symbol { get; init; }

    /// <summary>The candle length it was made for.</summary>
    public required Interval Interval { get; init; }

    /// <summary>The regime set it belongs to.</summary>
    public required RegimeSetId RegimeSetId { get; init; }

    /// <summary>The regime it is for: a name of that set.</summary>
    public required string Regime { get; init; }

    /// <summary>What it predicts.</summary>
    public required PredictionTask Task { get; init; }

    /// <summary>Candles between decision and label, at least 1; also when its positions are closed.</summary>
    public required int HorizonCandles { get; init; }

    /// <summary>The features it reads.</summary>
    public required FeatureSchema Schema { get; init; }

    /// <summary>Scaler fitted on its training rows.</summary>
    public required Scaler Scaler { get; init; }

    /// <summary>Layer stack.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>Trained weights, zero where masked; one entry per parameter of the network, in its order.</summary>
    public required IReadOnlyList<float[]> Weights { get; init; }

    /// <summary>Mask per parameter, <c>null</c> for parameters that are never pruned (biases).</summary>
    public required IReadOnlyList<bool[]?> Mask { get; init; }

    /// <summary>The weights the training was rewound to (theta_k), same shapes as <see cref="Weights"/>.</summary>
    public required IReadOnlyList<float[]> RewindWeights { get; init; }

    /// <summary>Divides the logits before softmax; fitted on purged validation rows; above zero (Guo et al. 2017).</summary>
    public required double Temperature { get; init; }

    /// <summary>Bends what is left of a logit, at least 1; 1 is temperature alone, as tickets made before there was one have it (<see cref="BinaryCalibration"/>).</summary>
    public double CalibrationExponent { get; init; } = 1;

    /// <summary>How logits become a probability.</summary>
    public BinaryCalibration Calibration => new(Temperature, CalibrationExponent);

    /// <summary>Distances of windows inside the training period, for similarity.</summary>
    public required SimilarityReference Similarity { get; init; }

    /// <summary>Candles that an answer looks at: those of the oldest step's features, and the steps that the network reads.</summary>
    public int Lookback => Schema.Window + Architecture.Window - 1;

    /// <summary>Surviving share of prunable weights, 0..1.</summary>
    public required double Density { get; init; }

    /// <summary>Where it comes from.</summary>
    public required Lineage Lineage { get; init; }

    /// <summary>What the gates said.</summary>
    public required GateReport Gates { get; init; }

    /// <summary>Market time from which it must not open positions.</summary>
    public required Instant ExpiresAt { get; init; }

    /// <summary>Name of the gate that says whether it beats its controls.</summary>
    public const string WinningTicketGate = "winningTicket";

    /// <summary>What it may be called: <c>winning ticket</c> when it was shown to beat a drawn-again network, a shuffled mask and a random one, else <c>sparse network</c>.</summary>
    public string Label =>
        Gates.Judgements.FirstOrDefault(j => j.Name == WinningTicketGate) is { Value: { } value } judged && value < judged.Threshold ? "winning ticket" : "sparse network";

    /// <summary>Whether it is the network of all regimes, standing in for one of them.</summary>
    public bool IsPooled => Lineage.Method.EndsWith(".pooled", StringComparison.Ordinal);

    /// <summary>Returns the draft with the id of its content; whatever id the draft has plays no part.</summary>
    /// <exception cref="ArgumentException">The draft's parts do not fit together; the message names what was expected and found.</exception>
    public static Ticket Seal(Ticket draft) => draft with { Id = TicketFile.IdOf(draft) };
}

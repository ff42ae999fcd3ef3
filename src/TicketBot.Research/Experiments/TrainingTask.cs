using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;
using TicketBot.Research.Stages;

namespace TicketBot.Research.Experiments;

/// <summary>One training of an experiment, dense, ticket and controls alike: a pure function of what stands here.</summary>
internal sealed record TrainingTask
{
    private const int Version = 1;

    /// <summary>Rows.</summary>
    public required ExperimentRows Rows { get; init; }

    /// <summary>How it is trained.</summary>
    public required SearchPlan Plan { get; init; }

    /// <summary>Which weights live.</summary>
    public required MaskSet Mask { get; init; }

    /// <summary>Weights it starts from.</summary>
    public required IReadOnlyList<float[]> Start { get; init; }

    /// <summary>Step it starts at: place in schedule and data order.</summary>
    public required int StartStep { get; init; }

    /// <summary>Seed of the data order.</summary>
    public required ulong OrderSeed { get; init; }

    /// <summary>Whether weights are kept that a search goes on from.</summary>
    public required bool KeepsWeights { get; init; }

    /// <summary>Whether this is the dense training, which keeps theta_k and watches for the early mask.</summary>
    public bool IsDense { get; init; }

    /// <summary>Whether weights change places during training (dynamic sparse training, Evci et al. 2020); the mask is then only the first one.</summary>
    public bool MovesWeights { get; init; }

    /// <summary>SHA-256 (hex) of everything the outcome depends on.</summary>
    public string InputHash => StageHash.Of(
        "training", Version, Rows.Hash, Plan.Architecture, Plan.TrainingText, HashOf(Start), StartStep, OrderSeed, HashOf(Mask), KeepsWeights,
        IsDense ? $"dense, theta at {Plan.Words.RewindStep}" : MovesWeights ? $"moving, {MaskMethods.Moves(Plan)}" : "sparse", IsDense && Plan.WatchesEmergence ? Plan.WholeText : "");

    /// <summary>Trains to the planned end, whatever the validation loss does; the early stop is found afterwards.</summary>
    /// <exception cref="TrainingDivergedException">The loss or a weight is no longer finite.</exception>
    public TrainingOutcome Run(CancellationToken cancellationToken)
    {
        var network = new Network(Plan.Architecture);
        var perEpoch = Plan.Training.StepsPerEpoch(Rows.Train.Rows);
        var start = new TrainingCheckpoint(new Step(StartStep, StartStep / perEpoch, StartStep % perEpoch), Start, new Rng(OrderSeed));
        var watch = IsDense && Plan.WatchesEmergence ? new EmergenceWatch(Plan, Start) : null;
        var planned = Plan.Training.PlannedSteps(Rows.Train.Rows);
        IReadOnlyList<float[]> last = [], rewind = [];
        bool Observe(TrainingMoment moment)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (IsDense && moment.Step.Number == Plan.Words.RewindStep)
            {
                rewind = moment.Network.CaptureWeights();
            }

            watch?.Observe(moment);
            last = moment.Step.Number == planned ? moment.Network.CaptureWeights() : last;
            return true;
        }

        bool[]?[] moved = [];
        TrainingResult result;
        if (MovesWeights)
        {
            network.RestoreWeights(Start);
            var run = RigL.Train(network, Mask, Rows.Train, Rows.Validation, Plan.Training, MaskMethods.Moves(Plan), start.DataOrder, Observe);
            (result, moved) = (run.Training, run.Mask.ToArrays());
        }
        else
        {
            result = Trainer.Rewind(network, Mask, start, Rows.Train, Rows.Validation, Plan.Training, Observe);
        }

        var best = network.CaptureWeights();
        var early = AccuracyOf(network);
        network.RestoreWeights(last);
        return new TrainingOutcome
        {
            EarlyStopStep = result.BestStep.Number,
            AccuracyAtEarlyStop = early,
            FinalAccuracy = AccuracyOf(network),
            MinValidationLoss = result.BestValidationLoss!.Value,
            MultiplyAdds = network.TrainingMultiplyAdds,
            EmergedAt = watch?.EmergedAt,
            BestWeights = KeepsWeights ? best : [],
            LastWeights = KeepsWeights ? last : [],
            RewindWeights = rewind,
            MovedMask = moved,
            EmergedWeights = Plan.Words.Method == ExperimentMethod.EarlyBird ? watch?.Weights ?? [] : [],
        };
    }

    /// <summary>Returns the SHA-256 (hex) of weights, array by array.</summary>
    public static string HashOf(IReadOnlyList<float[]> weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var values in weights)
        {
            hash.AppendData(MemoryMarshal.AsBytes<float>(values));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Returns the SHA-256 (hex) of a mask: a byte of 0 or 1 per prunable weight, in the order of the parameters.</summary>
    public static string HashOf(MaskSet mask)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var bits in mask.ToArrays())
        {
            hash.AppendData(MemoryMarshal.AsBytes<bool>(bits ?? []));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private double AccuracyOf(Network network)
    {
        var logits = network.Forward(Rows.Test.Features, Rows.Test.Rows);
        var right = 0;
        for (var row = 0; row < Rows.Test.Rows; row++)
        {
            var outputs = logits.AsSpan(row * Rows.Classes, Rows.Classes);
            var top = 0;
            for (var c = 1; c < outputs.Length; c++)
            {
                top = outputs[c] > outputs[top] ? c : top;
            }

            right += top == Rows.Test.Labels[row] ? 1 : 0;
        }

        return (double)right / Rows.Test.Rows;
    }
}

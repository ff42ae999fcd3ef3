using System.Globalization;
using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;
using TicketBot.Research.Experiments;
using TicketBot.Research.Stages;

namespace TicketBot.Research.ArchitectureSearch.Estimation;

/// <summary>One training of a candidate: a pure function of what stands here.</summary>
internal sealed record TrialTask
{
    private const int Version = 1;

    /// <summary>Name of the stage in the run store.</summary>
    public const string Stage = "architecture-trial";

    /// <summary>Rows.</summary>
    public required ExperimentRows Rows { get; init; }

    /// <summary>The training rows it sees; a part of them where a trial is to be quick.</summary>
    public required TrainingSet Train { get; init; }

    /// <summary>How many of the training rows these are: with the seed this says which.</summary>
    public required int TrainRows { get; init; }

    /// <summary>What is trained.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>How.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>Seed of rows, first weights and data order.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Whether test rows are judged at the end; only finalists do.</summary>
    public bool ReadsTest { get; init; }

    /// <summary>Whether test rows are judged at the temperature that fits the validation rows best, as a ticket's confidence is: a network that knows nothing then says so
    /// instead of guessing loudly.</summary>
    public bool IsCalibrated { get; init; }

    /// <summary>SHA-256 (hex) of everything the outcome depends on.</summary>
    public string InputHash => StageHash.Of(
        "trial", Version, Rows.Hash, TrainRows, Architecture, TextOf(Training), Seed, ReadsTest, IsCalibrated ? "calibrated" : "raw");

    /// <summary>Returns training options as text for hashes.</summary>
    public static string TextOf(TrainingOptions training) => string.Create(
        CultureInfo.InvariantCulture,
        $"{training.Optimizer} {training.LearningRate:R} {training.WeightDecay:R} {training.Schedule} {training.BatchSize} {training.Steps} {training.ValidateEverySteps} {training.ClipNorm:R}");

    /// <summary>Trains to the end and keeps the weights of the lowest validation loss.</summary>
    public TrialResult Run(CancellationToken cancellationToken)
    {
        var weights = new Rng(StageHash.Seed("trial weights", Seed));
        var network = Network.Create(Architecture, ref weights);
        try
        {
            var result = Trainer.Train(
                network, MaskSet.Full(Architecture), Train, Rows.Validation, Training, new Rng(StageHash.Seed("trial order", Seed)), _ =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    return true;
                });
            var (losses, accuracy) = ClassLogLoss.OfNetwork(network, Rows.Validation);
            var (test, testAccuracy) = ReadsTest ? ClassLogLoss.OfNetwork(network, Rows.Test, IsCalibrated ? TemperatureOf(network) : 1) : ([], 0.0);
            return new TrialResult(losses.Average(), accuracy, result.BestStep.Number, network.TrainingMultiplyAdds, testAccuracy, test);
        }
        catch (TrainingDivergedException)
        {
            return TrialResult.Diverged(network.TrainingMultiplyAdds);
        }
    }

    private double TemperatureOf(Network network) =>
        Calibration.FitTemperature(network.Forward(Rows.Validation.Features, Rows.Validation.Rows), Rows.Validation.Labels, []);

    /// <summary>Returns so many of the training rows, drawn with a seed and in their order; all rows where there are no more.</summary>
    public static TrainingSet SampleOf(TrainingSet train, int rows, ulong seed)
    {
        if (rows >= train.Rows)
        {
            return train;
        }

        int[] order = [.. Enumerable.Range(0, train.Rows)];
        new Rng(StageHash.Seed("trial rows", seed)).Shuffle(order.AsSpan());
        int[] kept = [.. order.Take(rows).Order()];
        var values = new float[rows * train.RowLength];
        var labels = new int[rows];
        for (var i = 0; i < rows; i++)
        {
            train.RowOf(kept[i]).CopyTo(values.AsSpan(i * train.RowLength));
            labels[i] = train.Labels[kept[i]];
        }

        return new TrainingSet(values, train.RowLength, labels);
    }
}

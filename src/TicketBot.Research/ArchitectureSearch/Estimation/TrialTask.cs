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
    private const int Version = 3;

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

    /// <summary>Whether the validation rows serve two ends: the older half the early stop alone; the newer half, which nothing before has seen, the loss that is reported and
    /// the temperature of the test rows. A network that knows nothing then says so instead of guessing loudly.</summary>
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
        var (stop, judge) = IsCalibrated ? Halves(Rows.Validation, Rows.Window) : (Rows.Validation, Rows.Validation);
        try
        {
            var result = Trainer.Train(
                network, MaskSet.Full(Architecture), Train, stop, Training, new Rng(StageHash.Seed("trial order", Seed)), _ =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    return true;
                });
            var (losses, accuracy) = ClassLogLoss.OfNetwork(network, judge);
            var (test, testAccuracy) = ReadsTest ? ClassLogLoss.OfNetwork(network, Rows.Test, IsCalibrated ? TemperatureOf(network, judge) : 1) : ([], 0.0);
            return new TrialResult(losses.Average(), accuracy, result.BestStep.Number, network.TrainingMultiplyAdds, testAccuracy, IsCalibrated ? losses : [], test);
        }
        catch (TrainingDivergedException)
        {
            return TrialResult.Diverged(network.TrainingMultiplyAdds);
        }
    }

    /// <summary>Returns the older and the newer half of rows; with a window, as many rows as it has steps are left out between them.</summary>
    public static (TrainingSet Older, TrainingSet Newer) Halves(TrainingSet set, int window)
    {
        var middle = set.Rows / 2;
        var purge = window == 1 ? 0 : window;
        return middle - purge < 1 ? (set, set) : (Part(set, 0, middle - purge), Part(set, middle, set.Rows - middle));
    }

    /// <summary>Returns so many of the training rows, drawn with a seed and in their order; all rows where there are no more.</summary>
    public static TrainingSet SampleOf(TrainingSet train, int rows, ulong seed)
    {
        if (rows >= train.Rows)
        {
            return train;
        }

        int[] order = [.. Enumerable.Range(0, train.Rows)];
        new Rng(StageHash.Seed("trial rows", seed)).Shuffle(order.AsSpan());
        return Part(train, [.. order.Take(rows).Order()]);
    }

    private static double TemperatureOf(Network network, TrainingSet set) => Calibration.FitTemperature(network.Forward(set.Features, set.Rows), set.Labels, []);

    private static TrainingSet Part(TrainingSet set, int first, int count) => Part(set, [.. Enumerable.Range(first, count)]);

    private static TrainingSet Part(TrainingSet train, int[] kept)
    {
        var rows = kept.Length;
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

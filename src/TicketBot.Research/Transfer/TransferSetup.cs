using System.Globalization;
using TicketBot.Learning;
using TicketBot.Learning.Training;

namespace TicketBot.Research.Transfer;

/// <summary>A plan read and checked against the rows it is for.</summary>
/// <param name="Plan">The plan in words.</param>
/// <param name="Architecture">The network.</param>
/// <param name="FeatureLayer">Gene whose outputs are the features.</param>
internal sealed record TransferSetup(TransferPlan Plan, Architecture Architecture, int FeatureLayer)
{
    private const string Extractor = "dense:128/identity,batchnorm/relu@0.3,dense:64/identity,batchnorm/relu@0.3";
    private const string Head = "dense:64";
    private const int LeastUpdates = 300;

    /// <summary>Everything a training depends on beside its rows, as text for hashes.</summary>
    public string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"{Architecture} {FeatureLayer} {Plan.Epochs} {Plan.LearningRate:R} {Plan.AlignmentWeight:R} {Plan.TaskWeight:R} {Plan.AnchorStrength:R}");

    /// <summary>Reads and checks a plan.</summary>
    /// <exception cref="ResearchRefusedException">A value is out of its range; the message names it and the remedy.</exception>
    public static TransferSetup Of(TransferPlan plan, TransferRows rows)
    {
        Require(plan.Seeds is >= 1 and <= 100, "seeds", "1 to 100", plan.Seeds);
        Require(plan.Epochs is >= 1 and <= 1_000, "epochs", "1 to 1,000", plan.Epochs);
        Require(plan.LearningRate > 0 && double.IsFinite(plan.LearningRate), "learning-rate", "a number above 0", plan.LearningRate);
        Require(plan.AlignmentWeight >= 0 && double.IsFinite(plan.AlignmentWeight), "alignment-weight", "a number of at least 0", plan.AlignmentWeight);
        Require(plan.TaskWeight >= 0 && double.IsFinite(plan.TaskWeight), "task-weight", "a number of at least 0", plan.TaskWeight);
        Require(plan.AnchorStrength >= 0 && double.IsFinite(plan.AnchorStrength), "anchor-strength", "a number of at least 0", plan.AnchorStrength);
        var genes = plan.Architecture ?? (rows.Window > 1 ? "flatten," : "") + Extractor + "," + Head;
        Architecture architecture;
        try
        {
            architecture = Architecture.Parse(genes, rows.Features, rows.Classes, rows.Window);
        }
        catch (FormatException fault)
        {
            throw new ResearchRefusedException($"--architecture: {fault.Message}", fault);
        }

        Require(architecture.Layers.Count > 0, "architecture", "at least one gene before the output layer, whose outputs are the features", "none");
        var layer = plan.FeatureLayer ?? architecture.Layers.Count - (plan.Architecture is null ? 1 : 0);
        Require(layer >= 1 && layer <= architecture.Layers.Count, "feature-layer", $"a gene from 1 to {architecture.Layers.Count}", layer);
        return new TransferSetup(plan, architecture, layer);
    }

    /// <summary>How a network learns rows of one domain: batches shrink with the rows, and few rows get their updates all the same.</summary>
    public TrainingOptions Single(int rows)
    {
        var batch = Math.Clamp(rows / 6, 4, 64);
        var epoch = (rows + batch - 1) / batch;
        return new TrainingOptions
        {
            LearningRate = Plan.LearningRate, BatchSize = batch, Steps = Math.Max(LeastUpdates, Plan.Epochs * epoch), ValidateEverySteps = Math.Max(10, epoch), WeightDecay = 0.01, ClipNorm = 1,
        };
    }

    /// <summary>How a network learns both domains at once; an epoch is one of the source.</summary>
    public TrainingOptions Joint(int sourceRows)
    {
        const int Batch = 64;
        var epoch = (sourceRows + Batch - 1) / Batch;
        var steps = Math.Clamp(Plan.Epochs * epoch / 3, 2 * LeastUpdates, 1_000);
        return new TrainingOptions
        {
            LearningRate = Plan.LearningRate, BatchSize = Batch, Steps = steps, ValidateEverySteps = Math.Max(10, steps / 20), WeightDecay = 0.01, ClipNorm = 1, Schedule = LearningRateSchedule.Cosine,
        };
    }

    private static void Require(bool holds, string option, string expected, object? found)
    {
        if (!holds)
        {
            throw new ResearchRefusedException(string.Create(CultureInfo.InvariantCulture, $"--{option}: expected {expected}, found {found}"));
        }
    }
}

using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;
using TicketBot.Research.Experiments;
using TicketBot.Research.LotteryTickets;

namespace TicketBot.Research.Diagnostics;

/// <summary>A mask drawn early in dense training by a search's own plan: the same architecture, first weights, optimiser, schedule and density, stopped after a fixed
/// share of the planned updates. Immutable.</summary>
/// <remarks>Not at the step of the best validation, as a ticket is: on shuffled labels validation is best near the first weights, and two masks taken there agree because both
/// still remember them. Later than about a third, labels without meaning are learned by heart and the masks fill with noise.</remarks>
public sealed class MaskDraw
{
    /// <summary>Share of the planned updates after which the mask is drawn.</summary>
    public const double DrawnAt = 0.25;

    private MaskDraw(MaskSet mask, MaskSet movement, float[][] survivors, float[] answers)
    {
        Answers = answers;
        Mask = mask;
        Movement = movement;
        Survivors = survivors;
        InputShares = InputSurvival.Of(mask, survivors);
    }

    /// <summary>The largest weights.</summary>
    public MaskSet Mask { get; }

    /// <summary>The weights that went the longest way from the first weights: free of what the mask remembers of them, not of what decays in all alike.</summary>
    public MaskSet Movement { get; }

    /// <summary>The weights inside <see cref="Mask"/>, zero outside; one array per parameter, empty for those never pruned.</summary>
    public IReadOnlyList<float[]> Survivors { get; }

    /// <summary>Share of each input in the surviving weight that reads the inputs, 0..1.</summary>
    public IReadOnlyList<double> InputShares { get; }

    /// <summary>What the surviving subnetwork answers on the probe rows, before any training of its own: logits less their mean of the row, <c>[probes, outputs]</c> row-major.</summary>
    public IReadOnlyList<float> Answers { get; }

    /// <summary>Trains and draws.</summary>
    /// <param name="plan">The search's plan.</param>
    /// <param name="rows">Rows to train on.</param>
    /// <param name="probes">Features of the rows to answer, <c>[probes, row length]</c> row-major.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static MaskDraw Of(TrainingPlan plan, TrainingSet rows, float[] probes, CancellationToken cancellationToken)
    {
        var start = new Rng(plan.Seed);
        var network = Network.Create(plan.Architecture, ref start);
        var first = network.CaptureWeights();
        var steps = Math.Max(1, (int)(DrawnAt * plan.Training.PlannedSteps(rows.Rows)));
        Trainer.Train(network, MaskSet.Full(plan.Architecture), rows, null, plan.Training, TicketTraining.DataOrder(plan), moment =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return moment.Step.Number < steps;
        });
        return Of(plan, network.CaptureWeights(), first, probes);
    }

    /// <summary>Returns the mask of the first weights, before any training; its <see cref="Movement"/> is as arbitrary as no movement is.</summary>
    public static MaskDraw Untrained(TrainingPlan plan, float[] probes)
    {
        var start = new Rng(plan.Seed);
        var first = Network.Create(plan.Architecture, ref start).CaptureWeights();
        return Of(plan, first, first, probes);
    }

    /// <summary>Returns the binary form.</summary>
    internal byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        for (var p = 0; p < Survivors.Count; p++)
        {
            var mask = Mask.Of(p);
            var movement = Movement.Of(p);
            for (var i = 0; i < mask.Length; i++)
            {
                writer.Write((byte)((mask[i] ? 1 : 0) | (movement[i] ? 2 : 0)));
                if (mask[i])
                {
                    writer.Write(Survivors[p][i]);
                }
            }
        }

        foreach (var answer in Answers)
        {
            writer.Write(answer);
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads the binary form.</summary>
    internal static MaskDraw FromBytes(Architecture architecture, byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var count = architecture.Parameters.Count;
        var (masks, movements, survivors) = (new bool[]?[count], new bool[]?[count], new float[count][]);
        for (var p = 0; p < count; p++)
        {
            var shape = architecture.Parameters[p];
            survivors[p] = shape.IsPrunable ? new float[shape.Count] : [];
            if (!shape.IsPrunable)
            {
                continue;
            }

            var (mask, movement) = (new bool[shape.Count], new bool[shape.Count]);
            for (var i = 0; i < mask.Length; i++)
            {
                var bits = reader.ReadByte();
                (mask[i], movement[i]) = ((bits & 1) != 0, (bits & 2) != 0);
                survivors[p][i] = mask[i] ? reader.ReadSingle() : 0;
            }

            (masks[p], movements[p]) = (mask, movement);
        }

        var answers = new float[(reader.BaseStream.Length - reader.BaseStream.Position) / sizeof(float)];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = reader.ReadSingle();
        }

        return new MaskDraw(MaskSet.FromArrays(architecture, masks), MaskSet.FromArrays(architecture, movements), survivors, answers);
    }

    private static MaskDraw Of(TrainingPlan plan, float[][] weights, float[][] first, float[] probes)
    {
        var full = MaskSet.Full(plan.Architecture);
        var pruning = PruningOptions.ToDensity(plan.EarlyBird.Density, plan.EarlyBird.Scope);
        var mask = MagnitudePruning.Prune(weights, full, pruning);
        float[][] moved = [.. weights.Select((w, p) => w.Select((value, i) => value - first[p][i]).ToArray())];
        var survivors = new float[weights.Length][];
        for (var p = 0; p < survivors.Length; p++)
        {
            var bits = mask.Of(p);
            survivors[p] = new float[bits.Length];
            for (var i = 0; i < bits.Length; i++)
            {
                survivors[p][i] = bits[i] ? weights[p][i] : 0;
            }
        }

        return new MaskDraw(mask, MagnitudePruning.Prune(moved, full, pruning), survivors, AnswersOf(plan, mask, weights, survivors, probes));
    }

    private static float[] AnswersOf(TrainingPlan plan, MaskSet mask, float[][] weights, float[][] survivors, float[] probes)
    {
        var network = new Network(plan.Architecture);
        network.RestoreWeights([.. weights.Select((all, p) => mask.Of(p).Length == 0 ? all : survivors[p])]);
        var outputs = plan.Architecture.Outputs;
        var logits = network.Forward(probes, probes.Length / (plan.Architecture.Inputs * plan.Architecture.Window)).ToArray();
        for (var row = 0; row < logits.Length; row += outputs)
        {
            float mean = 0;
            for (var i = 0; i < outputs; i++)
            {
                mean += logits[row + i] / outputs;
            }

            for (var i = 0; i < outputs; i++)
            {
                logits[row + i] -= mean;
            }
        }

        return logits;
    }
}

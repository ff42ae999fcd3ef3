using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Research.Drift;

/// <summary>A small network that tells two samples of rows apart.</summary>
internal sealed class DomainNetwork
{
    private const int Batch = 64;

    private readonly Network _network;

    private DomainNetwork(Network network) => _network = network;

    /// <summary>Fits it: one hidden layer of 16, a fixed number of updates with weight decay, both samples weighing alike.</summary>
    /// <param name="rows">Rows of the first sample, then those of the second, <c>[rows, features]</c>.</param>
    /// <param name="features">Features of a row.</param>
    /// <param name="firstRows">Rows of the first sample.</param>
    /// <param name="rng">Chance.</param>
    public static DomainNetwork Fit(double[] rows, int features, int firstRows, Rng rng)
    {
        var count = rows.Length / features;
        var (labels, weights) = (new int[count], new float[count]);
        for (var row = 0; row < count; row++)
        {
            labels[row] = row < firstRows ? 0 : 1;
            weights[row] = 0.5f * count / (row < firstRows ? firstRows : count - firstRows);
        }

        var first = rng.Split(1);
        var network = Network.Create(Architecture.Parse("dense:16", features, 2), ref first);
        var set = new TrainingSet(Array.ConvertAll(rows, value => (float)value), features, labels, weights);
        var options = new TrainingOptions { LearningRate = 0.01, BatchSize = Batch, Steps = Math.Clamp(10 * count / Batch, 50, 400), WeightDecay = 1, Schedule = LearningRateSchedule.Cosine, ClipNorm = 1 };
        Trainer.Train(network, MaskSet.Full(network), set, null, options, rng.Split(2));
        return new DomainNetwork(network);
    }

    /// <summary>Returns for each row whether it looks like one of the second sample.</summary>
    public bool[] SaysSecond(ReadOnlySpan<double> rows)
    {
        var values = new float[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            values[i] = (float)rows[i];
        }

        var logits = _network.Forward(values, rows.Length / _network.Architecture.Inputs);
        return [.. Enumerable.Range(0, logits.Length / 2).Select(row => logits[(2 * row) + 1] > logits[2 * row])];
    }
}

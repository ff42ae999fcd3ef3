using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Search;

/// <summary>A one-shot network (Guo et al. 2020): trained once, one path per update, after which every path of its space can be evaluated with the weights it inherits. What such
/// scores are worth must be measured against paths trained by themselves. Evaluations may run side by side.</summary>
public sealed class Supernet
{
    private const ulong WeightStream = 0;
    private const ulong OrderStream = 1;
    private const ulong PathStream = 2;
    private const ulong NoiseStream = 3;

    private readonly CellNetwork _network;
    private readonly TrainingSet _recalibration;

    private Supernet(CellNetwork network, IReadOnlyList<long[]> updates, TrainingSet recalibration) => (_network, Updates, _recalibration) = (network, updates, recalibration);

    /// <summary>The paths it holds.</summary>
    public CellSpace Space => _network.Space;

    /// <summary>Updates that each operation of each position had.</summary>
    public IReadOnlyList<long[]> Updates { get; }

    /// <summary>Trains a supernet.</summary>
    /// <param name="space">The paths it holds.</param>
    /// <param name="train">Rows to learn from.</param>
    /// <param name="options">How.</param>
    /// <param name="rng">Stream of first weights, paths and data order.</param>
    /// <param name="continueAfter">Called after every epoch with updates done and planned; false ends training. Null never ends it.</param>
    /// <exception cref="ArgumentException">Set and space do not fit together, or an option is out of range.</exception>
    /// <exception cref="TrainingDivergedException">A loss is no longer finite.</exception>
    public static Supernet Train(CellSpace space, TrainingSet train, SupernetOptions options, Rng rng, Func<int, int, bool>? continueAfter = null)
    {
        options.Validate();
        Rng weights = rng.Split(WeightStream);
        CellNetwork network = CellNetwork.Create(space, options.Training.Loss, ref weights);
        var optimizer = new CellOptimizer(network, options.Training);
        var order = new DataOrder(rng.Split(OrderStream), train.Rows, options.Training.BatchSize);
        var paths = new PathSampler(space, options.Sampling, rng.Split(PathStream));
        Rng noise = rng.Split(NoiseStream);
        int planned = options.Training.PlannedSteps(train.Rows);
        Step step = default;
        bool goesOn = true;
        while (goesOn && step.Number < planned)
        {
            CellMixture mixture = CellMixture.Of(space, paths.Next());
            double loss = network.Backpropagate(train, order.RowsOf(step), mixture, noise.Split((ulong)step.Number));
            if (!double.IsFinite(loss))
            {
                throw new TrainingDivergedException($"supernet training diverged at step {step.Number} of {planned}: loss {loss}; expected a finite loss; lower the learning rate or set ClipNorm");
            }

            optimizer.Apply(network.Flowing(mixture), LearningRate.At(options.Training, step.Number, planned));
            step = order.After(step);
            goesOn = continueAfter is null || step.Batch != 0 || continueAfter(step.Number, planned);
        }

        return new Supernet(network, paths.Updates, SomeRows(train, rng, options.RecalibrationRows));
    }

    /// <summary>Returns the network of a path with the weights it inherits; running statistics of batch normalisation are those of training rows under this path alone.</summary>
    /// <exception cref="ArgumentException">The path does not belong to the space.</exception>
    public Network Inherit(IReadOnlyList<int> path)
    {
        var network = new Network(Space.ArchitectureOf(path));
        network.RestoreWeights(_network.WeightsOf(path));
        LinearConnectivity.RenewStatistics(network, _recalibration);
        return network;
    }

    /// <summary>Returns the loss of a path on a set with the weights it inherits.</summary>
    /// <exception cref="ArgumentException">Path, set and space do not fit together.</exception>
    public double LossOf(IReadOnlyList<int> path, TrainingSet validation) => _network.Loss.Of(Inherit(path), validation);

    // A random part in the order of the rows, since the first rows of a series may be of one kind.
    private static TrainingSet SomeRows(TrainingSet train, Rng rng, int count)
    {
        int[] rows = [.. Enumerable.Range(0, train.Rows)];
        rng.Shuffle(rows);
        rows = [.. rows.Take(count).Order()];
        float[] features = new float[rows.Length * train.RowLength];
        for (int i = 0; i < rows.Length; i++)
        {
            train.RowOf(rows[i]).CopyTo(features.AsSpan(i * train.RowLength));
        }

        return new TrainingSet(features, train.RowLength, new int[rows.Length]);
    }
}

using TicketBot.Learning.Training;

namespace TicketBot.Learning.Search;

/// <summary>Differentiable architecture search (Liu et al. 2019): all operations of a cell are trained together, mixed by strengths that descend the validation loss while the weights
/// descend the training loss; then one operation per position is kept. The same space, sets, options and stream give the same bits on every machine.</summary>
public sealed class Darts
{
    private const ulong WeightStream = 0;
    private const ulong StrengthStream = 1;
    private const ulong TrainOrderStream = 2;
    private const ulong ValidationOrderStream = 3;
    private const ulong NoiseStream = 4;
    private const ulong DropStream = 5;
    private const ulong SelectionStream = 6;
    private const int EigenvalueWindow = 3;

    private readonly CellSpace _space;
    private readonly TrainingSet _train;
    private readonly TrainingSet _validation;
    private readonly DartsOptions _options;
    private readonly Rng _rng;
    private readonly CellNetwork _network;
    private readonly OperationStrengths _strengths;
    private readonly StrengthGradient _gradient;
    private readonly CellOptimizer _optimizer;
    private readonly DataOrder _trainOrder;
    private readonly DataOrder _validationOrder;
    private readonly int _planned;
    private readonly List<DartsEpoch> _epochs = [];
    private Step _step;
    private Step _validationStep;

    private Darts(CellSpace space, TrainingSet train, TrainingSet validation, DartsOptions options, Rng rng)
    {
        options.Validate();
        (_space, _train, _validation, _options, _rng) = (space, train, validation, options, rng);
        Rng weights = rng.Split(WeightStream);
        Rng strengths = rng.Split(StrengthStream);
        _network = CellNetwork.Create(space, options.Training.Loss, ref weights);
        _strengths = new OperationStrengths(space, options.Gate, options.StrengthDeviation, ref strengths);
        _gradient = new StrengthGradient(_network, _strengths);
        _optimizer = new CellOptimizer(_network, options.Training);
        _trainOrder = new DataOrder(rng.Split(TrainOrderStream), train.Rows, options.Training.BatchSize);
        _validationOrder = new DataOrder(rng.Split(ValidationOrderStream), validation.Rows, options.Training.BatchSize);
        _planned = options.Training.PlannedSteps(train.Rows);
    }

    private double Progress => Math.Min(1.0, (double)_step.Number / _planned);

    private double AuxiliarySkip => _options.AuxiliarySkip * (1.0 - Progress);

    private double Rate => LearningRate.At(_options.Training, Math.Min(_step.Number, _planned - 1), _planned);

    /// <summary>Runs a search.</summary>
    /// <param name="space">The cell.</param>
    /// <param name="train">Rows that weights learn from.</param>
    /// <param name="validation">Other rows, that strengths and the choice go by.</param>
    /// <param name="options">How.</param>
    /// <param name="rng">Stream of first weights, orders and drops.</param>
    /// <param name="continueAfter">Called after every epoch; false ends the search there. Null never does.</param>
    /// <exception cref="ArgumentException">Sets and space do not fit together, or an option is out of range.</exception>
    /// <exception cref="TrainingDivergedException">A loss is no longer finite.</exception>
    public static DartsResult Search(CellSpace space, TrainingSet train, TrainingSet validation, DartsOptions options, Rng rng, Func<DartsEpoch, bool>? continueAfter = null) =>
        new Darts(space, train, validation, options, rng).Run(continueAfter);

    private DartsResult Run(Func<DartsEpoch, bool>? continueAfter)
    {
        DartsEnd? end = null;
        while (end is null)
        {
            DartsEpoch epoch = RunEpoch();
            end = EndAfter(epoch);
            _epochs.Add(epoch);
            if (end is null && continueAfter is not null && !continueAfter(epoch))
            {
                end = DartsEnd.Caller;
            }
        }

        double[][] strengths = _strengths.Capture();
        int[] path = _options.Selection == OperationSelection.Strongest ? _strengths.Strongest() : SelectByPerturbation();
        return new DartsResult(path, _space.ArchitectureOf(path), _epochs, end.Value, strengths) { ParameterFree = CountParameterFree(path) };
    }

    private DartsEpoch RunEpoch()
    {
        double trainLoss = 0.0;
        double validationLoss = 0.0;
        int steps = 0;
        int moves = 0;
        int epoch = _step.Epoch;
        while (_step.Epoch == epoch && _step.Number < _planned)
        {
            ReadOnlySpan<int> rows = _trainOrder.RowsOf(_step);
            if (Progress >= _options.WarmupShare)
            {
                moves++;
                validationLoss += MoveStrengths(rows);
            }

            trainLoss += MoveWeights(rows, DropSkips(_strengths.Mixture(AuxiliarySkip)), Rate);
            steps++;
        }

        double? eigenvalue = _options.EigenvalueRatio is null || moves == 0 ? null
            : SymmetricEigenvalues.Largest(_gradient.Hessian(_validation, _validationOrder.RowsOf(default)));
        return new DartsEpoch(epoch + 1, trainLoss / steps, moves > 0 ? validationLoss / moves : null, _strengths.Capture(), CountParameterFree(_strengths.Strongest()), eigenvalue);
    }

    private DartsEnd? EndAfter(DartsEpoch epoch)
    {
        if (_options.ParameterFreeLimit is { } limit && epoch.ValidationLoss is not null && epoch.ParameterFree >= limit && _epochs.LastOrDefault(before => before.ParameterFree < limit) is { } fewer)
        {
            _strengths.Restore(fewer.Strengths);
            return DartsEnd.ParameterFreeLimit;
        }

        double[] watched = [.. _epochs.Append(epoch).Where(each => each.Eigenvalue is not null).Select(each => each.Eigenvalue!.Value)];
        if (_options.EigenvalueRatio is { } ratio && watched.Length >= 2 * EigenvalueWindow)
        {
            double now = watched[^EigenvalueWindow..].Average();
            double before = watched[^(2 * EigenvalueWindow)..^EigenvalueWindow].Average();
            if (now > 0.0 && before / now < ratio)
            {
                _strengths.Restore(_epochs[^EigenvalueWindow].Strengths);
                return DartsEnd.Eigenvalue;
            }
        }

        return _step.Number >= _planned ? DartsEnd.AllEpochs : null;
    }

    private double MoveStrengths(ReadOnlySpan<int> trainRows)
    {
        ReadOnlySpan<int> rows = _validationOrder.RowsOf(_validationStep);
        Rng noise = _rng.Split(NoiseStream).Split(2UL * (ulong)_step.Number);
        (double[] gradient, double loss) = _options.Order == 1
            ? _gradient.FirstOrder(_validation, rows, AuxiliarySkip, noise)
            : _gradient.SecondOrder(_train, trainRows, _validation, rows, Rate, AuxiliarySkip, noise);
        _validationStep = _validationOrder.After(_validationStep);
        RequireFinite(loss, "validation");
        if (_options.Gate == OperationGate.Sigmoid)
        {
            _strengths.AddZeroOne(gradient, _options.ZeroOneWeight);
        }

        _strengths.Apply(gradient, _options);
        return loss;
    }

    private double MoveWeights(ReadOnlySpan<int> rows, CellMixture mixture, double rate)
    {
        double loss = _network.Backpropagate(_train, rows, mixture, _rng.Split(NoiseStream).Split(2UL * (ulong)_step.Number + 1UL));
        RequireFinite(loss, "training");
        _optimizer.Apply(_network.Flowing(mixture), rate);
        _step = _trainOrder.After(_step);
        return loss;
    }

    // As dropout does, what stays is scaled up, so that the sum has the same mean.
    private CellMixture DropSkips(CellMixture mixture)
    {
        double rate = _options.SkipDropout * (1.0 - Progress);
        if (rate <= 0.0)
        {
            return mixture;
        }

        Rng rng = _rng.Split(DropStream).Split((ulong)_step.Number);
        for (int position = 0; position < _space.Positions; position++)
        {
            double[] row = (double[])mixture.Coefficients[position].Clone();
            for (int o = 0; o < row.Length; o++)
            {
                if (CellSpace.IsParameterFree(_space.OperationsAt(position)[o]))
                {
                    row[o] = rng.NextDouble() < rate ? 0.0 : row[o] / (1.0 - rate);
                }
            }

            mixture = mixture.With(position, row);
        }

        return mixture;
    }

    private int[] SelectByPerturbation()
    {
        int[] order = [.. Enumerable.Range(0, _space.Positions)];
        Rng rng = _rng.Split(SelectionStream);
        rng.Shuffle(order);
        int[] path = new int[order.Length];
        CellMixture mixture = _strengths.Mixture();
        double rate = _options.Training.LearningRate;
        foreach (int position in order)
        {
            double worst = double.NegativeInfinity;
            for (int o = 0; o < mixture.Coefficients[position].Length; o++)
            {
                double loss = _network.LossOf(_validation, mixture.Without(position, o));
                RequireFinite(loss, "validation");
                if (loss > worst)
                {
                    worst = loss;
                    path[position] = o;
                }
            }

            mixture = mixture.Decided(position, path[position]);
            int last = _step.Number + _options.TuneEpochs * _options.Training.StepsPerEpoch(_train.Rows);
            while (position != order[^1] && _step.Number < last)
            {
                MoveWeights(_trainOrder.RowsOf(_step), mixture, rate);
            }
        }

        return path;
    }

    private int CountParameterFree(IReadOnlyList<int> path) => _space.OperationsOf(path).Count(CellSpace.IsParameterFree);

    private void RequireFinite(double loss, string what)
    {
        if (!double.IsFinite(loss))
        {
            throw new TrainingDivergedException($"differentiable search diverged at step {_step.Number} of {_planned}: {what} loss {loss}; expected a finite loss; lower the learning rate or set ClipNorm");
        }
    }
}

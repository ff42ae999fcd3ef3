using TicketBot.Learning.Training;
using TicketBot.Market.Features;
using TicketBot.Research.Datasets;
using TicketBot.Research.Splits;

namespace TicketBot.Research.LotteryTickets;

/// <summary>Scaled training and validation rows of a split, and the same rows weighted for one regime. Immutable.</summary>
public sealed class TrainingRows
{
    private readonly float[] _train;
    private readonly float[] _validation;
    private readonly int[] _trainLabels;
    private readonly int[] _validationLabels;
    private readonly int _features;

    /// <summary>Fits the scaler on the training rows, unless one is given, and scales both blocks with it.</summary>
    public TrainingRows(Dataset dataset, ChronologicalSplit split, Scaler? scaler = null)
    {
        Split = split;
        _features = dataset.Features;
        Scaler = scaler ?? Scaler.Fit(dataset.Values.Slice(split.Train.Start * _features, split.Train.Count * _features), _features);
        _train = Scaled(dataset, split.Train, Scaler);
        _validation = Scaled(dataset, split.Validation, Scaler);
        _trainLabels = dataset.Labels[split.Train.Start..split.Train.End].ToArray();
        _validationLabels = dataset.Labels[split.Validation.Start..split.Validation.End].ToArray();
        Train = new TrainingSet(_train, _features, _trainLabels);
        Validation = new TrainingSet(_validation, _features, _validationLabels);
    }

    /// <summary>The split.</summary>
    public ChronologicalSplit Split { get; }

    /// <summary>The scaler, fitted on training rows only (or on those of an earlier search).</summary>
    public Scaler Scaler { get; }

    /// <summary>Training rows, each of weight 1.</summary>
    public TrainingSet Train { get; }

    /// <summary>Validation rows, each of weight 1.</summary>
    public TrainingSet Validation { get; }

    /// <summary>Scaled training rows, <c>[rows, features]</c> row-major.</summary>
    public ReadOnlySpan<float> ScaledTrain => _train;

    /// <summary>Returns the rows weighted for a regime: <paramref name="pooledShare"/> plus the rest times the filtered probability.</summary>
    public (TrainingSet Train, TrainingSet Validation) For(RegimeColumns regimes, int state, double pooledShare) => (
        new TrainingSet(_train, _features, _trainLabels, Weights(regimes, state, pooledShare, Split.Train)),
        new TrainingSet(_validation, _features, _validationLabels, Weights(regimes, state, pooledShare, Split.Validation)));

    /// <summary>Returns some of a set's rows with their weights.</summary>
    /// <param name="set">The set.</param>
    /// <param name="rows">Rows, at least one.</param>
    internal static TrainingSet Some(TrainingSet set, IReadOnlyList<int> rows)
    {
        var values = new float[rows.Count * set.RowLength];
        for (var i = 0; i < rows.Count; i++)
        {
            set.RowOf(rows[i]).CopyTo(values.AsSpan(i * set.RowLength));
        }

        float[]? weights = set.SampleWeights.IsEmpty ? null : [.. rows.Select(row => set.SampleWeights[row])];
        return new TrainingSet(values, set.RowLength, [.. rows.Select(row => set.Labels[row])], weights);
    }

    /// <summary>Returns the scaled rows of a range, <c>[rows, features]</c> row-major.</summary>
    public static float[] Scaled(Dataset dataset, RowRange range, Scaler scaler)
    {
        var rows = new float[range.Count * dataset.Features];
        for (var row = range.Start; row < range.End; row++)
        {
            scaler.Apply(dataset.Row(row), rows.AsSpan((row - range.Start) * dataset.Features, dataset.Features));
        }

        return rows;
    }

    private static float[] Weights(RegimeColumns regimes, int state, double pooledShare, RowRange range)
    {
        var weights = new float[range.Count];
        for (var row = range.Start; row < range.End; row++)
        {
            weights[row - range.Start] = (float)(pooledShare + ((1 - pooledShare) * regimes.Probability(row, state)));
        }

        return weights;
    }
}

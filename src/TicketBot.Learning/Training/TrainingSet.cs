namespace TicketBot.Learning.Training;

/// <summary>Rows to train on or to validate with: each has features, and a class label or float targets, and a weight. The rows lie one after the other, or are
/// windows that share the steps of one series. The arrays are kept, not copied: do not change them afterwards.</summary>
public sealed class TrainingSet
{
    private readonly int[]? _lastSteps;

    /// <summary>Takes rows with a class each.</summary>
    /// <param name="features"><c>[rows, featureCount]</c>, row-major, finite; a network with a window reads a row as <c>[window, inputs]</c>, oldest step first.</param>
    /// <param name="featureCount">Values of a row, at least 1.</param>
    /// <param name="labels">Class per row, from 0.</param>
    /// <param name="sampleWeights">Weight per row, finite and at least 0; null weighs every row 1.</param>
    /// <exception cref="ArgumentException">Lengths disagree, or a value is not finite, or a label or weight is negative.</exception>
    public TrainingSet(float[] features, int featureCount, int[] labels, float[]? sampleWeights = null)
        : this(features, featureCount, 1, null, labels, null, 0, sampleWeights)
    {
    }

    /// <summary>Takes rows with float targets.</summary>
    /// <param name="features"><c>[rows, featureCount]</c>, row-major, finite; a network with a window reads a row as <c>[window, inputs]</c>, oldest step first.</param>
    /// <param name="featureCount">Values of a row, at least 1.</param>
    /// <param name="targets"><c>[rows, targetWidth]</c>, row-major, finite; their unit is the loss's.</param>
    /// <param name="targetWidth">Targets of a row, at least 1.</param>
    /// <param name="sampleWeights">Weight per row, finite and at least 0; null weighs every row 1.</param>
    /// <exception cref="ArgumentException">Lengths disagree, or a value is not finite, or a weight is negative.</exception>
    public TrainingSet(float[] features, int featureCount, float[] targets, int targetWidth, float[]? sampleWeights = null)
        : this(features, featureCount, 1, null, null, targets, targetWidth, sampleWeights)
    {
    }

    private TrainingSet(float[] features, int featureCount, int window, int[]? lastSteps, int[]? labels, float[]? targets, int targetWidth, float[]? sampleWeights)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        if (targets is not null)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(targetWidth, 1);
            if (targets.Length % targetWidth != 0)
            {
                throw new ArgumentException($"expected whole rows of {targetWidth} targets, found {targets.Length} values", nameof(targets));
            }
        }

        Rows = labels?.Length ?? targets!.Length / targetWidth;
        if (lastSteps is null)
        {
            if (features.Length != (long)Rows * featureCount)
            {
                throw new ArgumentException($"expected {Rows} rows of {featureCount} features = {(long)Rows * featureCount} values, found {features.Length}", nameof(features));
            }
        }
        else
        {
            RequireWindows(features, featureCount, window, lastSteps, Rows);
        }

        RequireFinite(features, featureCount, lastSteps is null ? "row" : "step", "features", nameof(features));
        for (int row = 0; labels is not null && row < labels.Length; row++)
        {
            if (labels[row] < 0)
            {
                throw new ArgumentException($"expected labels from 0, found {labels[row]} at row {row}; number the classes 0, 1, 2, ...", nameof(labels));
            }

            HighestLabel = Math.Max(HighestLabel, labels[row]);
        }

        if (targets is not null)
        {
            RequireFinite(targets, targetWidth, "row", "targets", nameof(targets));
        }

        if (sampleWeights is not null)
        {
            RequireWeights(sampleWeights, Rows);
        }

        _lastSteps = lastSteps;
        FeatureArray = features;
        FeatureCount = featureCount;
        Window = window;
        LabelArray = labels ?? [];
        TargetArray = targets ?? [];
        TargetWidth = targetWidth;
        WeightArray = sampleWeights;
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Features of a step; of a row, if the rows are not windows over a series.</summary>
    public int FeatureCount { get; }

    /// <summary>Steps of a row over a series; 1 for rows that lie one after the other.</summary>
    public int Window { get; }

    /// <summary>Values of a row: <see cref="Window"/> times <see cref="FeatureCount"/>.</summary>
    public int RowLength => Window * FeatureCount;

    /// <summary>True when the rows are windows that share the steps of one series.</summary>
    public bool IsOverSeries => _lastSteps is not null;

    /// <summary>Values <c>[rows, features]</c>, row-major.</summary>
    /// <exception cref="InvalidOperationException">The rows are windows over a series, so there is no such block; read <see cref="RowOf"/>.</exception>
    public ReadOnlySpan<float> Features => !IsOverSeries
        ? FeatureArray
        : throw new InvalidOperationException($"Invariant: the {Rows} rows of this set are windows of {Window} steps over one series and do not lie one after the other; read them with RowOf.");

    /// <summary>Class per row; empty for a set with targets.</summary>
    public ReadOnlySpan<int> Labels => LabelArray;

    /// <summary>Targets <c>[rows, targetWidth]</c>, row-major; empty for a set with labels.</summary>
    public ReadOnlySpan<float> Targets => TargetArray;

    /// <summary>Targets of a row; 0 for a set with labels.</summary>
    public int TargetWidth { get; }

    /// <summary>Weight per row; empty when every row weighs 1.</summary>
    public ReadOnlySpan<float> SampleWeights => WeightArray;

    /// <summary>Rows lie in it at <see cref="FeatureOffsetOf"/>, <see cref="RowLength"/> values each.</summary>
    internal float[] FeatureArray { get; }

    internal int[] LabelArray { get; }

    internal float[] TargetArray { get; }

    internal float[]? WeightArray { get; }

    internal int HighestLabel { get; }

    /// <summary>Makes a set of windows with a class each over one series, without copying it.</summary>
    /// <param name="series"><c>[steps, featureCount]</c>, row-major, oldest step first, finite.</param>
    /// <param name="featureCount">Features of a step, at least 1.</param>
    /// <param name="window">Steps of a row, at least 1.</param>
    /// <param name="lastSteps">Index of each row's last step, from <c>window - 1</c> to the last of the series; any order, repeats allowed.</param>
    /// <param name="labels">Class per row, from 0.</param>
    /// <param name="sampleWeights">Weight per row, finite and at least 0; null weighs every row 1.</param>
    /// <exception cref="ArgumentException">Lengths disagree, a window leaves the series, a value is not finite, or a label or weight is negative.</exception>
    public static TrainingSet OverSeries(float[] series, int featureCount, int window, int[] lastSteps, int[] labels, float[]? sampleWeights = null) =>
        new(series, featureCount, window, lastSteps, labels, null, 0, sampleWeights);

    /// <summary>Makes a set of windows with float targets over one series, without copying it.</summary>
    /// <param name="series"><c>[steps, featureCount]</c>, row-major, oldest step first, finite.</param>
    /// <param name="featureCount">Features of a step, at least 1.</param>
    /// <param name="window">Steps of a row, at least 1.</param>
    /// <param name="lastSteps">Index of each row's last step, from <c>window - 1</c> to the last of the series; any order, repeats allowed.</param>
    /// <param name="targets"><c>[rows, targetWidth]</c>, row-major, finite; their unit is the loss's.</param>
    /// <param name="targetWidth">Targets of a row, at least 1.</param>
    /// <param name="sampleWeights">Weight per row, finite and at least 0; null weighs every row 1.</param>
    /// <exception cref="ArgumentException">Lengths disagree, a window leaves the series, a value is not finite, or a weight is negative.</exception>
    public static TrainingSet OverSeries(float[] series, int featureCount, int window, int[] lastSteps, float[] targets, int targetWidth, float[]? sampleWeights = null) =>
        new(series, featureCount, window, lastSteps, null, targets, targetWidth, sampleWeights);

    /// <summary>Returns the features of a row, oldest step first, <see cref="RowLength"/> values.</summary>
    public ReadOnlySpan<float> RowOf(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        return FeatureArray.AsSpan(FeatureOffsetOf(row), RowLength);
    }

    /// <summary>Where a row starts in <see cref="FeatureArray"/>.</summary>
    internal int FeatureOffsetOf(int row) => (_lastSteps is null ? row : _lastSteps[row] - (Window - 1)) * FeatureCount;

    internal float WeightOf(int row) => WeightArray is null ? 1f : WeightArray[row];

    private static void RequireWindows(float[] series, int featureCount, int window, int[] lastSteps, int rows)
    {
        if (series.Length % featureCount != 0)
        {
            throw new ArgumentException($"expected whole steps of {featureCount} features, found {series.Length} values", nameof(series));
        }

        if (lastSteps.Length != rows)
        {
            throw new ArgumentException($"expected the last step of {rows} rows, found {lastSteps.Length}", nameof(lastSteps));
        }

        int steps = series.Length / featureCount;
        for (int row = 0; row < rows; row++)
        {
            if (lastSteps[row] < window - 1 || lastSteps[row] >= steps)
            {
                throw new ArgumentException($"expected last steps from {window - 1} to {steps - 1} for windows of {window} over {steps} steps, found {lastSteps[row]} at row {row}; leave out rows whose window leaves the series", nameof(lastSteps));
            }
        }
    }

    private static void RequireFinite(float[] values, int width, string unit, string what, string name)
    {
        if (FiniteCheck.Passes(values))
        {
            return;
        }

        int at = Array.FindIndex(values, value => !float.IsFinite(value));
        throw new ArgumentException($"expected finite {what}, found {values[at]} at {unit} {at / width}, column {at % width}; leave out the rows that read it or fill the gap", name);
    }

    private static void RequireWeights(float[] sampleWeights, int rows)
    {
        if (sampleWeights.Length != rows)
        {
            throw new ArgumentException($"expected {rows} sample weights, found {sampleWeights.Length}", nameof(sampleWeights));
        }

        int at = Array.FindIndex(sampleWeights, weight => !float.IsFinite(weight) || weight < 0f);
        if (at >= 0)
        {
            throw new ArgumentException($"expected finite sample weights of at least 0, found {sampleWeights[at]} at row {at}; weigh a row 0 to leave it out", nameof(sampleWeights));
        }
    }
}

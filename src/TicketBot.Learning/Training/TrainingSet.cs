namespace TicketBot.Learning.Training;

/// <summary>Labelled rows to train on or to validate with. The arrays are kept, not copied: do not change them afterwards.</summary>
public sealed class TrainingSet
{
    /// <summary>Takes features, labels and sample weights.</summary>
    /// <param name="features"><c>[rows, featureCount]</c>, row-major, finite.</param>
    /// <param name="featureCount">Features of a row, at least 1.</param>
    /// <param name="labels">Class per row, from 0.</param>
    /// <param name="sampleWeights">Weight per row, finite and at least 0; null weighs every row 1.</param>
    /// <exception cref="ArgumentException">Lengths disagree, or a value is not finite, or a label or weight is negative.</exception>
    public TrainingSet(float[] features, int featureCount, int[] labels, float[]? sampleWeights = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        if (features.Length != (long)labels.Length * featureCount)
        {
            throw new ArgumentException($"expected {labels.Length} rows of {featureCount} features = {(long)labels.Length * featureCount} values, found {features.Length}", nameof(features));
        }

        FiniteCheck.Require(features, nameof(features));
        foreach (int label in labels)
        {
            if (label < 0)
            {
                throw new ArgumentException($"expected labels from 0, found {label}", nameof(labels));
            }

            HighestLabel = Math.Max(HighestLabel, label);
        }

        if (sampleWeights is not null)
        {
            if (sampleWeights.Length != labels.Length)
            {
                throw new ArgumentException($"expected {labels.Length} sample weights, found {sampleWeights.Length}", nameof(sampleWeights));
            }

            FiniteCheck.Require(sampleWeights, nameof(sampleWeights));
            if (sampleWeights.Any(weight => weight < 0f))
            {
                throw new ArgumentException($"expected sample weights of at least 0, found {sampleWeights.Min()}", nameof(sampleWeights));
            }
        }

        FeatureArray = features;
        FeatureCount = featureCount;
        LabelArray = labels;
        WeightArray = sampleWeights;
    }

    /// <summary>Number of rows.</summary>
    public int Rows => LabelArray.Length;

    /// <summary>Features of a row.</summary>
    public int FeatureCount { get; }

    /// <summary>Values <c>[rows, features]</c>, row-major.</summary>
    public ReadOnlySpan<float> Features => FeatureArray;

    /// <summary>Class per row.</summary>
    public ReadOnlySpan<int> Labels => LabelArray;

    /// <summary>Weight per row; empty when every row weighs 1.</summary>
    public ReadOnlySpan<float> SampleWeights => WeightArray;

    internal float[] FeatureArray { get; }

    internal int[] LabelArray { get; }

    internal float[]? WeightArray { get; }

    internal int HighestLabel { get; }

    internal float WeightOf(int row) => WeightArray is null ? 1f : WeightArray[row];
}

namespace TicketBot.Research.Drift;

/// <summary>Dissimilarity index and area of applicability: whether a row lies where there was anything to learn from. Immutable.</summary>
/// <remarks>A row's index is its Euclidean distance to the nearest training row, divided by the mean distance between all pairs of training rows. The area of applicability ends at the largest index
/// among the training rows, each measured to rows outside its own fold only, that is no outlier: at most the upper quartile plus 1.5 times the range between the quartiles (Meyer and
/// Pebesma, "Predicting into unknown space? Estimating the area of applicability of spatial prediction models", Methods in Ecology and Evolution 12, 2021; quartiles linear between order
/// statistics). Folds are blocks in time. Features weigh equally.</remarks>
public sealed class DissimilarityIndex
{
    private readonly double[] _rows;
    private readonly int _features;

    private DissimilarityIndex(double[] rows, int features, double meanDistance, double threshold) =>
        (_rows, _features, MeanDistance, Threshold) = (rows, features, meanDistance, threshold);

    /// <summary>Mean distance between training rows, above zero.</summary>
    public double MeanDistance { get; }

    /// <summary>Index at which the area of applicability ends.</summary>
    public double Threshold { get; }

    /// <summary>Fits on training rows.</summary>
    /// <param name="rows">Scaled rows in the order of time, <c>[rows, features]</c> row-major, finite.</param>
    /// <param name="features">Features of a row, at least 1.</param>
    /// <param name="folds">Blocks, at least 2.</param>
    /// <exception cref="ArgumentException">There is no whole number of rows, fewer than two per fold, or all are equal.</exception>
    public static DissimilarityIndex Fit(ReadOnlySpan<double> rows, int features, int folds = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var count = rows.Length / features;
        if (rows.Length % features != 0 || count < 2 * folds)
        {
            throw new ArgumentException($"expected whole rows of {features} features, at least {2 * folds}, were {rows.Length} values", nameof(rows));
        }

        var (sum, nearest) = (0.0, new double[count]);
        Array.Fill(nearest, double.PositiveInfinity);
        for (var i = 0; i < count; i++)
        {
            for (var j = i + 1; j < count; j++)
            {
                var distance = Math.Sqrt(Square(rows.Slice(i * features, features), rows.Slice(j * features, features)));
                sum += distance;
                if (FoldOf(i, count, folds) != FoldOf(j, count, folds))
                {
                    (nearest[i], nearest[j]) = (Math.Min(nearest[i], distance), Math.Min(nearest[j], distance));
                }
            }
        }

        var mean = sum / (0.5 * count * (count - 1));
        if (!(mean > 0) || !double.IsFinite(mean))
        {
            throw new ArgumentException($"training rows must be finite and differ from each other, their mean distance was {mean}", nameof(rows));
        }

        Array.Sort(nearest);
        var (lower, upper) = (PopulationStability.QuantileOfSorted(nearest, 0.25), PopulationStability.QuantileOfSorted(nearest, 0.75));
        var fence = upper + (1.5 * (upper - lower));
        return new DissimilarityIndex(rows.ToArray(), features, mean, nearest.Last(d => d <= fence) / mean);
    }

    /// <summary>Returns the index of a row, at least 0.</summary>
    /// <param name="row">Scaled row, <c>[features]</c>.</param>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public double Of(ReadOnlySpan<double> row)
    {
        if (row.Length != _features)
        {
            throw new ArgumentException($"expected a row of {_features} features, was {row.Length}", nameof(row));
        }

        var least = double.PositiveInfinity;
        for (var i = 0; i < _rows.Length; i += _features)
        {
            least = Math.Min(least, Square(row, _rows.AsSpan(i, _features)));
        }

        return Math.Sqrt(least) / MeanDistance;
    }

    /// <summary>Returns the share of rows outside the area of applicability, 0..1.</summary>
    /// <param name="rows">Scaled rows, <c>[rows, features]</c> row-major, at least one.</param>
    public double ShareOutside(ReadOnlySpan<double> rows)
    {
        var outside = 0;
        for (var i = 0; i < rows.Length; i += _features)
        {
            outside += Of(rows.Slice(i, _features)) > Threshold ? 1 : 0;
        }

        return outside / ((double)rows.Length / _features);
    }

    private static int FoldOf(int row, int count, int folds)
    {
        var fold = (int)((long)row * folds / count);
        return row >= (int)((long)(fold + 1) * count / folds) ? fold + 1 : row < (int)((long)fold * count / folds) ? fold - 1 : fold;
    }

    private static double Square(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (var i = 0; i < left.Length; i++)
        {
            var difference = left[i] - right[i];
            sum += difference * difference;
        }

        return sum;
    }
}

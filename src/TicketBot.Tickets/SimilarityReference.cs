using System.Runtime.Intrinsics;
using TicketBot.Learning;

namespace TicketBot.Tickets;

/// <summary>Measures how alike the live market is to a ticket's training market, 0..1. Immutable; two are equal when their values are.</summary>
/// <remarks>A window of scaled rows is described by three statistics per feature: mean, logarithm of the standard deviation, and lag-1
/// autocorrelation (which a shuffled market loses). Each is standardised with its mean and deviation over windows inside the training
/// period; the distance is the root mean square of these values, each cut at <see cref="Cut"/> so that one odd feature cannot decide
/// alone. Similarity is 1 while the distance lies below the 95 % point of the training windows' distances, then falls monotonically as
/// ((3 - ratio) / 2)^2 and is 0 from three times that point on.</remarks>
public sealed record SimilarityReference
{
    /// <summary>Statistics per feature: mean, log standard deviation, lag-1 autocorrelation.</summary>
    public const int StatisticsPerFeature = 3;

    /// <summary>Largest magnitude of a standardised statistic.</summary>
    public const double Cut = 10;

    private const double ZeroFromRatio = 3;
    private const double VarianceFloor = 1e-4; // Scaled features vary by about 1: below a hundredth of that a feature stands still.
    private const double SmallestDeviation = 0.05; // A statistic that never moved in training must not make every later move infinite.
    private readonly double[] _centres;
    private readonly double[] _deviations;

    /// <summary>Makes a reference of fitted values.</summary>
    /// <param name="windowRows">Rows of a window, at least 4.</param>
    /// <param name="centres">Mean of each statistic over training windows, <c>[features x 3]</c>, feature-major.</param>
    /// <param name="deviations">Standard deviation of each, above zero.</param>
    /// <param name="limit">95 % point of the training windows' distances, above zero.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public SimilarityReference(int windowRows, IReadOnlyList<double> centres, IReadOnlyList<double> deviations, double limit)
    {
        if (windowRows < 4 || centres.Count == 0 || centres.Count % StatisticsPerFeature != 0 || deviations.Count != centres.Count)
        {
            throw new ArgumentException(
                $"expected a window of at least 4 rows and {StatisticsPerFeature} centres and deviations per feature, were {windowRows} rows, "
                + $"{centres.Count} centres and {deviations.Count} deviations");
        }

        if (centres.Any(c => !double.IsFinite(c)) || deviations.Any(d => !double.IsFinite(d) || d <= 0) || !double.IsFinite(limit) || limit <= 0)
        {
            throw new ArgumentException("centres must be finite, deviations and limit finite and above zero");
        }

        (WindowRows, _centres, _deviations, Limit) = (windowRows, [.. centres], [.. deviations], limit);
    }

    /// <summary>Rows of the live window.</summary>
    public int WindowRows { get; }

    /// <summary>Features of a row.</summary>
    public int Features => _centres.Length / StatisticsPerFeature;

    /// <summary>Mean of each statistic over training windows, <c>[Features x 3]</c>.</summary>
    public IReadOnlyList<double> Centres => _centres;

    /// <summary>Standard deviation of each statistic over training windows, <c>[Features x 3]</c>.</summary>
    public IReadOnlyList<double> Deviations => _deviations;

    /// <summary>95 % point of the distances of training windows.</summary>
    public double Limit { get; }

    /// <summary>Fits on scaled training rows, <c>[rows, features]</c> row-major in time order.</summary>
    /// <exception cref="ArgumentException">There are fewer than two windows of rows, the length is no multiple of the features, or a value is not finite.</exception>
    public static SimilarityReference Fit(ReadOnlySpan<float> rows, int features, int windowRows = 96)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(windowRows, 4);
        if (rows.Length % features != 0 || rows.Length < 2 * windowRows * features)
        {
            throw new ArgumentException(
                $"expected whole rows of {features} features, at least two windows of {windowRows}, was {rows.Length} values", nameof(rows));
        }

        RefuseNotFinite(rows, features);
        var count = rows.Length / features;
        var stride = Math.Max(1, Math.Min(windowRows / 4, (count - windowRows) / 64));
        var windows = ((count - windowRows) / stride) + 1;
        var width = features * StatisticsPerFeature;
        var statistics = new double[windows * width];
        for (var i = 0; i < windows; i++)
        {
            Describe(rows.Slice(i * stride * features, windowRows * features), features, statistics.AsSpan(i * width, width));
        }

        var (centres, deviations) = (new double[width], new double[width]);
        for (var s = 0; s < width; s++)
        {
            var (sum, squares) = (0.0, 0.0);
            for (var i = 0; i < windows; i++)
            {
                sum += statistics[(i * width) + s];
            }

            centres[s] = sum / windows;
            for (var i = 0; i < windows; i++)
            {
                var difference = statistics[(i * width) + s] - centres[s];
                squares += difference * difference;
            }

            deviations[s] = Math.Max(SmallestDeviation, Math.Sqrt(squares / windows));
        }

        var distances = new double[windows];
        for (var i = 0; i < windows; i++)
        {
            distances[i] = Distance(statistics.AsSpan(i * width, width), centres, deviations);
        }

        Array.Sort(distances);
        var limit = distances[(int)Math.Ceiling(0.95 * windows) - 1];
        return new SimilarityReference(windowRows, centres, deviations, Math.Max(limit, SmallestDeviation));
    }

    /// <summary>Returns the similarity of a window of scaled rows, <c>[WindowRows, features]</c> row-major in time order.</summary>
    /// <exception cref="ArgumentException">The length is another, or a value is not finite.</exception>
    public double SimilarityOf(ReadOnlySpan<float> rows)
    {
        var ratio = DistanceOf(rows) / Limit;
        if (ratio <= 1)
        {
            return 1;
        }

        var left = Math.Max(0, ZeroFromRatio - ratio) / (ZeroFromRatio - 1);
        return left * left;
    }

    /// <summary>Returns the distance of a window of scaled rows from the training windows, at least 0 and at most <see cref="Cut"/>.</summary>
    /// <exception cref="ArgumentException">The length is another, or a value is not finite.</exception>
    public double DistanceOf(ReadOnlySpan<float> rows)
    {
        if (rows.Length != WindowRows * Features)
        {
            throw new ArgumentException($"expected {WindowRows} rows of {Features} features, was {rows.Length} values", nameof(rows));
        }

        RefuseNotFinite(rows, Features);
        var statistics = _centres.Length <= 512 ? stackalloc double[_centres.Length] : new double[_centres.Length];
        Describe(rows, Features, statistics);
        return Distance(statistics, _centres, _deviations);
    }

    /// <summary>Returns whether all values are equal.</summary>
    public bool Equals(SimilarityReference? other) =>
        other is not null && WindowRows == other.WindowRows && Limit.Equals(other.Limit)
        && _centres.AsSpan().SequenceEqual(other._centres) && _deviations.AsSpan().SequenceEqual(other._deviations);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(WindowRows, Limit, Features);

    private static double Distance(ReadOnlySpan<double> statistics, double[] centres, double[] deviations)
    {
        var sum = 0.0;
        for (var i = 0; i < statistics.Length; i++)
        {
            sum += SquareOf(statistics[i], centres[i], deviations[i]);
        }

        return Math.Sqrt(sum / statistics.Length);
    }

    private static double SquareOf(double value, double centre, double deviation)
    {
        var standardised = Math.Min(Math.Abs(value - centre) / deviation, Cut);
        return standardised * standardised;
    }

    private static void Describe(ReadOnlySpan<float> window, int features, Span<double> destination)
    {
        var done = 0;
        for (; done + Vector256<double>.Count <= features; done += Vector256<double>.Count)
        {
            DescribeFour(window, features, done, destination[(done * StatisticsPerFeature)..]);
        }

        for (var f = done; f < features; f++)
        {
            DescribeFeature(window, features, f, destination.Slice(f * StatisticsPerFeature, StatisticsPerFeature));
        }
    }

    // Lanes are features: each adds its own rows in their order, as DescribeFeature does, so the bits are the same.
    private static void DescribeFour(ReadOnlySpan<float> window, int features, int first, Span<double> destination)
    {
        var rows = window.Length / features;
        var mean = Vector256<double>.Zero;
        for (var i = first; i < window.Length; i += features)
        {
            mean += Wide(window, i);
        }

        mean /= Vector256.Create((double)rows);
        var (squares, products, previous) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
        for (var i = first; i < window.Length; i += features)
        {
            var difference = Wide(window, i) - mean;
            squares += difference * difference;
            products += difference * previous;
            previous = difference;
        }

        for (var lane = 0; lane < Vector256<double>.Count; lane++)
        {
            Write(mean[lane], squares[lane], products[lane], rows, destination[(lane * StatisticsPerFeature)..]);
        }
    }

    private static Vector256<double> Wide(ReadOnlySpan<float> window, int at)
    {
        var (lower, upper) = Vector128.Widen(Vector128.Create(window.Slice(at, Vector128<float>.Count)));
        return Vector256.Create(lower, upper);
    }

    private static void DescribeFeature(ReadOnlySpan<float> window, int features, int feature, Span<double> destination)
    {
        var rows = window.Length / features;
        var mean = 0.0;
        for (var i = feature; i < window.Length; i += features)
        {
            mean += window[i];
        }

        mean /= rows;
        var (squares, products, previous) = (0.0, 0.0, 0.0);
        for (var i = feature; i < window.Length; i += features)
        {
            var difference = window[i] - mean;
            squares += difference * difference;
            products += difference * previous;
            previous = difference;
        }

        Write(mean, squares, products, rows, destination);
    }

    private static void Write(double mean, double squares, double products, int rows, Span<double> destination)
    {
        var variance = (squares / rows) + VarianceFloor;
        destination[0] = mean;
        destination[1] = 0.5 * PortableMath.Log(variance);
        destination[2] = products / rows / variance;
    }

    private static void RefuseNotFinite(ReadOnlySpan<float> rows, int features)
    {
        var finite = 0;
        while (finite + Vector256<float>.Count <= rows.Length
            && Vector256.LessThanOrEqualAll(Vector256.Abs(Vector256.Create(rows[finite..])), Vector256.Create(float.MaxValue)))
        {
            finite += Vector256<float>.Count;
        }

        for (var i = finite; i < rows.Length; i++)
        {
            if (!float.IsFinite(rows[i]))
            {
                throw new ArgumentException($"scaled values must be finite, row {i / features}, feature {i % features} was {rows[i]}", nameof(rows));
            }
        }
    }
}

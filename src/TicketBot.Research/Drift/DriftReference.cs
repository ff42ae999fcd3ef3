namespace TicketBot.Research.Drift;

/// <summary>What the market looked like while a ticket was trained, and how far windows inside that time lay from the rest of it: the measure of what is unusual. Immutable.</summary>
/// <remarks>The usual readings of drift assume independent rows. Feature rows are slow, so that a window of a few days always differs from a year, and fixed thresholds would raise an alarm on
/// a market at rest. So every training window is held against the training rows that are not near it, just as the live window is held against all of them, and a limit is the
/// largest value that any of them had: a live window of the same market exceeds it about once in as many windows as there were.</remarks>
public sealed class DriftReference
{
    /// <summary>Rows of a window.</summary>
    public const int WindowRows = 480;

    /// <summary>Windows that training must have held.</summary>
    public const int LeastWindows = 8;

    private const int SampleRows = 480; // As many as a window has, so that the classifier sees equal classes.
    private const int MostWindows = 32;
    private readonly Sample _sample;

    private DriftReference(Sample sample, int windows, double[] scales, double stabilityLimit, double distanceLimit, double outsideLimit)
    {
        _sample = sample;
        Windows = windows;
        Scales = scales;
        (StabilityLimit, DistanceLimit, OutsideLimit) = (stabilityLimit, distanceLimit, outsideLimit);
    }

    /// <summary>Training windows that the limits were taken from.</summary>
    public int Windows { get; }

    /// <summary>Features of a row.</summary>
    public int Features => _sample.Features;

    /// <summary>Stability index of each feature that counts as one: the mean over training windows, at least <see cref="PopulationStability.Moved"/>.</summary>
    public IReadOnlyList<double> Scales { get; }

    /// <summary>Largest stability of a training window's least stable feature, in units of <see cref="Scales"/>; at least 1.</summary>
    public double StabilityLimit { get; }

    /// <summary>Largest proxy A-distance of a training window.</summary>
    public double DistanceLimit { get; }

    /// <summary>Largest share of a training window's rows outside the area of applicability.</summary>
    public double OutsideLimit { get; }

    /// <summary>Fits on training rows; <c>null</c> when they hold fewer than <see cref="LeastWindows"/> windows.</summary>
    /// <param name="rows">Scaled rows in the order of time, <c>[rows, features]</c> row-major, finite.</param>
    /// <param name="features">Features of a row, at least 1.</param>
    /// <exception cref="ArgumentException">The rows are no whole number of rows, not finite, or all equal.</exception>
    public static DriftReference? Fit(ReadOnlySpan<double> rows, int features)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        if (rows.Length % features != 0)
        {
            throw new ArgumentException($"expected whole rows of {features} features, was {rows.Length} values", nameof(rows));
        }

        var count = rows.Length / features;
        if (count < LeastWindows * WindowRows)
        {
            return null;
        }

        var windows = Math.Min(MostWindows, count / WindowRows);
        var (stability, distances, outside) = (new double[windows][], new double[windows], new double[windows]);
        for (var w = 0; w < windows; w++)
        {
            var from = (int)((long)w * (count - WindowRows) / (windows - 1));
            var window = rows.Slice(from * features, WindowRows * features);
            var others = Sample.Of(rows, features, from - WindowRows, from + (2 * WindowRows));
            (stability[w], distances[w], outside[w]) = (others.Stability(window), others.Distance(window), others.Outside(window));
        }

        var scales = new double[features];
        for (var f = 0; f < features; f++)
        {
            scales[f] = Math.Max(PopulationStability.Moved, stability.Average(s => s[f]));
        }

        return new DriftReference(
            Sample.Of(rows, features, 0, 0), windows, scales, Math.Max(1, stability.Max(s => Worst(s, scales).Ratio)), distances.Max(), outside.Max());
    }

    /// <summary>Holds a window against the training rows.</summary>
    /// <param name="window">Scaled rows in the order of time, <c>[WindowRows, features]</c> row-major, finite.</param>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public DriftReading Read(ReadOnlySpan<double> window)
    {
        if (window.Length != WindowRows * Features)
        {
            throw new ArgumentException($"expected {WindowRows} rows of {Features} features, was {window.Length} values", nameof(window));
        }

        var stability = _sample.Stability(window);
        var (feature, ratio) = Worst(stability, Scales);
        var (distance, outside) = (_sample.Distance(window), _sample.Outside(window));
        return new DriftReading(
            stability, feature, distance, outside, ratio > StabilityLimit, distance > DistanceLimit, outside > OutsideLimit);
    }

    private static (int Feature, double Ratio) Worst(double[] stability, IReadOnlyList<double> scales)
    {
        var worst = (Feature: 0, Ratio: 0.0);
        for (var f = 0; f < stability.Length; f++)
        {
            worst = stability[f] / scales[f] > worst.Ratio ? (f, stability[f] / scales[f]) : worst;
        }

        return worst;
    }

    // Training rows at even steps, with what was fitted on them.
    private sealed record Sample(int Features, double[] Rows, double[][] Edges, int[][] Counts, DissimilarityIndex Index)
    {
        // Rows from one to before another are left out.
        public static Sample Of(ReadOnlySpan<double> rows, int features, int leftFrom, int leftUntil)
        {
            var count = rows.Length / features;
            var (from, until) = (Math.Clamp(leftFrom, 0, count), Math.Clamp(leftUntil, 0, count));
            var kept = count - (until - from);
            var sample = new double[SampleRows * features];
            for (var i = 0; i < SampleRows; i++)
            {
                var row = (int)((long)i * kept / SampleRows);
                rows.Slice((row < from ? row : row + until - from) * features, features).CopyTo(sample.AsSpan(i * features));
            }

            var (edges, counts) = (new double[features][], new int[features][]);
            for (var f = 0; f < features; f++)
            {
                var column = Column(sample, features, f);
                edges[f] = PopulationStability.Deciles(column);
                counts[f] = PopulationStability.Counts(column, edges[f]);
            }

            return new Sample(features, sample, edges, counts, DissimilarityIndex.Fit(sample, features));
        }

        public double[] Stability(ReadOnlySpan<double> window)
        {
            var stability = new double[Features];
            for (var f = 0; f < Features; f++)
            {
                stability[f] = PopulationStability.Of(Counts[f], PopulationStability.Counts(Column(window, Features, f), Edges[f]));
            }

            return stability;
        }

        public double Distance(ReadOnlySpan<double> window) => ProxyADistance.Of(Rows, window, Features);

        public double Outside(ReadOnlySpan<double> window) => Index.ShareOutside(window);

        private static double[] Column(ReadOnlySpan<double> rows, int features, int feature)
        {
            var column = new double[rows.Length / features];
            for (var i = 0; i < column.Length; i++)
            {
                column[i] = rows[(i * features) + feature];
            }

            return column;
        }
    }
}

/// <summary>How a window of live rows compares with a ticket's training rows.</summary>
/// <param name="Stability">Population stability index of each feature.</param>
/// <param name="Worst">The feature that moved most, measured by what is usual for it.</param>
/// <param name="Distance">Proxy A-distance, 0..2.</param>
/// <param name="Outside">Share of the rows outside the area of applicability, 0..1.</param>
/// <param name="IsMoved">Whether that feature moved further than in any training window.</param>
/// <param name="IsApart">Whether the distance is larger than that of any training window.</param>
/// <param name="IsOutside">Whether the share is larger than that of any training window.</param>
public sealed record DriftReading(IReadOnlyList<double> Stability, int Worst, double Distance, double Outside, bool IsMoved, bool IsApart, bool IsOutside)
{
    /// <summary>Whether at least two of the three measures say that no training window was like this.</summary>
    public bool IsUnlike => (IsMoved ? 1 : 0) + (IsApart ? 1 : 0) + (IsOutside ? 1 : 0) >= 2;

    /// <summary>Whether none of them says so.</summary>
    public bool IsAlike => !IsMoved && !IsApart && !IsOutside;
}

namespace TicketBot.Research.ArchitectureSearch.Pareto;

/// <summary>The size of what a set of points dominates below a reference point, exactly (Zitzler and Thiele 1998); objectives are made small.</summary>
public static class Hypervolume
{
    /// <summary>Returns the hypervolume of points in two or three objectives; points beyond the reference count nothing.</summary>
    /// <param name="points">Objectives per point.</param>
    /// <param name="reference">The reference point, as many objectives.</param>
    /// <exception cref="ArgumentException">There are not two or three objectives, or a point has another number of them.</exception>
    public static double Of(IEnumerable<double[]> points, double[] reference)
    {
        double[][] inside = [.. points.Where(point => Matches(point, reference) && point.Zip(reference).All(pair => pair.First < pair.Second))];
        return reference.Length switch
        {
            2 => Area(inside, reference),
            3 => Volume(inside, reference),
            var other => throw new ArgumentException($"expected two or three objectives, found {other}", nameof(reference)),
        };
    }

    private static bool Matches(double[] point, double[] reference) => point.Length == reference.Length
        ? true
        : throw new ArgumentException($"expected points of {reference.Length} objectives, found one of {point.Length}", nameof(point));

    private static double Area(IEnumerable<double[]> points, double[] reference)
    {
        var (area, low) = (0.0, reference[1]);
        foreach (var point in points.OrderBy(point => point[0]).ThenBy(point => point[1]))
        {
            if (point[1] < low)
            {
                area += (reference[0] - point[0]) * (low - point[1]);
                low = point[1];
            }
        }

        return area;
    }

    // Slices between neighbouring values of the third objective: inside one the dominated area does not change.
    private static double Volume(double[][] points, double[] reference)
    {
        double[] levels = [.. points.Select(point => point[2]).Distinct().Order(), reference[2]];
        var volume = 0.0;
        for (var i = 0; i + 1 < levels.Length; i++)
        {
            volume += (levels[i + 1] - levels[i]) * Area(points.Where(point => point[2] <= levels[i]), reference);
        }

        return volume;
    }
}

namespace TicketBot.Benchmarks.Learning;

/// <summary>Slices of several sides taken in turns, A B C A B C, so that whatever slows the machine slows all of them.</summary>
internal sealed class Paired
{
    private readonly Slice[][] _rounds;
    private readonly Func<Slice, double> _cost;

    private Paired(Slice[][] rounds, Func<Slice, double> cost)
    {
        _rounds = rounds;
        _cost = cost;
    }

    /// <summary>Runs every side warm and then in turns.</summary>
    /// <param name="sides">Who takes turns.</param>
    /// <param name="settings">How long and how often.</param>
    /// <param name="byWall">Costs are wall time, for sides of several threads; else processor time.</param>
    public static Paired Run(IReadOnlyList<Side> sides, Settings settings, bool byWall = false) =>
        Run(sides, settings.RoundsOf(sides.Count), settings.SliceMs, settings.WarmMs, byWall);

    /// <summary>Runs every side warm and then in turns, so many times.</summary>
    public static Paired Run(IReadOnlyList<Side> sides, int rounds, double sliceMs, double warmMs, bool byWall = false)
    {
        foreach (var side in sides)
        {
            side.Run(warmMs / 2);
            side.Run(warmMs / 2);
        }

        var slices = new Slice[rounds][];
        for (var r = 0; r < rounds; r++)
        {
            slices[r] = [.. sides.Select(side => side.Run(sliceMs))];
        }

        return new Paired(slices, byWall ? slice => slice.WallMicroseconds : slice => slice.CpuMicroseconds);
    }

    /// <summary>Microseconds of a step of one side.</summary>
    public Spread Cost(int side) => Spread.Of(_rounds.Select(round => _cost(round[side])));

    /// <summary>Cost of one side over cost of another in the same round.</summary>
    public Spread Ratio(int side, int over) => Spread.Of(_rounds.Select(round => _cost(round[side]) / _cost(round[over])));
}

/// <summary>Median and ends of some figures.</summary>
internal readonly record struct Spread(double Median, double Min, double Max)
{
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var half = sorted.Length / 2;
        return new Spread(sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2, sorted[0], sorted[^1]);
    }

    public Spread Times(double factor) => new(Median * factor, Min * factor, Max * factor);
}

namespace TicketBot.Research.ArchitectureSearch.Latency;

/// <summary>Times of one kind over a full grid of inputs, outputs and steps.</summary>
internal sealed class LatencyGrid
{
    private readonly int[][] _axes;
    private readonly double[] _logs;

    /// <exception cref="FormatException">The grid has holes, or a time is not above 0.</exception>
    public LatencyGrid(string kind, IReadOnlyList<LatencyEntry> entries)
    {
        _axes = [[.. entries.Select(e => e.Inputs).Distinct().Order()], [.. entries.Select(e => e.Outputs).Distinct().Order()], [.. entries.Select(e => e.Steps).Distinct().Order()]];
        _logs = new double[_axes[0].Length * _axes[1].Length * _axes[2].Length];
        if (entries.Count != _logs.Length || entries.Any(e => !(e.Microseconds > 0) || !double.IsFinite(e.Microseconds) || e.Inputs < 1 || e.Outputs < 1 || e.Steps < 1))
        {
            throw new FormatException($"the times of {kind} are no full grid of {_axes[0].Length} x {_axes[1].Length} x {_axes[2].Length} sizes with times above 0; measure them again");
        }

        foreach (var entry in entries)
        {
            _logs[IndexOf(Array.IndexOf(_axes[0], entry.Inputs), Array.IndexOf(_axes[1], entry.Outputs), Array.IndexOf(_axes[2], entry.Steps))] = Math.Log(entry.Microseconds);
        }
    }

    /// <summary>Returns the time at a size in microseconds: linear between the logarithms of neighbours, and beyond the grid with the slope of its last two.</summary>
    public double At(int inputs, int outputs, int steps)
    {
        var ((i, u), (j, v), (k, w)) = (Place(0, inputs), Place(1, outputs), Place(2, steps));
        var sum = 0.0;
        for (var corner = 0; corner < 8; corner++)
        {
            var (a, b, c) = (corner & 1, (corner >> 1) & 1, corner >> 2);
            var weight = (a == 0 ? 1 - u : u) * (b == 0 ? 1 - v : v) * (c == 0 ? 1 - w : w);
            sum += weight == 0 ? 0 : weight * _logs[IndexOf(i + a, j + b, k + c)];
        }

        return Math.Exp(sum);
    }

    private (int Low, double Share) Place(int axis, int value)
    {
        var points = _axes[axis];
        if (points.Length == 1)
        {
            return (0, 0);
        }

        var low = 0;
        while (low < points.Length - 2 && points[low + 1] <= value)
        {
            low++;
        }

        return (low, Math.Log((double)value / points[low]) / Math.Log((double)points[low + 1] / points[low]));
    }

    private int IndexOf(int i, int j, int k) => (((i * _axes[1].Length) + j) * _axes[2].Length) + k;
}

using System.Globalization;
using static TicketBot.Host.Reports.LinePlot;

namespace TicketBot.Host.Reports;

/// <summary>Dots over an axis of any range, linear or logarithmic; some lines of dots are joined.</summary>
public static class ScatterPlot
{
    /// <summary>Returns the plot as SVG.</summary>
    /// <param name="label">What it shows.</param>
    /// <param name="xLabel">Words below the axis.</param>
    /// <param name="series">The dots; the first are drawn first; at least one point in all.</param>
    /// <param name="isLogarithmic">Whether places along the axis, all above 0, are spaced by their logarithm.</param>
    /// <param name="isJoined">Whether the dots of a series are joined by a line, in their order.</param>
    /// <param name="level">A height with a line across, or <c>null</c>.</param>
    /// <param name="ceiling">Dots above it are drawn at it; their title says where they are.</param>
    /// <param name="titleOf">Words under the pointer for a point of a series; <c>null</c> writes its numbers.</param>
    public static string Of(
        string label, string xLabel, IReadOnlyList<PlotSeries> series, bool isLogarithmic, Func<PlotSeries, bool> isJoined, double? level = null, double ceiling = double.PositiveInfinity,
        Func<PlotSeries, PlotPoint, string>? titleOf = null)
    {
        var all = series.SelectMany(s => s.Points).Where(p => double.IsFinite(p.Y)).ToList();
        var (low, high, step) = Ticks(
            all.Select(p => Math.Min(p.Y, ceiling)).Append(level ?? double.PositiveInfinity).Min(), all.Select(p => Math.Min(p.Y, ceiling)).Append(level ?? double.NegativeInfinity).Max());
        double Scaled(double x) => isLogarithmic ? Math.Log10(x) : x;
        var (from, to) = (Scaled(all.Min(p => p.X)), Scaled(all.Max(p => p.X)));
        if (to - from < 1e-9)
        {
            (from, to) = (from - 0.5, to + 0.5);
        }

        double X(double x) => Left + 8 + ((Right - Left - 16) * (Scaled(x) - from) / (to - from));
        double Y(double y) => Bottom - ((Bottom - Top) * (Math.Min(y, ceiling) - low) / (high - low));
        var svg = new Svg(Width, Height, label);
        var format = "0." + new string('0', Math.Clamp((int)Math.Ceiling(-Math.Log10(step)), 0, 6));
        for (var tick = 0; low + (tick * step) <= high + (step / 2); tick++)
        {
            var y = low + (tick * step);
            svg.Line(Left, Y(y), Right, Y(y), "grid").Text(Left - 7, Y(y) + 4, y.ToString(format, CultureInfo.InvariantCulture), "end", "tick");
        }

        foreach (var x in Places(from, to, isLogarithmic))
        {
            svg.Text(X(x), Bottom + 17, x.ToString(x >= 10_000 ? "#,0" : "0.##", CultureInfo.InvariantCulture), "middle", "tick");
        }

        if (level is { } height)
        {
            svg.Line(Left, Y(height), Right, Y(height), "null");
        }

        svg.Text((Left + Right) / 2, Height - 8, xLabel, "middle", "tick");
        var place = Left;
        foreach (var one in series)
        {
            svg.Dot(place + 6, 14, "dot " + one.Style).Text(place + 16, 18, one.Name, "start", "legend");
            place += 34 + (6.6 * one.Name.Length);
            var points = one.Points.Where(p => double.IsFinite(p.Y)).ToList();
            if (isJoined(one))
            {
                svg.Path(points.Select(p => (X(p.X), Y(p.Y))), "line " + one.Style);
            }

            foreach (var point in points)
            {
                svg.Dot(X(point.X), Y(point.Y), "dot " + one.Style, titleOf?.Invoke(one, point) ?? string.Create(CultureInfo.InvariantCulture, $"{one.Name}, {point.X:0.##}: {point.Y:0.0000}"));
            }
        }

        return svg.ToString();
    }

    private static IEnumerable<double> Places(double from, double to, bool isLogarithmic)
    {
        if (!isLogarithmic)
        {
            var (low, _, step) = Ticks(from, to);
            for (var x = low; x <= to + 1e-9; x += step)
            {
                if (x >= from - 1e-9)
                {
                    yield return x;
                }
            }

            yield break;
        }

        // Round numbers; where the range holds fewer than two of these, its ends.
        var found = 0;
        double[] within = to - from > 1.5 ? [1] : [1, 2, 5];
        for (var power = Math.Floor(from); power <= to; power++)
        {
            foreach (var first in within)
            {
                var x = first * Math.Pow(10, power);
                if (Math.Log10(x) >= from - 1e-9 && Math.Log10(x) <= to + 1e-9)
                {
                    found++;
                    yield return x;
                }
            }
        }

        if (found < 2)
        {
            yield return Math.Round(Math.Pow(10, from));
            yield return Math.Round(Math.Pow(10, to));
        }
    }
}

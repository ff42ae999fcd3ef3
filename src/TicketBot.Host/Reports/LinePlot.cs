using System.Globalization;

namespace TicketBot.Host.Reports;

/// <summary>Lines over one axis, with intervals where points have them.</summary>
public static class LinePlot
{
    internal const int Width = 560;
    internal const int Height = 300;
    internal const double Left = 66;
    internal const double Right = Width - 30;
    internal const double Top = 30;
    internal const double Bottom = Height - 44;
    private const double TickRoom = 42;

    /// <summary>Returns the plot as SVG.</summary>
    /// <param name="label">What it shows.</param>
    /// <param name="xLabel">Words below the axis.</param>
    /// <param name="yFormat">How heights are written, for example <c>0.00</c>.</param>
    /// <param name="series">The lines; at least one has a point.</param>
    /// <param name="isRemaining">The axis is a share of remaining weights: logarithmic, all of them on the left, ticks at the points. Else it is linear, 0 to 1.</param>
    /// <param name="zero">Whether a line at height 0 is drawn, and the height 0 is always inside.</param>
    public static string Of(string label, string xLabel, string yFormat, IReadOnlyList<PlotSeries> series, bool isRemaining, bool zero = false)
    {
        var all = series.SelectMany(s => s.Points).ToList();
        var heights = all.SelectMany(p => (double?[])[p.Y, p.Low, p.High]).OfType<double>().Concat(zero ? [0.0] : Array.Empty<double>()).Where(double.IsFinite).ToList();
        var (low, high, step) = Ticks(heights.Min(), heights.Max());
        var sparsest = isRemaining ? Math.Min(0.5, all.Min(p => p.X)) : 0;
        double X(double x) => Left + ((Right - Left) * (isRemaining ? Math.Log(x) / Math.Log(sparsest) : x));
        double Y(double y) => Bottom - ((Bottom - Top) * (y - low) / (high - low));
        var svg = new Svg(Width, Height, label);
        for (var tick = 0; low + (tick * step) <= high + (step / 2); tick++)
        {
            var y = low + (tick * step);
            svg.Line(Left, Y(y), Right, Y(y), "grid").Text(Left - 7, Y(y) + 4, Text(y, yFormat), "end", "tick");
        }

        if (zero)
        {
            svg.Line(Left, Y(0), Right, Y(0), "zero");
        }

        double[] places = isRemaining ? [.. all.Select(p => p.X).Distinct().OrderDescending()] : [0, 0.25, 0.5, 0.75, 1];
        var last = double.NegativeInfinity;
        for (var i = 0; i < places.Length; i++)
        {
            // The two ends always have their words, those between where they find room.
            var x = X(places[i]);
            if (i == places.Length - 1 || (x - last >= TickRoom && X(places[^1]) - x >= TickRoom))
            {
                last = x;
                svg.Text(x, Bottom + 17, isRemaining ? Text(100 * places[i], "0.#") + " %" : Text(places[i], "0.##"), "middle", "tick");
            }
        }

        svg.Text((Left + Right) / 2, Height - 8, xLabel, "middle", "tick");
        var place = Left;
        for (var i = 0; i < series.Count; i++)
        {
            // Intervals of several lines at one place stand beside each other.
            var one = series[i];
            var aside = one.Points.Any(p => p.Low is not null) ? 5 * (i - ((series.Count - 1) / 2.0)) : 0;
            svg.Line(place, 14, place + 20, 14, "line " + one.Style).Text(place + 25, 18, one.Name, "start", "legend");
            place += 40 + (6.6 * one.Name.Length);
            Draw(svg, one, x => X(x) + aside, Y, xText: x => isRemaining ? Text(100 * x, "0.##") + " % of weights" : "at " + Text(x, "0.00"), yFormat);
        }

        return svg.ToString();
    }

    private static void Draw(Svg svg, PlotSeries series, Func<double, double> x, Func<double, double> y, Func<double, string> xText, string yFormat)
    {
        svg.Path(series.Points.Where(p => double.IsFinite(p.Y)).Select(p => (x(p.X), y(p.Y))), "line " + series.Style);
        foreach (var point in series.Points.Where(p => double.IsFinite(p.Y)))
        {
            if (point.Low is { } low && point.High is { } high)
            {
                var whisker = "whisker " + series.Style;
                svg.Line(x(point.X), y(low), x(point.X), y(high), whisker)
                    .Line(x(point.X) - 3, y(low), x(point.X) + 3, y(low), whisker).Line(x(point.X) - 3, y(high), x(point.X) + 3, y(high), whisker);
            }

            svg.Dot(x(point.X), y(point.Y), "dot " + series.Style, $"{series.Name}, {xText(point.X)}: {Text(point.Y, yFormat)}");
        }
    }

    // Some five round steps that hold the whole range.
    internal static (double Low, double High, double Step) Ticks(double from, double to)
    {
        if (to - from <= 1e-9 * Math.Abs(to))
        {
            var room = to == 0 ? 1 : 0.05 * Math.Abs(to);
            (from, to) = (from - room, to + room);
        }

        var range = to - from;
        var power = Math.Pow(10, Math.Floor(Math.Log10(range / 5)));
        var step = power * (range / 5 / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        var low = Math.Floor(from / step) * step;
        var high = Math.Ceiling(to / step) * step;
        return (low, high, step);
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

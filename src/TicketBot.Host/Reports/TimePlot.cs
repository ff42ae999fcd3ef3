using System.Globalization;
using TicketBot.Domain;

namespace TicketBot.Host.Reports;

/// <summary>One curve over market time, filled down to a level, however many points it has.</summary>
public static class TimePlot
{
    private const int Width = 580;
    private const int Height = 260;
    private const double Left = 66;
    private const double Right = Width - 16;
    private const double Top = 12;
    private const double Bottom = Height - 30;
    private const int MostPoints = 520;
    private const int TickRoom = 92;
    private static readonly int[] MonthSteps = [1, 2, 3, 6, 12, 24, 60];
    private static readonly int[] HourSteps = [1, 3, 6, 12, 24, 48, 120, 240, 480];

    /// <summary>Returns the plot as SVG.</summary>
    /// <param name="label">What it shows.</param>
    /// <param name="style">Style class of the line, for example <c>ticket</c>.</param>
    /// <param name="yFormat">How heights are written.</param>
    /// <param name="points">Points, ascending in time, at least one. Where there are more than the picture has pixels, the lowest and the highest of each pixel stay.</param>
    /// <param name="level">Height of the line that the curve is filled to; always inside.</param>
    public static string Of(string label, string style, string yFormat, IReadOnlyList<(Instant Time, double Value)> points, double level)
    {
        var (low, high, step) = LinePlot.Ticks(Math.Min(level, points.Min(p => p.Value)), Math.Max(level, points.Max(p => p.Value)));
        var (from, until) = (points[0].Time, points[^1].Time);
        var length = Math.Max(1, until.Since(from));
        double X(Instant time) => Left + ((Right - Left) * time.Since(from) / length);
        double Y(double value) => Bottom - ((Bottom - Top) * (value - low) / (high - low));
        var svg = new Svg(Width, Height, label);
        for (var tick = 0; low + (tick * step) <= high + (step / 2); tick++)
        {
            var y = low + (tick * step);
            svg.Line(Left, Y(y), Right, Y(y), "grid").Text(Left - 7, Y(y) + 4, y.ToString(yFormat, CultureInfo.InvariantCulture), "end", "tick");
        }

        foreach (var (time, text) in TimesOf(from, until, (int)((Right - Left) / TickRoom)))
        {
            var isLast = X(time) > Right - (TickRoom / 2.0) + 16; // Its middle would lie outside.
            svg.Line(X(time), Bottom, X(time), Bottom + 4, "zero").Text(isLast ? Width - 1 : X(time), Bottom + 18, text, isLast ? "end" : "middle", "tick");
        }

        var shown = Thin(points).Select(p => (X(p.Time), Y(p.Value))).ToList();
        return svg.Path([(shown[0].Item1, Y(level)), .. shown, (shown[^1].Item1, Y(level))], "area " + style)
            .Line(Left, Y(level), Right, Y(level), "zero").Path(shown, "line " + style).ToString();
    }

    /// <summary>Returns the points of a curve that a picture can show: in each of its columns the first, the lowest, the highest and the last.</summary>
    public static IReadOnlyList<(Instant Time, double Value)> Thin(IReadOnlyList<(Instant Time, double Value)> points)
    {
        if (points.Count <= MostPoints)
        {
            return points;
        }

        var kept = new SortedSet<int> { 0, points.Count - 1 };
        for (var column = 0; column < MostPoints; column++)
        {
            var (begin, end) = ((int)((long)column * points.Count / MostPoints), (int)((long)(column + 1) * points.Count / MostPoints));
            var (lowest, highest) = (begin, begin);
            for (var i = begin; i < end; i++)
            {
                lowest = points[i].Value < points[lowest].Value ? i : lowest;
                highest = points[i].Value > points[highest].Value ? i : highest;
            }

            kept.UnionWith([lowest, highest]);
        }

        return [.. kept.Select(i => points[i])];
    }

    // Whole days or months that are some steps apart, with the words that tell them from their neighbours.
    private static IEnumerable<(Instant Time, string Text)> TimesOf(Instant from, Instant until, int most)
    {
        var (begin, end) = (from.ToDateTimeOffset(), until.ToDateTimeOffset());
        var days = (end - begin).TotalDays;
        if (days / most > 20)
        {
            var months = MonthSteps.First(m => days / 30.4 / m <= most || m == MonthSteps[^1]);
            for (var at = new DateTimeOffset(begin.Year, 1, 1, 0, 0, 0, TimeSpan.Zero); at <= end; at = at.AddMonths(months))
            {
                if (at >= begin)
                {
                    yield return (Instant.From(at), at.ToString(months >= 12 ? "yyyy" : "yyyy-MM", CultureInfo.InvariantCulture));
                }
            }

            yield break;
        }

        var hours = HourSteps.First(h => days * 24 / h <= most || h == HourSteps[^1]);
        for (var at = new DateTimeOffset(begin.Year, begin.Month, 1, 0, 0, 0, TimeSpan.Zero); at <= end; at = at.AddHours(hours))
        {
            if (at >= begin)
            {
                yield return (Instant.From(at), at.ToString(hours >= 24 ? "yyyy-MM-dd" : "MM-dd HH:mm", CultureInfo.InvariantCulture));
            }
        }
    }
}

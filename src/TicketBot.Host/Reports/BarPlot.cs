using System.Globalization;

namespace TicketBot.Host.Reports;

/// <summary>Horizontal bars of shares, with the line that chance reaches.</summary>
public static class BarPlot
{
    private const int Width = 560;
    private const double Right = Width - 62;
    private const double Row = 19;
    private const double Top = 26;

    /// <summary>One bar.</summary>
    /// <param name="Name">What it is about.</param>
    /// <param name="Share">Its length, 0..1.</param>
    /// <param name="IsAbove">Whether it lies above chance: drawn stronger.</param>
    /// <param name="Other">A second share, drawn as a dot, or <c>null</c>.</param>
    public sealed record Bar(string Name, double Share, bool IsAbove, double? Other = null);

    /// <summary>Returns the bars as SVG.</summary>
    /// <param name="label">What they show.</param>
    /// <param name="bars">The bars, from above.</param>
    /// <param name="chance">Where the line of chance is drawn, or <c>null</c>.</param>
    public static string Of(string label, IReadOnlyList<Bar> bars, double? chance)
    {
        var longest = Math.Max(1e-9, bars.SelectMany(b => (double?[])[b.Share, b.Other]).Append(chance).OfType<double>().DefaultIfEmpty(1).Max());
        var left = Math.Clamp((6.3 * bars.Select(b => b.Name.Length).DefaultIfEmpty().Max()) + 14, 80, 300);
        double X(double share) => left + ((Right - left) * share / longest);
        var height = (int)(Top + (Row * bars.Count) + 8);
        var svg = new Svg(Width, height, label);
        for (var i = 0; i < bars.Count; i++)
        {
            var (bar, y) = (bars[i], Top + (Row * i));
            svg.Text(left - 7, y + 12, bar.Name, "end", bar.IsAbove ? "legend" : "tick")
                .Rectangle(left, y + 2, X(bar.Share) - left, Row - 6, bar.IsAbove ? "bar above" : "bar", 1, $"{bar.Name}: {Percent(bar.Share)}")
                .Text(Width - 4, y + 12, Percent(bar.Share), "end", "tick");
            if (bar.Other is { } other)
            {
                svg.Dot(X(other), y + (Row / 2) - 1, "dot ticket", $"{bar.Name}, this ticket: {Percent(other)}");
            }
        }

        if (chance is { } line)
        {
            svg.Line(X(line), Top - 6, X(line), height - 6, "null").Text(X(line), Top - 11, $"chance {Percent(line)}", "middle", "tick");
        }

        return svg.ToString();
    }

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}

using System.Globalization;
using TicketBot.Research.Statistics;

namespace TicketBot.Host.Reports;

/// <summary>Stated confidence against what came true: bins of a calibrated ticket lie on the diagonal.</summary>
public static class ReliabilityPlot
{
    private const int Width = 560;
    private const int Height = 340;
    private const double Left = 56;
    private const double Right = Width - 24;
    private const double Top = 18;
    private const double Bottom = Height - 44;
    private const double LargestBar = 60; // Pixels of the bin that holds most rows.

    /// <summary>Returns the plot as SVG: a dot with its 95 % interval per bin, below it a bar as high as the bin has rows, and the diagonal.</summary>
    /// <param name="label">What it shows.</param>
    /// <param name="bins">The bins, ascending; at least one.</param>
    /// <param name="low">Left end of the axis: 0.5 for confidences in the likelier of two sides.</param>
    /// <param name="threshold">Confidence from which signals are given, drawn as a line; <c>null</c> draws none.</param>
    public static string Of(string label, IReadOnlyList<ReliabilityBin> bins, double low = 0.5, double? threshold = null)
    {
        double X(double stated) => Left + ((Right - Left) * (stated - low) / (1 - low));
        double Y(double share) => Bottom - ((Bottom - Top) * share);
        var most = bins.Max(b => b.Count);
        var svg = new Svg(Width, Height, label);
        for (var tick = 0; tick <= 5; tick++)
        {
            var (share, stated) = (tick / 5.0, low + ((1 - low) * tick / 5));
            svg.Line(Left, Y(share), Right, Y(share), "grid").Text(Left - 7, Y(share) + 4, Text($"{share:0.0}"), "end", "tick")
                .Text(X(stated), Bottom + 17, Text($"{stated:0.00}"), "middle", "tick");
        }

        foreach (var bin in bins)
        {
            var high = LargestBar * bin.Count / most;
            svg.Rectangle(X(bin.Low) + 1, Bottom - high, X(bin.High) - X(bin.Low) - 2, high, "bar", 1, Text($"{bin.Count} rows"));
        }

        svg.Line(X(low), Y(low), X(1), Y(1), "zero");
        if (threshold is { } least && least > low)
        {
            svg.Line(X(least), Top, X(least), Bottom, "null").Text(X(least) + 5, Top + 10, Text($"signals from {least:0.##}"), "start", "tick");
        }

        foreach (var bin in bins)
        {
            svg.Line(X(bin.MeanForecast), Y(bin.HitLow), X(bin.MeanForecast), Y(bin.HitHigh), "whisker ticket")
                .Dot(X(bin.MeanForecast), Y(bin.HitRate), "dot ticket", Text($"stated {bin.MeanForecast:0.000}, right {bin.HitRate:0.000} ({bin.HitLow:0.000} to {bin.HitHigh:0.000}) of {bin.Count} rows"));
        }

        return svg.Text(16, (Top + Bottom) / 2, "share that was right", "middle", "tick", -90).Text((Left + Right) / 2, Height - 8, "stated confidence in the likelier side", "middle", "tick").ToString();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Net;
using TicketBot.Research;

namespace TicketBot.Host.Reports;

/// <summary>The part of a page that says whether a ticket is right as often as it says.</summary>
public static class CalibrationPart
{
    /// <summary>What the figures mean, in plain words.</summary>
    public const string Words =
        "Rows after everything the ticket was fitted on. A dot on the diagonal is a ticket that is right as often as it says; the line through it is the 95 % interval of its rows, the bars say "
        + "how many there are. Expected calibration error is the mean distance from the diagonal: of a calibrated ticket it is not zero, but of the order of the root of bins over rows. "
        + "An adaptive conformal interval keeps its promise whatever the market does, by growing; how many of them leave one outcome only says what that promise is worth.";

    /// <summary>Returns the plot with a line above it.</summary>
    /// <param name="title">Whose it is.</param>
    /// <param name="calibration">What was measured.</param>
    /// <param name="threshold">Confidence from which signals are given, or <c>null</c>.</param>
    public static string Plot(string title, TicketCalibration calibration, double? threshold = null) =>
        $"<p class=\"label\">{WebUtility.HtmlEncode(title)}</p>{ReliabilityPlot.Of(title, calibration.Curve, 0.5, threshold)}";

    /// <summary>Returns the figures as rows of a table: name and value.</summary>
    public static IEnumerable<IReadOnlyList<string>> Rows(TicketCalibration calibration)
    {
        yield return ["rows", Text($"{calibration.Rows}")];
        yield return ["expected calibration error", Text($"{100 * calibration.ExpectedError:0.00} points")];
        yield return ["the same over bins of equally many rows", Text($"{100 * calibration.ExpectedErrorOfEqualMass:0.00} points")];
        yield return ["Brier score", Text($"{calibration.Brier.Score:0.0000} (0.25 says nothing)")];
        if (calibration.Conformal is { } conformal)
        {
            yield return ["adaptive conformal intervals that held the outcome", Text($"{100 * conformal.Coverage:0.0} % of {100 * conformal.Target:0} % promised; at most {100 * conformal.Allowed:0.0} points away by theory")];
            yield return ["those that left one outcome only", Text($"{100 * conformal.Decisive:0.0} %")];
        }
    }

    /// <summary>Returns a probability as percent, or a dash where there is none.</summary>
    public static string Percent(double? probability) => probability is { } p ? Text($"{100 * p:0.0} %") : "-";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

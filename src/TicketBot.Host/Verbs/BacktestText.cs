using System.Globalization;
using TicketBot.Research.Backtests;

namespace TicketBot.Host.Verbs;

/// <summary>What <c>backtest</c> prints of the evidence: figures beside targets, what was found, the verdict.</summary>
public static class BacktestText
{
    /// <summary>Writes it.</summary>
    public static void Write(TextWriter output, BacktestAssessment assessment)
    {
        output.WriteLine();
        TextTable.Write(output, ["target (shown, judges nothing)", "measured", "95 % interval", "target", "verdict"], assessment.Targets.Select(t => new[]
        {
            t.Title, Text(t.Value), t.Interval is { } i ? $"{Text(i.Low)} to {Text(i.High)}" : "-", $"{(t.AtMost ? "at most" : "at least")} {Text(t.Target)}", t.Words,
        }));
        output.WriteLine();
        foreach (var found in assessment.Diagnoses.Where(d => d.Found == true))
        {
            output.WriteLine($"found {found.Name}: {found.Words} {found.Remedy}");
        }

        output.WriteLine($"{assessment.Verdict.Headline}. {assessment.Verdict.Reason}");
    }

    private static string Text(double? value) => value is { } v ? v.ToString("0.####", CultureInfo.InvariantCulture) : "-";
}

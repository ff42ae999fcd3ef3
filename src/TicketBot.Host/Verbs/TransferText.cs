using TicketBot.Research.Transfer;

namespace TicketBot.Host.Verbs;

/// <summary>What <c>transfer</c> writes for people.</summary>
public static class TransferText
{
    /// <summary>Writes distances, the table of methods side by side, gates and the verdict.</summary>
    public static void Write(TextWriter output, TransferReport report)
    {
        output.WriteLine(Line(
            $"source {report.SourceRows} rows to train; target {report.TargetRows} rows to train, {report.TargetLabels} labels to use, {report.TestRows} rows to test; {report.Features} features{(report.Window > 1 ? $" x {report.Window} steps" : "")}, {report.Classes} classes; {report.Architecture}, features after gene {report.FeatureLayer}"));
        var d = report.Distances;
        output.WriteLine(Line(
            $"distances{(d.IsProjected ? " (of random projections)" : "")}: kernel {d.Mmd:0.0000} (p = {d.MmdPValue:0.000}), proxy A {d.ADistance:0.00} [{d.ADistanceLow:0.00}, {d.ADistanceHigh:0.00}], covariances {d.Coral:0.0000}; similarity {d.Similarity:0.000}"));
        output.WriteLine(Line($"source error + A-distance / 2 = {report.IntuitionOfTargetError:P0}: an intuition of the error to expect on the target where the tasks agree, no bound"));
        output.WriteLine();
        output.WriteLine("accuracy in percent before > after [95 % interval]; gains in points; risk: chance of being worse than both controls on rows used to choose; updates to reach the best loss of scratch");
        TextTable.Write(
            output, ["method", "rows", "s", "epochs", "source", "target", "interval", "over scratch", "over source", "loss", "risk", "updates", ""], report.Methods.Select(m => new[]
            {
                TransferMethods.NameOf(m.Method), m.LeastRows == 0 ? Line($"{m.Rows}") : Line($"{m.Rows}/{m.LeastRows}"), Line($"{m.Seconds:0.0}"), Line($"{m.Epochs}"),
                Change(m.SourceAccuracyBefore, m.SourceAccuracy), Change(m.TargetAccuracyBefore, m.TargetAccuracy),
                m.Low is null ? "-" : Line($"[{100 * m.Low:0.0}, {100 * m.High:0.0}]"), Points(m.OverScratch), Points(m.OverSource),
                m.ValidationLoss is { } loss ? Line($"{loss:0.0000}") : "-", m.NegativeTransferRisk is { } risk ? Line($"{risk:P0}") : "-",
                m.UpdatesToScratch is { } updates && m.ScratchUpdates is { } scratch ? Line($"{updates:0}/{scratch:0}") : "-", Remark(m),
            }));
        output.WriteLine();
        TextTable.Write(output, ["gate", "passed", "why"], report.Gates.Select(gate => new[]
        {
            gate.Name, gate.Passed switch { true => "yes", false => gate.Refuses ? "no" : "no (refuses a ticket)", null => "-" }, gate.Reason,
        }));
        output.WriteLine();
        output.WriteLine($"{(report.Fallback ? "transfer refused, " : "")}{TransferMethods.NameOf(report.Chosen)}: {report.Reason}");
        output.WriteLine(report.OverScratch is { } gain
            ? Line($"over scratch on test rows: {100 * gain.Mean:+0.0;-0.0} points [{100 * gain.Low:+0.0;-0.0}, {100 * gain.High:+0.0;-0.0}]")
            : "without labels of the target there is no scratch to compare with");
        output.WriteLine(Line($"{report.Trainings} trainings{(report.Reused > 0 ? $", {report.Reused} of them found stored" : "")}; {report.Seconds:0.0} s"));
    }

    /// <summary>Writes what the source's tickets were worth on the target, round by round.</summary>
    public static void Write(TextWriter output, TicketTransferReport report)
    {
        output.WriteLine();
        output.WriteLine(Line(
            $"tickets of the source on the target: {report.TrainRows} rows to train, {report.ValidationRows} to stop by, {report.TestRows} to test; {report.Architecture}, theta at step {report.Plan.RewindStep}, {report.Plan.Seeds} seeds"));
        output.WriteLine(Line($"accuracy in percent, all weights from scratch {100 * report.Scratch.Accuracy:0.0} (early stop at {report.Scratch.EarlyStopStep:0}); then transferred minus partner in points [95 % over seeds], p by sign flips"));
        string[] names = [TicketTransferReport.TransferredName, TicketTransferReport.OwnName, TicketTransferReport.ShuffledName, TicketTransferReport.ReinitName];
        TextTable.Write(
            output, ["round", "weights", .. names, "overlap", .. report.Rounds[0].Comparisons.Select(c => "over " + c.Partner)], report.Rounds.Select(round => (string[])
            [
                Line($"{round.Round}{(round.Round == report.Round ? "*" : "")}"), Line($"{100 * round.Remaining:0.0} %"),
                .. names.Select(name => Line($"{100 * round.Outcomes[name].Accuracy:0.0}")), Line($"{round.Overlap:0.00} (chance {round.OverlapByChance:0.00})"),
                .. round.Comparisons.Select(c => Line($"{Signed(c.Accuracy.Mean)}{(c.Accuracy is { Low: { } low, High: { } high } ? Line($" [{Signed(low)}, {Signed(high)}]") : "")} p {c.Accuracy.PValue:0.000}")),
            ]));
        output.WriteLine(report.Reason);
        output.WriteLine(Line($"{report.Trainings} trainings{(report.Reused > 0 ? $", {report.Reused} of them found stored" : "")}; {report.Seconds:0.0} s"));
    }

    /// <summary>Returns what is to be said of a method beside its figures.</summary>
    internal static string Remark(MethodReport m) => m.Refused ?? string.Join("; ", new[]
    {
        m.StatisticAfter is { } after ? Line($"own distance {m.StatisticBefore:0.0000} > {after:0.0000}") : "",
        m.DomainAccuracy is { } accuracy ? Line($"domains told apart {m.DomainAccuracyBefore:P0} > {accuracy:P0}{(m.AdversaryAccuracy is { } adversary ? Line($", by the adversary itself {m.AdversaryAccuracyBefore:P0} > {adversary:P0}") : "")}") : "",
    }.Where(text => text.Length > 0));

    private static string Change(double? before, double? after) => after is null ? "-" : Line($"{100 * before:0.0} > {100 * after:0.0}");

    private static string Points(Gain? gain) => gain is null ? "-" : Line($"{Signed(gain.Mean)} [{Signed(gain.Low)}, {Signed(gain.High)}]");

    // Rounded before it is written, else a small loss would be "-+0.0".
    internal static string Signed(double fraction) => Line($"{Math.Round(100 * fraction, 1) + 0.0:+0.0;-0.0;0.0}");

    private static string Line(FormattableString text) => FormattableString.Invariant(text);
}

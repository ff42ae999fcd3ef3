using TicketBot.Research.Experiments;

namespace TicketBot.Host.Verbs;

/// <summary>What <c>tickets search</c> writes for people.</summary>
public static class ExperimentText
{
    private const int InputsShown = 10;

    /// <summary>Returns the word of a method on the command line.</summary>
    public static string NameOf(ExperimentMethod method) => method.ToString().ToLowerInvariant();

    /// <summary>Writes the tables of each seed, the comparison over seeds and the verdict.</summary>
    public static void Write(TextWriter output, ExperimentReport report)
    {
        output.WriteLine(Line(
            $"{report.TrainRows} rows to train, {report.ValidationRows} to validate, {report.TestRows} to test; {report.Features} features{(report.Window > 1 ? $" x {report.Window} steps" : "")}, {report.Classes} classes; {report.Architecture}; method {NameOf(report.Plan.Method)}{(report.Plan.Rewind == "rate" ? ", learning-rate rewinding" : "")}"));
        string[] controls = [.. report.Seeds[0].Rounds[^1].Outcomes.Keys.Where(name => name is not (ExperimentReport.DenseName or ExperimentReport.TicketName))];
        foreach (var seed in report.Seeds)
        {
            output.WriteLine();
            output.WriteLine(Line($"seed {seed.Seed}: early-stop step / accuracy there / at the end"));
            TextTable.Write(output, ["round", "weights left", "dense or ticket", .. controls], seed.Rounds.Select(round => new[]
            {
                Line($"{round.Round}"), Line($"{round.Remaining:P2}{(round.HasCollapsed ? " collapsed" : "")}"),
                Cell(round.Outcomes.GetValueOrDefault(ExperimentReport.DenseName) ?? round.Outcomes.GetValueOrDefault(ExperimentReport.TicketName)),
            }.Concat(controls.Select(name => Cell(round.Outcomes.GetValueOrDefault(name)))).ToArray()));
            if (seed.EmergedAtStep is { } step)
            {
                output.WriteLine(Line($"the mask of the last density stood still at step {step}, {(double)step / report.Plan.Steps:P0} of dense training"));
            }

            if (seed.Stopped is { } stopped)
            {
                output.WriteLine($"stopped {stopped}");
            }

            WriteInputs(output, seed.InputSurvival);
        }

        if (report.Comparisons.Count > 0)
        {
            output.WriteLine();
            output.WriteLine("over seeds, the ticket's accuracy at early stop minus its partner's, in points: mean [95 % t interval], one-sided p by sign flips; early-stop steps earlier (-) or later (+)");
            TextTable.Write(output, ["round", "weights left", "against", "points", "p", "n", "steps"], report.Comparisons.Select(c => new[]
            {
                Line($"{c.Round}"), Line($"{c.Remaining:P2}"), c.Control,
                Line($"{100 * c.Accuracy.Mean:+0.00;-0.00}{(c.Accuracy.Low is { } low ? FormattableString.Invariant($" [{100 * low:+0.00;-0.00}, {100 * c.Accuracy.High:+0.00;-0.00}]") : "")}"),
                Line($"{c.Accuracy.PValue:0.000}"), Line($"{c.Accuracy.Count}"), Line($"{c.MeanStepDifference:+0;-0;0}"),
            }));
        }

        output.WriteLine();
        output.WriteLine($"{report.Verdict.Label}{(report.Verdict.Round is { } round ? Line($" (round {round}, chosen on validation rows)") : "")}: {report.Verdict.Reason}");
        output.WriteLine(Line(
            $"{report.Trainings} trainings{(report.Reused > 0 ? $", {report.Reused} of them found stored" : "")}{(report.NullDraws > 0 ? $", {report.NullDraws} searches on permuted labels among them" : "")}; {report.MultiplyAdds / 1e9:0.#} billion multiply-adds; {report.Seconds:0.0} s"));
    }

    private static void WriteInputs(TextWriter output, IReadOnlyList<InputShare> inputs)
    {
        if (inputs[0].NullHigh is not { } high)
        {
            return;
        }

        var above = inputs.Where(input => input.Share > high).OrderByDescending(input => input.Share).ToList();
        output.WriteLine(above.Count == 0
            ? Line($"no input holds more of the surviving input weights than permuted labels give the largest ({high:P1})")
            : Line($"inputs that hold more of the surviving input weights than permuted labels give the largest ({high:P1}): {string.Join(", ", above.Take(InputsShown).Select(i => Line($"{i.Feature} {i.Share:P1}")))}{(above.Count > InputsShown ? $" and {above.Count - InputsShown} more" : "")}"));
    }

    private static string Cell(OutcomeReport? outcome) =>
        outcome is null ? "-" : Line($"{outcome.EarlyStopStep} / {100 * outcome.AccuracyAtEarlyStop:0.00} / {100 * outcome.FinalAccuracy:0.00}");

    private static string Line(FormattableString text) => FormattableString.Invariant(text);
}

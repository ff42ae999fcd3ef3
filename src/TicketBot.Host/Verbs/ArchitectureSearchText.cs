using TicketBot.Research.ArchitectureSearch;
using TicketBot.Research.ArchitectureSearch.Candles;

namespace TicketBot.Host.Verbs;

/// <summary>What <c>search</c> writes for people.</summary>
public static class ArchitectureSearchText
{
    /// <summary>Writes the front, the finalists and what is to be thought of the best.</summary>
    public static void Write(TextWriter output, ArchitectureSearchReport report)
    {
        output.WriteLine(Line($"{report.Rows.Train} rows to train ({report.TrialRows} in a trial), {report.Rows.Validation} to validate, {report.Rows.Test} to test; strategy {report.Plan.Strategy}, seed {report.Plan.Seed}"));
        output.WriteLine($"space: {report.Space}");
        output.WriteLine();
        output.WriteLine(Line($"front of {string.Join(" and ", report.Plan.Objectives)}, {report.Front.Count} of {report.Trials.Count} trials, hypervolume {report.Hypervolume:0.0000}; saying the class frequencies has a validation loss of {report.PriorLoss:0.0000}"));
        TextTable.Write(output, ["trial", "validation loss", "accuracy", "parameters", "multiply-adds", "latency us", "architecture"], report.Front.Select(trial => new[]
        {
            Line($"{trial.Number}"), Line($"{trial.ValidationLoss:0.0000}"), Line($"{100 * trial.ValidationAccuracy:0.00} %"), Line($"{trial.Parameters}"), Line($"{trial.MultiplyAdds}"),
            trial.LatencyUs is { } us ? Line($"{us:0.0}") : "-", NameOf(trial.Architecture),
        }));
        output.WriteLine();
        output.WriteLine(Line($"finalists, trained again with {report.Plan.RetestSeeds} fresh seeds on all training rows; scores in nats below saying the class frequencies, the best chosen by 'confirmed'"));
        TextTable.Write(output, ["found by", "confirmed", "test rows [95 %]", "shrinkage", "test accuracy", "parameters", "architecture"], report.Finalists.Select(finalist => new[]
        {
            Line($"{finalist.SearchScore:+0.0000;-0.0000}"), Line($"{finalist.ConfirmedScore:+0.0000;-0.0000}"),
            Line($"{finalist.RetestScore:+0.0000;-0.0000} [{finalist.RetestLow:+0.0000;-0.0000}, {finalist.RetestHigh:+0.0000;-0.0000}]"), Line($"{finalist.Shrinkage:+0.0000;-0.0000}"),
            Line($"{100 * finalist.TestAccuracy:0.00} %"), Line($"{finalist.Parameters}"), NameOf(finalist.Architecture),
        }));
        output.WriteLine();
        output.WriteLine(report.Best.RetestLow > 0
            ? Line($"best: {NameOf(report.Best.Architecture)}; its edge on test rows is above zero")
            : Line($"best: {NameOf(report.Best.Architecture)}; its edge on test rows {(report.Best.RetestHigh < 0 ? "is below zero" : "cannot be told from zero")}"));
        foreach (var remark in report.Remarks)
        {
            output.WriteLine(remark);
        }

        output.WriteLine(Line($"{report.Trials.Count} trials and {report.Finalists.Count} finalists{(report.Reused > 0 ? $", {report.Reused} trainings found stored" : "")}; {report.Trials.Sum(trial => trial.TrainingMultiplyAdds) / 1e9:0.#} billion multiply-adds in trials; {report.Seconds:0.0} s"));
    }

    /// <summary>Writes a search on candles: the search, what was chosen, and what the gates said of its tickets.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="report">The search.</param>
    /// <param name="file">The tickets as a file that was evaluated; <c>null</c> where none were drawn.</param>
    /// <param name="admission">What became of them in the registry; <c>null</c> where they were only judged.</param>
    public static void Write(TextWriter output, CandleSearchReport report, EvaluatedFile? file, string? admission)
    {
        output.WriteLine(Line(
            $"{report.Symbol}/{report.Interval}, windows of {report.Window}: trials look at candles from {report.TrialSpan.From} to {report.TrialSpan.Until}, finalists are judged from {report.TestSpan.From} to {report.TestSpan.Until}; {report.Entered} entries in the trial ledger"));
        Write(output, report.Search);
        output.WriteLine();
        output.WriteLine($"chosen: {NameOf(report.Choice.Finalist.Architecture)}, {report.Choice.Reason}");
        output.WriteLine($"the rule: {FinalistChoice.Rule}");
        if (file is null)
        {
            return;
        }

        output.WriteLine();
        EvaluationText.Write(output, file);
        TextTable.Write(output, ["ticket", "regime", "gate", "verdict", "value", "held against", "n"], file.Report.Tickets.SelectMany(ticket => ticket.Gates.Judgements.Where(g => g.Passed is not null).Select(g => new[]
        {
            ticket.Id.Short, ticket.Regime, g.Name, g.Passed == true ? "passed" : "REFUSED", g.Value is { } value ? Line($"{value:G6}") : "-", Line($"{g.Threshold:G6}"),
            Line($"{g.SampleSize}"),
        })));
        foreach (var ticket in file.Report.Tickets.Where(t => t.Gates.Judgements.Any(g => g.Passed is null)))
        {
            output.WriteLine($"{ticket.Id.Short}  {ticket.Regime}: not run after the refusal: {string.Join(", ", ticket.Gates.Judgements.Where(g => g.Passed is null).Select(g => g.Name))}");
        }

        output.WriteLine($"verdict: {file.Report.Verdict}; {(admission is null ? "candles of a file: judged, not entered in a registry (search --symbol does that with candles of the store)" : $"registry: {admission}")}");
    }

    private static string NameOf(string genes) => CandleSearch.NameOf(genes);

    private static string Line(FormattableString text) => FormattableString.Invariant(text);
}

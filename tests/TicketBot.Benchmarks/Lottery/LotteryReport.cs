using System.Globalization;
using System.Text;
using TicketBot.Research.Experiments;
using TicketBot.Storage;
using TicketBot.Storage.Tables;
using TicketBot.Testing;

namespace TicketBot.Benchmarks.Lottery;

/// <summary>The original lottery-ticket experiment (Frankle and Carbin 2019) on 7,000 images of MNIST, by the engine of <c>tickets search</c>: 784-300-100-10, Adam
/// 0.0012, batch 60, 2,500 steps, 15 rounds of 20 % (10 % at the output). Resumable; results are appended.</summary>
internal static class LotteryReport
{
    /// <summary>Runs it; 0 when every target holds.</summary>
    public static async Task<int> RunAsync(string[] words)
    {
        var options = new Dictionary<string, string>();
        for (var i = 0; i + 1 < words.Length; i += 2)
        {
            options[words[i]] = words[i + 1];
        }

        var table = MnistTable.Read(options.GetValueOrDefault("--data") ?? RecordedData.PathOf("ml"));
        if (options.GetValueOrDefault("--table") is { } csv)
        {
            LabelledTableFile.Write(csv, table);
            Console.WriteLine($"wrote {csv}: class column label, split column split");
            return 0;
        }

        var plan = new ExperimentPlan
        {
            Architecture = "dense:300,dense:100", Steps = 2_500, EvaluateEvery = 50, Rounds = int.Parse(options.GetValueOrDefault("--rounds") ?? "15", CultureInfo.InvariantCulture),
            Seeds = int.Parse(options.GetValueOrDefault("--seeds") ?? "5", CultureInfo.InvariantCulture), NullDraws = 0,
        };
        using var runs = SqliteRunStore.Open(options.GetValueOrDefault("--store") ?? "lottery.db");
        var report = await new LotteryExperiment(TimeProvider.System, 2).RunAsync(
            ExperimentRows.Of(table, raw: true), plan, runs, p => Console.Error.WriteLine($"{p.Done}/{p.Of} {p.Detail}"), CancellationToken.None);
        var text = Markdown(report);
        Console.WriteLine(text);
        if (options.GetValueOrDefault("--results") is { } results)
        {
            await File.AppendAllTextAsync(results, text + "\n");
        }

        return Targets(report).All(target => target.Holds) ? 0 : 1;
    }

    private static string Markdown(ExperimentReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{report.Seeds.Count} seeds, {report.Trainings} trainings ({report.Reused} found stored), {report.MultiplyAdds / 1e12:0.00} trillion multiply-adds, {report.Seconds:0} s\n\n");
        text.Append("| weights left | ticket: step, accuracy | re-initialised | shuffled | random |\n|---|---|---|---|---|\n");
        for (var round = 0; round < report.Seeds[0].Rounds.Count; round++)
        {
            string Cell(string name) => report.Seeds[0].Rounds[round].Outcomes.ContainsKey(name)
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Mean(report, round, name, o => o.EarlyStopStep):0}, {100 * Mean(report, round, name, o => o.AccuracyAtEarlyStop):0.00}")
                : "";
            var own = round == 0 ? ExperimentReport.DenseName : ExperimentReport.TicketName;
            text.Append(CultureInfo.InvariantCulture, $"| {100 * report.Seeds[0].Rounds[round].Remaining:0.0} % | {Cell(own)} | {Cell("reinit")} | {Cell("shuffled")} | {Cell("random")} |\n");
        }

        text.Append('\n');
        foreach (var (name, found, holds) in Targets(report))
        {
            text.Append(CultureInfo.InvariantCulture, $"- {(holds ? "holds" : "MISSED")}: {name}: {found}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"- {report.Verdict.Label} at round {report.Verdict.Round}: {report.Verdict.Reason}\n");
        return text.ToString();
    }

    private static IEnumerable<(string Name, string Found, bool Holds)> Targets(ExperimentReport report)
    {
        if (report.Seeds[0].Rounds.Count <= 10)
        {
            yield break;
        }

        var gain = 100 * (Mean(report, 9, ExperimentReport.TicketName, o => o.AccuracyAtEarlyStop) - Mean(report, 0, ExperimentReport.DenseName, o => o.AccuracyAtEarlyStop));
        yield return ("13.5 % left: at most 0.10 points below dense", Line($"{gain:+0.00;-0.00} points"), gain >= -0.10);
        var (ticket, dense) = (Mean(report, 9, ExperimentReport.TicketName, o => o.EarlyStopStep), Mean(report, 0, ExperimentReport.DenseName, o => o.EarlyStopStep));
        yield return ("13.5 % left: stops earlier than dense", Line($"step {ticket:0} against {dense:0}"), ticket < dense);
        foreach (var (control, points) in new[] { ("reinit", 0.8), ("shuffled", 1.5) })
        {
            double[] gains = [.. report.Seeds.Select(seed => 100 * (seed.Rounds[10].Outcomes[ExperimentReport.TicketName].AccuracyAtEarlyStop - seed.Rounds[10].Outcomes[control].AccuracyAtEarlyStop))];
            var enough = gains.Count(g => g >= points);
            yield return (
                Line($"10.8 % left: beats {control} by {points} points in at least 4 of 5 seeds"),
                $"{enough} of {gains.Length} ({string.Join(", ", gains.Select(g => Line($"{g:+0.00;-0.00}")))})", enough >= 0.8 * gains.Length);
        }
    }

    private static double Mean(ExperimentReport report, int round, string name, Func<OutcomeReport, double> value) =>
        report.Seeds.Average(seed => value(seed.Rounds[round].Outcomes[name]));

    private static string Line(FormattableString text) => FormattableString.Invariant(text);
}

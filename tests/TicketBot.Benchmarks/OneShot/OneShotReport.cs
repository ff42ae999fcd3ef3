using System.Globalization;
using System.Text.Json;

namespace TicketBot.Benchmarks.OneShot;

/// <summary>Whether differentiable search collapses to operations without weights, and how far a supernet's scores agree with training alone: several forms over several seeds, on a
/// label that only memory knows, one that the last step tells, and one of pure chance. What a results file holds already is not done again.</summary>
internal static class OneShotReport
{
    /// <summary>Runs it: <c>[--seeds N] [--first N] [--rows N] [--positions N] [--threads N] [--results FILE]</c>.</summary>
    public static int Run(string[] args)
    {
        var seeds = int.Parse(Option(args, "--seeds", "3"), CultureInfo.InvariantCulture);
        var first = ulong.Parse(Option(args, "--first", "1"), CultureInfo.InvariantCulture);
        var rows = int.Parse(Option(args, "--rows", "1000"), CultureInfo.InvariantCulture);
        var positions = int.Parse(Option(args, "--positions", "3"), CultureInfo.InvariantCulture);
        var file = Option(args, "--results", "one-shot.jsonl");
        OneShotCase[] cases = [.. OneShotCase.Tasks.SelectMany(task => OneShotCase.Forms.SelectMany(form => Enumerable.Range(0, seeds).Select(i => new OneShotCase(task, form, first + (ulong)i, rows, positions))))];

        // A line that a kill cut short is no result.
        var known = File.Exists(file)
            ? File.ReadLines(file).Where(line => line.EndsWith('}')).Select(line => JsonSerializer.Deserialize<OneShotResult>(line)!).GroupBy(result => result.Case).ToDictionary(group => group.Key, group => group.Last())
            : [];
        var done = cases.Count(known.ContainsKey);
        var options = new ParallelOptions { MaxDegreeOfParallelism = int.Parse(Option(args, "--threads", "2"), CultureInfo.InvariantCulture) };
        Console.Error.WriteLine($"{done} done of {cases.Length}");
        Parallel.ForEach(cases.Where(one => !known.ContainsKey(one)).ToList(), options, one =>
        {
            var result = one.Run();
            lock (known)
            {
                known[one] = result;
                File.AppendAllText(file, JsonSerializer.Serialize(result) + "\n");
                Console.Error.WriteLine($"{++done} done of {cases.Length}: {one.Task}, {one.Form}, seed {one.Seed}: {result.Found}");
            }
        });

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows} rows for weights, {rows} for strengths, cells of {positions} positions of width {OneShotCase.Width}, windows of {OneShotCase.Window}; seeds {first} to {first + (ulong)seeds - 1}"));
        Console.WriteLine("\n| Label | Form | All positions without weights | Positions without weights, mean | Accuracy trained from the start: mean, least |\n|---|---|---|---|---|");
        foreach (var group in cases.Where(one => one.Form != OneShotCase.SupernetForm).GroupBy(one => (one.Task, one.Form)))
        {
            OneShotResult[] all = [.. group.Select(one => known[one])];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {group.Key.Task} | {group.Key.Form} | {all.Count(one => one.ParameterFree == positions)} of {all.Length} | {all.Average(one => one.ParameterFree):0.0} | {all.Average(one => one.Accuracy):P1}, {all.Min(one => one.Accuracy):P1} |"));
        }

        Console.WriteLine("\n| Label | Seed | Kendall's tau-b, 95 % | Spearman's rho | Verdict |\n|---|---|---|---|---|");
        foreach (var one in cases.Where(one => one.Form == OneShotCase.SupernetForm))
        {
            var result = known[one];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {one.Task} | {one.Seed} | {result.Kendall:0.00} ({result.Lower:0.00} to {result.Upper:0.00}) | {result.Spearman:0.00} | {result.Found} |"));
        }

        return 0;
    }

    private static string Option(string[] args, string name, string otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
    }
}

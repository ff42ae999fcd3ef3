using System.Globalization;
using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch.Latency;
using TicketBot.Research.ArchitectureSearch.Pareto;
using TicketBot.Research.ArchitectureSearch.Spaces;
using TicketBot.Research.ArchitectureSearch.Tabular;
using TicketBot.Storage;

namespace TicketBot.Benchmarks.Search;

/// <summary>What architecture search is judged by: published problems for its ranking, its latency table on architectures it was not made from, its strategies on a
/// table of trainings, and searches where there is something or nothing to be found.</summary>
internal static class SearchReport
{
    /// <summary>Runs one part.</summary>
    public static async Task<int> RunAsync(string[] words)
    {
        var options = new Dictionary<string, string>();
        for (var i = 1; i + 1 < words.Length; i += 2)
        {
            options[words[i]] = words[i + 1];
        }

        int Number(string name, int value) => options.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : value;
        switch (words.FirstOrDefault())
        {
            case "zdt":
                return Zdt(Number("--seeds", 11), Number("--evaluations", 25_000));
            case "latency":
                return await LatencyAsync(options.GetValueOrDefault("--table"), Number("--networks", 60), Number("--seed", 1));
            case "table":
                return await TableAsync(options.GetValueOrDefault("--output") ?? "search-table.tsv", options.GetValueOrDefault("--store") ?? "search-table.db");
            case "repeats":
                return StrategyRepeats.Run(
                    TabularBenchmark.Read(TabularTask.Space, await File.ReadAllTextAsync(options.GetValueOrDefault("--table") ?? "search-table.tsv")), Number("--repeats", 500),
                    Number("--trials", 60), options.GetValueOrDefault("--only"), options.GetValueOrDefault("--rate"));
            case "memory":
                return await SearchTasks.MemoryAsync(options.GetValueOrDefault("--store") ?? "search-memory.db");
            case "shuffled":
                return await SearchTasks.ShuffledAsync(Number("--searches", 100), options.GetValueOrDefault("--store") ?? "search-shuffled.db");
            default:
                Console.Error.WriteLine("usage: search zdt [--seeds N] [--evaluations N] | latency [--table FILE] [--networks N] [--seed N] | table [--output FILE] [--store FILE] | repeats [--table FILE] [--repeats N] [--trials N] [--only NAME] | memory [--store FILE] | shuffled [--searches N] [--store FILE]");
                return 2;
        }
    }

    private static int Zdt(int seeds, int evaluations)
    {
        Console.WriteLine(Line($"NSGA-II, population 100, ten children at a time, {evaluations} evaluations, {seeds} seeds, hypervolume at (1.1, 1.1)"));
        Console.WriteLine("| problem | others' optimum at | true front | median | lowest | wanted: median, lowest | |\n|---|---|---|---|---|---|---|");
        var isMissed = false;
        foreach (var optimum in (double[])[0, 0.37, 0.7])
        {
            foreach (var (name, median, lowest) in (ReadOnlySpan<(string, double, double)>)[("zdt1", 0.867, 0.865), ("zdt2", 0.533, 0.530), ("zdt3", 1.324, 1.320)])
            {
                var problem = TestProblems.Named(name, optimum);
                double[] found = [.. Enumerable.Range(1, seeds).AsParallel().Select(seed => TestProblem.HypervolumeOf(problem.Run(evaluations, (ulong)seed))).Order()];
                var holds = found[seeds / 2] >= median && found[0] >= lowest;
                isMissed |= !holds;
                Console.WriteLine(Line($"| {name} | {optimum} | {problem.TrueHypervolume:0.0000} | {found[seeds / 2]:0.0000} | {found[0]:0.0000} | {median:0.000}, {lowest:0.000} | {(holds ? "holds" : "MISSED")} |"));
            }
        }

        foreach (var name in TestProblems.Constrained)
        {
            var violations = Enumerable.Range(1, seeds).AsParallel().Sum(seed => TestProblems.Named(name).Run(evaluations, (ulong)seed).Count(member => member.Violation > 0));
            isMissed |= violations > 0;
            Console.WriteLine(Line($"| {name} | | | {violations} of {100 * seeds} members violate a constraint | | 0 | {(violations == 0 ? "holds" : "MISSED")} |"));
        }

        return isMissed ? 1 : 0;
    }

    private static async Task<int> LatencyAsync(string? path, int networks, int seed)
    {
        LatencyTable table;
        if (path is not null && File.Exists(path))
        {
            table = LatencyTable.Read(await File.ReadAllTextAsync(path));
        }
        else
        {
            Console.Error.WriteLine("measuring a table");
            table = LatencyMeter.Measure((done, of) => Console.Error.Write(done % 50 == 0 ? Line($"{done} of {of} sizes\n") : ""), CancellationToken.None);
            if (path is not null)
            {
                await File.WriteAllTextAsync(path, table.Text());
            }
        }

        var rng = new Rng((ulong)seed);
        var (predicted, measured) = (new List<double>(), new List<double>());
        ArchitectureSpace[] spaces = [new(new SpaceOptions { Inputs = 12, Outputs = 2, Window = 16 }), new(new SpaceOptions { Inputs = 40, Outputs = 3, Window = 32 }), new(new SpaceOptions { Inputs = 30, Outputs = 2 })];
        for (var i = 0; i < networks; i++)
        {
            var architecture = spaces[i % spaces.Length].Draw(ref rng).Architecture;
            var (guess, us) = (table.PredictUs(architecture), LatencyMeter.MeasureUs(architecture));
            predicted.Add(guess);
            measured.Add(us);
            Console.Error.WriteLine(Line($"{i + 1} of {networks}: predicted {guess:0.0} us, measured {us:0.0} us, {architecture}"));
        }

        double[] errors = [.. predicted.Zip(measured, (guess, us) => Math.Abs(guess - us) / us).Order()];
        var spearman = MathNet.Numerics.Statistics.Correlation.Spearman(predicted, measured);
        var holds = spearman >= 0.95 && errors[networks / 2] <= 0.15;
        Console.WriteLine(Line($"{networks} architectures not in the table: Spearman {spearman:0.000} (wanted 0.95), median error {errors[networks / 2]:P1} (wanted 15 %), nine in ten below {errors[networks * 9 / 10]:P1}; {(holds ? "holds" : "MISSED")}"));
        return holds ? 0 : 1;
    }

    private static async Task<int> TableAsync(string output, string store)
    {
        using var runs = SqliteRunStore.Open(store);
        var benchmark = await TabularBenchmark.TrainAsync(
            TabularTask.Space, TabularTask.Make(), runs, 2, (done, of) => Console.Error.Write(done % 25 == 0 || done == of ? Line($"{done} of {of}\n") : ""), CancellationToken.None);
        await File.WriteAllTextAsync(output, benchmark.Text());
        Console.WriteLine(Line($"wrote {output}: {benchmark.Entries.Count} architectures, test loss {benchmark.Entries.Min(e => e.TestLoss):0.0000} to {benchmark.Entries.Max(e => e.TestLoss):0.0000}"));
        return 0;
    }

    private static string Line(FormattableString text) => FormattableString.Invariant(text);
}

using System.Diagnostics;
using System.Globalization;
using TicketBot.Learning;
using TicketBot.Market.Tables;
using TicketBot.Research.Drift;
using TicketBot.Research.Stages;
using TicketBot.Research.Transfer;
using TicketBot.Testing;

namespace TicketBot.Benchmarks.Transfer;

/// <summary>The long forms of what transfer learning promises, over many generated pairs of domains. Each run is a line of a results file, so that a killed campaign goes on.</summary>
internal static class TransferCampaign
{
    private const string Usage = "usage: transfer flipped|helpful|moons|alignment|kernel|adistance|forgetting [--runs N] [--first N] [--methods A,B] [--labels N] [--results FILE]";

    /// <summary>Runs one part.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var part = args.FirstOrDefault() ?? "";
        Func<int, Task<double[]>>? run = part switch
        {
            "flipped" => seed => LabelledAsync(seed, isFlipped: true, args),
            "helpful" => seed => LabelledAsync(seed, isFlipped: false, args),
            "moons" => seed => MoonsAsync(seed, TransferMethod.Dann),
            "alignment" => AlignmentAsync,
            "kernel" => seed => Task.FromResult(Kernel(seed)),
            "adistance" => seed => Task.FromResult(Apart(seed)),
            "forgetting" => seed => Task.FromResult(Forgotten(seed)),
            _ => null,
        };
        if (run is null)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var (runs, first) = (Number(args, "--runs", part == "kernel" ? 500 : part is "flipped" or "helpful" ? 100 : part == "forgetting" ? 10 : 5), Number(args, "--first", 1));
        var file = Option(args, "--results", $"transfer-{part}.csv");
        var done = File.Exists(file)
            ? File.ReadAllLines(file).Select(line => line.Split(',')).ToDictionary(cells => int.Parse(cells[0], CultureInfo.InvariantCulture), cells => cells[1..].Select(c => double.Parse(c, CultureInfo.InvariantCulture)).ToArray())
            : [];
        var watch = Stopwatch.StartNew();
        for (var seed = first; seed < first + runs; seed++)
        {
            if (!done.TryGetValue(seed, out var values))
            {
                done[seed] = values = await run(seed);
                File.AppendAllText(file, string.Create(CultureInfo.InvariantCulture, $"{seed},{string.Join(',', Array.ConvertAll(values, value => value.ToString("R", CultureInfo.InvariantCulture)))}\n"));
            }

            if (part != "kernel" || (seed - first) % 50 == 49)
            {
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seed - first + 1} done of {runs}, {watch.Elapsed.TotalSeconds:0} s: {string.Join(' ', values.Select(value => value.ToString("0.###", CultureInfo.InvariantCulture)))}"));
            }
        }

        Say(part, [.. Enumerable.Range(first, runs).Select(seed => done[seed])]);
        return 0;
    }

    private static void Say(string part, double[][] rows)
    {
        double Mean(int column) => rows.Average(row => row[column]);
        int Count(int column) => rows.Count(row => row[column] > 0);
        FormattableString text = part switch
        {
            "flipped" or "helpful" => $"{rows.Length} runs, {part} source: fallback in {Count(0)}, a transfer chosen in {Count(1)}; over scratch {100 * Mean(2):+0.0;-0.0} points on average, at least 3 points in {rows.Count(row => row[2] >= 0.03)}; scratch {Mean(3):P1}, source alone {Mean(4):P1}, chosen {Mean(5):P1}",
            "moons" => $"{rows.Length} seeds: source alone {Mean(0):P1}, adversarial {Mean(1):P1}, {100 * (Mean(1) - Mean(0)):+0.0;-0.0} points (least {100 * rows.Min(row => row[1] - row[0]):+0.0;-0.0}); domains told apart by the features {Mean(2):P1} before, {Mean(3):P1} after",
            "alignment" => $"{rows.Length} seeds: kernel distance {Mean(0):0.0000} > {Mean(1):0.0000} (largest ratio {rows.Max(row => row[1] / row[0]):0.00}), source {Mean(2):P1} > {Mean(3):P1} (worst {100 * rows.Min(row => row[3] - row[2]):+0.0;-0.0} points); covariances {Mean(4):0.000000} > {Mean(5):0.000000} (largest ratio {rows.Max(row => row[5] / row[4]):0.00}), source {Mean(6):P1} > {Mean(7):P1} (worst {100 * rows.Min(row => row[7] - row[6]):+0.0;-0.0}); collapse seen without the task: kernel {Count(8)}, covariances {Count(9)}; with the task: {Count(10)}, {Count(11)}",
            "kernel" => $"{rows.Length} pairs of 200 rows of 5 features: equal rows apart (p < 0.05) {(double)Count(0) / rows.Length:P1}, equal rows that remember {(double)Count(1) / rows.Length:P1}, moved by 0.25 found {(double)Count(2) / rows.Length:P1}, deviation 1.4 found {(double)Count(3) / rows.Length:P1}",
            "forgetting" => $"{rows.Length} seeds: loss on the old regime rises by {Mean(0):0.000} nats after fine-tuning, {Mean(1):0.000} with rehearsal, median share {rows.Select(row => row[1] / row[0]).Order().ElementAt(rows.Length / 2):P1}; the new regime gains {Mean(2):0.000} nats with rehearsal",
            _ => $"{rows.Length} pairs of 2,000 rows: equal at most {rows.Max(row => row[0]):0.00}, equal that remember at most {rows.Max(row => row[1]):0.00}, moved by 1.5 at least {rows.Min(row => row[2]):0.00}",
        };
        Console.WriteLine(FormattableString.Invariant(text));
    }

    // Another rule's source would be unrelated; here the rule is the same, and what differs is where the target lies and, flipped, what it says.
    private static async Task<double[]> LabelledAsync(int seed, bool isFlipped, string[] args)
    {
        var report = await TransferAsync(
            DomainTables.Rule(2_500, (ulong)(2 * seed) + 10_000), DomainTables.Rule(1_500, (ulong)(2 * seed) + 10_001, 0.2, isFlipped), Number(args, "--labels", 100),
            new TransferPlan { Seed = (ulong)seed, Methods = MethodsOf(Option(args, "--methods", "freeze,partial,full,l2sp")) });
        double Of(TransferMethod method) => report.Methods.Single(m => m.Method == method).TargetAccuracy!.Value;
        return
        [
            report.Fallback ? 1 : 0, TransferMethods.Transfers(report.Chosen) ? 1 : 0, report.OverScratch!.Mean, Of(TransferMethod.Scratch), Of(TransferMethod.None), Of(report.Chosen),
            (double)report.Chosen,
        ];
    }

    private static async Task<double[]> MoonsAsync(int seed, TransferMethod method)
    {
        var report = await TransferAsync(
            DomainTables.Moons(1_000, (ulong)(2 * seed) + 20_000, 0), DomainTables.Moons(1_000, (ulong)(2 * seed) + 20_001, 40), 0,
            new TransferPlan { Seed = (ulong)seed, Methods = [method] });
        var adapted = report.Methods.Single(m => m.Method == method);
        return [adapted.TargetAccuracyBefore!.Value, adapted.TargetAccuracy!.Value, adapted.DomainAccuracyBefore ?? 0, adapted.DomainAccuracy ?? 0];
    }

    private static async Task<double[]> AlignmentAsync(int seed)
    {
        Task<TransferReport> Run(double taskWeight) => TransferAsync(
            DomainTables.Moons(1_000, (ulong)(2 * seed) + 30_000, 0), DomainTables.Moons(1_000, (ulong)(2 * seed) + 30_001, 35), 0,
            new TransferPlan { Seed = (ulong)seed, TaskWeight = taskWeight, Methods = [TransferMethod.Mmd, TransferMethod.Coral] });
        var (kept, lost) = (await Run(1), await Run(0));
        var (kernel, covariances) = (kept.Methods.Single(m => m.Method == TransferMethod.Mmd), kept.Methods.Single(m => m.Method == TransferMethod.Coral));
        double Collapsed(TransferReport report, TransferMethod method) => report.Methods.Single(m => m.Method == method).Collapse is null ? 0 : 1;
        return
        [
            kernel.StatisticBefore!.Value, kernel.StatisticAfter!.Value, kernel.SourceAccuracyBefore!.Value, kernel.SourceAccuracy!.Value,
            covariances.StatisticBefore!.Value, covariances.StatisticAfter!.Value, covariances.SourceAccuracyBefore!.Value, covariances.SourceAccuracy!.Value,
            Collapsed(lost, TransferMethod.Mmd), Collapsed(lost, TransferMethod.Coral), Collapsed(kept, TransferMethod.Mmd), Collapsed(kept, TransferMethod.Coral),
        ];
    }

    private static double[] Kernel(int seed)
    {
        var at = (ulong)(10 * seed) + 40_000;
        double Differs(float[] first, float[] second, int block) => KernelTest.Of(first, second, 5, block, 500, new Rng(at)).PValue < 0.05 ? 1 : 0;
        var rows = DomainTables.Normal(200, 5, at);
        return
        [
            Differs(rows, DomainTables.Normal(200, 5, at + 1), 6), Differs(DomainTables.Remembering(200, 5, at + 2, 0.5), DomainTables.Remembering(200, 5, at + 3, 0.5), 10),
            Differs(rows, DomainTables.Normal(200, 5, at + 4, 0.25), 6), Differs(rows, DomainTables.Normal(200, 5, at + 5, 0, 1.4), 6),
        ];
    }

    private static double[] Apart(int seed)
    {
        var at = (ulong)(10 * seed) + 50_000;
        double Distance(float[] first, float[] second) => ProxyADistance.Measure(Doubles(first), Doubles(second), 8, 0, new Rng(at)).Distance;
        var rows = DomainTables.Normal(2_000, 8, at);
        return
        [
            Distance(rows, DomainTables.Normal(2_000, 8, at + 1)), Distance(DomainTables.Remembering(2_000, 8, at + 2, 0.5), DomainTables.Remembering(2_000, 8, at + 3, 0.5)),
            Distance(rows, DomainTables.Normal(2_000, 8, at + 4, 1.5)),
        ];
    }

    private static double[] Forgotten(int seed)
    {
        var (naive, rehearsed, learned) = RegimeForgetting.Of((ulong)seed + 60_000);
        return [naive, rehearsed, learned];
    }

    private static Task<TransferReport> TransferAsync(LabelledTable source, LabelledTable target, int? labels, TransferPlan plan) =>
        new TransferExperiment(TimeProvider.System, 2).RunAsync(TransferRows.Of([source], target, labels, false), plan, new TransferOptions(), new MemoryRunStore(), null, CancellationToken.None);

    private static TransferMethod[] MethodsOf(string words) =>
        words == TransferMethods.Best ? [.. TransferMethods.All] : [.. words.Split(',').Select(word => TransferMethods.All.Single(method => TransferMethods.NameOf(method) == word))];

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, value => (double)value);

    private static string Option(string[] args, string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : otherwise;

    private static int Number(string[] args, string name, int otherwise) => int.Parse(Option(args, name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
}

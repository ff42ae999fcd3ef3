using System.Diagnostics;
using System.Globalization;
using TicketBot.Domain;
using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;
using TicketBot.Market;
using TicketBot.Research;
using TicketBot.Research.Diagnostics;
using TicketBot.Research.LotteryTickets;
using TicketBot.Research.Stages;
using TicketBot.Simulator.Markets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Benchmarks.Diagnostics;

/// <summary>The long forms of what the diagnostics promise: a campaign over tables with and without a teacher, and the diagnosis of tickets found in generated markets.</summary>
internal static class DiagnosticsReport
{
    private const int Relevant = 3;

    /// <summary>Runs it: <c>survival [--tables N] [--first N] [--inputs N] [--rows N]</c> or <c>ticket [--market M] [--first N] [--seeds N]</c>.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["survival", ..])
        {
            await SurvivalAsync(Number(args, "--tables", 100), Number(args, "--first", 1_000), Number(args, "--inputs", 20), Number(args, "--rows", 1_500));
            return 0;
        }

        if (args is ["ticket", ..])
        {
            await TicketAsync(Option(args, "--market", "planted:0.7"), Number(args, "--first", 1), Number(args, "--seeds", 1));
            return 0;
        }

        Console.Error.WriteLine("usage: diagnostics survival [--tables N] [--first N] [--inputs N] [--rows N] | diagnostics ticket [--market M] [--first N] [--seeds N]");
        return 2;
    }

    private static async Task SurvivalAsync(int tables, int first, int inputs, int rows)
    {
        int taught = 0, relevant = 0, clean = 0, refused = 0, passed = 0, pairs = 0;
        var watch = Stopwatch.StartNew();
        for (var seed = (ulong)first; seed < (ulong)(first + tables); seed++)
        {
            var (stability, survival) = await JudgeAsync(seed, inputs, rows, shuffled: false);
            var kept = survival.Features.Count(feature => feature.Survives);
            var right = survival.Features.Take(Relevant).Count(feature => feature.Survives);
            relevant += right == Relevant ? 1 : 0;
            taught += right == Relevant && kept == Relevant ? 1 : 0;
            pairs += survival.Pairs[0] is { First: "x0", Second: "x1", Survives: true } ? 1 : 0;
            passed += stability.Answers.PValue < 0.05 ? 1 : 0;
            (stability, survival) = await JudgeAsync(seed, inputs, rows, shuffled: true);
            clean += survival.Features.Any(feature => feature.Survives) ? 0 : 1;
            refused += stability.Answers.PValue < 0.05 ? 0 : 1;
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seed - (ulong)first + 1} done of {tables}, {watch.Elapsed.TotalSeconds:0} s"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tables} tables from seed {first}, {rows} rows of {inputs} inputs, class of x0 x1 and x2, 20 draws each, {watch.Elapsed.TotalSeconds:0} s"));
        Console.WriteLine("| Labels | All relevant inputs survive | and no other does | No input survives | x0 x1 is the first pair and survives | Halves agree (p < 0.05) |");
        Console.WriteLine("|---|---|---|---|---|---|");
        Console.WriteLine($"| of the teacher | {relevant} | {taught} | | {pairs} | {passed} |");
        Console.WriteLine($"| shuffled | | | {clean} | | {tables - refused} |");
    }

    private static async Task<(MaskStabilityReport Stability, FeatureSurvival Survival)> JudgeAsync(ulong seed, int inputs, int rows, bool shuffled)
    {
        var plan = new TrainingPlan(
            Architecture.Parse("dense:24,dense:12", inputs, 2),
            new TrainingOptions { Epochs = 40, BatchSize = 64, LearningRate = 0.01, WeightDecay = 1, Schedule = LearningRateSchedule.Linear },
            20, new EarlyBirdOptions { Density = 0.2 }, StageHash.Seed("plan", seed));
        var rng = new Rng(seed);
        var values = new float[rows * inputs];
        var labels = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            var x = values.AsSpan(row * inputs, inputs);
            for (var i = 0; i < inputs; i++)
            {
                x[i] = (float)rng.NextGaussian();
            }

            labels[row] = rng.NextDouble() < 0.1 ? rng.NextInt(2) : (1.5 * x[0] * x[1]) + x[2] > 0 ? 1 : 0;
        }

        if (shuffled)
        {
            rng.Shuffle(labels);
        }

        var test = new MaskStability(plan, new TrainingSet(values, inputs, labels), StageHash.Of("rows", seed, shuffled), 0, new StageRunner(new MemoryRunStore(), 2));
        var stability = await test.RunAsync(20, CancellationToken.None);
        return (stability, FeatureSurvival.Of(stability, [.. Enumerable.Range(0, inputs).Select(i => $"x{i}")]));
    }

    private static async Task TicketAsync(string market, int first, int seeds)
    {
        var symbol = new Symbol("BTCUSDT");
        var options = new ResearchOptions();
        Console.WriteLine("| Market | Seed | Search s | Stability s | Whole diagnosis s | p | Halves | Null mean | Null high | Ceiling | Corrected | p by weights | p by movement | Dense to ticket | Ticket orders | Dense orders | Survivors |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        for (var seed = (ulong)first; seed < (ulong)(first + seeds); seed++)
        {
            var generated = new GeneratedMarket(MarketSpec.Parse(market), [symbol], Interval.FifteenMinutes, seed, options.HistoryCandles, new Instant(1_750_000_500_000));
            var input = new SearchInput
            {
                Symbol = symbol, Interval = Interval.FifteenMinutes, Candles = generated.History(new SeriesKey(symbol, Interval.FifteenMinutes)), AsOf = generated.LiveFrom, Seed = seed,
            };
            var prepared = Preparation.Of(input, options, new MarketOptions(), new TradingOptions { Symbols = { symbol.Value } }, null, null);
            var stages = new StageRunner(new MemoryRunStore(), options.Threads);
            var watch = Stopwatch.StartNew();
            var search = new TicketSearch(prepared, options, stages, (_, _) => { });
            await search.PoolAsync(CancellationToken.None);
            var found = (await search.RegimesAsync(CancellationToken.None))[0];
            var searched = watch.Elapsed.TotalSeconds;
            await TicketDiagnosis.StabilityOf(prepared, options, found, stages).RunAsync(options.StabilityDraws, CancellationToken.None);
            var tested = watch.Elapsed.TotalSeconds;
            var diagnosis = await TicketDiagnosis.RunAsync(prepared, search, found, options, stages, CancellationToken.None);
            var s = diagnosis.Stability.Answers;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {market} | {seed} | {searched:0.0} | {tested - searched:0.0} | {watch.Elapsed.TotalSeconds - searched:0.0} | {s.PValue:0.000} | {s.Value:0.0000} | {s.NullMean:0.0000} | {s.NullHigh:0.0000} | {s.Ceiling:0.0000} | {s.Corrected:0.00} | {diagnosis.Stability.Weights.PValue:0.000} | {diagnosis.Stability.Movement.PValue:0.000} | {string.Join(" | ", diagnosis.Barriers.Select(b => b.LossBarrier.ToString("0.0000", CultureInfo.InvariantCulture)))} | {string.Join(' ', diagnosis.Survival.Features.Where(f => f.Survives).Select(f => f.Feature))} |"));
        }
    }

    private static int Number(string[] args, string name, int otherwise) =>
        int.Parse(Option(args, name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    private static string Option(string[] args, string name, string otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
    }
}

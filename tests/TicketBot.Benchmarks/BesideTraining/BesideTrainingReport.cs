using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using TicketBot.Benchmarks.OrderPath;
using TicketBot.Storage;
using TicketBot.Testing;

namespace TicketBot.Benchmarks.BesideTraining;

/// <summary>Prints what a research child that trains at full load does to the latency of trading: blocks with and without it take turns.</summary>
public static class BesideTrainingReport
{
    private const int WarmCandles = 500;

    /// <summary>Measures and prints; returns the exit code: 0 measured, 2 wrong usage.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var values = new Dictionary<string, int> { ["--pairs"] = 60, ["--candles"] = 200, ["--pause"] = 5, ["--threads"] = 1 };
        var durable = arguments.Contains("--durable");
        string[] rest = [.. arguments.Where(a => a != "--durable")];
        for (var i = 0; i < rest.Length; i += 2)
        {
            if (!values.ContainsKey(rest[i]) || i + 1 == rest.Length || !int.TryParse(rest[i + 1], CultureInfo.InvariantCulture, out var value) || value < 1)
            {
                Console.Error.WriteLine($"usage: beside-training [--pairs N] [--candles N] [--pause MS] [--threads N] [--durable], each N at least 1; was given '{string.Join(' ', arguments)}'");
                return 2;
            }

            values[rest[i]] = value;
        }

        var (pairs, candles, pause, threads) = (values["--pairs"], values["--candles"], values["--pause"], values["--threads"]);
        Console.WriteLine($"processor   {OrderPathReport.Processor()}, {Environment.ProcessorCount} logical, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}");
        Console.WriteLine("method      the daemon's TradingLoop on the thread pool, journal " + (durable ? "durable on disk before each order" : "in memory") + "; from the confirmed candle handed in to the");
        Console.WriteLine($"            signed bytes of its order handed out; {pause} ms of rest between two candles; entries and exits take turns");
        Console.WriteLine($"            blocks of {candles:N0} candles take turns: a research child trains, or is halted by SIGSTOP; {pairs} of each;");
        Console.WriteLine($"            the child is started as the daemon starts it (niceness, heap limit, no concurrent collection) and trains on {threads} thread(s)");
        Console.WriteLine($"load        {Load()} before");

        var folder = Directory.CreateTempSubdirectory("ticketbot-beside-training-journal");
        try
        {
            using var training = await Training.PrepareAsync(threads);
            await using var trading = new LiveTrading(
                new Stage(WarmCandles + (2 * pairs * candles)), durable ? SqliteJournal.Open(Path.Combine(folder.FullName, "journal.db")) : new MemoryJournal());
            await trading.ReadyAsync();
            await trading.MeasureAsync(WarmCandles, 1);
            List<List<Latency>> alone = [], beside = [];
            List<double> busy = [];
            using var stop = new CancellationTokenSource();
            var child = await training.StartAsync(stop.Token);
            for (var pair = 0; pair < pairs; pair++)
            {
                List<Latency> without = [], with = [];
                var share = 0.0;
                for (var half = 0; half < 2; half++)
                {
                    // The one that comes first takes turns too.
                    var trains = (pair + half) % 2 == 0;
                    await Training.SignalAsync(trains ? "CONT" : "STOP");
                    var (used, began) = (Training.ProcessorSeconds(), Stopwatch.GetTimestamp());
                    var measured = await trading.MeasureAsync(candles, pause);
                    (without, with) = trains ? (without, measured) : (measured, with);
                    share = trains ? (Training.ProcessorSeconds() - used) / Stopwatch.GetElapsedTime(began).TotalSeconds : share;
                }

                if (child.IsCompleted)
                {
                    Console.WriteLine($"pair {pair} does not count, the child ended: {await child}");
                    child = await training.StartAsync(stop.Token);
                    continue;
                }

                alone.Add(without);
                beside.Add(with);
                busy.Add(share);
            }

            await stop.CancelAsync();
            await ((Task)child).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Print(alone, beside, busy);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Console.WriteLine($"load        {Load()} after");
        return 0;
    }

    private static void Print(List<List<Latency>> alone, List<List<Latency>> beside, List<double> busy)
    {
        Console.WriteLine();
        Console.WriteLine($"{"confirmed candle to signed bytes",-42}{"n",8}{"p50 us",10}{"p90 us",10}{"p99 us",10}");
        foreach (var isExit in (bool[])[false, true])
        {
            var name = isExit ? "exit" : "entry";
            var (without, with) = (Sorted(alone.SelectMany(b => b), isExit), Sorted(beside.SelectMany(b => b), isExit));
            Print($"{name}, alone", without.Count, share => At(without, share), "F1");
            Print($"{name}, beside a child that trains", with.Count, share => At(with, share), "F1");
            Print($"{name}, ratio", with.Count, share => At(with, share) / At(without, share), "F2");

            // What others do on the machine changes from minute to minute; the blocks of a pair share most of it.
            var pairs = alone.Zip(beside, (one, other) => (Without: Sorted(one, isExit), With: Sorted(other, isExit))).ToList();
            Print($"{name}, ratio, median of the pairs", pairs.Count, share => Median(pairs.Select(p => At(p.With, share) / At(p.Without, share))), "F2");
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the child kept {busy.Average():F2} processors busy meanwhile"));
    }

    private static void Print(string name, int count, Func<double, double> at, string form) => Console.WriteLine(
        $"{name,-42}{count,8}{Number(at(0.5), form),10}{Number(at(0.9), form),10}{Number(at(0.99), form),10}");

    private static string Number(double value, string form) => value.ToString(form, CultureInfo.InvariantCulture);

    private static List<long> Sorted(IEnumerable<Latency> latencies, bool isExit) => [.. latencies.Where(l => l.IsExit == isExit).Select(l => l.Ticks).Order()];

    private static double At(List<long> sorted, double share) => OrderPathReport.Microseconds(OrderPathReport.At(sorted, share));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    // Of the last minute: what others do on the machine is in both rows.
    private static string Load() => File.Exists("/proc/loadavg") ? $"{File.ReadAllText("/proc/loadavg").Split(' ')[0]} (one minute)" : "unknown";
}

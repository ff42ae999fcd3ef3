using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using TicketBot.Storage;
using TicketBot.Testing;
using TicketBot.Trading.Orders;

namespace TicketBot.Benchmarks.OrderPath;

/// <summary>Prints how long a closed candle takes to become the signed bytes of an order.</summary>
public static class OrderPathReport
{
    private const int Warm = 1_000;

    /// <summary>Measures and prints; returns the exit code.</summary>
    public static int Run(IReadOnlyList<string> arguments)
    {
        var candles = 10_000;
        if (arguments is ["--candles", var text] && int.TryParse(text, CultureInfo.InvariantCulture, out var asked) && asked > 0)
        {
            candles = asked;
        }
        else if (arguments.Count > 0)
        {
            Console.Error.WriteLine($"usage: order-path [--candles N]; was given '{string.Join(' ', arguments)}'");
            return 2;
        }

        Console.WriteLine($"processor   {Processor()}, {Environment.ProcessorCount} logical, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}");
        Console.WriteLine("method      one thread drives the real trading core: candle append, regime filter, features, sparse prediction, similarity,");
        Console.WriteLine("            risk, journal append, order JSON, HMAC-SHA256; every order is filled at once, so entries and exits take turns");
        Console.WriteLine($"sample      {candles:N0} candles after {Warm:N0} warm ones, 2,000 in memory, ticket dense:32,dense:16 at density 0.1; stopwatch per candle");
        var stage = new Stage(Warm + candles);

        Console.WriteLine();
        Console.WriteLine($"{"closed candle to signed bytes",-42}{"n",8}{"p50 us",10}{"p99 us",10}{"max us",10}{"bytes/candle",14}");
        OrderPathRun.Over(stage, new MemoryJournal(), durable: false);
        var memory = OrderPathRun.Over(stage, new MemoryJournal(), durable: false);
        Print("entry, journal in memory", memory, IntentKind.Entry);
        Print("exit, journal in memory", memory, IntentKind.Exit);

        var folder = Directory.CreateTempSubdirectory("ticketbot-order-path");
        try
        {
            var journal = SqliteJournal.Open(Path.Combine(folder.FullName, "journal.db"));
            var durable = OrderPathRun.Over(stage, journal, durable: true);
            journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
            Print("entry, intent durable on disk before it", durable, IntentKind.Entry);
            Print("exit, intent durable on disk before it", durable, IntentKind.Exit);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return 0;
    }

    private static void Print(string name, CandleCost[] costs, IntentKind kind)
    {
        var of = costs.Skip(Warm).Where(c => c.Kind == kind).ToList();
        if (of.Count == 0)
        {
            Console.WriteLine($"{name,-42}{0,8}  no such order was made");
            return;
        }

        var ticks = of.Select(c => c.Ticks).Order().ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-42}{of.Count,8}{Microseconds(At(ticks, 0.5)),10:F1}{Microseconds(At(ticks, 0.99)),10:F1}{Microseconds(ticks[^1]),10:F1}{of.Average(c => c.Bytes),14:F0}"));
    }

    internal static long At(List<long> sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Count) - 1];

    internal static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;

    internal static string Processor()
    {
        const string Source = "/proc/cpuinfo";
        var line = File.Exists(Source) ? File.ReadLines(Source).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':') + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}

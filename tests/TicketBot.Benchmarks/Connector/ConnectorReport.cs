using System.Diagnostics;
using System.Globalization;

namespace TicketBot.Benchmarks.Connector;

/// <summary>Measures the connector's units: what one frame and one order cost in time and memory.</summary>
internal static class ConnectorReport
{
    private const int Batches = 31;
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(60);

    /// <summary>Runs every unit and prints the table.</summary>
    public static int Run(string[] words)
    {
        if (words.Length > 0)
        {
            Console.Error.WriteLine("usage: connector");
            return 2;
        }

        Console.WriteLine($"{Processor()}, {Environment.ProcessorCount} logical processors, .NET {Environment.Version}; median and fastest of {Batches} batches of {BatchTime.TotalMilliseconds} ms, one thread, workstation GC");
        Console.WriteLine();
        Console.WriteLine("| Unit | Median ns | Fastest ns | Allocated bytes |");
        Console.WriteLine("|---|---|---|---|");
        using var units = new ConnectorUnits();
        foreach (var (name, unit) in units.All)
        {
            var (median, fastest, bytes) = Measure(unit);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {median:F0} | {fastest:F0} | {bytes:F0} |"));
        }

        return 0;
    }

    private static (double Median, double Fastest, double Bytes) Measure(Action unit)
    {
        // Long enough that the compiler has settled, then batches of about equal length.
        var began = Stopwatch.GetTimestamp();
        var count = 0;
        while (Stopwatch.GetElapsedTime(began) < 20 * BatchTime)
        {
            unit();
            count++;
        }

        var perBatch = Math.Max(1, count / 20);
        var times = new double[Batches];
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        for (var batch = 0; batch < Batches; batch++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < perBatch; i++)
            {
                unit();
            }

            times[batch] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / perBatch;
        }

        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        Array.Sort(times);
        return (times[Batches / 2], times[0], (double)bytes / Batches / perBatch);
    }

    private static string Processor() =>
        File.Exists("/proc/cpuinfo") && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..]
            : "an unnamed processor";
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using TicketBot.Learning.Kernels;

namespace TicketBot.Benchmarks.Learning;

/// <summary>Measures the learning engine, beside PyTorch where there is one, and says which targets are met.</summary>
internal static class LearningReport
{
    /// <summary>Runs it: <c>[--quick] [--only WORDS] [--seconds N] [--markdown FILE]</c>; returns the exit code.</summary>
    public static int Run(IReadOnlyList<string> words)
    {
        if (Settings.Read(words) is not { } settings)
        {
            Console.Error.WriteLine($"usage: learning [--quick] [--only WORD,WORD] [--seconds N] [--markdown FILE]; was given '{string.Join(' ', words)}'");
            return 2;
        }

        var results = new Results();
        using var peer = Peer.TryStart();
        using var second = peer is null ? null : Peer.TryStart();
        var narrow = PeakOf(PeakLoop.Run256, PeakLoop.Operations256);
        var wide = Avx512F.IsSupported ? PeakOf(PeakLoop.Run512, PeakLoop.Operations512) : default(Spread?);
        var bench = new Bench(settings, results, peer, second) { Peak = (wide ?? narrow).Median };
        Head(bench, $"FMA loop in registers, one core: AVX2 {Text(narrow)}, AVX-512 {(wide is { } w ? Text(w) : "not supported")} GFLOP/s (median, best)");
        ProductSection.Run(bench);
        StepSection.Run(bench, trainings: 1);
        RoundSection.Run(bench);
        PredictionSection.Run(bench);
        SearchSection.Run(bench);
        ConvergenceSection.Run(bench);
        StepSection.Run(bench, trainings: 2);
        TargetTable.Print(results);
        if (settings.Markdown is { } file)
        {
            File.WriteAllText(file, results.Markdown);
        }

        return 0;
    }

    private static void Head(Bench bench, string peak)
    {
        var results = bench.Results;
        var settings = bench.Settings;
        results.Say("processor", $"{Processor()}, {Environment.ProcessorCount} logical, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}");
        results.Say("vectors", $"AVX2 {Word(Avx2.IsSupported)}, FMA {Word(Fma.IsSupported)}, AVX-512F {Word(Avx512F.IsSupported)}; kernels in use: {KernelForms.Best}");
        results.Say("peak", peak);
        results.Say("peer", bench.Peer is { } peer ? $"{peer.About}; eager, one thread, memory kept between steps (MALLOC_ settings)" : "absent: /usr/bin/python3 has no torch");
        if (bench.Peer is { } one && !one.About.Contains("openblas", StringComparison.Ordinal))
        {
            results.Say("", "this peer multiplies without OpenBLAS, several times slower than the peer that the targets name: install libopenblas0-pthread");
        }

        results.Say("method", string.Create(CultureInfo.InvariantCulture,
            $"slices of {settings.SliceMs:0} ms take turns, A B A B, all sides in one run; {(CpuClock.IsProcessorTime ? "processor time of the working thread or process" : "wall time")} for one thread, wall time for two; medians of at least 9 paired ratios, worst ratio and least time in brackets"));
        results.Say("work", $"a training step is shuffle, batch gather, forward, cross-entropy, backward and Adam on both sides, ours through the public trainer; one mask has the same density in every matrix{(settings.Quick ? "; quick: fewer densities, searches extrapolated" : "")}");
    }

    private static Spread PeakOf(Action<int> loop, double operations)
    {
        var cost = Paired.Run([new LoopSide(loop)], rounds: 15, sliceMs: 20, warmMs: 100).Cost(0);
        return new Spread(operations / cost.Median * 1e-3, operations / cost.Max * 1e-3, operations / cost.Min * 1e-3);
    }

    private static string Text(Spread peak) => string.Create(CultureInfo.InvariantCulture, $"{peak.Median:F0} ({peak.Max:F0})");

    private static string Word(bool supported) => supported ? "yes" : "no";

    private static string Processor()
    {
        const string Source = "/proc/cpuinfo";
        var line = File.Exists(Source) ? File.ReadLines(Source).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':') + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}

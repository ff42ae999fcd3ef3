using Platform = System.Runtime.InteropServices.RuntimeInformation;
using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Sparse;
using TicketBot.Learning.Training;
using TicketBot.Research.ArchitectureSearch.Spaces;

namespace TicketBot.Research.ArchitectureSearch.Latency;

/// <summary>Measures on this machine what single layers cost: of each size a network with the layer and one without, the difference of their least times over 30 slices
/// of processor time. A slice is long enough for the clock, and short enough to fall between interruptions.</summary>
public static class LatencyMeter
{
    private const int Slices = 30;
    private const double SliceSeconds = 5e-4;
    private const double WarmRoundSeconds = 0.25;
    private const int WarmRounds = 40;
    private const int QuietRounds = 4;
    private const double Gain = 0.03;
    private const double Least = 0.005; // Microseconds: a difference below what slices resolve.
    private const int Heads = 4;
    private const int Kernel = 3;
    private const int TrainedWidth = 64;
    private const int TrainedWindow = 16;
    private const int TrainedRows = 64;

    // Together these run every kernel; the times of a kernel mean nothing before the runtime has compiled it at its last tier.
    private static readonly string[] WarmGenes =
    [
        "dense:64/gelu,mean", "dense:64/tanh,max", "dense:256/relu,dense:16/identity", "conv1d:64x3/gelu,conv1d:16x5/tanh", "lstm:64,mean", "gru:64,lstm:16", "attention:64x4,mean",
        "attention:16x4,gru:16", "dense:64+0,dense:16+1,flatten", "lstm:32,conv1d:256x3+1,max", "conv1d:32x5,attention:32x4+0,mean", "",
    ];

    private static readonly Lazy<bool> Warmed = new(Warm);

    private static readonly int[] Inputs = [4, 16, 64, 256];
    private static readonly int[] Widths = [16, 64, 256];
    private static readonly int[] Steps = [1, 8, 24, 64];
    private static readonly int[] HeadInputs = [4, 16, 64, 256, 1_024, 4_096, 16_384];
    private static readonly int[] Classes = [2, 10];
    private static readonly (int Width, int Steps)[] Bends = [(16, 1), (256, 1), (256, 16), (256, 64)];

    /// <summary>Kinds of entries that every table has.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["head", "mean", "max", "relu", "gelu", "tanh", "dense", "conv1d", "lstm", "gru", "attention", "attention-last"];

    /// <summary>Kinds whose training is measured.</summary>
    public static IReadOnlyList<string> TrainedKinds { get; } = ["dense", "conv1d", "lstm", "gru", "attention"];

    /// <summary>Measures a whole table; takes about a minute of one core.</summary>
    /// <param name="progress">Told how many of how many sizes are measured; or <c>null</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static LatencyTable Measure(Action<int, int>? progress, CancellationToken cancellationToken)
    {
        _ = Warmed.Value;
        var entries = new List<LatencyEntry>();
        var known = new Dictionary<(string, int, int, int), double>();
        var works = Works().ToList();
        double Time(string genes, int inputs, int outputs, int window)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return known.TryGetValue((genes, inputs, outputs, window), out var us)
                ? us
                : known[(genes, inputs, outputs, window)] = MeasureUs(Architecture.Parse(genes, inputs, outputs, window));
        }

        foreach (var (entry, with, without) in works)
        {
            progress?.Invoke(entries.Count, works.Count);
            var us = Time(with.Genes, with.Inputs, with.Outputs, with.Window) - (without is { } less ? Time(less.Genes, less.Inputs, less.Outputs, less.Window) : 0);
            entries.Add(entry with { Microseconds = Math.Round(Math.Max(Least, us), 4) });
        }

        progress?.Invoke(works.Count, works.Count);
        TrainingRate[] rates = [.. TrainedKinds.Select(kind => new TrainingRate(kind, Math.Round(MeasureTraining(kind, cancellationToken), 5)))];
        return new LatencyTable($"{Platform.OSDescription}, {Platform.ProcessArchitecture}, {Environment.ProcessorCount} cores, {Platform.FrameworkDescription}", entries, rates);
    }

    /// <summary>Returns the least time of one prediction of an architecture on this machine, in microseconds of processor time: the minimum of 30 slices. The first call
    /// warms the code up for some seconds.</summary>
    public static double MeasureUs(Architecture architecture) => Warmed.Value ? LeastUs(architecture, Slices) : double.NaN;

    // Rounds over networks of all kinds until several rounds in a row were no faster than the best before them.
    private static bool Warm()
    {
        var (best, quiet) = (double.PositiveInfinity, 0);
        for (var round = 0; round < WarmRounds && quiet < QuietRounds; round++)
        {
            var (sum, start) = (0.0, ProcessorTime.Seconds);
            do
            {
                sum = WarmGenes.Sum(genes => LeastUs(Architecture.Parse(genes, 12, 2, 16), 3) + LeastUs(Architecture.Parse(genes, 30, 2), 3));
            }
            while (ProcessorTime.Seconds - start < WarmRoundSeconds);
            quiet = sum < best * (1 - Gain) ? 0 : quiet + 1;
            best = Math.Min(best, sum);
        }

        return true;
    }

    private static double LeastUs(Architecture architecture, int slices)
    {
        var rng = new Rng(1);
        var compiled = new CompiledNetwork(architecture, Network.Create(architecture, ref rng).CaptureWeights(), MaskSet.Full(architecture));
        var row = new float[architecture.RowLength];
        foreach (ref var value in row.AsSpan())
        {
            value = (float)rng.NextGaussian();
        }

        var logits = new float[architecture.Outputs];
        double Run(int repeats)
        {
            var start = ProcessorTime.Seconds;
            for (var i = 0; i < repeats; i++)
            {
                compiled.Predict(row, logits);
            }

            return ProcessorTime.Seconds - start;
        }

        // As many predictions as fill a slice: doubled until they do.
        var repeats = 1;
        while (Run(repeats) < SliceSeconds && repeats < 1 << 16)
        {
            repeats *= 2;
        }

        var best = double.PositiveInfinity;
        for (var slice = 0; slice < slices; slice++)
        {
            best = Math.Min(best, Run(repeats) / repeats);
        }

        return 1e6 * best;
    }

    internal static string NameOf(Activation activation) => activation.ToString().ToLowerInvariant();

    internal static string NameOf(Pooling pooling) => pooling.ToString().ToLowerInvariant();

    private static IEnumerable<(LatencyEntry Entry, Net With, Net? Without)> Works()
    {
        foreach (var inputs in HeadInputs)
        {
            foreach (var classes in Classes)
            {
                yield return (new LatencyEntry("head", inputs, classes, 1, 0), new Net("", inputs, classes, 1), null);
            }
        }

        foreach (var pool in (string[])["mean", "max"])
        {
            foreach (var (width, steps) in Widths.SelectMany(width => Steps.Select(steps => (width, steps))))
            {
                yield return (new LatencyEntry(pool, 1, width, steps, 0), new Net(pool, width, 2, steps), new Net("", width, 2, 1));
            }
        }

        foreach (var activation in (string[])["relu", "gelu", "tanh"])
        {
            foreach (var (width, steps) in Bends)
            {
                var reading = steps == 1 ? "" : ",mean";
                yield return (
                    new LatencyEntry(activation, 1, width * steps, 1, 0), new Net($"dense:{width}/{activation}{reading}", 4, 2, steps),
                    new Net($"dense:{width}/identity{reading}", 4, 2, steps));
            }
        }

        foreach (var kind in (string[])["dense", "conv1d", "lstm", "gru", "attention", "attention-last"])
        {
            foreach (var (inputs, width, steps) in Inputs.SelectMany(inputs => Widths.SelectMany(width => Steps.Select(steps => (inputs, width, steps)))))
            {
                var (gene, reading) = (GeneOf(kind, width), kind == "attention-last" || steps == 1 ? "last" : "mean");
                var window = kind == "conv1d" && steps == 1 ? Kernel : steps;
                yield return (
                    new LatencyEntry(kind, kind == "conv1d" ? inputs * Kernel : inputs, width, steps, 0), new Net($"{gene},{reading}", inputs, 2, window),
                    reading == "last" ? new Net("", width, 2, 1) : new Net("mean", width, 2, steps));
            }
        }
    }

    private static string GeneOf(string kind, int width) => kind switch
    {
        "dense" => $"dense:{width}/identity",
        "conv1d" => $"conv1d:{width}x{Kernel}/identity",
        "attention" or "attention-last" => $"attention:{width}x{Heads}",
        _ => $"{kind}:{width}",
    };

    private static double MeasureTraining(string kind, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var architecture = Architecture.Parse($"{GeneOf(kind, TrainedWidth)},mean", TrainedWidth, 2, TrainedWindow);
        var rng = new Rng(1);
        var network = Network.Create(architecture, ref rng);
        var values = new float[TrainedRows * architecture.RowLength];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)rng.NextGaussian();
        }

        var set = new TrainingSet(values, architecture.RowLength, [.. Enumerable.Range(0, TrainedRows).Select(i => i % 2)]);
        var (best, last) = (double.PositiveInfinity, double.NaN);
        Trainer.Train(network, MaskSet.Full(architecture), set, null, new TrainingOptions { Steps = 3 * Slices, BatchSize = TrainedRows }, new Rng(1), _ =>
        {
            var now = ProcessorTime.Seconds;
            best = double.IsNaN(last) ? best : Math.Min(best, now - last);
            last = ProcessorTime.Seconds;
            return true;
        });
        return 1e9 * best / TrainedRows / ArchitectureCost.Of(architecture).TrainingMultiplyAdds;
    }

    private readonly record struct Net(string Genes, int Inputs, int Outputs, int Window);
}

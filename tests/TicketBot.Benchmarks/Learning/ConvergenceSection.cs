using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Benchmarks.Learning;

/// <summary>Training far past convergence: numbers that decay into denormals make a processor slow, so the last epochs must cost what the first did.</summary>
internal static class ConvergenceSection
{
    public static void Run(Bench bench)
    {
        const string Title = "Far past convergence (24-128-64-2, separable labels, rate 0.01, one thread, processor time of an epoch)";
        if (!bench.Settings.Wants(Title, "convergence"))
        {
            return;
        }

        bench.Results.Section(Title, "last/first", "last ms", "first ms");
        var net = LearningCase.Rounds[0] with { Rows = 4_000 };
        var epochs = bench.Settings.Quick ? 600 : 1_500;
        foreach (var (name, mask) in new[] { ("dense", MaskSet.Full(net.Architecture)), ("random mask, density 0.1", net.RandomMask(0.1)) })
        {
            var set = net.Set(noise: 0.0);
            Measure(net, set, mask, 20);
            var repeats = Enumerable.Range(0, bench.Settings.Quick ? 3 : 5).Select(_ => Measure(net, set, mask, epochs)).ToList();
            bench.Results.Add(new Row($"converged {name.Split(' ')[0]}", $"{name}, {epochs} epochs of {net.Rows} rows; medians of the first ten and the last ten epochs")
            {
                Ratio = Spread.Of(repeats.Select(r => r.Last / r.First)),
                LowIsGood = true,
                Ours = Spread.Of(repeats.Select(r => r.Last * 1e3)),
                Other = Spread.Of(repeats.Select(r => r.First * 1e3)),
                Note = FormattableString.Invariant($"loss at the end {repeats[0].Loss:E1}"),
            });
        }
    }

    private static (double First, double Last, double Loss) Measure(LearningCase net, TrainingSet set, MaskSet mask, int epochs)
    {
        var times = new List<double>(epochs + 1);
        var epoch = -1;
        var result = Trainer.Train(net.Net(), mask, set, null, net.Options with { Epochs = epochs, LearningRate = 0.01 }, new Rng(19), moment =>
        {
            if (moment.Step.Epoch != epoch)
            {
                epoch = moment.Step.Epoch;
                times.Add(CpuClock.ThreadSeconds);
            }

            return true;
        });
        var costs = times.Zip(times.Skip(1), (a, b) => b - a).ToList();
        return (Spread.Of(costs.Take(10)).Median, Spread.Of(costs.TakeLast(10)).Median, result.LastBatchLoss ?? 0.0);
    }
}

using System.Globalization;
using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Benchmarks.Learning;

/// <summary>What sparsity saves the user: whole epochs through the public trainer under a mask, beside epochs of the same net without one.</summary>
internal static class RoundSection
{
    private static readonly double[] Densities = [0.5, 0.2, 0.1, 0.05];

    public static void Run(Bench bench)
    {
        const string Title = "Masked epoch against own dense epoch (20,000 rows, B64, one thread, processor time, everything included)";
        var started = false;
        foreach (var net in LearningCase.Rounds.Where(net => bench.Settings.Wants(Title, net.Key)))
        {
            if (!started)
            {
                bench.Results.Section(Title, "masked/dense", "masked ms", "dense ms");
                started = true;
            }

            var set = net.Set();
            List<(string Key, string Name, MaskSet Mask)> masks =
            [
                .. Densities.Where(d => !bench.Settings.Quick || d is 0.2 or 0.1).Select(d =>
                    (string.Create(CultureInfo.InvariantCulture, $"round {net.Key} {d}"), string.Create(CultureInfo.InvariantCulture, $"random mask, density {d}"), net.RandomMask(d))),
                ($"round {net.Key} magnitude", "mask of the largest weights, density 0.1", net.MagnitudeMask(0.1, set, epochs: 2)),
            ];
            List<Side> sides = [new LoopSide(Epochs(net, set, MaskSet.Full(net.Architecture))), .. masks.Select(m => new LoopSide(Epochs(net, set, m.Mask)))];
            // A slice of no length is one epoch.
            var paired = Paired.Run(sides, bench.Settings.RoundsOf(sides.Count), sliceMs: 0, warmMs: net.Inputs > 100 ? 0 : bench.Settings.WarmMs);
            for (var i = 0; i < masks.Count; i++)
            {
                bench.Results.Add(new Row(masks[i].Key, $"{net.Description}, {masks[i].Name}")
                {
                    Ratio = paired.Ratio(i + 1, 0),
                    LowIsGood = true,
                    Ours = paired.Cost(i + 1).Times(1e-3),
                    Other = paired.Cost(0).Times(1e-3),
                });
            }
        }
    }

    private static Action<int> Epochs(LearningCase net, TrainingSet set, MaskSet mask)
    {
        var network = net.Net();
        return epochs =>
        {
            for (var i = 0; i < epochs; i++)
            {
                Trainer.Train(network, mask, set, null, net.Options with { Epochs = 1 }, new Rng(13));
            }
        };
    }
}

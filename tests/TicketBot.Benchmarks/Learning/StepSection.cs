using System.Globalization;
using TicketBot.Learning.Pruning;

namespace TicketBot.Benchmarks.Learning;

/// <summary>One update of every net, dense and masked, by one training and by two at once.</summary>
internal static class StepSection
{
    /// <summary>Density of the masked peer: what its step costs does not depend on how many of the weights it multiplies are zero.</summary>
    public const double PeerDensity = 0.1;

    public static void Run(Bench bench, int trainings)
    {
        var title = trainings == 1
            ? "Training step, one thread (processor time; shuffle, gather, forward, loss, backward, Adam)"
            : "Training step, two trainings at once (wall time of a step, both counted)";
        var started = false;
        foreach (var net in LearningCase.Nets.Where(net => bench.Settings.Wants(title, net.Key)))
        {
            if (!started)
            {
                bench.Results.Section(title, "peer/ours", "ours us", "peer us");
                started = true;
            }

            Measure(bench, net, trainings);
        }
    }

    private static void Measure(Bench bench, LearningCase net, int trainings)
    {
        var names = new List<(string Key, string Name, bool Dense)>();
        var sides = new List<Side>();
        try
        {
            var set = net.Set();
            foreach (var density in bench.Settings.Densities)
            {
                var percent = string.Create(CultureInfo.InvariantCulture, $"{density:0.##}");
                Add($"step {net.Key} {percent} x{trainings}", density == 1.0 ? "dense" : $"random mask, density {percent}", density == 1.0, () => net.RandomMask(density));
            }

            if (net.Key == "mlp24 B64")
            {
                Add($"step {net.Key} magnitude x{trainings}", "mask of the largest weights, density 0.1", false, () => net.MagnitudeMask(0.1, set, epochs: 3));
            }

            void Add(string key, string name, bool dense, Func<MaskSet> mask)
            {
                names.Add((key, name, dense));
                sides.Add(Together([.. Enumerable.Range(0, trainings).Select(_ => new TrainerSide(net.Net(), mask(), set, net.Options))]));
            }
        }
        catch (Exception fault) when (fault is FormatException or NotSupportedException)
        {
            bench.Results.Line($"{"absent",12}  {net.Key}: {fault.Message}", $"| absent | | | | | | {net.Key}: {fault.Message} |");
            return;
        }

        var ours = sides.Count;
        var dense = Peers(bench, net, trainings, 1.0);
        var masked = Peers(bench, net, trainings, PeerDensity);
        if (dense is not null && masked is not null)
        {
            sides.AddRange([dense, masked]);
        }

        var alone = -1;
        if (trainings > 1)
        {
            alone = sides.Count;
            sides.Add(new TrainerSide(net.Net(), net.RandomMask(1.0), net.Set(), net.Options));
        }

        try
        {
            var paired = Paired.Run(sides, bench.Settings, byWall: trainings > 1);
            for (var i = 0; i < ours; i++)
            {
                var peer = dense is null || masked is null ? -1 : ours + (names[i].Dense ? 0 : 1);
                var against = names[i].Dense
                    ? alone < 0
                        ? string.Create(CultureInfo.InvariantCulture, $"{net.Operations / paired.Cost(i).Median * 1e-3 / bench.Peak:P0} of the peak in products with weights")
                        : string.Create(CultureInfo.InvariantCulture, $"{paired.Ratio(alone, i).Median:F2}x one training alone")
                    : string.Create(CultureInfo.InvariantCulture, $"{paired.Ratio(0, i).Median:F2}x own dense");
                bench.Results.Add(new Row(names[i].Key, $"{net.Key} {net.Description}, {names[i].Name}")
                {
                    Ratio = peer < 0 ? null : paired.Ratio(peer, i),
                    Ours = paired.Cost(i),
                    Other = peer < 0 ? null : paired.Cost(peer),
                    Note = against,
                });
                if (trainings == 1 && !names[i].Dense)
                {
                    bench.Results.Keep(new Row($"own {names[i].Key}", "") { Ratio = paired.Ratio(0, i) });
                }
            }
        }
        catch (InvalidOperationException fault)
        {
            bench.Results.Line($"{"absent",12}  {net.Key}: {fault.Message}", $"| absent | | | | | | {net.Key}: {fault.Message} |");
        }
        finally
        {
            foreach (var side in sides)
            {
                side.Dispose();
            }
        }
    }

    private static Side? Peers(Bench bench, LearningCase net, int trainings, double density)
    {
        var request = net.Request("train", density);
        var first = bench.Ask(bench.Peer, request);
        var second = trainings == 1 ? null : bench.Ask(bench.Second, request);
        return first is null || (trainings > 1 && second is null) ? null : second is null ? first : new TogetherSide(first, second);
    }

    private static Side Together(Side[] sides) => sides.Length == 1 ? sides[0] : new TogetherSide(sides);
}

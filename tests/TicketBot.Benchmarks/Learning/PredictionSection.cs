using System.Globalization;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Sparse;

namespace TicketBot.Benchmarks.Learning;

/// <summary>One row through the compiled form, against the peer's eager and frozen form of the dense net.</summary>
internal static class PredictionSection
{
    public static void Run(Bench bench)
    {
        const string Title = "Prediction of one row, one thread (compiled form; peer: the faster of eager and torch.jit.freeze, dense)";
        var started = false;
        foreach (var net in LearningCase.Nets.Where(net => net.Key.EndsWith("B64", StringComparison.Ordinal) && bench.Settings.Wants(Title, net.Key)))
        {
            if (!started)
            {
                bench.Results.Section(Title, "peer/ours", "ours us", "peer us");
                started = true;
            }

            Measure(bench, net);
        }
    }

    private static void Measure(Bench bench, LearningCase net)
    {
        var names = new List<(string Key, string Name)>();
        var sides = new List<Side>();
        var key = net.Key.Split(' ')[0];
        try
        {
            foreach (var density in bench.Settings.Densities)
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"{density:0.##}");
                names.Add(($"predict {key} {text}", density == 1.0 ? "dense" : $"random mask, density {text}"));
                sides.Add(new LoopSide(Predictions(net, net.RandomMask(density))));
            }

            if (key == "mlp24")
            {
                names.Add(($"predict {key} magnitude", "mask of the largest weights, density 0.1"));
                sides.Add(new LoopSide(Predictions(net, net.MagnitudeMask(0.1, net.Set(), epochs: 3))));
            }
        }
        catch (Exception fault) when (fault is FormatException or NotSupportedException or ArgumentException)
        {
            bench.Results.Line($"{"absent",12}  {net.Key}: {fault.Message}", $"| absent | | | | | | {net.Key}: {fault.Message} |");
            return;
        }

        var ours = sides.Count;
        var eager = bench.Ask(bench.Peer, net.Request("eager", 1.0));
        var frozen = bench.Ask(bench.Peer, net.Request("frozen", 1.0));
        if (eager is not null && frozen is not null)
        {
            sides.AddRange([eager, frozen]);
        }

        var paired = Paired.Run(sides, bench.Settings);
        var hasPeer = sides.Count > ours;
        var peer = !hasPeer || paired.Cost(ours).Median < paired.Cost(ours + 1).Median ? ours : ours + 1;
        for (var i = 0; i < ours; i++)
        {
            bench.Results.Add(new Row(names[i].Key, $"{key} {net.Description}, {names[i].Name}")
            {
                Ratio = hasPeer ? paired.Ratio(peer, i) : null,
                Ours = paired.Cost(i),
                Other = hasPeer ? paired.Cost(peer) : null,
                Figure = i == 0 ? null : paired.Cost(i).Median,
                Note = i > 0 ? string.Create(CultureInfo.InvariantCulture, $"{paired.Ratio(0, i).Median:F2}x own dense")
                    : hasPeer ? string.Create(CultureInfo.InvariantCulture, $"peer eager {paired.Cost(ours).Median:F0}, frozen {paired.Cost(ours + 1).Median:F0} us") : "",
            });
        }
    }

    private static Action<int> Predictions(LearningCase net, MaskSet mask)
    {
        var trained = net.Net();
        mask.ApplyTo(trained);
        var compiled = new CompiledNetwork(trained.Architecture, trained.CaptureWeights(), mask);
        var rows = net.Set().Features[..(net.Inputs * net.Window)].ToArray();
        var logits = new float[trained.Architecture.Outputs];
        return steps =>
        {
            for (var i = 0; i < steps; i++)
            {
                compiled.Predict(rows, logits);
            }
        };
    }
}

using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Benchmarks.Learning;

/// <summary>Training far past convergence: numbers that decay into denormals make a processor slow, so the last epochs must cost what the first did.</summary>
internal static class ConvergenceSection
{
    private const int EpochsOfASlice = 10;

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
            var options = net.Options with { Epochs = epochs, LearningRate = 0.01 };
            TrainingState? late = null;
            var stateAt = (epochs - EpochsOfASlice) * options.StepsPerEpoch(net.Rows);
            var result = Trainer.Train(net.Net(), mask, set, null, options, new Rng(19), moment =>
            {
                late = moment.Step.Number == stateAt ? moment.CaptureState() : late;
                return true;
            });
            var network = net.Net();
            var start = network.CaptureWeights();
            var paired = Paired.Run([new LoopSide(First), new LoopSide(Last)], bench.Settings.RoundsOf(2), sliceMs: 0, warmMs: 0);
            bench.Results.Add(new Row($"converged {name.Split(' ')[0]}", $"{name}, {epochs} epochs of {net.Rows} rows; the first ten epochs and the last ten take turns")
            {
                Ratio = paired.Ratio(1, 0),
                LowIsGood = true,
                Ours = paired.Cost(1).Times(1e-3 / EpochsOfASlice),
                Other = paired.Cost(0).Times(1e-3 / EpochsOfASlice),
                Note = FormattableString.Invariant($"loss at the end {result.LastBatchLoss:E1}"),
            });

            void First(int times)
            {
                for (var i = 0; i < times; i++)
                {
                    network.RestoreWeights(start);
                    Trainer.Train(network, mask, set, null, options, new Rng(19), moment => moment.Step.Epoch < EpochsOfASlice);
                }
            }

            void Last(int times)
            {
                for (var i = 0; i < times; i++)
                {
                    Trainer.Resume(network, mask, late!, set, null, options);
                }
            }
        }
    }
}

using System.Globalization;
using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Benchmarks.Learning;

/// <summary>A whole search by iterative magnitude pruning: ten rounds of twenty epochs, 20 % of the weights pruned after each, weights set back to
/// the start. One job alone, and two jobs on two threads.</summary>
internal static class SearchSection
{
    private const int Rounds = 10;
    private const int Epochs = 20;

    public static void Run(Bench bench)
    {
        const string Title = "Search by iterative pruning (10 rounds x 20 epochs, 20,000 rows x 24, 128-64, B64)";
        if (!bench.Settings.Wants(Title, "search"))
        {
            return;
        }

        var net = LearningCase.Rounds[0];
        var set = net.Set();
        var epochs = bench.Settings.Quick ? 2 : Epochs;
        var steps = (net.Rows + net.Batch - 1) / net.Batch;
        bench.Results.Section(Title, "peer/ours", "ours s", "peer s");

        Job(net, set, 1, null);
        var peerSeconds = 0.0;
        var asked = bench.Ask(bench.Peer, net.Request("train", StepSection.PeerDensity));
        // Our rounds and slices of the peer take turns; the peer's step costs the same in every round.
        var ours = Job(net, set, epochs, () =>
        {
            if (asked is not null)
            {
                peerSeconds += asked.Run(bench.Settings.Quick ? 100 : 500).CpuMicroseconds * 1e-6 * steps * Epochs;
            }
        }) * Epochs / epochs;
        var said = string.Create(CultureInfo.InvariantCulture, $"{(bench.Settings.Quick ? $"ours extrapolated from {epochs} epochs a round, " : "")}peer extrapolated from a slice of masked steps a round");
        Add("search 1", "one job, processor time", ours, peerSeconds, said);

        var wall = CpuClock.WallSeconds;
        Parallel.For(0, 2, new ParallelOptions { MaxDegreeOfParallelism = 2 }, _ => Job(net, set, epochs, null));
        wall = (CpuClock.WallSeconds - wall) * Epochs / epochs;
        Add("search 2", "two jobs on two threads, wall time of both; peer one after the other", wall, 2 * peerSeconds, said);

        void Add(string key, string name, double seconds, double other, string note)
        {
            var hasPeer = asked is not null;
            bench.Results.Add(new Row(key, name)
            {
                Ratio = hasPeer ? Spread.Of([other / seconds]) : null,
                Ours = Spread.Of([seconds]),
                Other = hasPeer ? Spread.Of([other]) : null,
                Note = note,
            });
        }
    }

    // Processor seconds of the job without what happens between its rounds.
    private static double Job(LearningCase net, TrainingSet set, int epochs, Action? between)
    {
        var network = net.Net();
        var start = network.CaptureWeights();
        var mask = MaskSet.Full(network);
        var seconds = 0.0;
        for (var round = 0; round < Rounds; round++)
        {
            var began = CpuClock.ThreadSeconds;
            network.RestoreWeights(start);
            Trainer.Train(network, mask, set, null, net.Options with { Epochs = epochs }, new Rng(17));
            mask = MagnitudePruning.Prune(network, mask, new PruningOptions());
            seconds += CpuClock.ThreadSeconds - began;
            between?.Invoke();
        }

        return seconds;
    }
}

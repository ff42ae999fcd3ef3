using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;
using TicketBot.Market.Tables;
using TicketBot.Research.Transfer;
using TicketBot.Testing;

namespace TicketBot.Benchmarks.Transfer;

/// <summary>A network of one regime, adapted to another that lies elsewhere and says the opposite.</summary>
internal static class RegimeForgetting
{
    public static (double Naive, double Rehearsed, double Learned) Of(ulong seed)
    {
        var (first, second) = (Set(DomainTables.Rule(1_500, 10 + seed)), Set(DomainTables.Rule(800, 20 + seed, 1.5, isFlipped: true)));
        var (heldFirst, heldSecond) = (Set(DomainTables.Rule(600, 30 + seed)), Set(DomainTables.Rule(600, 40 + seed, 1.5, isFlipped: true)));
        var rng = new Rng(seed);
        var network = Network.Create(Architecture.Parse("dense:48,dense:24", 8, 2), ref rng);
        var mask = MaskSet.Full(network);
        var training = new TrainingOptions { Epochs = 12, BatchSize = 64, LearningRate = 2e-3, ClipNorm = 1 };
        Trainer.Train(network, mask, first, heldFirst, training, rng.Split(1));
        var start = network.CaptureWeights();
        var reservoir = new RehearsalReservoir(8, 150, seed);
        for (var row = 0; row < first.Rows; row++)
        {
            reservoir.Add(0, first.RowOf(row), first.Labels[row]);
        }

        var regimes = new Dictionary<int, TrainingSet> { [0] = heldFirst, [1] = heldSecond };
        var naive = ContinuousAdaptation.Adapt(network, mask, second, null, training, 0, rng.Split(2), regimes, CancellationToken.None);
        network.RestoreWeights(start);
        var rehearsed = ContinuousAdaptation.Adapt(network, mask, second, reservoir, training, 0.01, rng.Split(2), regimes, CancellationToken.None);
        return (naive[0].Rise, rehearsed[0].Rise, -rehearsed[1].Rise);
    }

    private static TrainingSet Set(LabelledTable table) => new(table.Values.ToArray(), 8, table.Labels.ToArray());
}

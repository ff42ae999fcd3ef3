using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;
using TicketBot.Market.Tables;
using TicketBot.Research.Transfer;
using TicketBot.Testing;

namespace TicketBot.Research.Tests.Transfer;

public sealed class ContinuousAdaptationTests
{
    [Fact]
    public void A_rehearsed_regime_is_forgotten_by_less_than_a_third_of_what_plain_fine_tuning_forgets()
    {
        List<double> shares = [];
        for (ulong seed = 1; seed <= 3; seed++)
        {
            var (naive, rehearsed, learned) = Forgetting.Of(seed);
            Assert.True(naive > 0.1, $"fine-tuning alone forgets {naive} nats, which leaves nothing to protect");
            Assert.True(learned > 0.1, $"the new regime gained {learned} nats only");
            shares.Add(rehearsed / naive);
        }

        Assert.InRange(shares.Order().ElementAt(1), -1, 0.3);
    }

    [Fact]
    public void Every_row_of_a_regime_has_the_same_chance_to_be_kept_and_regimes_weigh_alike()
    {
        var kept = new int[100];
        for (ulong seed = 0; seed < 400; seed++)
        {
            var reservoir = new RehearsalReservoir(1, 20, seed);
            for (var row = 0; row < 100; row++)
            {
                reservoir.Add(3, [row], 0);
            }

            foreach (var value in reservoir.ToSet(3).Features)
            {
                kept[(int)value]++;
            }
        }

        // 400 draws of chance 0.2: mean 80, deviation 8.
        Assert.All(kept, count => Assert.InRange(count, 80 - 36, 80 + 36));
        var both = new RehearsalReservoir(1, 20, 1);
        for (var row = 0; row < 30; row++)
        {
            both.Add(0, [row], 0);
            if (row < 5)
            {
                both.Add(1, [row], 1);
            }
        }

        var set = both.ToSet();
        Assert.Equal((25, 25), (set.Rows, both.Rows));
        float Weight(int label) => Enumerable.Range(0, 25).Where(row => set.Labels[row] == label).Sum(row => set.SampleWeights[row]);
        Assert.Equal(Weight(0), Weight(1), 1e-4f);
    }

    /// <summary>A network of one regime, adapted to another that lies elsewhere and says the opposite.</summary>
    private static class Forgetting
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
}

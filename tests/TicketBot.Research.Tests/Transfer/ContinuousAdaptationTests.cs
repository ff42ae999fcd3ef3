using TicketBot.Benchmarks.Transfer;
using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;
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
            var (naive, rehearsed, learned) = RegimeForgetting.Of(seed);
            Assert.True(naive > 0.1, $"fine-tuning alone forgets {naive} nats, which leaves nothing to protect");
            Assert.True(learned > 0.1, $"the new regime gained {learned} nats only");
            shares.Add(rehearsed / naive);
        }

        Assert.InRange(shares.Order().ElementAt(1), -1, 0.3);
    }

    [Fact]
    public void Updates_that_only_raise_the_validation_loss_leave_the_weights_as_they_were()
    {
        var table = DomainTables.Rule(1_200, 1);
        var rule = new TrainingSet(table.Values.ToArray(), 8, table.Labels.ToArray());
        var opposite = new TrainingSet(table.Values.ToArray(), 8, [.. table.Labels.ToArray().Select(label => 1 - label)]);
        var rng = new Rng(1);
        var network = Network.Create(Architecture.Parse("dense:16", 8, 2), ref rng);
        var mask = MaskSet.Full(network);
        var training = new TrainingOptions { Epochs = 6, LearningRate = 2e-3 };
        Trainer.Train(network, mask, rule, null, training, rng.Split(1));
        var before = network.CaptureWeights();
        var course = ContinuousAdaptation.Adapt(
            network, mask, opposite, rule, 3, 5, null, training, 0.01, rng.Split(2), new Dictionary<int, TrainingSet> { [0] = rule }, CancellationToken.None);
        Assert.Equal(0, course.Best);
        Assert.Equal(4, course.Looks.Count);
        Assert.Equal([0, 5, 10, 15], course.Looks.Select(look => look.Update));
        Assert.True(course.Looks[^1].NewLoss > course.Looks[0].NewLoss);
        Assert.Equal(0, course.Regimes.Single().Rise);
        Assert.Equal(before, network.CaptureWeights());
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
}

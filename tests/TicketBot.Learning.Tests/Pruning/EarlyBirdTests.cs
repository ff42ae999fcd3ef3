using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests.Pruning;

public class EarlyBirdTests
{
    private static readonly Architecture Shape = Architecture.Parse("dense:32,dense:16", 12, 2);

    private static MaskSet Magnitudes(ulong seed)
    {
        var rng = new Rng(seed);
        return MagnitudePruning.Prune(Network.Create(Shape, ref rng), MaskSet.Full(Shape), PruningOptions.ToDensity(0.2));
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void A_mask_emerges_early_on_a_task_that_can_be_learned_and_its_ticket_learns_it(ulong seed)
    {
        TrainingSet train = Tasks.Interaction(4000, 12, 100 + seed);
        TrainingSet test = Tasks.Interaction(2000, 12, 200 + seed);
        var rng = new Rng(seed);
        Network network = Network.Create(Shape, ref rng);
        var training = new TrainingOptions { Epochs = 30, LearningRate = 3e-3 };
        EarlyBirdResult result = EarlyBird.Search(network, train, training, new EarlyBirdOptions(), new Rng(seed));
        Assert.NotNull(result.Mask);
        Assert.InRange(result.ShareSaved, 0.3, 0.99);
        Assert.Equal(1.0 - (double)result.EmergedAt!.Value.Number / training.PlannedSteps(4000), result.ShareSaved, 1e-12);
        Assert.Equal(training.PlannedSteps(4000) / 100, result.RewindPoint.Step.Number);
        Assert.True(result.Checks[^1].Emerged);
        Assert.InRange(result.Mask.Layers[0].Density, 0.199, 0.204);

        Trainer.Rewind(network, result.Mask, result.RewindPoint, train, null, training);
        Assert.True(Tasks.AccuracyOf(network, test) > 0.9, $"accuracy {Tasks.AccuracyOf(network, test)}");
    }

    [Fact]
    public void Random_masks_never_emerge()
    {
        var rng = new Rng(1);
        MaskSet untrained = Magnitudes(1);
        var detector = new EarlyBirdDetector(new EarlyBirdOptions(), untrained);
        for (int i = 1; i <= 200; i++)
        {
            Assert.False(detector.Observe(MaskSet.RandomLike(untrained, ref rng), new Step(i, 0, i)).Emerged);
        }

        Assert.Null(detector.EmergedAt);
    }

    [Fact]
    public void A_mask_that_stands_still_where_training_began_does_not_emerge()
    {
        TrainingSet train = Tasks.Interaction(1000, 12, 5);
        var rng = new Rng(5);
        Network network = Network.Create(Shape, ref rng);
        EarlyBirdResult result = EarlyBird.Search(network, train, new TrainingOptions { Epochs = 10, LearningRate = 1e-9 }, new EarlyBirdOptions(), new Rng(5));
        Assert.Null(result.Mask);
        Assert.NotNull(result.LastMask);
        Assert.Equal(0.0, result.ShareSaved);
        Assert.True(result.Checks[^1].Distance <= 0.25);
        Assert.True(result.Checks.Count >= 50);
    }

    [Fact]
    public void A_mask_that_drifts_slowly_but_steadily_does_not_emerge_before_it_has_gone_far()
    {
        MaskSet untrained = Magnitudes(1);
        bool[]?[] masks = untrained.ToArrays();
        var steady = new EarlyBirdDetector(new EarlyBirdOptions(), untrained);
        var naive = new EarlyBirdDetector(new EarlyBirdOptions { StillnessShare = 1.0 }, untrained);
        for (int i = 1; i <= 15; i++)
        {
            // One survivor in twenty-five of the first layer moves to a new place at each check.
            for (int moved = 0; moved < 3; moved++)
            {
                int from = Array.IndexOf(masks[0]!, true, 0);
                int to = Array.LastIndexOf(masks[0]!, false);
                (masks[0]![from], masks[0]![to]) = (false, true);
            }

            MaskSet mask = MaskSet.FromArrays(Shape, masks);
            steady.Observe(mask, new Step(i, 0, i));
            naive.Observe(mask, new Step(i, 0, i));
        }

        Assert.Null(steady.EmergedAt);
        Assert.NotNull(naive.EmergedAt);
    }

    [Fact]
    public void A_still_mask_emerges_once_the_window_is_full_and_the_streak_is_long_enough()
    {
        var detector = new EarlyBirdDetector(new EarlyBirdOptions(), Magnitudes(1));
        MaskSet found = Magnitudes(2);
        int checks = 0;
        while (detector.EmergedAt is null)
        {
            checks++;
            EarlyBirdCheck check = detector.Observe(found, new Step(checks, 0, checks));
            Assert.Equal(checks >= 5, check.Distance is not null);
        }

        Assert.Equal(7, checks);
    }

    [Fact]
    public void Over_all_layers_the_floor_keeps_every_neuron_fed_and_collapses_are_reported()
    {
        TrainingSet train = Tasks.Interaction(500, 12, 5);
        var training = new TrainingOptions { Epochs = 7, LearningRate = 3e-3 };
        var options = new EarlyBirdOptions { Density = 0.01, Scope = PruningScope.All };
        Assert.NotEmpty(Search(options).Collapses);
        EarlyBirdResult safe = Search(options with { KeepIncoming = 2 });
        Assert.Empty(safe.Collapses);
        Assert.All(Enumerable.Range(0, 32), row => Assert.True(safe.LastMask!.Of(0).Slice(row * 12, 12).Count(true) >= 2));

        EarlyBirdResult Search(EarlyBirdOptions with)
        {
            var rng = new Rng(5);
            return EarlyBird.Search(Network.Create(Shape, ref rng), train, training, with, new Rng(5));
        }
    }

    [Fact]
    public void Settings_out_of_range_are_refused() =>
        Assert.Throws<ArgumentException>(() => new EarlyBirdOptions { CheckEveryShare = 0.05 }.Validate());
}

using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests.Pruning;

public class ChannelEarlyBirdTests
{
    private static readonly Architecture Net = Architecture.Parse("dense:48/identity,batchnorm/relu,dense:24/identity,batchnorm/relu", 12, 2);

    private static readonly TrainingOptions Training = new() { Epochs = 30, LearningRate = 3e-3 };

    private static Network Draw(ulong seed)
    {
        var rng = new Rng(seed);
        return Network.Create(Net, ref rng);
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void Channels_emerge_early_stay_nearly_the_same_to_the_end_and_their_ticket_learns(ulong seed)
    {
        TrainingSet train = Tasks.Interaction(4000, 12, 100 + seed);
        TrainingSet test = Tasks.Interaction(2000, 12, 200 + seed);
        Network network = Draw(seed);
        EarlyBirdResult result = ChannelEarlyBird.Search(network, train, Training, new ChannelEarlyBirdOptions(), new Rng(seed));
        Assert.NotNull(result.Mask);
        Assert.InRange(result.ShareSaved, 0.3, 0.95);
        Assert.Equal(36, StructuredPruning.NeuronsOf(result.Mask).Sum(layer => layer.Remaining));
        Assert.All(result.Checks, check => Assert.InRange(check.Movement, 0.0, 1.0));

        // The same training to its end: no check can fill a window of so many.
        Network whole = Draw(seed);
        EarlyBirdResult end = ChannelEarlyBird.Search(whole, train, Training, new ChannelEarlyBirdOptions { Window = 10_000 }, new Rng(seed));
        Assert.Null(end.Mask);
        double apart = ChannelEarlyBird.DistanceOf(Channels(result.Mask), Channels(end.LastMask!));
        Assert.True(apart < 0.5, $"distance to the mask at the end {apart}, where 1 is chance");

        Trainer.Rewind(network, result.Mask, result.RewindPoint, train, null, Training);
        Assert.True(Tasks.AccuracyOf(network, test) > 0.9, $"accuracy {Tasks.AccuracyOf(network, test)}");
    }

    [Theory]
    [InlineData(1e-9)]
    [InlineData(1e-6)]
    public void Scales_that_have_not_come_apart_are_no_mask_however_still_it_stands(double learningRate)
    {
        TrainingSet train = Tasks.Interaction(1000, 12, 5);
        EarlyBirdResult result = ChannelEarlyBird.Search(Draw(5), train, Training with { LearningRate = learningRate, Epochs = 20 }, new ChannelEarlyBirdOptions(), new Rng(5));
        Assert.Null(result.Mask);
        Assert.True(result.Checks[^1].Distance <= 0.2);
        Assert.True(result.Checks[^1].Movement < 0.01);
    }

    [Fact]
    public void Random_channel_masks_never_stand_still()
    {
        var rng = new Rng(1);
        var window = new StillnessWindow<bool[]>(new ChannelEarlyBirdOptions().Detection, ChannelEarlyBird.DistanceOf);
        double sum = 0.0;
        bool[] before = new bool[72];
        before.AsSpan(0, 36).Fill(true);
        for (int i = 1; i <= 400; i++)
        {
            bool[] mask = [.. before];
            rng.Shuffle(mask.AsSpan());
            sum += ChannelEarlyBird.DistanceOf(mask, before);
            before = mask;
            Assert.False(window.Observe(mask, 1.0, new Step(i, 0, i)).Emerged);
        }

        Assert.Equal(1.0, sum / 400, 0.05);
    }

    [Fact]
    public void The_penalty_takes_itself_times_the_rate_off_each_scale_and_stops_at_zero()
    {
        TrainingSet train = Tasks.Interaction(640, 12, 5);
        var one = Training with { Steps = 1, LearningRate = 0.01 };
        Network plain = Draw(1);
        ChannelEarlyBird.Search(plain, train, one, new ChannelEarlyBirdOptions { ScalePenalty = 0.0 }, new Rng(1));
        Network shrunk = Draw(1);
        ChannelEarlyBird.Search(shrunk, train, one, new ChannelEarlyBirdOptions { ScalePenalty = 5.0 }, new Rng(1));
        Assert.All(Enumerable.Range(0, 48), c => Assert.Equal(plain.Parameters[2].Values[c] - 0.05f, shrunk.Parameters[2].Values[c], 1e-6f));
        Assert.Equal(plain.Parameters[3].Values, shrunk.Parameters[3].Values);
        Network gone = Draw(1);
        ChannelEarlyBird.Search(gone, train, one, new ChannelEarlyBirdOptions { ScalePenalty = 500.0 }, new Rng(1));
        Assert.All(gone.Parameters[2].Values, scale => Assert.Equal(0, BitConverter.SingleToInt32Bits(scale)));
    }

    [Fact]
    public void The_same_seed_gives_the_same_search()
    {
        TrainingSet train = Tasks.Interaction(1000, 12, 5);
        EarlyBirdResult first = ChannelEarlyBird.Search(Draw(1), train, Training, new ChannelEarlyBirdOptions(), new Rng(2));
        EarlyBirdResult second = ChannelEarlyBird.Search(Draw(1), train, Training, new ChannelEarlyBirdOptions(), new Rng(2));
        Assert.Equal(first.LastMask, second.LastMask);
        Assert.Equal(first.Checks, second.Checks);
        Assert.Equal(Tasks.HashOf(first.LastWeights), Tasks.HashOf(second.LastWeights));
    }

    [Fact]
    public void A_network_without_scales_and_settings_out_of_range_are_refused()
    {
        var rng = new Rng(1);
        Network plain = Network.Create(Architecture.Parse("dense:16", 12, 2), ref rng);
        ArgumentException error = Assert.Throws<ArgumentException>(() => ChannelEarlyBird.Search(plain, Tasks.Interaction(100, 12, 1), Training, new ChannelEarlyBirdOptions(), new Rng(1)));
        Assert.Contains("batchnorm", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ChannelEarlyBirdOptions { Rate = 1.0 }.Validate());
        Assert.Throws<ArgumentException>(() => new ChannelEarlyBirdOptions { CheckEveryShare = 0.05 }.Validate());
        Assert.Throws<ArgumentException>(() => new ChannelEarlyBirdOptions { ScalePenalty = -1.0 }.Validate());
    }

    private static bool[] Channels(MaskSet mask)
    {
        bool[]?[] masks = mask.ToArrays();
        return [.. new ChannelGraph(Net).Neurons.Select(unit => unit.IsAlive(masks))];
    }
}

using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests.Training;

public class ResumeTests
{
    private static readonly TrainingSet Rows = Tasks.Interaction(700, 12, 1);
    private static readonly TrainingSet Validation = Tasks.Interaction(300, 12, 2);

    [Theory]
    [InlineData(Optimizer.AdamW, LearningRateSchedule.Cosine)]
    [InlineData(Optimizer.Adam, LearningRateSchedule.OneCycle)]
    [InlineData(Optimizer.Sgd, LearningRateSchedule.Linear)]
    public void Training_from_a_stored_state_ends_with_the_bits_of_training_without_a_stop(Optimizer optimizer, LearningRateSchedule schedule)
    {
        var options = new TrainingOptions
        {
            Optimizer = optimizer, Schedule = schedule, LearningRate = 0.01, WeightDecay = 0.01, WarmupShare = 0.1, Epochs = 6, ValidateEverySteps = 7, EarlyStopPatience = 5, ClipNorm = 0.5,
        };
        foreach (int stop in new[] { 0, 1, 20, 47 })
        {
            byte[]? stored = null;
            (Network whole, MaskSet mask) = Draw();
            TrainingResult expected = Trainer.Train(whole, mask, Rows, Validation, options, new Rng(3), moment =>
            {
                if (moment.Step.Number == stop)
                {
                    using var stream = new MemoryStream();
                    TrainingStateFile.Write(moment.CaptureState(), stream);
                    stored = stream.ToArray();
                }

                return true;
            });
            TrainingState state = TrainingStateFile.Read(new MemoryStream(stored!));
            (Network resumed, _) = Draw(seed: 99);
            TrainingResult found = Trainer.Resume(resumed, mask, state, Rows, Validation, options);
            Assert.Equal(whole.CaptureWeights(), resumed.CaptureWeights());
            Assert.Equal(expected.Validations, found.Validations);
            Assert.Equal((expected.BestStep, expected.LastStep, expected.StoppedEarly, expected.LastBatchLoss), (found.BestStep, found.LastStep, found.StoppedEarly, found.LastBatchLoss));
        }
    }

    [Fact]
    public void A_state_that_is_cut_short_changed_or_foreign_is_refused()
    {
        (Network network, MaskSet mask) = Draw();
        TrainingState? state = null;
        Trainer.Train(network, mask, Rows, null, new TrainingOptions { Steps = 3 }, new Rng(1), moment =>
        {
            state = moment.CaptureState();
            return true;
        });
        using var stream = new MemoryStream();
        TrainingStateFile.Write(state!, stream);
        byte[] bytes = stream.ToArray();
        Assert.Contains("checksum", Assert.Throws<InvalidDataException>(() => TrainingStateFile.Read(new MemoryStream(bytes, 0, bytes.Length - 5))).Message, StringComparison.Ordinal);
        byte[] changed = [.. bytes];
        changed[100] ^= 1;
        Assert.Throws<InvalidDataException>(() => TrainingStateFile.Read(new MemoryStream(changed)));
        Assert.Throws<InvalidDataException>(() => TrainingStateFile.Read(new MemoryStream([1, 2, 3])));
        Network other = new(Architecture.Parse("dense:31", 12, 2));
        Assert.Throws<ArgumentException>(() => Trainer.Resume(other, MaskSet.Full(other), state!, Rows, null, new TrainingOptions { Steps = 9 }));
        Assert.Throws<ArgumentException>(() => Trainer.Resume(network, mask, state!, Rows, null, new TrainingOptions { Steps = 9, Optimizer = Optimizer.Sgd }));
    }

    [Fact]
    public void Frozen_layers_keep_their_bits_and_the_others_follow_their_own_rate()
    {
        (Network network, MaskSet mask) = Draw();
        float[][] start = network.CaptureWeights();
        Trainer.Train(network, mask, Rows, null, new TrainingOptions { Steps = 30, LayerRates = [0.0, 1.0, 0.5], WeightDecay = 0.1 }, new Rng(1));
        Assert.Equal(start[0], network.Parameters[0].Values);
        Assert.Equal(start[1], network.Parameters[1].Values);
        Assert.NotEqual(start[2], network.Parameters[2].Values);
        Assert.NotEqual(start[4], network.Parameters[4].Values);

        // The first Adam step moves every weight by about the rate, whatever its gradient.
        (network, mask) = Draw();
        Trainer.Train(network, mask, Rows, null, new TrainingOptions { Steps = 1, LearningRate = 1e-3, LayerRates = [1.0, 1.0, 0.25] }, new Rng(1));
        Assert.Equal(1e-3, Moved(2), 1e-5);
        Assert.Equal(0.25e-3, Moved(4), 1e-5);

        double Moved(int parameter) => network.Parameters[parameter].Values.Zip(start[parameter]).Max(pair => Math.Abs((double)pair.First - pair.Second));
    }

    [Fact]
    public void Freezing_the_last_layers_still_trains_the_first()
    {
        (Network network, MaskSet mask) = Draw();
        float[][] start = network.CaptureWeights();
        Trainer.Train(network, mask, Rows, null, new TrainingOptions { Steps = 10, LayerRates = [1.0, 0.0, 0.0] }, new Rng(1));
        Assert.NotEqual(start[0], network.Parameters[0].Values);
        Assert.Equal(start[2..], network.CaptureWeights()[2..]);
    }

    [Fact]
    public void Plain_Adam_puts_decay_through_the_moments_and_AdamW_does_not()
    {
        float[] coupled = Train(Optimizer.Adam, 0.1);
        float[] decoupled = Train(Optimizer.AdamW, 0.1);
        Assert.Equal(Train(Optimizer.Adam, 0.0), Train(Optimizer.AdamW, 0.0));
        Assert.NotEqual(coupled, decoupled);

        // After one step plain Adam has moved by the rate along the sign of g + decay w; AdamW by the rate along the sign of g and by rate x decay x w.
        (Network network, _) = Draw();
        float[] start = network.Parameters[0].Values;
        double rate = 1e-3;
        for (int i = 0; i < start.Length; i++)
        {
            Assert.Equal(rate, Math.Abs((double)coupled[i] - start[i]), 2e-5);
            Assert.Equal(rate, Math.Abs(decoupled[i] - (start[i] - rate * 0.1 * start[i])), 2e-5);
        }

        static float[] Train(Optimizer optimizer, double decay)
        {
            (Network network, MaskSet mask) = Draw();
            Trainer.Train(network, mask, Rows, null, new TrainingOptions { Steps = 1, Optimizer = optimizer, WeightDecay = decay }, new Rng(1));
            return network.Parameters[0].Values;
        }
    }

    private static (Network Network, MaskSet Mask) Draw(ulong seed = 1)
    {
        var rng = new Rng(seed);
        Network network = Network.Create(Architecture.Parse("dense:32/tanh,dense:16/tanh", 12, 2), ref rng);
        return (network, MaskSet.Full(network));
    }
}

using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests.Training;

/// <summary>What a mask removes is exactly +0 everywhere: in weights, gradients and moments, on both sides of the switch density, over levels of pruning that
/// cross it, and after a state is taken up under a narrower mask.</summary>
public class MaskSwitchTests
{
    private static readonly string[] Names = ["weight", "first moment", "second moment", "gradient"];

    public static TheoryData<string, Optimizer> Cases
    {
        get
        {
            var cases = new TheoryData<string, Optimizer>();
            foreach (string genes in GeneSamples.All)
            {
                cases.Add(genes, Optimizer.AdamW);
                cases.Add(genes, Optimizer.Adam);
                cases.Add(genes, Optimizer.Sgd);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Masked_places_are_plus_zero_at_every_step_of_levels_that_cross_the_switch(string genes, Optimizer optimizer)
    {
        Network network = GeneSamples.Draw(genes);
        TrainingSet rows = GeneSamples.Halves(150, 4);
        var options = new TrainingOptions { Optimizer = optimizer, Epochs = 3, BatchSize = 50, LearningRate = 1e-2, WeightDecay = 0.05, ClipNorm = 1.0 };
        TrainingCheckpoint? start = null;
        MaskSet mask = MaskSet.Full(network);
        Trainer.Train(network, mask, rows, null, options, new Rng(1), moment =>
        {
            start = moment.Step.Number == 2 ? moment.Capture() : start;
            return true;
        });
        foreach (double density in new[] { 0.8, 0.6, 0.4, 0.15 })
        {
            mask = MagnitudePruning.Prune(network, mask, PruningOptions.ToDensity(density));
            TrainingState? middle = null;
            Trainer.Rewind(network, mask, start!, rows, null, options, moment =>
            {
                RequireZeros(network, mask, moment.CaptureState(), withGradients: moment.Step.Number > 2);
                middle = moment.Step.Number == 5 ? moment.CaptureState() : middle;
                return true;
            });
            string whole = Tasks.HashOf(network.CaptureWeights());
            network = new Network(network.Architecture);
            Trainer.Resume(network, mask, middle!, rows, null, options, moment =>
            {
                RequireZeros(network, mask, moment.CaptureState(), withGradients: moment.Step.Number > 5);
                return true;
            });
            Assert.Equal(whole, Tasks.HashOf(network.CaptureWeights()));
        }
    }

    [Theory]
    [InlineData(0.7)]
    [InlineData(0.3)]
    public void Moments_outside_a_narrower_mask_are_dropped_when_a_state_is_taken_up(double density)
    {
        Network network = GeneSamples.Draw("conv1d:6x3,gru:5");
        TrainingSet rows = GeneSamples.Halves(150, 5);
        var options = new TrainingOptions { Steps = 4, LearningRate = 1e-2 };
        TrainingState? state = null;
        Trainer.Train(network, MaskSet.Full(network), rows, null, options, new Rng(1), moment =>
        {
            state = moment.CaptureState();
            return true;
        });
        Assert.Contains(state!.Optimizer.FirstMoments[0], moment => moment != 0f);
        MaskSet mask = MagnitudePruning.Prune(network, MaskSet.Full(network), PruningOptions.ToDensity(density));
        int seen = 0;
        Trainer.Resume(network, mask, state, rows, null, options with { Steps = 6 }, moment =>
        {
            RequireZeros(network, mask, moment.CaptureState(), withGradients: moment.Step.Number > 4);
            seen++;
            return true;
        });
        Assert.Equal(3, seen);
    }

    private static void RequireZeros(Network network, MaskSet mask, TrainingState state, bool withGradients)
    {
        int removed = 0;
        for (int p = 0; p < state.Weights.Count; p++)
        {
            ReadOnlySpan<bool> live = mask.Of(p);
            List<float[]> arrays = [state.Weights[p], state.Optimizer.FirstMoments[p], state.Optimizer.SecondMoments[p]];
            if (withGradients)
            {
                arrays.Add(network.ParameterArray[p].Gradient);
            }

            for (int i = 0; i < live.Length; i++)
            {
                removed += live[i] ? 0 : 1;
                for (int a = 0; a < arrays.Count && !live[i]; a++)
                {
                    Assert.True(
                        arrays[a].Length == 0 || BitConverter.SingleToInt32Bits(arrays[a][i]) == 0,
                        $"step {state.Step.Number}, {network.Parameters[p].Name}[{i}]: {Names[a]} {(arrays[a].Length == 0 ? 0f : arrays[a][i]):R}");
                }
            }
        }

        Assert.True(removed > 0);
    }
}

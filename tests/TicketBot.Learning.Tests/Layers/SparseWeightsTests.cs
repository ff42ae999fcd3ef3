using TicketBot.Learning.Layers;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests.Layers;

/// <summary>Whoever reads a packed parameter sees its present values, and whatever is written through any door reaches the packed form.</summary>
public unsafe class SparseWeightsTests
{
    private static readonly Architecture Shape = Architecture.Parse("dense:16", 8, 2);
    private static readonly TrainingSet Set = Tasks.Interaction(200, 8, 1);

    [Fact]
    public void Values_read_between_updates_are_the_present_ones()
    {
        (Network network, MaskSet mask) = Draw();
        using var state = new OptimizerState(network, mask, new TrainingOptions());
        float[] array = network.Parameters[0].Values;
        var seen = new HashSet<string>();
        for (int step = 0; step < 4; step++)
        {
            Update(network, state);
            seen.Add(Tasks.HashOf([network.Parameters[0].Values]));
        }

        Assert.Equal(4, seen.Count);
        Assert.Same(array, network.Parameters[0].Values);
        float[][] before = network.CaptureWeights();
        state.Dispose();
        Assert.Equal(before, network.CaptureWeights());
    }

    [Fact]
    public void Reading_changes_nothing()
    {
        (Network network, MaskSet mask) = Draw();
        (Network read, _) = Draw();
        using var state = new OptimizerState(network, mask, new TrainingOptions());
        using var readState = new OptimizerState(read, mask, new TrainingOptions());
        for (int step = 0; step < 5; step++)
        {
            Update(network, state);
            Update(read, readState);
            _ = read.CaptureWeights();
            _ = read.ParameterArray[0].Gradient[0];
            _ = Trainer.LossOf(read, Set);
        }

        Assert.Equal(network.CaptureWeights(), read.CaptureWeights());
    }

    [Fact]
    public void Restored_weights_are_the_ones_that_go_on()
    {
        (Network network, MaskSet mask) = Draw();
        float[][] start = network.CaptureWeights();
        var options = new TrainingOptions { Optimizer = Optimizer.Sgd, Momentum = 0.0 };
        using var state = new OptimizerState(network, mask, options);
        Update(network, state);
        float[][] afterOne = network.CaptureWeights();
        float[] logits = network.Forward(Set.Features, 50);
        Update(network, state);
        Assert.NotEqual(logits, network.Forward(Set.Features, 50));
        network.RestoreWeights(afterOne);
        Assert.Equal(logits, network.Forward(Set.Features, 50));
        network.RestoreWeights(start);
        Update(network, state);
        Assert.Equal(afterOne, network.CaptureWeights());
    }

    [Fact]
    public void Written_values_hold_and_what_lies_outside_the_mask_does_not()
    {
        (Network network, MaskSet mask) = Draw();
        int live = mask.Of(0).IndexOf(true);
        int dead = mask.Of(0).IndexOf(false);
        float[] expected = network.Forward(Set.Features, 50);
        using var state = new OptimizerState(network, mask, new TrainingOptions());
        Update(network, state);
        network.Parameters[0].Values[dead] = 5f;
        network.Parameters[0].Values[live] = 3f;
        float[] present = network.Forward(Set.Features, 50);
        Assert.NotEqual(expected, present);
        Assert.Equal(3f, network.Parameters[0].Values[live]);
        Assert.Equal(0, BitConverter.SingleToInt32Bits(network.Parameters[0].Values[dead]));
        state.Dispose();
        Assert.Equal(present, network.Forward(Set.Features, 50));
    }

    [Fact]
    public void A_mask_applied_meanwhile_reaches_the_packed_form()
    {
        (Network network, MaskSet mask) = Draw();
        using var state = new OptimizerState(network, mask, new TrainingOptions());
        Update(network, state);
        MaskSet smaller = MagnitudePruning.Prune(network, mask, new PruningOptions { Rate = 0.5 });
        smaller.ApplyTo(network);
        float[] packed = network.Forward(Set.Features, 50);
        Assert.Equal(smaller.Of(0).Count(true), network.Parameters[0].Values.Count(value => value != 0f));
        state.Dispose();
        Assert.Equal(packed, network.Forward(Set.Features, 50));
    }

    [Fact]
    public void Best_weights_come_back_out_of_a_packed_training()
    {
        (Network network, MaskSet mask) = Draw();
        TrainingSet validation = Tasks.Interaction(200, 8, 2, labelNoise: 0.6);
        float[][]? best = null;
        double lowest = double.MaxValue;
        TrainingResult result = Trainer.Train(network, mask, Set, validation, new TrainingOptions { Epochs = 30, LearningRate = 0.02 }, new Rng(1), moment =>
        {
            if (moment.ValidationLoss < lowest)
            {
                lowest = moment.ValidationLoss.Value;
                best = moment.Network.CaptureWeights();
            }

            return true;
        });
        Assert.True(result.BestStep.Number < result.LastStep.Number);
        Assert.Equal(best!, network.CaptureWeights());
    }

    [Fact]
    public void Places_and_packed_values_turn_into_each_other()
    {
        bool[] mask = [false, true, true, false, false, false, true, false, false];
        float[] dense = [1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f, 9f];
        var weights = new SparseWeights(dense, new float[9], 3, mask);
        Assert.Equal([1, 2, 6], weights.Places.ToArray());
        Assert.Equal([2f, 3f, 7f], new ReadOnlySpan<float>(weights.Values, 3).ToArray());
        weights.ValuesToUpdate[1] = 30f;
        weights.ShowValues();
        Assert.Equal([0f, 2f, 30f, 0f, 0f, 0f, 7f, 0f, 0f], dense);
    }

    private static (Network Network, MaskSet Mask) Draw()
    {
        var rng = new Rng(1);
        Network network = Network.Create(Shape, ref rng);
        MaskSet mask = MagnitudePruning.Prune(network, MaskSet.Full(network), PruningOptions.ToDensity(0.3));
        mask.ApplyTo(network);
        return (network, mask);
    }

    private static void Update(Network network, OptimizerState state)
    {
        network.Backpropagate(Set, [.. Enumerable.Range(0, 100)]);
        state.Apply(network, 0.01);
    }
}

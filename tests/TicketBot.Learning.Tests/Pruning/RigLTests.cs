using TicketBot.Learning.Kernels;
using TicketBot.Learning.Losses;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests.Pruning;

public class RigLTests
{
    private static readonly Architecture Net = Architecture.Parse("dense:64,dense:32", Teacher.Features, 2);

    private static readonly RigLOptions Often = new() { UpdateEverySteps = 20 };

    private static Network Draw(Architecture architecture, ulong seed)
    {
        var rng = new Rng(seed);
        return Network.Create(architecture, ref rng);
    }

    private static MaskSet Start(Architecture architecture, double density, ulong seed)
    {
        var rng = new Rng(seed);
        return RandomTopology.ErdosRenyiKernel(architecture, density, ref rng);
    }

    [Theory]
    [InlineData("dense:16,dense:8", 1, Optimizer.AdamW)]
    [InlineData("dense:16,batchnorm,dense:8", 1, Optimizer.Sgd)]
    [InlineData("conv1d:8x3,flatten,dense:8", 6, Optimizer.Adam)]
    [InlineData("lstm:8", 6, Optimizer.AdamW)]
    [InlineData("gru:8,dense:6", 6, Optimizer.AdamW)]
    [InlineData("attention:8x2,mean", 6, Optimizer.AdamW)]
    public void Counts_stay_masked_weights_and_moments_are_plus_zero_and_seeds_repeat(string genes, int window, Optimizer optimizer)
    {
        Architecture architecture = Architecture.Parse(genes, 6, 2, window);
        TrainingSet train = Tasks.Interaction(400, 6 * window, 3);
        MaskSet start = Start(architecture, 0.3, 1);
        var training = new TrainingOptions { Steps = 60, Optimizer = optimizer, LearningRate = 0.01, WeightDecay = 0.01 };
        var options = new RigLOptions { UpdateEverySteps = 7 };
        int living = 0;
        RigLResult result = Run(out Network network, moment =>
        {
            TrainingState state = moment.CaptureState();
            living = 0;
            for (int p = 0; p < state.Weights.Count; p++)
            {
                for (int i = 0; architecture.Parameters[p].IsPrunable && i < state.Weights[p].Length; i++)
                {
                    float[][] arrays = [state.Weights[p], state.Optimizer.FirstMoments[p], state.Optimizer.SecondMoments[p]];
                    living += arrays.All(array => array.Length == 0 || BitConverter.SingleToInt32Bits(array[i]) == 0) ? 0 : 1;
                }
            }

            // Whatever the mask is now, no more places hold anything than it keeps.
            Assert.True(living <= start.Remaining, $"{living} of {start.Remaining} at step {moment.Step.Number}");
            return true;
        });
        Assert.Equal(6, result.Moves.Count);
        Assert.True(result.Changed > 0);
        Assert.Equal(start.Layers, result.Mask.Layers);
        Assert.NotEqual(start, result.Mask);
        RequireMasked(network, result.Mask);
        Run(out Network again, null);
        Assert.Equal(Tasks.HashOf(network.CaptureWeights()), Tasks.HashOf(again.CaptureWeights()));

        RigLResult Run(out Network trained, Func<TrainingMoment, bool>? watch)
        {
            trained = Draw(architecture, 2);
            return RigL.Train(trained, start, train, null, training, options, new Rng(3), watch);
        }
    }

    [Fact]
    public void A_move_drops_the_smallest_and_raises_the_largest_gradients_which_start_at_zero()
    {
        Architecture architecture = Architecture.Parse("dense:16", 12, 2);
        TrainingSet train = Tasks.Interaction(640, 12, 3);
        MaskSet start = Start(architecture, 0.25, 1);
        float[][]? before = null;
        float[][]? after = null;
        OptimizerSnapshot? momentsBefore = null;
        OptimizerSnapshot? moments = null;
        Network network = Draw(architecture, 2);
        var training = new TrainingOptions { Steps = 20, BatchSize = 640 };
        RigLResult result = RigL.Train(network, start, train, null, training, new RigLOptions { UpdateEverySteps = 10, StopShare = 1.0 }, new Rng(3), moment =>
        {
            if (moment.Step.Number == 10)
            {
                before = moment.Network.CaptureWeights();
                momentsBefore = moment.CaptureState().Optimizer;
            }
            else if (moment.Step.Number == 11)
            {
                after = moment.Network.CaptureWeights();
                moments = moment.CaptureState().Optimizer;
            }

            return true;
        });
        RigLMove move = Assert.Single(result.Moves);
        Assert.Equal(0.15, move.Share, 1e-12);

        // The whole batch is every row, so the gradient that decided can be made again.
        var dense = new Network(architecture);
        dense.RestoreWeights(before!);
        dense.Backpropagate(train, [.. Enumerable.Range(0, train.Rows)]);
        int changed = 0;
        for (int p = 0; p < 4; p += 2)
        {
            bool[] old = start.Of(p).ToArray();
            bool[] now = result.Mask.Of(p).ToArray();
            int drop = MagnitudePruning.CountOf(0.15, old.Count(live => live));
            HashSet<int> dropped = [.. Enumerable.Range(0, old.Length).Where(i => old[i]).OrderBy(i => MathF.Abs(before![p][i])).Take(drop)];
            // Sums of the batch are taken in another order here: only gradients well apart decide the same.
            float[] candidates = [.. Enumerable.Range(0, old.Length).Where(i => !old[i] || dropped.Contains(i)).Select(i => MathF.Abs(dense.Parameters[p].Gradient[i])).OrderDescending()];
            float threshold = drop == 0 || drop == candidates.Length ? 0f : 0.5f * (candidates[drop - 1] + candidates[drop]);
            for (int i = 0; i < old.Length; i++)
            {
                bool kept = old[i] && !dropped.Contains(i);
                Assert.Equal(kept || (drop > 0 && MathF.Abs(dense.Parameters[p].Gradient[i]) > threshold), now[i]);
                Assert.Equal(now[i] && old[i] ? before![p][i] : 0f, after![p][i]);
                if (now[i] && !old[i])
                {
                    changed++;
                }

                bool stayed = now[i] && old[i];
                Assert.Equal(stayed ? momentsBefore!.FirstMoments[p][i] : 0f, moments!.FirstMoments[p][i]);
                Assert.Equal(stayed ? momentsBefore!.SecondMoments[p][i] : 0f, moments.SecondMoments[p][i]);
            }
        }

        Assert.Equal(move.Changed, changed);
        Assert.True(changed > 0);
    }

    [Fact]
    public void Moves_fall_on_a_half_cosine_and_stop_at_three_quarters()
    {
        Network network = Draw(Net, 1);
        RigLResult result = RigL.Train(network, Start(Net, 0.1, 1), Teacher.Rows(1000, 1), null, new TrainingOptions { Steps = 1000 }, new RigLOptions(), new Rng(1));
        Assert.Equal([100, 200, 300, 400, 500, 600, 700], result.Moves.Select(move => move.Step.Number));
        Assert.All(result.Moves, move => Assert.Equal(0.15 * (1.0 + Math.Cos(Math.PI * move.Step.Number / 750.0)), move.Share, 1e-12));
        Assert.All(result.Moves, move => Assert.InRange(move.Changed, 0, move.Dropped));
        Assert.InRange(result.Changed, 1, result.Moves.Sum(move => move.Dropped));
        Assert.Empty(result.Collapses);
    }

    [Fact]
    public void Between_moves_only_survivors_cost_anything()
    {
        Network network = Draw(Net, 1);
        MaskSet start = Start(Net, 0.1, 1);
        const int Steps = 100;
        RigL.Train(network, start, Teacher.Rows(640, 1), null, new TrainingOptions { Steps = Steps }, Often, new Rng(1));
        TicketBot.Learning.Layers.WeightMatrix first = network.Graph.Layers.SelectMany(layer => layer.Matrices).First();
        int moves = 3;
        Assert.Equal((long)(Steps - moves) * start.Layers[0].Remaining + (long)moves * start.Layers[0].Total, first.Work.WeightGradient);
    }

    [Fact]
    public void With_validation_mask_and_weights_are_those_of_the_best_step()
    {
        TrainingSet train = Teacher.Rows(600, 1);
        TrainingSet validation = Teacher.Rows(600, 2);
        Network network = Draw(Net, 1);
        var training = new TrainingOptions { Steps = 600, LearningRate = 0.02, ValidateEverySteps = 10 };
        RigLResult result = RigL.Train(network, Start(Net, 0.2, 1), train, validation, training, Often with { StopShare = 1.0 }, new Rng(1));
        Assert.True(result.Training.BestStep.Number < 500, $"best at {result.Training.BestStep.Number}: the task must overfit for this test to say something");
        RequireMasked(network, result.Mask);
        Assert.Equal(result.Training.BestValidationLoss!.Value, Trainer.LossOf(network, validation), 1e-12);
        int living = network.Parameters.Where(parameter => parameter.IsPrunable).Sum(parameter => parameter.Values.Count(value => value != 0f));
        Assert.InRange(living, result.Mask.Remaining - 100, result.Mask.Remaining);
    }

    [Fact]
    public void Frozen_layers_keep_mask_and_weights()
    {
        Network network = Draw(Net, 1);
        MaskSet start = Start(Net, 0.1, 1);
        start.ApplyTo(network);
        float[] before = [.. network.Parameters[0].Values];
        RigLResult result = RigL.Train(network, start, Teacher.Rows(640, 1), null, new TrainingOptions { Steps = 100, LayerRates = [0.0, 1.0, 1.0] }, Often, new Rng(1));
        Assert.Equal(start.Of(0).ToArray(), result.Mask.Of(0).ToArray());
        Assert.Equal(before, network.Parameters[0].Values);
        Assert.NotEqual(start.Of(2).ToArray(), result.Mask.Of(2).ToArray());
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void From_a_random_mask_it_reaches_the_teachers_inputs_where_a_fixed_mask_cannot(ulong seed)
    {
        TrainingSet train = Teacher.Rows(4000, 60 + seed);
        TrainingSet test = Teacher.Rows(2000, 80 + seed);
        MaskSet start = Start(Net, 0.05, seed);
        var training = new TrainingOptions { Steps = 1500, LearningRate = 3e-3 };
        Network network = Draw(Net, seed);
        RigLResult result = RigL.Train(network, start, train, null, training, new RigLOptions { UpdateEverySteps = 50 }, new Rng(seed));
        double before = ShareOf(start);
        double after = ShareOf(result.Mask);
        Assert.True(after > 0.2 && after > 1.6 * before, $"share of living first-layer weights on the teacher's inputs {before} before, {after} after, chance 0.125");
        Assert.Equal(Teacher.Relevant, Teacher.Strongest(Teacher.Mass(network.Parameters[0].Values)));
        Network still = Draw(Net, seed);
        Trainer.Train(still, start, train, null, training, new Rng(seed));
        double accuracy = Tasks.AccuracyOf(network, test);
        Assert.True(accuracy > 0.97 && accuracy > Tasks.AccuracyOf(still, test) + 0.015, $"accuracy {accuracy}, with the fixed mask {Tasks.AccuracyOf(still, test)}");
    }

    [Fact]
    public void A_ticket_is_fitted_to_a_new_teacher_from_its_weights_and_mask()
    {
        TrainingSet old = Teacher.Rows(4000, 1);
        Network network = Draw(Net, 1);
        Trainer.Train(network, MaskSet.Full(Net), old, null, new TrainingOptions { Epochs = 10, LearningRate = 3e-3 }, new Rng(1));
        MaskSet ticket = MagnitudePruning.Prune(network, MaskSet.Full(Net), PruningOptions.ToDensity(0.05));
        TrainingSet moved = Moved(4000, 2);
        TrainingSet test = Moved(2000, 3);
        var training = new TrainingOptions { Steps = 800, LearningRate = 3e-3 };
        var fixedMask = new Network(Net);
        fixedMask.RestoreWeights(network.CaptureWeights());
        Trainer.Train(fixedMask, ticket, moved, null, training, new Rng(4));
        RigLResult result = RigL.Train(network, ticket, moved, null, training, Often, new Rng(4));
        Assert.Equal(ticket.Layers, result.Mask.Layers);
        double[] survivors = Teacher.Survivors(result.Mask.Of(0));
        Assert.True(survivors[5] > Teacher.Survivors(ticket.Of(0))[5], "the new input gained no weights");
        Assert.True(Tasks.AccuracyOf(network, test) > Tasks.AccuracyOf(fixedMask, test) + 0.02, $"accuracy {Tasks.AccuracyOf(network, test)}, with the ticket's own mask {Tasks.AccuracyOf(fixedMask, test)}");

        // The old teacher with input 5 in place of input 11.
        static TrainingSet Moved(int rows, ulong seed)
        {
            float[] x = Teacher.Rows(rows, seed).Features.ToArray();
            int[] y = [.. Enumerable.Range(0, rows).Select(row => Teacher.LabelOf(x[row * Teacher.Features + 3], x[row * Teacher.Features + 5], x[row * Teacher.Features + 17]))];
            return new TrainingSet(x, Teacher.Features, y);
        }
    }

    [Fact]
    public void A_share_of_nothing_is_plain_training_but_for_the_steps_it_takes()
    {
        Network network = Draw(Net, 1);
        MaskSet start = Start(Net, 0.1, 1);
        var training = new TrainingOptions { Steps = 50 };
        RigLResult result = RigL.Train(network, start, Teacher.Rows(640, 1), null, training, new RigLOptions { UpdateEverySteps = 100 }, new Rng(1));
        Assert.Empty(result.Moves);
        Assert.Equal(start, result.Mask);
        Network plain = Draw(Net, 1);
        Trainer.Train(plain, start, Teacher.Rows(640, 1), null, training, new Rng(1));
        Assert.Equal(Tasks.HashOf(plain.CaptureWeights()), Tasks.HashOf(network.CaptureWeights()));
    }

    [Theory]
    [InlineData("dense:16,dense:8", 1)]
    [InlineData("lstm:8", 6)]
    public void Every_form_of_the_kernels_gives_the_same_bits(string genes, int window)
    {
        Architecture architecture = Architecture.Parse(genes, 6, 2, window);
        TrainingSet train = Tasks.Interaction(400, 6 * window, 3);
        KernelForm[] forms = [KernelForm.Scalar, KernelForm.Vector256, KernelForms.Best];
        string[] hashes = [.. forms.Select(form =>
        {
            Network network = Draw(architecture, 2);
            network.Form = form;
            var rng = new Rng(1);
            IReadOnlyList<float[]> scores = Saliency.Snip(network, train, new Loss.CrossEntropy(), ref rng);
            MaskSet start = MagnitudePruning.Prune(scores, MaskSet.Full(network), PruningOptions.ToDensity(0.2, PruningScope.All));
            RigL.Train(network, start, train, null, new TrainingOptions { Steps = 60 }, new RigLOptions { UpdateEverySteps = 7 }, new Rng(3));
            return Tasks.HashOf([.. scores, .. network.CaptureWeights()]);
        })];
        Assert.All(hashes, hash => Assert.Equal(hashes[0], hash));
    }

    [Fact]
    public void A_batch_that_teaches_nothing_moves_nothing()
    {
        TrainingSet rows = Teacher.Rows(640, 1);
        var weightless = new TrainingSet(rows.Features.ToArray(), Teacher.Features, rows.Labels.ToArray(), new float[640]);
        MaskSet start = Start(Net, 0.1, 1);
        RigLResult result = RigL.Train(Draw(Net, 1), start, weightless, null, new TrainingOptions { Steps = 100 }, Often, new Rng(1));
        Assert.Equal(3, result.Moves.Count);
        Assert.True(result.Moves.Sum(move => move.Dropped) > 0);
        Assert.Equal(0, result.Changed);
        Assert.Equal(start, result.Mask);
    }

    [Fact]
    public void Options_out_of_range_are_refused_and_divergence_is_named()
    {
        Assert.Throws<ArgumentException>(() => new RigLOptions { Share = 1.5 }.Validate());
        Assert.Throws<ArgumentException>(() => new RigLOptions { UpdateEverySteps = 0 }.Validate());
        Assert.Throws<ArgumentException>(() => new RigLOptions { StopShare = -0.1 }.Validate());
        Network network = Draw(Net, 1);
        var wild = new TrainingOptions { Steps = 100, Optimizer = Optimizer.Sgd, LearningRate = 1e20 };
        Assert.Throws<TrainingDivergedException>(() => RigL.Train(network, Start(Net, 0.1, 1), Teacher.Rows(640, 1), null, wild, new RigLOptions { UpdateEverySteps = 1 }, new Rng(1)));
        Assert.All(network.ParameterArray, parameter => Assert.Null(parameter.Packed));
    }

    private static double ShareOf(MaskSet mask)
    {
        double[] survivors = Teacher.Survivors(mask.Of(0));
        return Teacher.Relevant.Sum(i => survivors[i]) / survivors.Sum();
    }

    private static void RequireMasked(Network network, MaskSet mask)
    {
        for (int p = 0; p < network.Parameters.Count; p++)
        {
            for (int i = 0; i < mask.Of(p).Length; i++)
            {
                Assert.True(mask.Of(p)[i] || BitConverter.SingleToInt32Bits(network.Parameters[p].Values[i]) == 0);
            }
        }
    }
}

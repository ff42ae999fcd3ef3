using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests.Pruning;

/// <summary>Theory of rounds and rewinding: counts follow the recurrence R - floor(p R), rewound survivors are theta_k bit for bit, floors hold in every family.</summary>
public class LotteryTheoryTests
{
    public static TheoryData<string> Families => ["dense:30,dense:17", "conv1d:9x3,batchnorm/relu,flatten,dense:11", "lstm:9,dense:7", "gru:9", "attention:8x2,mean", "conv1d:6x2+0,dense:7+1,max"];

    private static Network Draw(string genes, ulong seed = 1)
    {
        var rng = new Rng(seed);
        return Network.Create(Architecture.Parse(genes, 7, 3, window: genes[0] == 'd' ? 1 : 5), ref rng);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Per_layer_each_gate_keeps_what_the_recurrence_says_for_fifteen_rounds(string genes)
    {
        Network network = Draw(genes);
        MaskSet mask = MaskSet.Full(network);
        ParameterShape[] shapes = [.. network.Architecture.Parameters.Where(shape => shape.IsPrunable)];
        int[] expected = [.. shapes.Select(shape => shape.Count / shape.Groups)];
        for (int round = 1; round <= 15; round++)
        {
            mask = MagnitudePruning.Prune(network, mask, new PruningOptions());
            for (int l = 0; l < shapes.Length; l++)
            {
                // 1/10 of the output and of recurrent weights, 1/5 of the others, in integers.
                expected[l] -= expected[l] / (shapes[l].IsOutput || shapes[l].Kind == ParameterKind.RecurrentWeight ? 10 : 5);
                Assert.Equal(expected[l] * shapes[l].Groups, mask.Layers[l].Remaining);
            }
        }
    }

    [Theory]
    [InlineData(PruningScope.Global)]
    [InlineData(PruningScope.All)]
    public void Together_the_recurrence_holds_for_what_is_ranked_together(PruningScope scope)
    {
        Network network = Draw("lstm:9,dense:7");
        MaskSet mask = MaskSet.Full(network);
        bool[] joins = [.. network.Architecture.Parameters.Where(shape => shape.IsPrunable).Select(shape => scope == PruningScope.All || (!shape.IsOutput && shape.Kind == ParameterKind.Weight))];
        int expected = Joint(mask);
        for (int round = 1; round <= 15; round++)
        {
            mask = MagnitudePruning.Prune(network, mask, new PruningOptions { Scope = scope });
            expected -= expected / 5;
            Assert.Equal(expected, Joint(mask));
        }

        int Joint(MaskSet of) => of.Layers.Where((_, l) => joins[l]).Sum(layer => layer.Remaining);
    }

    [Fact]
    public void The_published_densities_of_the_first_experiment_come_out()
    {
        // LeNet-300-100: (265,200 x 0.8^n + 1,000 x 0.9^n) / 266,200 (Frankle and Carbin 2019), each layer within the weights that floors keep back.
        var rng = new Rng(1);
        Network network = Network.Create(Architecture.Parse("dense:300,dense:100", 784, 10), ref rng);
        MaskSet mask = MaskSet.Full(network);
        (int Round, double Percent)[] published = [(3, 51.3), (7, 21.1), (9, 13.5), (11, 8.7), (15, 3.6), (18, 1.9)];
        int next = 0;
        for (int round = 1; round <= 18; round++)
        {
            mask = MagnitudePruning.Prune(network, mask, new PruningOptions());
            if (published[next].Round == round)
            {
                Assert.Equal(published[next++].Percent, 100.0 * mask.Density, 0.05);
            }
        }

        Assert.Equal(published.Length, next);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Rewound_survivors_are_theta_k_bit_for_bit_and_so_is_everything_never_pruned(string genes)
    {
        Network network = Draw(genes);
        TrainingSet train = Set(network.Architecture);
        var options = new TrainingOptions { Epochs = 3, LearningRate = 3e-3 };
        TrainingCheckpoint? theta = null;
        MaskSet mask = MaskSet.Full(network);
        Trainer.Train(network, mask, train, null, options, new Rng(5), moment =>
        {
            theta = moment.Step.Number == 4 ? moment.Capture() : theta;
            return true;
        });
        for (int round = 1; round <= 3; round++)
        {
            mask = MagnitudePruning.Prune(network, mask, new PruningOptions { Rate = 0.4 });
            bool first = true;
            Trainer.Rewind(network, mask, theta!, train, null, options, moment =>
            {
                if (first)
                {
                    first = false;
                    Assert.Equal(theta!.Step, moment.Step);
                    RequireMasked(theta.Weights, moment.Network, mask);
                }

                return true;
            });
            Assert.False(first);
        }
    }

    [Fact]
    public void With_the_learning_rate_alone_rewound_training_goes_on_from_the_trained_weights_at_the_checkpoints_place()
    {
        Network network = Draw("dense:30,dense:17");
        TrainingSet train = Set(network.Architecture);
        var options = new TrainingOptions { Epochs = 4, LearningRate = 3e-3, Schedule = LearningRateSchedule.Cosine };
        TrainingCheckpoint? theta = null;
        Trainer.Train(network, MaskSet.Full(network), train, null, options, new Rng(5), moment =>
        {
            theta = moment.Step.Number == 4 ? moment.Capture() : theta;
            return true;
        });
        float[][] trained = network.CaptureWeights();
        MaskSet mask = MagnitudePruning.Prune(network, MaskSet.Full(network), new PruningOptions());
        bool first = true;
        TrainingResult result = Trainer.RewindLearningRate(network, mask, theta!, train, null, options, moment =>
        {
            if (first)
            {
                first = false;
                Assert.Equal(theta!.Step, moment.Step);
                RequireMasked(trained, moment.Network, mask);
            }

            return true;
        });
        Assert.Equal(options.PlannedSteps(train.Rows), result.LastStep.Number);

        // The same as a rewind to a checkpoint that holds the trained weights: schedule and data order are the checkpoint's.
        var twin = new Network(network.Architecture);
        Trainer.Rewind(twin, mask, theta! with { Weights = trained }, train, null, options);
        Assert.Equal(Tasks.HashOf(twin.CaptureWeights()), Tasks.HashOf(network.CaptureWeights()));
        Trainer.Rewind(twin, mask, theta!, train, null, options);
        Assert.NotEqual(Tasks.HashOf(twin.CaptureWeights()), Tasks.HashOf(network.CaptureWeights()));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_floor_of_incoming_weights_holds_in_every_layer_and_scope_and_nothing_collapses(string genes)
    {
        Network network = Draw(genes);
        MaskSet full = MaskSet.Full(network);
        foreach (PruningScope scope in Enum.GetValues<PruningScope>())
        {
            var options = new PruningOptions { Rate = 0.97, OutputRate = 0.97, RecurrentRate = 0.97, Scope = scope };
            Assert.True(FewestIn(network, MagnitudePruning.Prune(network, full, options)) < 2, $"{scope}: without the floor every neuron keeps two weights anyway");
            MaskSet mask = MagnitudePruning.Prune(network, full, options with { KeepIncoming = 2 });
            Assert.Empty(mask.Collapses());
            Assert.Equal(2, FewestIn(network, mask));
        }

        static int FewestIn(Network network, MaskSet mask)
        {
            int fewest = int.MaxValue;
            for (int p = 0; p < network.Parameters.Count; p++)
            {
                Parameter parameter = network.Parameters[p];
                for (int row = 0; parameter.IsPrunable && row < parameter.Rows; row++)
                {
                    fewest = Math.Min(fewest, mask.Of(p).Slice(row * parameter.Columns, parameter.Columns).Count(true));
                }
            }

            return fewest;
        }
    }

    [Fact]
    public void The_alarm_names_layer_counts_and_dead_outputs()
    {
        Architecture architecture = Architecture.Parse("dense:30", 20, 3);
        bool[]?[] masks = MaskSet.Full(architecture).ToArrays();
        Assert.Empty(MaskSet.FromArrays(architecture, masks).Collapses());
        masks[0].AsSpan(6).Clear();
        Assert.Empty(MaskSet.FromArrays(architecture, masks).Collapses());
        masks[0].AsSpan(5).Clear();
        masks[2].AsSpan(30, 30).Clear();
        IReadOnlyList<LayerCollapse> found = MaskSet.FromArrays(architecture, masks).Collapses();
        Assert.Equal(["layer1.weight", "output.weight"], found.Select(layer => layer.Name));
        Assert.Equal((5, 600), (found[0].Remaining, found[0].Total));
        Assert.Empty(found[0].DeadOutputs);
        Assert.Equal([1], found[1].DeadOutputs);
        Assert.Equal("output.weight keeps 60 of 90 weights; without input: outputs 1", found[1].ToString());
    }

    private static TrainingSet Set(Architecture architecture)
    {
        var rng = new Rng(11);
        const int Rows = 300;
        float[] x = new float[Rows * architecture.RowLength];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (float)rng.NextGaussian();
        }

        return new TrainingSet(x, architecture.RowLength, [.. Enumerable.Range(0, Rows).Select(row => x[row * architecture.RowLength] > 0.4f ? 2 : x[row * architecture.RowLength + 1] > 0f ? 1 : 0)]);
    }

    private static void RequireMasked(IReadOnlyList<float[]> expected, Network network, MaskSet mask)
    {
        for (int p = 0; p < expected.Count; p++)
        {
            for (int i = 0; i < expected[p].Length; i++)
            {
                bool lives = !network.Parameters[p].IsPrunable || mask.Of(p)[i];
                Assert.Equal(lives ? BitConverter.SingleToInt32Bits(expected[p][i]) : 0, BitConverter.SingleToInt32Bits(network.Parameters[p].Values[i]));
            }
        }
    }
}

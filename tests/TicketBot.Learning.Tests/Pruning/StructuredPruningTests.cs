using TicketBot.Learning.Pruning;
using TicketBot.Learning.Sparse;
using TicketBot.Learning.Tests.Sparse;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests.Pruning;

/// <summary>Invariants: exact counts, whole units or nothing, and outputs that no removed unit can reach.</summary>
public class StructuredPruningTests
{
    private static Network Draw(string genes, int inputs, int window = 1, ulong seed = 1)
    {
        var rng = new Rng(seed);
        return Network.Create(Architecture.Parse(genes, inputs, 2, window), ref rng);
    }

    [Theory]
    [InlineData("dense:37,dense:11", 1)]
    [InlineData("conv1d:13x3,batchnorm/relu,conv1d:9x2,flatten,dense:10", 6)]
    [InlineData("lstm:11,gru:7", 6)]
    [InlineData("attention:8x2,mean,dense:9", 6)]
    public void Each_layer_loses_exactly_the_floor_round_by_round(string genes, int window)
    {
        Network network = Draw(genes, 5, window);
        MaskSet mask = MaskSet.Full(network);
        int[] expected = [.. StructuredPruning.NeuronsOf(mask).Select(layer => layer.Total)];
        Assert.True(expected.Length >= 2);
        for (int round = 0; round < 6; round++)
        {
            mask = StructuredPruning.PruneNeurons(network, mask, new StructuredOptions { Rate = 0.3 });
            expected = [.. expected.Select(remaining => remaining - (int)(0.3m * remaining))];
            Assert.Equal(expected, StructuredPruning.NeuronsOf(mask).Select(layer => layer.Remaining));
        }

        Assert.Equal(Enumerable.Range(0, 5), StructuredPruning.InputsOf(mask));
    }

    [Fact]
    public void Equal_units_go_by_layer_and_index()
    {
        var network = new Network(Architecture.Parse("dense:4,dense:4", 3, 2));
        MaskSet layer = StructuredPruning.PruneNeurons(network, MaskSet.Full(network), new StructuredOptions { Rate = 0.5 });
        Assert.Equal([false, false, true, true], Enumerable.Range(0, 4).Select(row => layer.Of(0)[row * 3]));
        Assert.Equal([false, false, true, true], Enumerable.Range(0, 4).Select(column => layer.Of(4)[column]));
        MaskSet global = StructuredPruning.PruneNeurons(network, MaskSet.Full(network), new StructuredOptions { Rate = 0.5, Scope = PruningScope.Global });
        Assert.Equal([1, 3], StructuredPruning.NeuronsOf(global).Select(units => units.Remaining));
    }

    [Fact]
    public void The_least_norm_goes_and_what_reads_a_unit_counts_when_asked()
    {
        Network network = Draw("dense:6,dense:6", 5);
        network.Parameters[0].Values.AsSpan(3 * 5, 5).Fill(0.01f);
        network.Parameters[0].Values.AsSpan(4 * 5, 5).Fill(0.02f);
        for (int row = 0; row < 6; row++)
        {
            network.Parameters[2].Values[row * 6 + 3] = 9f;
        }

        MaskSet full = MaskSet.Full(network);
        var options = new StructuredOptions { Rate = 0.2 };
        MaskSet incoming = StructuredPruning.PruneNeurons(network, full, options);
        Assert.False(incoming.Of(0)[15]);
        Assert.True(incoming.Of(0)[20]);
        MaskSet both = StructuredPruning.PruneNeurons(network, full, options with { Score = StructureScore.IncomingAndOutgoing });
        Assert.True(both.Of(0)[15]);
        Assert.Equal(5, StructuredPruning.NeuronsOf(both)[0].Remaining);
    }

    [Fact]
    public void A_recurrent_unit_is_its_rows_in_all_gates_and_its_recurrent_column()
    {
        Network network = Draw("lstm:5", 3, window: 4);
        for (int gate = 0; gate < 4; gate++)
        {
            network.Parameters[0].Values.AsSpan((gate * 5 + 2) * 3, 3).Fill(1e-4f);
            network.Parameters[1].Values.AsSpan((gate * 5 + 2) * 5, 5).Fill(1e-4f);
        }

        MaskSet mask = StructuredPruning.PruneNeurons(network, MaskSet.Full(network), new StructuredOptions());
        for (int row = 0; row < 20; row++)
        {
            for (int column = 0; column < 5; column++)
            {
                Assert.Equal(row % 5 != 2 && column != 2, mask.Of(1)[row * 5 + column]);
                Assert.True(column >= 3 || mask.Of(0)[row * 3 + column] == (row % 5 != 2));
            }
        }

        Assert.Equal([true, true, false, true, true, true, true, false, true, true], mask.Of(3).ToArray());
    }

    [Fact]
    public void By_scale_the_channels_with_the_smallest_factor_go_in_all_layers_together()
    {
        Network network = Draw("conv1d:6x2/identity,batchnorm/relu,dense:5,batchnorm,dense:4", 3, window: 4);
        float[] first = [0.5f, -0.1f, 0.2f, 0.9f, 1f, 0.05f];
        float[] second = [0.3f, 0.8f, -0.15f, 2f, 1f];
        first.CopyTo(network.Parameters[2].Values, 0);
        second.CopyTo(network.Parameters[8].Values, 0);
        MaskSet mask = StructuredPruning.PruneNeurons(network, MaskSet.Full(network), new StructuredOptions { Rate = 0.3, Score = StructureScore.BatchNormScale, Scope = PruningScope.Global });
        Assert.Equal([4, 4, 4], StructuredPruning.NeuronsOf(mask).Select(layer => layer.Remaining));
        Assert.False(mask.Of(0)[1 * 6] || mask.Of(0)[5 * 6] || mask.Of(6)[2 * 6]);
        Assert.True(mask.Of(0)[2 * 6]);
    }

    [Fact]
    public void A_layer_keeps_a_unit_when_all_are_ranked_together_and_the_count_stays_exact()
    {
        Network network = Draw("dense:8,dense:8", 6);
        foreach (ref float w in network.Parameters[0].Values.AsSpan())
        {
            w *= 1e-3f;
        }

        var options = new StructuredOptions { Rate = 0.75, Scope = PruningScope.Global };
        MaskSet mask = StructuredPruning.PruneNeurons(network, MaskSet.Full(network), options);
        Assert.Equal([1, 3], StructuredPruning.NeuronsOf(mask).Select(layer => layer.Remaining));
        Assert.Equal(0, StructuredPruning.NeuronsOf(StructuredPruning.PruneNeurons(network, MaskSet.Full(network), options with { KeepUnits = 0 }))[0].Remaining);
        Assert.Equal([1, 1], StructuredPruning.NeuronsOf(StructuredPruning.PruneNeurons(network, MaskSet.Full(network), options with { Rate = 1.0 })).Select(layer => layer.Remaining));
    }

    [Fact]
    public void Channels_that_a_skip_adds_go_together_and_those_tied_to_an_input_with_it()
    {
        Network tied = Draw("dense:6,dense:6+1,dense:4", 5);
        MaskSet mask = StructuredPruning.PruneNeurons(tied, MaskSet.Full(tied), new StructuredOptions { Rate = 0.4 });
        Assert.Equal([4, 3], StructuredPruning.NeuronsOf(mask).Select(layer => layer.Remaining));
        for (int channel = 0; channel < 6; channel++)
        {
            bool alive = mask.Of(0)[channel * 5];
            Assert.Equal(alive, mask.Of(2).Slice(channel * 6, 6).Contains(true));
            Assert.Equal(alive, mask.Of(4)[3 * 6 + channel] || mask.Of(4)[2 * 6 + channel] || mask.Of(4)[channel] || mask.Of(4)[6 + channel]);
        }

        Network withInput = Draw("dense:5+0,dense:4", 5);
        Assert.Equal(["layer2.weight"], StructuredPruning.NeuronsOf(MaskSet.Full(withInput)).Select(layer => layer.Name));
        MaskSet inputs = StructuredPruning.PruneInputs(withInput.CaptureWeights(), MaskSet.Full(withInput), 0.4);
        int[] left = [.. StructuredPruning.InputsOf(inputs)];
        Assert.Equal(3, left.Length);
        Assert.All(Enumerable.Range(0, 5), i => Assert.Equal(left.Contains(i), inputs.Of(2)[i] && inputs.Of(0)[5 * left[0] + i]));
    }

    [Theory]
    [InlineData("dense:24,dense:16", 1)]
    [InlineData("conv1d:12x3,conv1d:10x2,flatten,dense:9", 6)]
    [InlineData("lstm:10,dense:8", 6)]
    [InlineData("gru:10", 6)]
    public void The_compiled_network_drops_removed_units_and_keeps_the_outputs(string genes, int window)
    {
        Network network = Draw(genes, 7, window);
        foreach (Parameter bias in network.Parameters.Where(parameter => !parameter.IsPrunable))
        {
            bias.Values.AsSpan().Fill(0.3f);
        }

        MaskSet mask = StructuredPruning.PruneNeurons(network, MaskSet.Full(network), new StructuredOptions { Rate = 0.5 });
        mask = StructuredPruning.PruneInputs(network.CaptureWeights(), mask, 0.5);
        mask.ApplyTo(network);
        var compiled = new CompiledNetwork(network.Architecture, network.CaptureWeights(), mask);
        Assert.Equal(StructuredPruning.NeuronsOf(mask).Sum(layer => layer.Remaining), compiled.LiveNeurons);
        Assert.Equal(StructuredPruning.InputsOf(mask), compiled.LiveInputs);
        Assert.Equal(4, compiled.LiveInputs.Count);
        var rng = new Rng(9);
        float[] row = RandomNetwork.DrawRow(network.Architecture.RowLength, ref rng);
        float[] logits = new float[2];
        compiled.Predict(row, logits);
        Assert.Equal(network.Forward(row, 1), logits);
    }

    [Fact]
    public void Nothing_that_makes_a_removed_unit_reaches_an_output()
    {
        var rng = new Rng(77);
        int checkedUnits = 0;
        for (int draw = 0; draw < 60; draw++)
        {
            Architecture architecture = RandomNetwork.DrawArchitecture(ref rng);
            if (architecture.Genes.Contains("layernorm", StringComparison.Ordinal))
            {
                continue;
            }

            Network network = RandomNetwork.Draw(architecture, 1.0, ref rng, out MaskSet full);
            MaskSet mask = StructuredPruning.PruneNeurons(network, full, new StructuredOptions { Rate = 0.5 });
            mask = StructuredPruning.PruneInputs(network.CaptureWeights(), mask, 0.5);
            mask.ApplyTo(network);
            float[] row = RandomNetwork.DrawRow(architecture.RowLength, ref rng);
            float[] before = network.Forward(row, 1);

            // Removed neurons get wild inputs, removed features wild values.
            bool[]?[] masks = mask.ToArrays();
            var graph = new ChannelGraph(architecture);
            foreach (ChannelUnit unit in graph.Neurons.Where(unit => unit.Outgoing.Count > 0 && !unit.IsAlive(masks)))
            {
                checkedUnits++;
                foreach ((int p, int made) in unit.Incoming)
                {
                    int columns = network.Parameters[p].Columns;
                    foreach (ref float w in network.Parameters[p].Values.AsSpan(made * columns, columns))
                    {
                        w = (float)rng.NextGaussian();
                    }
                }
            }

            for (int i = 0; i < row.Length; i++)
            {
                row[i] = StructuredPruning.InputsOf(mask).Contains(i % architecture.Inputs) ? row[i] : 5f;
            }

            float[] after = network.Forward(row, 1);
            Assert.All(Enumerable.Range(0, before.Length), i => Assert.True(Math.Abs(before[i] - after[i]) <= 1e-5 * Math.Max(1.0, Math.Abs(before[i])), $"{architecture}: {before[i]} became {after[i]}"));
        }

        Assert.True(checkedUnits > 500, $"only {checkedUnits} removed units were tried");
    }

    [Fact]
    public void Networks_pruned_to_units_train_on_with_removed_weights_at_zero()
    {
        TrainingSet train = Teacher.Rows(2000, 1);
        Network network = Draw("dense:32,batchnorm,dense:16", Teacher.Features);
        MaskSet mask = StructuredPruning.PruneNeurons(network, MaskSet.Full(network), new StructuredOptions { Rate = 0.5 });
        Trainer.Train(network, mask, train, null, new TrainingOptions { Epochs = 15, LearningRate = 3e-3 }, new Rng(1));
        Assert.True(Tasks.AccuracyOf(network, Teacher.Rows(2000, 2)) > 0.9);
        Assert.Equal([16, 8], StructuredPruning.NeuronsOf(mask).Select(layer => layer.Remaining));
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void Of_a_trained_network_the_teachers_inputs_are_the_last_to_go(ulong seed)
    {
        TrainingSet train = Teacher.Rows(4000, 100 + seed);
        Network network = Draw("dense:32,dense:16", Teacher.Features, seed: seed);
        MaskSet full = MaskSet.Full(network);
        var options = new TrainingOptions { Epochs = 10, LearningRate = 3e-3, WeightDecay = 0.05 };
        Trainer.Train(network, full, train, null, options, new Rng(seed));
        Assert.Equal(Teacher.Relevant, StructuredPruning.InputsOf(StructuredPruning.PruneInputs(network.CaptureWeights(), full, 0.875)));
        Network other = Draw("dense:32,dense:16", Teacher.Features, seed: seed);
        Trainer.Train(other, full, Teacher.Shuffled(train, seed), null, options, new Rng(seed));
        Assert.NotEqual(Teacher.Relevant, StructuredPruning.InputsOf(StructuredPruning.PruneInputs(other.CaptureWeights(), full, 0.875)));
    }

    [Fact]
    public void With_a_window_a_feature_goes_at_all_steps()
    {
        Network network = Draw("flatten,dense:8", 4, window: 3);
        for (int row = 0; row < 8; row++)
        {
            for (int t = 0; t < 3; t++)
            {
                network.Parameters[0].Values[row * 12 + t * 4 + 2] = 1e-3f;
            }
        }

        MaskSet mask = StructuredPruning.PruneInputs(network.CaptureWeights(), MaskSet.Full(network), 0.25);
        Assert.Equal([0, 1, 3], StructuredPruning.InputsOf(mask));
        Assert.All(Enumerable.Range(0, 96), i => Assert.Equal(i % 4 != 2, mask.Of(0)[i]));
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        Network network = Draw("dense:8", 4);
        MaskSet full = MaskSet.Full(network);
        Assert.Throws<ArgumentException>(() => StructuredPruning.PruneNeurons(network, full, new StructuredOptions { Rate = 1.5 }));
        Assert.Throws<ArgumentException>(() => StructuredPruning.PruneNeurons(network, full, new StructuredOptions { KeepUnits = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => StructuredPruning.PruneInputs(network.CaptureWeights(), full, -0.1));
        network.Parameters[0].Values[3] = float.NaN;
        Assert.Throws<ArgumentException>(() => StructuredPruning.PruneNeurons(network, full, new StructuredOptions()));
    }
}

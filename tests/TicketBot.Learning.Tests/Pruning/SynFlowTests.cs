using TicketBot.Learning.Pruning;
using TicketBot.Learning.Training;

namespace TicketBot.Learning.Tests.Pruning;

public class SynFlowTests
{
    private static Network Draw(string genes, int inputs, int window = 1, ulong seed = 1)
    {
        var rng = new Rng(seed);
        return Network.Create(Architecture.Parse(genes, inputs, 2, window), ref rng);
    }

    [Fact]
    public void The_flow_through_a_weight_is_the_sum_over_the_paths_it_lies_on()
    {
        Network network = Draw("dense:3,dense:4/tanh", 5);
        double[][] w = [.. new[] { 0, 2, 4 }.Select(p => Array.ConvertAll(network.Parameters[p].Values, value => Math.Abs((double)value)))];
        double[][] expected = [new double[15], new double[12], new double[8]];
        for (int i = 0; i < 5; i++)
        {
            for (int a = 0; a < 3; a++)
            {
                for (int b = 0; b < 4; b++)
                {
                    for (int o = 0; o < 2; o++)
                    {
                        double path = w[0][a * 5 + i] * w[1][b * 3 + a] * w[2][o * 4 + b];
                        expected[0][a * 5 + i] += path;
                        expected[1][b * 3 + a] += path;
                        expected[2][o * 4 + b] += path;
                    }
                }
            }
        }

        IReadOnlyList<double[]> scores = SynFlow.ScoresOf(network, MaskSet.Full(network));
        for (int l = 0; l < 3; l++)
        {
            Assert.All(Enumerable.Range(0, expected[l].Length), i => Assert.Equal(expected[l][i], scores[2 * l][i], 1e-12 * expected[l].Sum()));
            Assert.All(scores[2 * l + 1], bias => Assert.Equal(0.0, bias));
        }
    }

    [Theory]
    [InlineData("dense:16,batchnorm,dense:8", 1)]
    [InlineData("conv1d:8x3,batchnorm/relu,conv1d:6x2:valid,flatten,dense:8", 6)]
    [InlineData("conv1d:8x3,layernorm,mean,dense:8@0.5", 6)]
    [InlineData("dense:7,reversal:0.5,max,dense:8", 6)]
    public void Every_layer_of_a_chain_carries_the_whole_flow(string genes, int window)
    {
        Network network = Draw(genes, 4, window);
        IReadOnlyList<double[]> scores = SynFlow.ScoresOf(network, MaskSet.Full(network));
        double[] sums = [.. scores.Where((_, p) => network.Parameters[p].IsPrunable).Select(layer => layer.Sum())];
        Assert.True(sums[0] > 0.0);
        Assert.All(sums, sum => Assert.Equal(sums[0], sum, 1e-9 * sums[0]));
    }

    [Theory]
    [InlineData("lstm:5", 4)]
    [InlineData("gru:5", 3)]
    public void Gates_add_up_and_recurrence_goes_one_step_back(string genes, int gates)
    {
        Network network = Draw(genes, 4, window: 3);
        double[] sums = new double[5];
        for (int i = 0; i < gates * 5 * 4; i++)
        {
            sums[i / 4 % 5] += Math.Abs((double)network.Parameters[0].Values[i]);
        }

        double[] states = [.. sums];
        for (int i = 0; i < gates * 5 * 5; i++)
        {
            states[i / 5 % 5] += Math.Abs((double)network.Parameters[1].Values[i]) * sums[i % 5];
        }

        Assert.Equal(HeadFlow(network, states), FlowOf(network), 1e-9);
        Network single = Draw(genes, 4, window: 1);
        Assert.Equal(0.0, SynFlow.ScoresOf(single, MaskSet.Full(single))[1].Sum());
    }

    [Fact]
    public void Queries_keys_and_values_add_up()
    {
        Network network = Draw("attention:6x2", 4, window: 3);
        double[] context = new double[6];
        foreach (int p in (int[])[0, 2, 4])
        {
            for (int i = 0; i < 24; i++)
            {
                context[i / 4] += Math.Abs((double)network.Parameters[p].Values[i]);
            }
        }

        double[] outputs = new double[6];
        for (int i = 0; i < 36; i++)
        {
            outputs[i / 6] += Math.Abs((double)network.Parameters[6].Values[i]) * context[i % 6];
        }

        Assert.Equal(HeadFlow(network, outputs), FlowOf(network), 1e-9);
    }

    [Fact]
    public void Zeros_before_a_causal_convolution_carry_nothing_and_the_maximum_passes_the_largest_step()
    {
        Network last = Draw("conv1d:2x3", 1, window: 2);
        double[] scores = SynFlow.ScoresOf(last, MaskSet.Full(last))[0];
        Assert.Equal([0.0, 0.0], [scores[0], scores[3]]);
        Assert.True(scores[1] > 0.0 && scores[2] > 0.0 && scores[4] > 0.0 && scores[5] > 0.0);

        // Step 0 sees one tap and step 1 two, so the maximum is step 1 and the flow that of the last step.
        Network largest = Draw("conv1d:2x3,max", 1, window: 2);
        Assert.Equal(FlowOf(last), FlowOf(largest), 1e-12);
        Assert.True(FlowOf(Draw("conv1d:2x3,mean", 1, window: 2)) < FlowOf(last));
    }

    [Theory]
    [InlineData("lstm:6")]
    [InlineData("gru:6,dense:5")]
    [InlineData("attention:8x2,mean")]
    [InlineData("conv1d:6x3+0,dense:6+1,max")]
    public void Scores_are_derivatives_of_the_flow_in_every_family(string genes)
    {
        // R is found from the output layer, through which all flow goes: each of its scores is flow, not derivative.
        Network network = Draw(genes, 4, 6);
        IReadOnlyList<double[]> scores = SynFlow.ScoresOf(network, MaskSet.Full(network));
        double before = FlowOf(network);
        for (int p = 0; p < scores.Count; p++)
        {
            for (int i = 0; i < scores[p].Length && network.Parameters[p].IsPrunable; i += 3)
            {
                // The flow is linear or, for recurrent weights and skips, still linear in any one weight: halving it takes half of its score away.
                float kept = network.Parameters[p].Values[i];
                network.Parameters[p].Values[i] = kept * 0.5f;
                double after = FlowOf(network);
                network.Parameters[p].Values[i] = kept;
                Assert.Equal(0.5 * scores[p][i], before - after, 1e-9 * before);
            }
        }
    }

    [Theory]
    [InlineData("dense:16,batchnorm,dense:8", 1)]
    [InlineData("conv1d:8x3,batchnorm/relu,flatten,dense:8", 6)]
    [InlineData("lstm:8,dense:6", 6)]
    [InlineData("gru:8", 6)]
    [InlineData("attention:8x2,mean,dense:6", 6)]
    [InlineData("conv1d:6x2+0,dense:5+1,max", 6)]
    public void Every_family_keeps_the_exact_count_and_every_layer_alive(string genes, int window)
    {
        Network network = Draw(genes, 6, window);
        MaskSet full = MaskSet.Full(network);
        foreach (decimal density in (decimal[])[0.5m, 0.2m, 0.1m])
        {
            MaskSet mask = SynFlow.Prune(network, full, (double)density);
            Assert.Equal(full.Total - (int)((1m - density) * full.Total), mask.Remaining);
            Assert.All(mask.Layers, layer => Assert.True(layer.Remaining > 0, $"{layer.Name} is empty at {density}"));
            Assert.Equal(mask, SynFlow.Prune(network, full, (double)density));
        }
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void Layers_stay_open_at_densities_where_magnitudes_close_one(ulong seed)
    {
        // A wide layer has small weights: in a ranking of all magnitudes it is the first to go.
        Network network = Draw("dense:160,dense:160,dense:10", 20, seed: seed);
        MaskSet full = MaskSet.Full(network);
        foreach (double density in (double[])[0.02, 0.01, 0.003, 0.001])
        {
            MaskSet magnitudes = MagnitudePruning.Prune(network, full, PruningOptions.ToDensity(density, PruningScope.All));
            MaskSet flow = SynFlow.Prune(network, full, density);
            Assert.Equal(magnitudes.Remaining, flow.Remaining);
            Assert.All(flow.Layers, layer => Assert.True(layer.Remaining > 0, $"{layer.Name} is empty at {density}"));
            Assert.True(SynFlow.ScoresOf(network, flow)[0].Sum() > 0.0);
            if (density < 0.005)
            {
                Assert.Contains(magnitudes.Layers, layer => layer.Remaining == 0);
                Assert.NotEmpty(magnitudes.Collapses());
            }
        }
    }

    [Fact]
    public void As_few_weights_as_layers_still_carry_flow()
    {
        // Maximal critical compression (Tanaka et al. 2020): one weight per layer is left, and they meet.
        Network network = Draw("dense:12,dense:8,dense:6", 10);
        MaskSet full = MaskSet.Full(network);
        MaskSet mask = SynFlow.Prune(network, full, 4.0 / full.Total);
        Assert.All(mask.Layers, layer => Assert.Equal(1, layer.Remaining));
        Assert.True(SynFlow.ScoresOf(network, mask)[0].Sum() > 0.0);
    }

    private static double FlowOf(Network network) => SynFlow.ScoresOf(network, MaskSet.Full(network))[^2].Sum();

    private static double HeadFlow(Network network, double[] inputs) =>
        network.Parameters[^2].Values.Select((w, i) => Math.Abs((double)w) * inputs[i % inputs.Length]).Sum();

    [Fact]
    public void One_round_is_not_a_hundred()
    {
        Network network = Draw("dense:64,dense:64,dense:64", 24);
        MaskSet full = MaskSet.Full(network);
        Assert.NotEqual(SynFlow.Prune(network, full, 0.05), SynFlow.Prune(network, full, 0.05, rounds: 1));
    }

    [Fact]
    public void Signs_biases_and_normalisation_do_not_matter()
    {
        Network network = Draw("dense:16,batchnorm,dense:8", 12);
        MaskSet mask = SynFlow.Prune(network, MaskSet.Full(network), 0.2);
        foreach (Parameter parameter in network.Parameters)
        {
            foreach (ref float value in parameter.Values.AsSpan())
            {
                value = parameter.IsPrunable ? -value : value + 3f;
            }
        }

        Assert.Equal(mask, SynFlow.Prune(network, MaskSet.Full(network), 0.2));
    }

    [Fact]
    public void What_is_masked_stays_masked_and_a_sparser_mask_is_returned_as_it_is()
    {
        Network network = Draw("dense:16,dense:8", 12);
        var rng = new Rng(4);
        MaskSet start = RandomTopology.Uniform(network.Architecture, 0.6, ref rng);
        MaskSet mask = SynFlow.Prune(network, start, 0.2);
        for (int p = 0; p < 6; p += 2)
        {
            Assert.DoesNotContain(Enumerable.Range(0, mask.Of(p).Length), i => mask.Of(p)[i] && !start.Of(p)[i]);
        }

        Assert.Same(mask, SynFlow.Prune(network, mask, 0.3));
        Assert.Throws<ArgumentOutOfRangeException>(() => SynFlow.Prune(network, start, 0.0));
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    public void Trained_on_a_sparse_teacher_its_network_leans_on_the_teachers_inputs(ulong seed)
    {
        TrainingSet train = Teacher.Rows(4000, 20 + seed);
        TrainingSet test = Teacher.Rows(2000, 40 + seed);
        Network network = Draw("dense:64,dense:32", Teacher.Features, seed: seed);
        MaskSet mask = SynFlow.Prune(network, MaskSet.Full(network), 0.1);
        Trainer.Train(network, mask, train, null, new TrainingOptions { Epochs = 20, LearningRate = 3e-3 }, new Rng(seed));
        Assert.Equal(Teacher.Relevant, Teacher.Strongest(Teacher.Mass(network.Parameters[0].Values)));
        Assert.True(Tasks.AccuracyOf(network, test) > 0.93, $"accuracy {Tasks.AccuracyOf(network, test)}");
    }
}

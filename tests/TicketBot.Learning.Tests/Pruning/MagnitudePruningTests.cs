using TicketBot.Learning.Pruning;

namespace TicketBot.Learning.Tests.Pruning;

public class MagnitudePruningTests
{
    private static Network Draw(string genes, ulong seed = 1)
    {
        var rng = new Rng(seed);
        return Network.Create(Architecture.Parse(genes, 24, 2), ref rng);
    }

    [Theory]
    [InlineData(0.29, 100, 29)]
    [InlineData(0.1, 30, 3)]
    [InlineData(0.2, 5, 1)]
    [InlineData(0.2, 4, 0)]
    [InlineData(0.0, 9, 0)]
    [InlineData(1.0, 9, 9)]
    public void Removes_exactly_the_floor(double rate, int remaining, int removed) => Assert.Equal(removed, MagnitudePruning.CountOf(rate, remaining));

    [Fact]
    public void Density_follows_the_theory_level_by_level()
    {
        Network network = Draw("dense:64,dense:32");
        MaskSet mask = MaskSet.Full(network);
        Assert.Equal(1.0, mask.Density);
        int[] expected = [.. mask.Layers.Select(layer => layer.Total)];
        for (int level = 1; level <= 12; level++)
        {
            mask = MagnitudePruning.Prune(network, mask, new PruningOptions());
            for (int l = 0; l < expected.Length; l++)
            {
                double rate = l == expected.Length - 1 ? 0.1 : 0.2;
                expected[l] -= (int)Math.Floor(rate * expected[l] + 1e-9);
                Assert.Equal(expected[l], mask.Layers[l].Remaining);
            }

            // Each floor keeps less than one weight too many, and the surplus shrinks with the layer.
            Assert.InRange(mask.Layers[0].Remaining - 1536 * Math.Pow(0.8, level), 0.0, 5.0);
        }
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    public void Density_is_within_one_weight_of_the_theory_where_counts_divide(double rate)
    {
        // 10,000 and 2^k counts divide evenly for the first levels, so that the theory is exact.
        var rng = new Rng(1);
        Network network = Network.Create(Architecture.Parse("dense:128", 128, 2), ref rng);
        MaskSet mask = MaskSet.Full(network);
        for (int level = 1; level <= 3; level++)
        {
            mask = MagnitudePruning.Prune(network, mask, new PruningOptions { Rate = rate, OutputRate = 0.0 });
            Assert.True(Math.Abs(mask.Layers[0].Remaining - 16_384 * Math.Pow(1 - rate, level)) <= 1.0 + level);
        }
    }

    [Fact]
    public void Removes_the_smallest_and_never_revives()
    {
        Network network = Draw("dense:16");
        MaskSet first = MagnitudePruning.Prune(network, MaskSet.Full(network), new PruningOptions { Rate = 0.5 });
        float[] w = network.Parameters[0].Values;
        float smallestKept = Enumerable.Range(0, w.Length).Where(i => first.Of(0)[i]).Min(i => MathF.Abs(w[i]));
        float largestCut = Enumerable.Range(0, w.Length).Where(i => !first.Of(0)[i]).Max(i => MathF.Abs(w[i]));
        Assert.True(smallestKept >= largestCut);
        network.Parameters[0].Values.AsSpan().Fill(1f);
        MaskSet second = MagnitudePruning.Prune(network, first, new PruningOptions { Rate = 0.5 });
        Assert.DoesNotContain(Enumerable.Range(0, w.Length), i => second.Of(0)[i] && !first.Of(0)[i]);
    }

    [Fact]
    public void Ties_go_by_index()
    {
        var network = new Network(Architecture.Parse("dense:2", 5, 2));
        MaskSet mask = MagnitudePruning.Prune(network, MaskSet.Full(network), new PruningOptions { Rate = 0.3, OutputRate = 0.5 });
        Assert.Equal([false, false, false, true, true, true, true, true, true, true], mask.Of(0).ToArray());
        Assert.Equal([false, false, true, true], mask.Of(2).ToArray());
    }

    [Fact]
    public void Biases_are_never_pruned()
    {
        Network network = Draw("dense:8");
        MaskSet mask = MagnitudePruning.Prune(network, MaskSet.Full(network), new PruningOptions { Rate = 1.0, OutputRate = 1.0 });
        Assert.Equal(0, mask.Remaining);
        Assert.True(mask.Of(1).IsEmpty && mask.Of(3).IsEmpty);
        Assert.Null(mask.ToArrays()[1]);
        network.Parameters[1].Values[0] = 5f;
        mask.ApplyTo(network);
        Assert.Equal(5f, network.Parameters[1].Values[0]);
        Assert.True(mask.HasCollapsed());
    }

    [Fact]
    public void Global_scope_takes_from_all_hidden_layers_and_keeps_the_output_apart()
    {
        Network network = Draw("dense:64,dense:32");
        foreach (ref float w in network.Parameters[2].Values.AsSpan())
        {
            w *= 100f;
        }

        var options = new PruningOptions { Scope = PruningScope.Global, Rate = 0.3 };
        MaskSet mask = MagnitudePruning.Prune(network, MaskSet.Full(network), options);
        Assert.Equal(1536 + 2048 - (int)(0.3 * 3584), mask.Layers[0].Remaining + mask.Layers[1].Remaining);
        Assert.Equal(64 - 6, mask.Layers[2].Remaining);
        Assert.True(mask.Layers[0].Density < 0.4 && mask.Layers[1].Density > 0.95);
    }

    [Fact]
    public void Protected_neurons_keep_their_inputs_and_the_count_stays_exact()
    {
        Network network = Draw("dense:64,dense:32");
        for (int i = 0; i < 24; i++)
        {
            network.Parameters[0].Values[i] *= 1e-3f;
        }

        var options = new PruningOptions { Rate = 0.8, KeepIncoming = 2 };
        MaskSet mask = MagnitudePruning.Prune(network, MaskSet.Full(network), options);
        Assert.Equal(1536 - (int)(0.8 * 1536), mask.Layers[0].Remaining);
        for (int row = 0; row < 64; row++)
        {
            Assert.True(mask.Of(0).Slice(row * 24, 24).Count(true) >= 2);
        }

        MaskSet unprotected = MagnitudePruning.Prune(network, MaskSet.Full(network), options with { KeepIncoming = 0 });
        Assert.Equal(0, unprotected.Of(0)[..24].Count(true));
    }

    [Theory]
    [InlineData(PruningScope.Layer)]
    [InlineData(PruningScope.Global)]
    public void Each_gate_loses_its_own_share_and_recurrent_weights_theirs(PruningScope scope)
    {
        Architecture architecture = Architecture.Parse("lstm:10", 5, 2, window: 4);
        var rng = new Rng(3);
        // The forget gate's weights are the smallest by far: ranked together they would all go first.
        float[][] weights = [.. architecture.Parameters.Select(shape => Enumerable.Range(0, shape.Count).Select(_ => (float)rng.NextGaussian()).ToArray())];
        foreach (int p in new[] { 0, 1 })
        {
            int size = weights[p].Length / 4;
            for (int i = size; i < 2 * size; i++)
            {
                weights[p][i] *= 0.001f;
            }
        }

        MaskSet mask = MagnitudePruning.Prune(weights, MaskSet.Full(architecture), new PruningOptions { Rate = 0.4, RecurrentRate = 0.2, Scope = scope });
        for (int gate = 0; gate < 4; gate++)
        {
            Assert.Equal(80, mask.Of(1).Slice(gate * 100, 100).Count(true));
            if (scope == PruningScope.Layer)
            {
                Assert.Equal(30, mask.Of(0).Slice(gate * 50, 50).Count(true));
            }
        }

        Assert.Equal(120, mask.Of(0).Count(true));
        var random = new Rng(4);
        MaskSet control = MaskSet.RandomLike(mask, ref random);
        for (int gate = 0; gate < 4; gate++)
        {
            Assert.Equal(80, control.Of(1).Slice(gate * 100, 100).Count(true));
        }
    }
}

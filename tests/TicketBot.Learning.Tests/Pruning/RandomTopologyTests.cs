using TicketBot.Learning.Pruning;

namespace TicketBot.Learning.Tests.Pruning;

public class RandomTopologyTests
{
    private static readonly Architecture Net = Architecture.Parse("dense:300,dense:100", 784, 10);

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.05)]
    [InlineData(0.9)]
    [InlineData(1.0)]
    public void Both_kinds_keep_exactly_what_the_density_says(double density)
    {
        var rng = new Rng(1);
        foreach (string genes in (string[])["dense:30,dense:7", "conv1d:8x3,flatten,dense:9", "lstm:6,dense:5", "gru:5", "attention:8x2,mean"])
        {
            Architecture architecture = Architecture.Parse(genes, 11, 3, window: genes.Contains(':') && genes[0] != 'd' ? 5 : 1);
            int total = MaskSet.Full(architecture).Total;
            int expected = total - (int)(decimal.Round(1m - (decimal)density, 6) * total);
            Assert.Equal(expected, RandomTopology.Uniform(architecture, density, ref rng).Remaining);
            Assert.Equal(expected, RandomTopology.ErdosRenyiKernel(architecture, density, ref rng).Remaining);
        }
    }

    [Fact]
    public void Uniform_keeps_the_same_share_of_every_layer_within_one_weight()
    {
        var rng = new Rng(1);
        Assert.All(RandomTopology.Uniform(Net, 0.1, ref rng).Layers, layer => Assert.InRange(layer.Remaining - 0.1 * layer.Total, -1.0, 1.0));
    }

    [Fact]
    public void Shares_of_dense_layers_follow_inputs_and_outputs()
    {
        // 235,200, 30,000 and 1,000 weights; raw shares (784+300)/235200, (300+100)/30000, (100+10)/1000; the last passes 1 and is full.
        var rng = new Rng(1);
        MaskSet mask = RandomTopology.ErdosRenyiKernel(Net, 0.1, ref rng);
        Assert.Equal(1000, mask.Layers[2].Remaining);
        double factor = (26_620 - 1000.0) / (784 + 300 + 300 + 100);
        Assert.InRange(mask.Layers[0].Remaining - factor * 1084, -1.0, 1.0);
        Assert.InRange(mask.Layers[1].Remaining - factor * 400, -1.0, 1.0);
        Assert.Equal(26_620, mask.Remaining);
    }

    [Fact]
    public void A_kernel_counts_its_taps()
    {
        var architecture = Architecture.Parse("conv1d:16x5,conv1d:32x3,last", 8, 2, window: 12);
        var rng = new Rng(1);
        MaskSet mask = RandomTopology.ErdosRenyiKernel(architecture, 0.1, ref rng);
        // Of 640 + 1536 + 64 = 2240 weights 224 stay, in proportion to 8 + 16 + 5, 16 + 32 + 3 and 32 + 2; the last would pass 64 and is full, which leaves 160 for 29 + 51.
        Assert.Equal([58, 102, 64], mask.Layers.Select(layer => layer.Remaining));
    }

    [Fact]
    public void Gates_have_equal_shares_and_seeds_give_masks_of_their_own()
    {
        Architecture architecture = Architecture.Parse("lstm:10", 6, 2, window: 4);
        MaskSet first = Draw(1);
        int[] gates = [.. Enumerable.Range(0, 4).Select(gate => first.Of(1).Slice(gate * 100, 100).Count(true))];
        Assert.InRange(gates.Max() - gates.Min(), 0, 1);
        Assert.Equal(first, Draw(1));
        Assert.InRange(first.NormalizedDistanceTo(Draw(2)), 0.7, 1.3);

        MaskSet Draw(ulong seed)
        {
            var rng = new Rng(seed);
            return RandomTopology.ErdosRenyiKernel(architecture, 0.3, ref rng);
        }
    }

    [Fact]
    public void Densities_out_of_range_are_refused()
    {
        var rng = new Rng(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomTopology.Uniform(Net, 0.0, ref rng));
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomTopology.ErdosRenyiKernel(Net, 1.1, ref rng));
    }
}

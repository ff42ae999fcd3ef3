namespace TicketBot.Learning.Tests;

public class ArchitectureTests
{
    [Theory]
    [InlineData("dense:64,dense:32", "dense:64,dense:32")]
    [InlineData(" dense:64/relu , dense:8/tanh", "dense:64,dense:8/tanh")]
    [InlineData("dense:1/leakyrelu,dense:2/identity", "dense:1/leakyrelu,dense:2/identity")]
    [InlineData("", "")]
    public void Reads_genes_into_their_canonical_text(string genes, string canonical)
    {
        Architecture architecture = Architecture.Parse(genes, 24, 2);
        Assert.Equal(canonical, architecture.Genes);
        Assert.Equal(architecture, Architecture.Parse(canonical, 24, 2));
        Assert.Equal(architecture.GetHashCode(), Architecture.Parse(canonical, 24, 2).GetHashCode());
        Assert.NotEqual(architecture, Architecture.Parse(canonical, 25, 2));
    }

    [Theory]
    [InlineData("conv1d:32x3/gelu,lstm:64@0.2,dense:64/relu+1", "conv1d:32x3/gelu,lstm:64@0.2,dense:64+1")]
    [InlineData("dense:8,skip+1+0,identity,batchnorm/relu,last", "dense:8,skip+0+1,identity,batchnorm/relu")]
    [InlineData("gru:8,last/tanh,last", "gru:8,last/tanh")]
    [InlineData("conv1d:4x2:valid,attention:8x2,layernorm,max,reversal:0.50", "conv1d:4x2:valid,attention:8x2,layernorm,max,reversal:0.5")]
    public void Reads_every_gene_and_option(string genes, string canonical)
    {
        Architecture architecture = Architecture.Parse(genes, 5, 2, window: 12);
        Assert.Equal(canonical, architecture.Genes);
        Assert.Equal(architecture, Architecture.Parse(canonical, 5, 2, 12));
        Assert.NotEqual(architecture, Architecture.Parse(canonical, 5, 2, 13));
    }

    [Theory]
    [InlineData("dens:64", "dens:64", "unknown layer 'dens'")]
    [InlineData("dense:0", "dense:0", "from 1 to 65536")]
    [InlineData("dense", "dense", "expected one of")]
    [InlineData("dense:x", "dense:x", "from 1 to 65536")]
    [InlineData("dense:8,,dense:8", "''", "unknown layer")]
    [InlineData("dense:8/rely", "dense:8/rely", "expected an activation of")]
    [InlineData("dense:8/relu/tanh", "dense:8/relu/tanh", "second")]
    [InlineData("dense:8+1", "dense:8+1", "0 (the input) to 0")]
    [InlineData("dense:8,dense:8+1+1", "dense:8+1+1", "twice")]
    [InlineData("dense:8,dense:8+x", "dense:8+x", "earlier gene")]
    [InlineData("dense:8@1", "dense:8@1", "below 1")]
    [InlineData("dense:8@0.1@0.2", "dense:8@0.1@0.2", "one dropout")]
    [InlineData("skip", "skip", "skip+0")]
    [InlineData("conv1d:8", "conv1d:8", "WIDTHxKERNEL")]
    [InlineData("conv1d:8x3:same", "conv1d:8x3:same", "'valid'")]
    [InlineData("conv1d:8x5:valid", "conv1d:8x5:valid", "at least 5 steps, here are 4")]
    [InlineData("attention:9x2", "attention:9x2", "2 heads divide")]
    [InlineData("lstm:65536", "lstm:65536", "at most 100000000")]
    public void Names_the_gene_it_cannot_read(string genes, string gene, string reason)
    {
        FormatException error = Assert.Throws<FormatException>(() => Architecture.Parse(genes, 24, 2, 4));
        Assert.Contains(gene, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Follows_steps_and_channels_through_the_graph()
    {
        Architecture architecture = Architecture.Parse("conv1d:6x3,conv1d:6x2:valid,lstm:5+0,batchnorm,flatten,dense:7+1", 3, 2, window: 8);
        Assert.Equal(
            [
                ("layer1.weight", 6, 9), ("layer1.bias", 6, 1), ("layer2.weight", 6, 12), ("layer2.bias", 6, 1),
                ("layer3.input_weight", 20, 6), ("layer3.recurrent_weight", 20, 5), ("layer3.bias", 20, 1), ("layer3.skip0_weight", 5, 3),
                ("layer4.scale", 5, 1), ("layer4.shift", 5, 1), ("layer4.running_mean", 5, 1), ("layer4.running_variance", 5, 1),
                ("layer6.weight", 7, 35), ("layer6.bias", 7, 1), ("layer6.skip1_weight", 7, 6), ("output.weight", 2, 7), ("output.bias", 2, 1),
            ],
            architecture.Parameters.Select(p => (p.Name, p.Rows, p.Columns)));
        Assert.Equal([1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 6, 6, 6, 7, 7], architecture.Parameters.Select(p => p.Layer));
    }

    [Fact]
    public void Lists_the_parameters_in_order()
    {
        Architecture architecture = Architecture.Parse("dense:64,dense:32", 24, 2);
        Assert.Equal(["layer1.weight", "layer1.bias", "layer2.weight", "layer2.bias", "output.weight", "output.bias"], architecture.Parameters.Select(p => p.Name));
        Assert.Equal([1536, 64, 2048, 32, 64, 2], architecture.Parameters.Select(p => p.Count));
        Assert.Equal(3746, architecture.ParameterCount);
    }

    [Theory]
    [InlineData("dense:4@0.00001")]
    [InlineData("dense:4@0.1")]
    [InlineData("reversal:0.00002")]
    [InlineData("reversal:1000000")]
    public void Canonical_text_reads_back(string genes)
    {
        Architecture architecture = Architecture.Parse(genes, 3, 2);
        Assert.Equal(architecture, Architecture.Parse(architecture.Genes, 3, 2));
    }

    [Fact]
    public void A_reversal_beyond_its_range_is_refused() =>
        Assert.Contains("strength", Assert.Throws<FormatException>(() => Architecture.Parse("reversal:100000000000000000000", 3, 2)).Message, StringComparison.Ordinal);
}

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
    [InlineData("dense:64,lstm:32", "lstm:32", "not supported yet by this version")]
    [InlineData("conv1d:32x3", "conv1d:32x3", "not supported yet by this version")]
    [InlineData("dense:64/gelu", "dense:64/gelu", "not supported yet by this version")]
    [InlineData("dense:64@0.2", "dense:64@0.2", "not supported yet by this version")]
    [InlineData("dense:64+1", "dense:64+1", "not supported yet by this version")]
    [InlineData("dens:64", "dens:64", "expected dense:WIDTH")]
    [InlineData("dense:0", "dense:0", "from 1 to 65536")]
    [InlineData("dense", "dense", "from 1 to 65536")]
    [InlineData("dense:x", "dense:x", "from 1 to 65536")]
    [InlineData("dense:8,,dense:8", "''", "expected dense:WIDTH")]
    [InlineData("dense:8/rely", "dense:8/rely", "expected activation")]
    public void Names_the_gene_it_cannot_read(string genes, string gene, string reason)
    {
        FormatException error = Assert.Throws<FormatException>(() => Architecture.Parse(genes, 24, 2));
        Assert.Contains(gene, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_the_parameters_in_order()
    {
        Architecture architecture = Architecture.Parse("dense:64,dense:32", 24, 2);
        Assert.Equal(["layer1.weight", "layer1.bias", "layer2.weight", "layer2.bias", "output.weight", "output.bias"], architecture.Parameters.Select(p => p.Name));
        Assert.Equal([1536, 64, 2048, 32, 64, 2], architecture.Parameters.Select(p => p.Count));
        Assert.Equal(3746, architecture.ParameterCount);
    }
}

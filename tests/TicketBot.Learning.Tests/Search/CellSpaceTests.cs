using TicketBot.Learning.Search;

namespace TicketBot.Learning.Tests.Search;

public class CellSpaceTests
{
    [Fact]
    public void A_path_becomes_an_architecture_without_its_empty_positions()
    {
        var space = new CellSpace(3, 2, 8, 16, 4);
        int[] path = [Of(space, 0, "lstm:16"), Of(space, 1, "identity"), Of(space, 2, "conv1d:16x3"), Of(space, 3, "skip")];

        Assert.Equal("dense:16/identity,batchnorm,lstm:16,batchnorm,conv1d:16x3,batchnorm,skip+4", space.ArchitectureOf(path).Genes);
        Assert.Equal(["lstm:16", "identity", "conv1d:16x3", "skip"], space.OperationsOf(path));
    }

    [Fact]
    public void A_skip_goes_around_the_position_before_it_and_is_not_offered_first()
    {
        var space = new CellSpace(3, 2, 8, 16, 2, ["dense:16", "identity", "skip"], isNormalised: false);

        Assert.Equal(["dense:16", "identity"], space.OperationsAt(0));
        Assert.Equal("dense:16/identity,dense:16,skip+1", space.ArchitectureOf([0, 2]).Genes);
        Assert.Equal(6, space.Paths);
    }

    [Theory]
    [InlineData("dense:8", "identity")]
    [InlineData("conv1d:16x3:valid", "identity")]
    [InlineData("dense:16,dense:16", "identity")]
    [InlineData("dense:16", "dense:16/relu")]
    [InlineData("dense:16", "skip")]
    public void Operations_that_change_the_shape_or_repeat_are_refused(string first, string second) =>
        Assert.ThrowsAny<Exception>(() => new CellSpace(3, 2, 8, 16, 2, [first, second]));

    [Fact]
    public void A_path_of_another_space_is_refused_with_what_fits()
    {
        var space = new CellSpace(3, 2, 8, 16, 2, ["dense:16", "identity"]);

        string message = Assert.Throws<ArgumentException>(() => space.ArchitectureOf([0, 2])).Message;
        Assert.Contains("0, 2", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => space.ArchitectureOf([0]));
    }

    private static int Of(CellSpace space, int position, string operation) => space.OperationsAt(position).ToList().IndexOf(operation);
}

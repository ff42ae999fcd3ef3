using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Learning.Sparse;
using TicketBot.Research.ArchitectureSearch.Spaces;

namespace TicketBot.Research.Tests.ArchitectureSearch.Spaces;

public sealed class ArchitectureCostTests
{
    [Fact]
    public void Multiply_adds_are_those_the_compiled_network_counts()
    {
        var space = new ArchitectureSpace(new SpaceOptions { Inputs = 5, Outputs = 3, Window = 9, Widths = [4, 8, 12], Heads = 2 });
        var rng = new Rng(7);
        for (var i = 0; i < 150; i++)
        {
            var architecture = space.Draw(ref rng).Architecture;
            var compiled = new CompiledNetwork(architecture, Network.Create(architecture, ref rng).CaptureWeights(), MaskSet.Full(architecture));
            Assert.True(compiled.MultiplyAdds == ArchitectureCost.Of(architecture).MultiplyAdds, $"{architecture}: {compiled.MultiplyAdds} compiled, {ArchitectureCost.Of(architecture).MultiplyAdds} counted");
        }
    }

    [Fact]
    public void Running_statistics_are_no_parameters()
    {
        Assert.Equal((4 * 8) + 8 + 16 + (8 * 2) + 2, ArchitectureCost.ParametersOf(Architecture.Parse("dense:8,batchnorm", 4, 2)));
    }
}

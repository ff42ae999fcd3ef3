using TicketBot.Research.ArchitectureSearch.Pareto;

namespace TicketBot.Research.Tests.ArchitectureSearch.Pareto;

public sealed class DominanceTests
{
    [Theory]
    [InlineData(1.0, 1.0, 0.0, 1.0, 2.0, 0.0, -1)]
    [InlineData(1.0, 2.0, 0.0, 2.0, 1.0, 0.0, 0)]
    [InlineData(1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0)]
    [InlineData(9.0, 9.0, 0.0, 1.0, 1.0, 0.1, -1)]
    [InlineData(1.0, 1.0, 0.2, 9.0, 9.0, 0.1, 1)]
    [InlineData(1.0, 1.0, 0.2, 9.0, 9.0, 0.2, 0)]
    public void Inside_beats_outside_then_less_violation_then_objectives(double a, double b, double violation, double c, double d, double otherViolation, int expected) =>
        Assert.Equal(expected, Dominance.Compare([a, b], violation, [c, d], otherViolation));

    [Fact]
    public void Fronts_peel_off_one_after_the_other()
    {
        double[][] points = [[1, 4], [2, 2], [4, 1], [3, 3], [4, 4], [2, 5]];
        Assert.Equal([[0, 1, 2], [3, 5], [4]], Dominance.Fronts(points, new double[6]));
    }

    [Fact]
    public void Crowding_is_the_mean_gap_of_the_neighbours_and_infinite_at_the_ends()
    {
        var distances = Dominance.Crowding([[0, 10], [1, 6], [4, 0]]);
        Assert.Equal([double.PositiveInfinity, 1.0, double.PositiveInfinity], distances);
    }
}

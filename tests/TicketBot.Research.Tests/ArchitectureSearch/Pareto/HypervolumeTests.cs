using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch.Pareto;

namespace TicketBot.Research.Tests.ArchitectureSearch.Pareto;

public sealed class HypervolumeTests
{
    [Fact]
    public void Two_objectives_give_the_area_by_hand()
    {
        double[][] points = [[0.2, 0.8], [0.5, 0.5], [0.8, 0.1], [0.6, 0.6], [1.2, 0.0]];
        // Strips from left to right: 0.3 x 0.2, 0.3 x 0.5, 0.2 x 0.9; the dominated point and the one beyond the reference add nothing.
        Assert.Equal(0.06 + 0.15 + 0.18, Hypervolume.Of(points, [1.0, 1.0]), 12);
    }

    [Fact]
    public void Three_objectives_agree_with_counting_random_points()
    {
        var rng = new Rng(11);
        double[][] points = [.. Enumerable.Range(0, 25).Select(_ => new[] { rng.NextDouble(), rng.NextDouble(), rng.NextDouble() })];
        var inside = 0;
        const int Draws = 200_000;
        for (var i = 0; i < Draws; i++)
        {
            var (x, y, z) = (rng.NextDouble(), rng.NextDouble(), rng.NextDouble());
            inside += points.Any(p => p[0] <= x && p[1] <= y && p[2] <= z) ? 1 : 0;
        }

        var share = (double)inside / Draws;
        Assert.Equal(share, Hypervolume.Of(points, [1.0, 1.0, 1.0]), 4.5 * Math.Sqrt(share * (1 - share) / Draws));
    }

    [Fact]
    public void A_dominated_point_and_the_order_change_nothing()
    {
        double[][] points = [[0.1, 0.9, 0.5], [0.5, 0.2, 0.4], [0.3, 0.3, 0.3]];
        var volume = Hypervolume.Of(points, [1.0, 1.0, 1.0]);
        Assert.Equal(volume, Hypervolume.Of([[0.6, 0.9, 0.9], .. points.Reverse()], [1.0, 1.0, 1.0]), 12);
    }
}

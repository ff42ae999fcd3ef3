using TicketBot.Learning;
using TicketBot.Learning.Training;
using TicketBot.Research.Drift;
using TicketBot.Research.Transfer;
using TicketBot.Testing;

namespace TicketBot.Research.Tests.Transfer;

public sealed class DomainDistancesTests
{
    [Fact]
    public void Rows_that_remember_long_are_told_apart_only_where_their_distributions_differ()
    {
        static TrainingSet Set(float[] rows) => new(rows, 4, new int[rows.Length / 4]);
        var source = DomainTables.Remembering(6_000, 4, 1, 0.95);
        float[] wider = [.. DomainTables.Remembering(6_000, 4, 3, 0.95).Select(value => 1.6f * value)];
        Assert.Equal(1, DomainDistances.Of(Set(source), Set(DomainTables.Remembering(6_000, 4, 2, 0.95)), 1, 1).Similarity, 0.05);
        Assert.InRange(DomainDistances.Of(Set(source), Set(wider), 1, 1).MmdPValue, 0, 0.01);
    }

    [Fact]
    public void Time_blocks_of_one_distribution_are_near_and_a_clear_shift_is_far()
    {
        Assert.InRange(Apart(DomainTables.Remembering(2_000, 6, 1, 0.3), DomainTables.Remembering(2_000, 6, 2, 0.3)).Distance, 0, 0.15);
        var far = Apart(DomainTables.Normal(2_000, 6, 1), DomainTables.Normal(2_000, 6, 2, 1.5));
        Assert.InRange(far.Distance, 1.6, 2);
        Assert.InRange(far.Distance, far.Low, far.High);
        Assert.InRange(far.High - far.Low, 0.01, 0.2);
    }

    [Fact]
    public void A_change_of_variance_that_no_line_can_see_is_seen()
    {
        var (first, second) = (DomainTables.Normal(600, 3, 1), DomainTables.Normal(600, 3, 2, 0, 3));
        Assert.InRange(ProxyADistance.Of(Doubles(first), Doubles(second), 3), 0, 0.3);
        Assert.InRange(ProxyADistance.Measure(Doubles(first), Doubles(second), 3, 0, new Rng(1)).Distance, 0.9, 2);
    }

    [Fact]
    public void Similarity_is_one_for_equal_domains_falls_with_the_shift_and_is_where_the_yardstick_says()
    {
        var source = Set(DomainTables.Normal(700, 4, 1), 4);
        double Similarity(double shift, double scale = 1) => DomainDistances.Of(source, Set(DomainTables.Normal(700, 4, 2, shift, scale), 4), 1, 1).Similarity;
        double[] falling = [Similarity(0), Similarity(0.3), Similarity(0.6), Similarity(1), Similarity(2), Similarity(4)];
        Assert.Equal(1, falling[0]);
        Assert.Equal(falling.OrderDescending(), falling);
        Assert.Equal(falling.Distinct().Count(), falling.Length);
        Assert.InRange(falling[^1], 0, 0.05);
        Assert.InRange(Similarity(0.5), 0.63, 0.77); // Four features moved by a half each: one deviation in all.
        Assert.InRange(Similarity(0, 2), 0, 0.9);
    }

    [Fact]
    public void What_a_classifier_tells_apart_is_not_alike_though_the_kernel_test_sees_nothing()
    {
        var blind = new KernelTest(0.02, 0.3, 0.03, 400, 400);
        Assert.Equal([1, 0.9, 0.5, 0], new[] { -0.1, 0.2, 1, 2 }.Select(low => Similarity.Of(blind, 0.05, low)));
        Assert.Equal(Similarity.AtYardstick, Similarity.Of(blind with { Distance = 0.08 }, 0.05, 0.2), 1e-12);
    }

    [Fact]
    public void Wide_rows_are_projected_and_equal_domains_stay_alike()
    {
        var (first, second) = (Set(DomainTables.Normal(150, 100, 1), 100), Set(DomainTables.Normal(150, 100, 2), 100));
        var near = DomainDistances.Of(first, second, 10, 1);
        Assert.True(near.IsProjected);
        Assert.InRange(near.Similarity, 0.9, 1);
        Assert.InRange(DomainDistances.Of(first, Set(DomainTables.Normal(150, 100, 2, 1), 100), 10, 1).Similarity, 0, 0.1);
    }

    private static ProxyADistance.Estimate Apart(float[] first, float[] second) => ProxyADistance.Measure(Doubles(first), Doubles(second), 6, 0, new Rng(1));

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, value => (double)value);

    private static TrainingSet Set(float[] values, int width) => new(values, width, new int[values.Length / width]);
}

using TicketBot.Learning;
using TicketBot.Research.ArchitectureSearch.OneShot;

namespace TicketBot.Research.Tests.ArchitectureSearch.OneShot;

public class RankCorrelationTests
{
    // Golden: scipy 1.10.1, stats.kendalltau and stats.spearmanr of these lists, ties in both.
    private static readonly double[] First = [0.61, 0.70, 0.52, 0.52, 0.48, 0.66, 0.59, 0.59, 0.71, 0.45];
    private static readonly double[] Second = [0.60, 0.69, 0.55, 0.50, 0.47, 0.60, 0.64, 0.52, 0.69, 0.49];

    [Fact]
    public void Kendall_agrees_with_scipy() => Assert.Equal(0.7674418604651163, RankCorrelation.Kendall(First, Second), 1e-12);

    [Fact]
    public void Spearman_agrees_with_scipy() => Assert.Equal(0.9018404907975461, RankCorrelation.Spearman(First, Second), 1e-12);

    [Fact]
    public void The_same_order_is_one_the_opposite_minus_one_and_a_constant_nothing()
    {
        double[] scores = [1, 2, 3, 4, 5];
        double[] opposite = [5, 4, 3, 2, 1];

        Assert.Equal(1, RankCorrelation.Kendall(scores, scores));
        Assert.Equal(-1, RankCorrelation.Kendall(scores, opposite));
        Assert.Equal(-1, RankCorrelation.Spearman(scores, opposite), 1e-12);
        Assert.Equal(0, RankCorrelation.Kendall(scores, [7, 7, 7, 7, 7]));
    }

    [Fact]
    public void Infinite_losses_are_the_worst_and_no_number_is_refused()
    {
        Assert.Equal(1, RankCorrelation.Kendall([1, 2, double.PositiveInfinity], [3, 4, double.PositiveInfinity]));
        Assert.Throws<ArgumentException>(() => RankCorrelation.Kendall([1, double.NaN], [1, 2]));
        Assert.Throws<ArgumentException>(() => RankCorrelation.Kendall([1], [1]));
    }

    // Under independence an interval of 95 % must hold zero most of the time; with 30 pairs the percentile bootstrap is a little narrow.
    [Fact]
    public void Independent_scores_are_rarely_proven_to_agree()
    {
        var rng = new Rng(1);
        int proven = 0, holdsZero = 0;
        for (var repeat = 0; repeat < 200; repeat++)
        {
            double[] first = [.. Enumerable.Range(0, 30).Select(_ => rng.NextDouble())];
            double[] second = [.. Enumerable.Range(0, 30).Select(_ => rng.NextDouble())];
            var interval = RankCorrelation.KendallInterval(first, second, 0.05, 400, rng.Split((ulong)repeat));
            proven += interval.Lower >= SupernetSearch.LeastAgreement ? 1 : 0;
            holdsZero += interval.Lower <= 0 && interval.Upper >= 0 ? 1 : 0;
        }

        Assert.Equal(0, proven);
        Assert.InRange(holdsZero, 170, 200);
    }
}

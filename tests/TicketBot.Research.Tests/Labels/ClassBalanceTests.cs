using TicketBot.Research.Labels;

namespace TicketBot.Research.Tests.Labels;

public sealed class ClassBalanceTests
{
    [Fact]
    public void Labels_that_share_nothing_are_worth_their_number_and_copies_are_worth_one()
    {
        LabelSpan[] apart = [.. Enumerable.Range(0, 50).Select(i => LabelSpan.After(i, 1))];
        Assert.Equal(50, UniquenessWeights.Of(apart).EffectiveCount, 1e-12);
        Assert.Equal(1, UniquenessWeights.Of([.. Enumerable.Repeat(LabelSpan.After(7, 4), 50)]).EffectiveCount, 1e-12);
    }

    [Fact]
    public void Half_shared_labels_are_weighed_by_hand()
    {
        // Candles 1..2 and 2..3: candle 2 is seen by both.
        var weights = UniquenessWeights.Of([LabelSpan.After(0, 2), LabelSpan.After(1, 2)]);
        Assert.Equal([1, 2, 1], weights.Concurrency.ToArray());
        Assert.Equal([0.75, 0.75], weights.Average.ToArray());
        Assert.Equal(1, weights.First);
    }

    [Fact]
    public void No_labels_are_worth_nothing() => Assert.Equal(0, UniquenessWeights.Of([]).EffectiveCount);

    [Fact]
    public void Counts_shares_and_effective_labels_of_each_regime_sum_to_the_whole()
    {
        int[] labels = [1, 0, 1, 1, 0, 1];
        int[] regimes = [0, 0, 1, 1, -1, 1];
        LabelSpan[] spans = [.. Enumerable.Range(0, 6).Select(i => LabelSpan.After(i, 3))];
        var found = ClassBalance.Of(labels, 2, spans, regimes, ["calm", "wild"]);

        Assert.Equal(["all", "calm", "wild", "none"], found.Select(b => b.Name));
        Assert.Equal([2, 4], found[0].Counts);
        Assert.Equal(4.0 / 6, found[0].MajorityShare, 1e-15);
        Assert.Equal([0, 3], found[2].Counts);
        Assert.Equal(found[0].EffectiveCount, found.Skip(1).Sum(b => b.EffectiveCount), 1e-12);
        Assert.InRange(found[0].EffectiveCount, 2, 4); // Six labels over eight candles, three each.

        // Concurrency by hand: 1 2 3 3 3 3 2 1. Two labels see three each, the last sees 3, 2 and 1.
        Assert.Equal((1.0 / 3) + (1.0 / 3) + (((1.0 / 3) + 0.5 + 1) / 3), found[2].EffectiveCount, 1e-12);
        Assert.Equal("wild: 3 labels, class 0 0 (0.0 %), class 1 3 (100.0 %), worth 1.3 independent ones", found[2].ToString());
    }

    [Fact]
    public void Without_regimes_there_is_one_line()
    {
        var only = Assert.Single(ClassBalance.Of([0, 1, 2], 3, [.. Enumerable.Range(0, 3).Select(i => LabelSpan.After(i, 1))], [], []));
        Assert.Equal([1.0 / 3, 1.0 / 3, 1.0 / 3], only.Shares);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Assert.Contains("label 1", Assert.Throws<ArgumentException>(() => ClassBalance.Of([0, 2], 2, [LabelSpan.After(0, 1), LabelSpan.After(1, 1)], [], [])).Message, StringComparison.Ordinal);
        Assert.Contains("found 1", Assert.Throws<ArgumentException>(() => ClassBalance.Of([0, 1], 2, [LabelSpan.After(0, 1)], [], [])).Message, StringComparison.Ordinal);
        Assert.Contains("label 0 looks at", Assert.Throws<ArgumentException>(() => UniquenessWeights.Of([new LabelSpan(3, 4, 3)])).Message, StringComparison.Ordinal);
    }
}

using TicketBot.Learning;
using TicketBot.Research.Splits;

namespace TicketBot.Research.Tests.Splits;

/// <summary>Invariants over random rows: as <see cref="WalkForwardTests"/>, but training rows lie on both sides; each row is tested in exactly
/// C(N-1, k-1) splits; each path holds one test of every group, and each test belongs to one path.</summary>
public sealed class CombinatorialPurgedTests
{
    private const int Cases = 1_000;

    [Fact]
    public void Six_groups_of_which_two_test_make_15_splits_and_5_paths()
    {
        var found = CombinatorialPurged.Of(RowSpans.Of([.. Enumerable.Range(0, 600)], 5, 2), groups: 6, testGroups: 2);
        Assert.Equal((15, 5), (found.Splits.Count, found.Paths.Count));
        Assert.Equal([0, 1], found.TestGroups[0]);
        Assert.Equal([4, 5], found.TestGroups[^1]);

        // Lopez de Prado 2018, figure 12.2: the paths to which the tests of each group belong, splits S1..S15 in lexicographic order.
        Assert.Equal([0, 0, 1, 2, 3, 4], found.Paths[0]);
        Assert.Equal([4, 8, 11, 13, 14, 14], found.Paths[4]);
    }

    [Fact]
    public void Tests_side_by_side_are_one_block()
    {
        var found = CombinatorialPurged.Of(RowSpans.Of([.. Enumerable.Range(0, 600)], 5, 2), 6, 2);
        Assert.Equal([new RowRange(0, 200)], found.Splits[0].Test);
        Assert.Equal([new RowRange(0, 100), new RowRange(200, 300)], found.Splits[1].Test);

        // Row 100 reads from candle 96; the first block's last label reads candle 101, the second's first window begins at 196.
        Assert.Equal((106, 193), (found.Splits[1].Train[0], found.Splits[1].Train.Last(row => row < 200)));
    }

    [Fact]
    public void No_training_row_knows_of_a_test_row_and_each_row_is_tested_equally_often()
    {
        var rng = new Rng(2);
        var (made, refused) = (0, 0);
        for (var i = 0; i < Cases; i++)
        {
            var spans = RandomSpans.Of(rng, 30 + rng.NextInt(120));
            var groups = 3 + rng.NextInt(4);
            var testGroups = 1 + rng.NextInt(groups - 1);
            var embargo = rng.NextInt(2) == 0 ? rng.NextInt(8) : 0;
            try
            {
                var found = CombinatorialPurged.Of(spans, groups, testGroups, embargo);
                var phi = Choose(groups - 1, testGroups - 1);
                Assert.Equal((Choose(groups, testGroups), phi), (found.Splits.Count, found.Paths.Count));
                var tested = new int[spans.Count];
                foreach (var split in found.Splits)
                {
                    RandomSpans.AssertPurged(spans, split, new RowRange(0, spans.Count), embargo);
                    foreach (var row in split.TestRows)
                    {
                        tested[row]++;
                    }
                }

                Assert.All(tested, times => Assert.Equal(phi, times));
                AssertPaths(found, groups);
                made++;
            }
            catch (ResearchRefusedException)
            {
                refused++;
            }
        }

        Assert.True(made > refused, $"{made} cases had splits and {refused} too few rows");
    }

    [Fact]
    public void What_cannot_be_is_refused_with_the_numbers()
    {
        var spans = RowSpans.Of([.. Enumerable.Range(0, 60)], 40, 2);
        Assert.Contains("leave no training row", Assert.Throws<ResearchRefusedException>(() => CombinatorialPurged.Of(spans, 6, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("60 rows cannot be cut into 61", Assert.Throws<ResearchRefusedException>(() => CombinatorialPurged.Of(spans, 61, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => CombinatorialPurged.Of(spans, 4, 4));
    }

    private static void AssertPaths(CombinatorialPurged found, int groups)
    {
        var used = new HashSet<(int Split, int Group)>();
        foreach (var path in found.Paths)
        {
            Assert.Equal(groups, path.Count);
            for (var group = 0; group < groups; group++)
            {
                Assert.Contains(group, found.TestGroups[path[group]]);
                Assert.True(used.Add((path[group], group)), $"split {path[group]} lends its test of group {group} twice");
            }
        }

        Assert.Equal(found.TestGroups.Sum(tests => tests.Count), used.Count);
    }

    private static int Choose(int from, int count) => count == 0 ? 1 : Choose(from - 1, count - 1) * from / count;
}

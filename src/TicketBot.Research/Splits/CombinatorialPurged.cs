namespace TicketBot.Research.Splits;

/// <summary>Combinatorial purged cross-validation: the rows are cut into N groups, every choice of k of them is tested once, and the tests are put
/// together to paths that each cover all rows. Immutable.</summary>
/// <remarks>Lopez de Prado 2018, section 12.3: C(N, k) splits and phi = k/N C(N, k) = C(N-1, k-1) paths; N = 6 and k = 2 give 15 splits, 5 paths.</remarks>
public sealed class CombinatorialPurged
{
    private const int MostSplits = 100_000;

    private CombinatorialPurged(IReadOnlyList<RowRange> groups, IReadOnlyList<int[]> testGroups, IReadOnlyList<SplitFold> splits, IReadOnlyList<int[]> paths)
    {
        (Groups, TestGroups, Splits, Paths) = (groups, testGroups, splits, paths);
    }

    /// <summary>The N groups, equally long but for one row.</summary>
    public IReadOnlyList<RowRange> Groups { get; }

    /// <summary>The k groups that each split tests, ascending; splits in lexicographic order.</summary>
    public IReadOnlyList<IReadOnlyList<int>> TestGroups { get; }

    /// <summary>The splits. Test groups side by side are one block, so that what lies between them is judged as one.</summary>
    public IReadOnlyList<SplitFold> Splits { get; }

    /// <summary>For each path and group, the split whose test of that group belongs to the path.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Paths { get; }

    /// <summary>Makes the splits.</summary>
    /// <param name="spans">The true spans.</param>
    /// <param name="groups">N, at least 2.</param>
    /// <param name="testGroups">k, 1 to N - 1.</param>
    /// <param name="embargo">Candles between a training row's span and a test block, at least 0.</param>
    /// <exception cref="ResearchRefusedException">A split would have no training rows, a group no row, or there would be more than 100,000 splits.</exception>
    public static CombinatorialPurged Of(RowSpans spans, int groups, int testGroups, int embargo = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(testGroups, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(testGroups, groups);
        if (spans.Count < groups)
        {
            throw new ResearchRefusedException($"{spans.Count} rows cannot be cut into {groups} groups; give more rows or fewer groups");
        }

        RowRange[] cut = [.. Enumerable.Range(0, groups).Select(g => new RowRange(WalkForward.Cut(spans.Count, g, groups), WalkForward.Cut(spans.Count, g + 1, groups)))];
        var chosen = Choices(groups, testGroups);
        var splits = new SplitFold[chosen.Count];
        for (var split = 0; split < splits.Length; split++)
        {
            var tests = Blocks(cut, chosen[split]);
            var train = Purge.TrainingRows(spans, new RowRange(0, spans.Count), tests, embargo);
            splits[split] = train.Length > 0
                ? new SplitFold(train, tests)
                : throw new ResearchRefusedException(
                    $"{spans.Count} rows leave no training row beside test groups {string.Join(", ", chosen[split])} of {groups} after purge and an embargo of {embargo} candles; "
                    + "give more rows, fewer groups or a shorter embargo");
        }

        // The j-th split that tests a group lends that test to path j: each test is used once, and each path has one of every group.
        var seen = new int[groups];
        var paths = new int[chosen.Count * testGroups / groups][];
        for (var path = 0; path < paths.Length; path++)
        {
            paths[path] = new int[groups];
        }

        for (var split = 0; split < chosen.Count; split++)
        {
            foreach (var group in chosen[split])
            {
                paths[seen[group]++][group] = split;
            }
        }

        return new CombinatorialPurged(cut, chosen, splits, paths);
    }

    private static List<RowRange> Blocks(RowRange[] cut, int[] chosen)
    {
        var blocks = new List<RowRange>();
        foreach (var group in chosen)
        {
            if (blocks is [.., var last] && last.End == cut[group].Start)
            {
                blocks[^1] = new RowRange(last.Start, cut[group].End);
            }
            else
            {
                blocks.Add(cut[group]);
            }
        }

        return blocks;
    }

    private static List<int[]> Choices(int groups, int testGroups)
    {
        var choices = new List<int[]>();
        var choice = Enumerable.Range(0, testGroups).ToArray();
        while (true)
        {
            choices.Add([.. choice]);
            if (choices.Count > MostSplits)
            {
                throw new ResearchRefusedException($"{testGroups} of {groups} groups make more than {MostSplits} splits; choose fewer");
            }

            var at = testGroups - 1;
            while (at >= 0 && choice[at] == groups - testGroups + at)
            {
                at--;
            }

            if (at < 0)
            {
                return choices;
            }

            choice[at]++;
            for (var i = at + 1; i < testGroups; i++)
            {
                choice[i] = choice[i - 1] + 1;
            }
        }
    }
}

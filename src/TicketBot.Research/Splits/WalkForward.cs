namespace TicketBot.Research.Splits;

/// <summary>Folds in the order of time: each trains on rows before its test block alone, and the test blocks follow each other without a hole.</summary>
public static class WalkForward
{
    /// <summary>Returns folds whose training rows are all rows before the block, or the newest of them.</summary>
    /// <param name="spans">The true spans.</param>
    /// <param name="folds">Test blocks, at least 1; they are equally long but for one row.</param>
    /// <param name="firstTrainShare">Share of the rows before the first test block, between 0 and 1.</param>
    /// <param name="trainRows">Longest training run before the purge, at least 1: the window slides; <c>null</c> lets it expand.</param>
    /// <param name="embargo">Candles between a training row's span and the test block, at least 0.</param>
    /// <exception cref="ResearchRefusedException">A fold would have no training or no test row; the message names the numbers.</exception>
    public static IReadOnlyList<SplitFold> Of(RowSpans spans, int folds, double firstTrainShare, int? trainRows = null, int embargo = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(trainRows ?? 1, 1);
        if (!(firstTrainShare > 0 && firstTrainShare < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(firstTrainShare), firstTrainShare, "the first training share lies between 0 and 1");
        }

        var start = (int)(spans.Count * firstTrainShare);
        var found = new SplitFold[folds];
        for (var i = 0; i < folds; i++)
        {
            var test = new RowRange(start + Cut(spans.Count - start, i, folds), start + Cut(spans.Count - start, i + 1, folds));
            var from = trainRows is { } most ? Math.Max(0, test.Start - most) : 0;
            var train = test.Count < 1 ? [] : Purge.TrainingRows(spans, new RowRange(from, test.Start), [test], embargo);
            found[i] = train.Length > 0
                ? new SplitFold(train, [test])
                : throw new ResearchRefusedException(
                    $"{spans.Count} rows leave {test.Count} test and {train.Length} training rows in fold {i + 1} of {folds} after purge and an embargo of {embargo} candles; "
                    + "give more rows, fewer folds or a longer training run");
        }

        return found;
    }

    /// <summary>Returns where part <paramref name="part"/> of <paramref name="parts"/> begins when <paramref name="rows"/> rows are cut evenly.</summary>
    internal static int Cut(int rows, int part, int parts) => (int)((long)rows * part / parts);
}

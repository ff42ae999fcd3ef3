namespace TicketBot.Research.Splits;

/// <summary>Drops training rows that know something of test rows.</summary>
/// <remarks>Lopez de Prado 2018, sections 7.4.1 and 7.4.2, on the true spans: a row is purged when the candles that its features and its label
/// read overlap those of a block of test rows. The embargo widens that block by so many candles more. In the book it follows the block only, for
/// there the features' memory is not known; here it is, and the embargo, against what correlates beyond any window, holds on both sides.</remarks>
public static class Purge
{
    /// <summary>Returns the rows of <paramref name="candidates"/> that may train, ascending.</summary>
    /// <param name="spans">The true spans.</param>
    /// <param name="candidates">Rows that would train if they knew nothing of the test rows.</param>
    /// <param name="tests">Blocks of test rows.</param>
    /// <param name="embargo">Candles that must lie between a training row's span and a test block, at least 0.</param>
    public static int[] TrainingRows(RowSpans spans, RowRange candidates, IReadOnlyList<RowRange> tests, int embargo)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(embargo);
        var hulls = new (int First, int Last)[tests.Count];
        for (var i = 0; i < hulls.Length; i++)
        {
            var (first, last) = spans.Hull(tests[i]);
            hulls[i] = (first - embargo, last + embargo);
        }

        var kept = new List<int>(candidates.Count);
        for (var row = candidates.Start; row < candidates.End; row++)
        {
            var isApart = true;
            for (var i = 0; i < hulls.Length && isApart; i++)
            {
                isApart = !tests[i].Contains(row) && (spans.Last[row] < hulls[i].First || spans.First[row] > hulls[i].Last);
            }

            if (isApart)
            {
                kept.Add(row);
            }
        }

        return [.. kept];
    }
}

using TicketBot.Learning;
using TicketBot.Research.Labels;
using TicketBot.Research.Splits;

namespace TicketBot.Research.Tests.Splits;

/// <summary>Rows as real series leave them: with gaps between candles, a window of features, and labels of different reach.</summary>
internal static class RandomSpans
{
    /// <summary>Makes the spans of <paramref name="rows"/> rows; equal reach in every other case.</summary>
    public static RowSpans Of(Rng rng, int rows)
    {
        var window = 1 + rng.NextInt(20);
        var reach = 1 + rng.NextInt(12);
        var isEven = rng.NextInt(2) == 0;
        var labels = new LabelSpan[rows];
        var candle = 0;
        for (var row = 0; row < rows; row++)
        {
            candle += rng.NextInt(10) == 0 ? 1 + rng.NextInt(40) : 1;
            labels[row] = LabelSpan.After(candle, isEven ? reach : 1 + rng.NextInt(reach));
        }

        return RowSpans.Of(labels, window);
    }

    /// <summary>Asserts that no training row shares a candle with a test row, or comes nearer than the embargo to a block, and that every other row is used.</summary>
    public static void AssertPurged(RowSpans spans, SplitFold fold, RowRange candidates, int embargo)
    {
        var train = fold.Train.ToHashSet();
        Assert.Equal(train.Order(), fold.Train);
        Assert.All(fold.Test, block => Assert.True(block.Count > 0));
        Assert.Equal(fold.TestRows.Order().Distinct(), fold.TestRows);
        for (var row = 0; row < spans.Count; row++)
        {
            // Candle by candle, the long way round: not the interval arithmetic of the code under test.
            var isApart = fold.Test.All(block => !block.Contains(row) && !SharesCandle(spans, row, block, embargo));
            Assert.Equal(candidates.Contains(row) && isApart, train.Contains(row));
        }
    }

    private static bool SharesCandle(RowSpans spans, int row, RowRange block, int embargo)
    {
        var near = false;
        for (var candle = spans.First[row] - embargo; candle <= spans.Last[row] + embargo && !near; candle++)
        {
            near = IsInside(spans, block, candle);
        }

        return near;
    }

    // A block is judged as one: what lies between its rows, in a gap of labels, belongs to it.
    private static bool IsInside(RowSpans spans, RowRange block, int candle)
    {
        var (before, after) = (false, false);
        for (var row = block.Start; row < block.End && !(before && after); row++)
        {
            before |= spans.First[row] <= candle;
            after |= spans.Last[row] >= candle;
        }

        return before && after;
    }
}

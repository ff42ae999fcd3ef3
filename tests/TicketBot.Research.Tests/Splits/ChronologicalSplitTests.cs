using FsCheck;
using FsCheck.Fluent;
using TicketBot.Research.Splits;

namespace TicketBot.Research.Tests.Splits;

/// <summary>Invariants: blocks are in the order of time and disjoint; no label of a block reaches into the next; no window of a later block
/// shares a candle with an earlier block's rows or labels; test rows reach the end.</summary>
public sealed class ChronologicalSplitTests
{
    [Fact]
    public void No_label_or_window_crosses_between_blocks()
    {
        var cases = from horizon in Gen.Choose(1, 40)
                    from window in Gen.Choose(1, 300)
                    from seed in Gen.Choose(1, int.MaxValue)
                    select (horizon, window, seed);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            // Candle numbers with gaps, as missing candles leave them.
            var rng = new Learning.Rng((ulong)c.seed);
            var candles = new int[5_000];
            var next = 0;
            for (var i = 0; i < candles.Length; i++)
            {
                next += rng.NextInt(50) == 0 ? 1 + rng.NextInt(30) : 1;
                candles[i] = next;
            }

            var split = ChronologicalSplit.Of(candles, 0.55, 0.15, c.horizon, c.window);
            AssertApart(candles, split.Train, split.Validation, c.horizon, c.window);
            AssertApart(candles, split.Validation, split.Test, c.horizon, c.window);
            Assert.Equal(candles.Length, split.Test.End);

            // No row is lost beyond the gap of label reach and window.
            Assert.Equal(LastBefore(candles, split.Validation.Start, c.horizon + c.window), split.Train.End - 1);
            Assert.Equal(LastBefore(candles, split.Test.Start, c.horizon + c.window), split.Validation.End - 1);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Without_gaps_the_shares_are_kept_but_for_the_purge()
    {
        var split = ChronologicalSplit.Of([.. Enumerable.Range(128, 20_000)], 0.55, 0.15, 1, 128);

        Assert.Equal(new RowRange(0, 11_000 - 128 - 1), split.Train);
        Assert.Equal(new RowRange(11_000, 14_000 - 128 - 1), split.Validation);
        Assert.Equal(new RowRange(14_000, 20_000), split.Test);
    }

    [Fact]
    public void Too_few_rows_are_refused_with_the_numbers()
    {
        var refusal = Assert.Throws<ResearchRefusedException>(() => ChronologicalSplit.Of([.. Enumerable.Range(0, 200)], 0.55, 0.15, 1, 256));
        Assert.Contains("200 rows", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("more candles", refusal.Message, StringComparison.Ordinal);
    }

    private static int LastBefore(int[] candles, int next, int gap) => Array.FindLastIndex(candles, next - 1, candle => candle + gap < candles[next]);

    private static void AssertApart(int[] candles, RowRange earlier, RowRange later, int horizon, int window)
    {
        var lastSeenByLabel = candles[earlier.End - 1] + horizon + 1;
        var firstOfWindow = candles[later.Start] - window + 1;
        Assert.True(lastSeenByLabel <= candles[later.Start], $"label reaches candle {lastSeenByLabel}, next block starts at {candles[later.Start]}");
        Assert.True(
            candles[earlier.End - 1] + horizon < firstOfWindow, $"label at {candles[earlier.End - 1] + horizon}, first window candle {firstOfWindow}");
    }
}

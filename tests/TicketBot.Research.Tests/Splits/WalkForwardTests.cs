using TicketBot.Learning;
using TicketBot.Research.Splits;

namespace TicketBot.Research.Tests.Splits;

/// <summary>Invariants over random rows with gaps and labels of different reach: a training row lies before its test block and shares no candle with
/// it, not even within the embargo; every other row of the training run is used; the test blocks follow each other and reach the end; the
/// same rows give the same folds.</summary>
public sealed class WalkForwardTests
{
    private const int Cases = 2_000;

    [Fact]
    public void No_training_row_knows_of_its_test_block_and_no_other_row_is_lost()
    {
        var rng = new Rng(1);
        var (made, refused) = (0, 0);
        for (var i = 0; i < Cases; i++)
        {
            var spans = RandomSpans.Of(rng, 20 + rng.NextInt(150));
            var folds = 1 + rng.NextInt(6);
            int? most = rng.NextInt(2) == 0 ? null : 10 + rng.NextInt(100);
            var embargo = rng.NextInt(3) == 0 ? rng.NextInt(15) : 0;
            try
            {
                var found = WalkForward.Of(spans, folds, 0.5, most, embargo);
                Assert.Equal(folds, found.Count);
                var next = spans.Count / 2;
                foreach (var fold in found)
                {
                    var test = Assert.Single(fold.Test);
                    Assert.Equal(next, test.Start);
                    next = test.End;
                    RandomSpans.AssertPurged(spans, fold, new RowRange(most is { } rows ? Math.Max(0, test.Start - rows) : 0, test.Start), embargo);
                }

                Assert.Equal(spans.Count, next);
                Assert.Equal(found.SelectMany(f => f.Train), WalkForward.Of(spans, folds, 0.5, most, embargo).SelectMany(f => f.Train));
                made++;
            }
            catch (ResearchRefusedException)
            {
                refused++;
            }
        }

        Assert.True(made > refused, $"{made} cases had folds and {refused} too few rows");
    }

    [Fact]
    public void Expanding_folds_train_on_all_that_is_past_and_sliding_ones_on_the_newest()
    {
        var spans = RowSpans.Of([.. Enumerable.Range(100, 1_000)], window: 1, reach: 1);
        var expanding = WalkForward.Of(spans, folds: 4, firstTrainShare: 0.6);
        var sliding = WalkForward.Of(spans, folds: 4, firstTrainShare: 0.6, trainRows: 300, embargo: 5);

        // One candle of reach and the test's own window of one: the last row before the block is purged.
        Assert.Equal([599, 699, 799, 899], expanding.Select(f => f.Train.Count));
        Assert.Equal([new RowRange(600, 700), new RowRange(700, 800), new RowRange(800, 900), new RowRange(900, 1_000)], expanding.Select(f => f.Test[0]));
        Assert.Equal([(300, 593), (400, 693), (500, 793), (600, 893)], sliding.Select(f => (f.Train[0], f.Train[^1])));
    }

    [Fact]
    public void Too_few_rows_are_refused_with_the_numbers()
    {
        var spans = RowSpans.Of([.. Enumerable.Range(0, 40)], window: 30, reach: 2);
        var refusal = Assert.Throws<ResearchRefusedException>(() => WalkForward.Of(spans, 2, 0.5));
        Assert.Contains("40 rows leave 10 test and 0 training rows in fold 1 of 2", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("give more rows", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Spans_that_do_not_ascend_are_refused() =>
        Assert.Contains(
            "row 1 reads candles",
            Assert.Throws<ArgumentException>(() => RowSpans.Of([Research.Labels.LabelSpan.After(9, 1), Research.Labels.LabelSpan.After(5, 1)], 3)).Message,
            StringComparison.Ordinal);
}

using TicketBot.Market.Tables;

namespace TicketBot.Market.Tests.Tables;

public sealed class LabelledTableTests
{
    [Fact]
    public void Without_a_split_column_blocks_follow_file_order()
    {
        var table = Table(10, 2);
        Assert.Equal([0, 1, 2, 3, 4, 5], table.RowsOf(TableBlock.Train));
        Assert.Equal([6, 7], table.RowsOf(TableBlock.Validation));
        Assert.Equal([8, 9], table.RowsOf(TableBlock.Test));
    }

    [Fact]
    public void With_a_window_so_many_rows_are_left_out_before_each_later_block()
    {
        var table = Table(50, 6, window: 3);
        Assert.Equal(Enumerable.Range(0, 27), table.RowsOf(TableBlock.Train));
        Assert.Equal(Enumerable.Range(30, 7), table.RowsOf(TableBlock.Validation));
        Assert.Equal(Enumerable.Range(40, 10), table.RowsOf(TableBlock.Test));
    }

    [Fact]
    public void Blocks_of_the_table_itself_are_taken_as_they_are()
    {
        var table = new LabelledTable(["a"], [1, 2, 3, 4], [0, 1, 0, 1], [TableBlock.Test, TableBlock.Train, TableBlock.Validation, TableBlock.Train]);
        Assert.Equal([1, 3], table.RowsOf(TableBlock.Train));
        Assert.Equal([2], table.RowsOf(TableBlock.Validation));
        Assert.Equal([0], table.RowsOf(TableBlock.Test));
    }

    [Fact]
    public void Features_of_a_window_are_named_by_its_newest_step()
    {
        var table = new LabelledTable(["a_1", "b_1", "a_0", "b_0"], new float[8], [0, 1], window: 2);
        Assert.Equal(["a_0", "b_0"], table.FeatureNames);
        Assert.Equal(2, table.Features);
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        Assert.Contains("multiple of the window", Refusal(() => new LabelledTable(["a", "b", "c"], new float[6], [0, 1], window: 2)), StringComparison.Ordinal);
        Assert.Contains("2 rows", Refusal(() => new LabelledTable(["a"], new float[3], [0, 1])), StringComparison.Ordinal);
        Assert.Contains("without a gap", Refusal(() => new LabelledTable(["a"], new float[2], [0, 2])), StringComparison.Ordinal);
        Assert.Contains("without a gap", Refusal(() => new LabelledTable(["a"], new float[2], [0, 0])), StringComparison.Ordinal);
        Assert.Contains("from 0", Refusal(() => new LabelledTable(["a"], new float[2], [0, -1])), StringComparison.Ordinal);
        Assert.Contains("row 1, column b was NaN", Refusal(() => new LabelledTable(["a", "b"], [1, 2, 3, float.NaN], [0, 1])), StringComparison.Ordinal);
        Assert.Contains("a block for each", Refusal(() => new LabelledTable(["a"], new float[2], [0, 1], [TableBlock.Test])), StringComparison.Ordinal);
    }

    private static string Refusal(Func<LabelledTable> make) => Assert.ThrowsAny<ArgumentException>(make).Message;

    private static LabelledTable Table(int rows, int columns, int window = 1) => new(
        [.. Enumerable.Range(0, columns).Select(i => $"c{i}")], new float[rows * columns], [.. Enumerable.Range(0, rows).Select(i => i % 2)], window: window);
}

using System.IO.Compression;
using TicketBot.Market.Tables;
using TicketBot.Storage.Tables;

namespace TicketBot.Storage.Tests.Tables;

public sealed class LabelledTableFileTests
{
    private const string Good = "a,y,b\n1,0,2\n3,1,4\n5,0,6\n7,1,8\n9,0,10\n";

    [Fact]
    public void Reads_features_in_the_order_of_the_header_and_the_class_from_its_column()
    {
        var table = Read(Good);
        Assert.Equal(["a", "b"], table.Columns);
        Assert.Equal([1f, 2, 3, 4, 5, 6, 7, 8, 9, 10], table.Values.ToArray());
        Assert.Equal([0, 1, 0, 1, 0], table.Labels.ToArray());
        Assert.False(table.HasBlocks);
    }

    [Fact]
    public void Reads_gzip_byte_order_mark_quotes_windows_line_ends_and_a_blank_last_line()
    {
        using var folder = new TemporaryFolder();
        using (var packed = new GZipStream(File.Create(folder["t.csv.gz"]), CompressionLevel.Fastest))
        {
            packed.Write("\uFEFFa,y,\"b, in %\"\r\n1,0.0,2e0\r\n3,1,-.5\r\n5,0,6\r\n7,1,8\r\n9,0,10\r\n\r\n"u8);
        }

        var table = LabelledTableFile.Read(folder["t.csv.gz"], "y");
        Assert.Equal(["a", "b, in %"], table.Columns);
        Assert.Equal([1f, 2, 3, -0.5f], table.Values[..4].ToArray());
    }

    [Fact]
    public void The_split_column_says_what_each_row_serves()
    {
        var table = Read("y,a,s\n0,1,test\n1,2,train\n0,3,validation\n1,4,train\n", split: "s");
        Assert.Equal([1, 3], table.RowsOf(TableBlock.Train));
        Assert.Equal([2], table.RowsOf(TableBlock.Validation));
        Assert.Equal([0], table.RowsOf(TableBlock.Test));
    }

    [Fact]
    public void With_classes_known_from_another_table_labels_classes_and_validation_rows_may_be_missing()
    {
        using var folder = new TemporaryFolder();
        LabelledTable Known(string text, string? split = null)
        {
            File.WriteAllText(folder["t.csv"], text);
            return LabelledTableFile.Read(folder["t.csv"], "y", split, 1, 3);
        }

        var table = Known("a,y\n1,2\n3,\n5, \n7,2\n9,2\n");
        Assert.Equal([2, -1, -1, 2, 2], table.Labels.ToArray());
        Assert.Equal(3, table.Classes);
        Assert.Equal([-1, -1, -1, -1, -1], Known("a,b\n1,0\n3,1\n5,0\n7,1\n9,0\n").Labels.ToArray());
        Assert.Equal(["a", "b"], Known("a,b\n1,0\n3,1\n5,0\n7,1\n9,0\n").Columns);
        Assert.Equal(5, Known("a,y\n1,4\n3,0\n5,4\n7,4\n9,0\n").Classes);
        Assert.Empty(Known("a,y,s\n1,0,train\n3,1,test\n", "s").RowsOf(TableBlock.Validation));
        Assert.Contains("expected a class", Assert.Throws<TableFileException>(() => Known("a,y\n1,red\n")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_written_and_read_has_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        var written = new LabelledTable(
            ["a", "b"], [0.1f, -3.4e38f, 1e-45f, 7, -0f, 1f / 3], [1, 0, 1], [TableBlock.Test, TableBlock.Train, TableBlock.Validation]);
        LabelledTableFile.Write(folder["t.csv"], written);
        var read = LabelledTableFile.Read(folder["t.csv"], "label", "split");
        Assert.Equal(written.Columns, read.Columns);
        Assert.Equal(written.Values.ToArray().Select(BitConverter.SingleToUInt32Bits), read.Values.ToArray().Select(BitConverter.SingleToUInt32Bits));
        Assert.Equal(written.Labels.ToArray(), read.Labels.ToArray());
        Assert.All(Enum.GetValues<TableBlock>(), block => Assert.Equal(written.RowsOf(block), read.RowsOf(block)));
    }

    [Theory]
    [InlineData("a,y\n1,0\nred,1\n", "line 3, column a: expected a number, found 'red'")]
    [InlineData("a,y\n1,0\n,1\n", "line 3, column a: expected a number, found ''")]
    [InlineData("a,y\n1,0\nNaN,1\n", "line 3, column a: expected a finite number, found 'NaN'")]
    [InlineData("a,y\n1,0\n1e39,1\n", "line 3, column a: expected a finite number, found '1e39'")]
    [InlineData("a,y\n1,0\n-Infinity,1\n", "line 3, column a: expected a finite number, found '-Infinity'")]
    [InlineData("a,y\n1,0\n1,-1\n", "line 3, column y: expected a class from 0, found '-1'")]
    [InlineData("a,y\n1,0\n1,0.5\n", "line 3, column y: expected a class, a whole number from 0, found '0.5'")]
    [InlineData("a,y\n1,0\n1,up\n", "line 3, column y: expected a class, a whole number from 0, found 'up'")]
    [InlineData("a,y\n1,0\n1,1\n1,3\n", "line 4, column y: the classes leave a gap: no row has class 2, found '3'")]
    [InlineData("a,y\n1,1\n1,2\n", "line 2, column y: the classes leave a gap: no row has class 0, found '1'")]
    [InlineData("a,y\n1,0\n2,0\n", "column y: expected at least two classes")]
    [InlineData("a,y\n1,0\n1,1,1\n", "line 3: expected 2 columns as in the header, this line has 3")]
    [InlineData("a,y\n1,0\n1\n", "line 3: expected 2 columns as in the header, this line has 1")]
    [InlineData("a,y\n1,0\n\n1,1\n", "line 3: the line is blank")]
    [InlineData("a,a,y\n1,1,0\n", "line 1: every column needs a name of its own, found 'a'")]
    [InlineData("y\n0\n1\n", "line 1: expected at least one feature column")]
    [InlineData("a,z\n1,0\n", "line 1: --label names no column of the header, found 'y'; the columns are a, z")]
    [InlineData("a,y\n", "the file has a header but no rows")]
    [InlineData("", "the file is empty")]
    [InlineData("a,y\n1,0\n1,1\n", "no row of 2 serves as validation")]
    public void A_fault_is_named_with_its_place_the_value_and_a_remedy(string text, string expected)
    {
        var message = Assert.Throws<TableFileException>(() => Read(text)).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains("; ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_of_split_and_window_are_named()
    {
        Assert.Contains("line 2, column s: expected train, validation or test, found 'training'", Fault(() => Read("a,y,s\n1,0,training\n", split: "s")), StringComparison.Ordinal);
        Assert.Contains("no row of 2 serves as test; mark rows with 'test' in column s", Fault(() => Read("a,y,s\n1,0,train\n2,1,validation\n", split: "s")), StringComparison.Ordinal);
        Assert.Contains("--split names no column", Fault(() => Read(Good, split: "s")), StringComparison.Ordinal);
        Assert.Contains("both the class and the split", Fault(() => Read(Good, split: "y")), StringComparison.Ordinal);
        Assert.Contains("2 feature columns are no whole number of features for each of 3 steps", Fault(() => Read(Good, window: 3)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_or_damaged_file_is_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("does not exist", Fault(() => LabelledTableFile.Read(folder["none.csv"], "y")), StringComparison.Ordinal);
        using (var packed = new GZipStream(File.Create(folder["t.csv.gz"]), CompressionLevel.Fastest))
        {
            packed.Write(System.Text.Encoding.UTF8.GetBytes("a,y\n" + string.Concat(Enumerable.Range(0, 2_000).Select(i => $"{i},{i % 2}\n"))));
        }

        var whole = File.ReadAllBytes(folder["t.csv.gz"]);
        File.WriteAllBytes(folder["cut.csv.gz"], whole[..(whole.Length / 2)]);
        Assert.Contains("cut.csv.gz", Fault(() => LabelledTableFile.Read(folder["cut.csv.gz"], "y")), StringComparison.Ordinal);
    }

    private static string Fault(Action read) => Assert.Throws<TableFileException>(read).Message;

    private static LabelledTable Read(string text, string? split = null, int window = 1)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["t.csv"], text);
        return LabelledTableFile.Read(folder["t.csv"], "y", split, window);
    }
}

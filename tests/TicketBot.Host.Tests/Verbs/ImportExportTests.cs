using TicketBot.Domain;
using TicketBot.Storage;

namespace TicketBot.Host.Tests.Verbs;

public sealed class ImportExportTests
{
    [Fact]
    public async Task What_is_imported_is_exported_bit_for_bit()
    {
        using var folder = new VerbFolder();
        var source = folder.Candles(50);
        var (code, document) = await folder.JsonAsync("import", "--data", source);
        Assert.Equal(0, code);
        Assert.Equal(50, document.GetProperty("newOrChanged").GetInt32());
        Assert.Equal(0, (await folder.JsonAsync("import", "--data", source)).Document.GetProperty("newOrChanged").GetInt32());

        var target = folder["copy.csv"];
        Assert.Equal(0, (await folder.RunAsync("export", "--data", target, "--symbol", "BTCUSDT", "--interval", "15m")).Code);
        Assert.Equal(await File.ReadAllTextAsync(source), await File.ReadAllTextAsync(target));
    }

    [Fact]
    public async Task A_bad_line_is_named_with_column_value_and_remedy_and_nothing_is_stored()
    {
        using var folder = new VerbFolder();
        var path = folder.Candles(20);
        var lines = await File.ReadAllLinesAsync(path);
        var cells = lines[7].Split(',');
        cells[2] = "high?";
        lines[7] = string.Join(',', cells);
        await File.WriteAllLinesAsync(path, lines);

        var (code, output, error) = await folder.RunAsync("import", "--data", path);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains($"{path}, line 8, column high", error, StringComparison.Ordinal);
        Assert.Contains("'high?'", error, StringComparison.Ordinal);
        using var store = SqliteCandleStore.Open(folder.Data.MarketDatabase);
        Assert.Empty(await store.ReadAsync(new Symbol("BTCUSDT"), Interval.FifteenMinutes, null, null, CancellationToken.None));
    }

    [Theory]
    [InlineData("import", "--data", "nowhere_BTCUSDT_15m.csv")]
    [InlineData("import", "--data", "unnamed.csv")]
    [InlineData("import", "--data", "x.csv", "--symbol", "BTCUSDT")]
    [InlineData("export", "--data", "x.csv", "--symbol", "ETHUSDT", "--interval", "15m")]
    [InlineData("export", "--data", "x.csv", "--symbol", "ETHUSDT", "--interval", "7m")]
    public async Task Wrong_usage_ends_with_two_and_a_reason(params string[] words)
    {
        using var folder = new VerbFolder();
        var (code, output, error) = await folder.RunAsync(words);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.NotEmpty(error);
    }
}

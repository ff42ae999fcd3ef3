using System.Text.Json;

namespace TicketBot.Host.Tests.Verbs;

/// <summary>What <c>backtest</c> says of the evidence: the page of <c>--report</c>, the new names of <c>--json</c>, and the words it prints.</summary>
public sealed class BacktestReportTests
{
    private static readonly string[] Headings =
        ["Figures beside targets", "Equity and drawdown", "Months", "By regime, ticket, side and contract", "The same trades in other orders", "Costs", "Trades", "What was played"];

    [Fact]
    public async Task The_page_has_every_section_loads_nothing_and_agrees_with_the_document()
    {
        using var folder = await BacktestVerbTests.TradingFolderAsync();
        var (code, document) = await folder.JsonAsync("backtest", "--data", folder["test_BTCUSDT_15m.csv"], "--report", folder["page.html"]);
        Assert.Equal(0, code);
        var page = await File.ReadAllTextAsync(folder["page.html"]);
        Assert.All(Headings, heading => Assert.Contains($"<h2>{heading}</h2>", page, StringComparison.Ordinal));
        Assert.Contains("<h2>Diagnoses", page, StringComparison.Ordinal);
        Assert.Equal(2, page.Split("<svg ").Length - 1);
        Assert.All(["http", "src=", "@import", "url(", "<script", "NaN", "Infinity", "∞"], outside => Assert.DoesNotContain(outside, page, StringComparison.Ordinal));
        Assert.Contains(document.GetProperty("verdict").GetProperty("headline").GetString()!, page, StringComparison.Ordinal);
        Assert.Contains(document.GetProperty("settingsSha256").GetString()!, page, StringComparison.Ordinal);
        Assert.Contains(document.GetProperty("files")[0].GetProperty("sha256").GetString()!, page, StringComparison.Ordinal);
        Assert.Contains($"all {document.GetProperty("trades").GetInt32()}", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_document_keeps_its_names_and_adds_evidence_that_adds_up()
    {
        using var folder = await BacktestVerbTests.TradingFolderAsync();
        var (_, document) = await folder.JsonAsync("backtest", "--data", folder["test_BTCUSDT_15m.csv"]);
        var trades = document.GetProperty("trades").GetInt32();
        Assert.Equal(trades, document.GetProperty("tradeList").GetArrayLength());
        foreach (var groups in (string[])["byRegime", "byTicket", "bySide", "bySymbol"])
        {
            Assert.Equal(trades, document.GetProperty(groups).EnumerateArray().Sum(g => g.GetProperty("trades").GetInt32()));
            Assert.Equal(
                document.GetProperty("tradeList").EnumerateArray().Sum(t => t.GetProperty("net").GetDecimal()), document.GetProperty(groups).EnumerateArray().Sum(g => g.GetProperty("net").GetDecimal()));
        }

        Assert.DoesNotContain(document.GetProperty("byRegime").EnumerateArray(), g => g.GetProperty("name").GetString()!.Length == 0);
        Assert.Equal(document.GetProperty("winRate").GetDouble(), document.GetProperty("metrics").GetProperty("winRate").GetDouble());
        Assert.Equal(document.GetProperty("maxDrawdown").GetDouble(), document.GetProperty("metrics").GetProperty("drawdown").GetProperty("depth").GetDouble(), 1e-12);
        Assert.Equal(["sharpe", "sortino", "maxDrawdown", "winRate", "profitFactor", "calmar", "accuracy"], document.GetProperty("targets").EnumerateArray().Select(t => t.GetProperty("name").GetString()));
        Assert.True(document.GetProperty("diagnoses").GetArrayLength() >= 10);
        Assert.Equal(document.GetProperty("finalEquity").GetDecimal() - document.GetProperty("initialBalance").GetDecimal(), document.GetProperty("months").EnumerateArray().Sum(m => m.GetProperty("profit").GetDecimal()));
    }

    [Fact]
    public async Task Targets_change_what_is_shown_beside_them_and_nothing_else()
    {
        using var folder = await BacktestVerbTests.TradingFolderAsync();
        var (_, plain) = await folder.JsonAsync("backtest", "--data", folder["test_BTCUSDT_15m.csv"]);
        var (_, other) = await folder.JsonAsync("backtest", "--data", folder["test_BTCUSDT_15m.csv"], "--set", "Research:Targets:WinRate=0.99");
        Assert.Equal(plain.GetProperty("settingsSha256").GetString(), other.GetProperty("settingsSha256").GetString());
        Assert.Equal(plain.GetProperty("tradesSha256").GetString(), other.GetProperty("tradesSha256").GetString());
        Assert.Equal(0.99, Target(other, "winRate").GetProperty("target").GetDouble());
        Assert.Equal("notMet", Target(other, "winRate").GetProperty("verdict").GetString());
        Assert.Equal(Target(plain, "winRate").GetProperty("low").GetDouble(), Target(other, "winRate").GetProperty("low").GetDouble());
    }

    [Fact]
    public async Task A_target_out_of_its_range_is_refused()
    {
        using var folder = await BacktestVerbTests.TradingFolderAsync();
        var (code, _, error) = await folder.RunAsync("backtest", "--data", folder["test_BTCUSDT_15m.csv"], "--set", "Research:Targets:WinRate=1.5");
        Assert.Equal(2, code);
        Assert.Contains("WinRate", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Candles_without_a_ticket_give_an_honest_page()
    {
        using var folder = await BacktestVerbTests.TradingFolderAsync();
        var other = folder.Candles(700, 2, "ETHUSDT");
        var (code, document) = await folder.JsonAsync("backtest", "--data", other, "--report", folder["page.html"]);
        Assert.Equal(0, code);
        var page = await File.ReadAllTextAsync(folder["page.html"]);
        Assert.Contains("Backtest: Nothing was traded", page, StringComparison.Ordinal);
        Assert.All(["NaN", "Infinity", "∞"], outside => Assert.DoesNotContain(outside, page, StringComparison.Ordinal));
        Assert.Equal(JsonValueKind.Null, document.GetProperty("metrics").GetProperty("sharpe").ValueKind);
        Assert.All(document.GetProperty("targets").EnumerateArray(), t =>
        {
            Assert.Equal("notDecided", t.GetProperty("verdict").GetString());
            Assert.Equal(JsonValueKind.Null, t.GetProperty("low").ValueKind);
        });
    }

    [Fact]
    public async Task The_printed_words_end_with_the_verdict()
    {
        using var folder = await BacktestVerbTests.TradingFolderAsync();
        var (code, output, _) = await folder.RunAsync("backtest", "--data", folder["test_BTCUSDT_15m.csv"]);
        Assert.Equal(0, code);
        Assert.Contains("tradesSha256", output, StringComparison.Ordinal);
        Assert.Contains("win rate", output, StringComparison.Ordinal);
        Assert.Contains("Targets: ", output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    private static JsonElement Target(JsonElement document, string name) => document.GetProperty("targets").EnumerateArray().Single(t => t.GetProperty("name").GetString() == name);
}

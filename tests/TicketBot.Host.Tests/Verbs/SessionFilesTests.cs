using TicketBot.Domain;
using TicketBot.Storage.Csv;
using TicketBot.Testing;

namespace TicketBot.Host.Tests.Verbs;

// Files of markets that close: the venue in the name says when.
public sealed class SessionFilesTests
{
    private const int Days = 4_900; // Seven hundred weeks.

    [Fact]
    public async Task A_market_that_closes_at_night_is_judged_when_its_files_name_says_so()
    {
        using var folder = new VerbFolder();
        var (code, document) = await folder.JsonAsync("evaluate", "--data", Daily(folder, "us-equity"), "--set", "Research:Epochs=10");
        Assert.Equal((1, "notEligible"), (code, document.GetProperty("verdict").GetString()));
        Assert.All(document.GetProperty("baselines").EnumerateArray().Where(b => b.GetProperty("name").GetString() is "reversal" or "majority"), b => Assert.True(b.GetProperty("n").GetInt32() > 400));
    }

    [Fact]
    public async Task Without_it_the_refusal_names_the_count_and_the_remedy()
    {
        using var folder = new VerbFolder();
        var (code, output, error) = await folder.RunAsync("evaluate", "--data", Daily(folder, "test"));
        Assert.Equal((2, ""), (code, output));
        Assert.Contains($"none of {Days * 5 / 7} candles of SPY 1d has a row", error, StringComparison.Ordinal);
        Assert.Contains("VENUE-equity_SYMBOL_INTERVAL", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Features_and_their_checks_know_the_hours()
    {
        using var folder = new VerbFolder();
        var file = Daily(folder, "us-equity");
        Assert.Equal(0, (await folder.RunAsync("features", "--data", file, "--output", folder["features.csv"])).Code);
        var rows = await File.ReadAllLinesAsync(folder["features.csv"]);
        Assert.Equal(127, rows.Skip(1).TakeWhile(row => row.Split(',')[1].Length == 0).Count());
        Assert.All(rows.Skip(128), row => Assert.NotEqual("", row.Split(',')[1]));
        Assert.Equal(0, (await folder.RunAsync("check", "lookahead", "--data", file)).Code);
        Assert.Equal(0, (await folder.RunAsync("check", "warmup", "--data", file)).Code);
    }

    [DataFact("us-equity_SPY_1h.csv.gz", "us-equity_SPY_1d.csv.gz", "us-equity_QQQ_1d.csv.gz", "fx-oanda_EURUSD_1h.csv.gz", "bybit_BTCUSDT_1h.csv.gz")]
    public void Recorded_files_of_markets_that_close_have_rows_for_nearly_every_candle()
    {
        Assert.InRange(ShareWithWindow("us-equity_SPY_1h.csv.gz"), 0.9, 1);
        Assert.InRange(ShareWithWindow("us-equity_SPY_1d.csv.gz"), 0.9, 1);
        Assert.InRange(ShareWithWindow("us-equity_QQQ_1d.csv.gz"), 0.9, 1);
        Assert.InRange(ShareWithWindow("fx-oanda_EURUSD_1h.csv.gz"), 0.85, 1);
        Assert.InRange(ShareWithWindow("bybit_BTCUSDT_1h.csv.gz"), 0.99, 1);
    }

    private static double ShareWithWindow(string name)
    {
        var series = CandleCsv.Read(RecordedData.PathOf(name)).ToSeries();
        return (double)Enumerable.Range(0, series.Count).Count(i => series.IsContiguous(i, 128)) / series.Count;
    }

    private static string Daily(VerbFolder folder, string venue)
    {
        var path = folder[$"{venue}_SPY_1d.csv"];
        var start = Instant.From(new DateTimeOffset(2012, 1, 2, 0, 0, 0, TimeSpan.Zero)); // A Monday.
        var days = RandomCandles.Walk(Days, 9, Interval.OneDay, start).Where(c => c.OpenTime.ToDateTimeOffset().DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday));
        CandleCsv.Write(path, [.. days]);
        return path;
    }
}

using TicketBot.Domain;
using TicketBot.Host.Running;
using TicketBot.Research.Backtests;
using TicketBot.Storage;
using TicketBot.Testing;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Tests.Verbs;

public sealed class ReplayVerbTests
{
    [Fact]
    public async Task A_journal_is_decided_again_and_is_equal()
    {
        using var folder = await BacktestVerbTests.TradingFolderAsync();
        var trades = await JournalAsync(folder);
        var (code, document) = await folder.JsonAsync("replay", "--journal", folder.Data.Path);
        Assert.Equal("equal", document.GetProperty("verdict").GetString());
        Assert.Equal(0, code);
        Assert.True(document.GetProperty("outputs").GetInt32() > 200);
        Assert.Equal(trades, document.GetProperty("tradesSha256").GetString());
        Assert.Equal(0, (await folder.RunAsync("replay", "--journal", folder["data"])).Code);
    }

    [Fact]
    public async Task Another_configuration_decides_otherwise_and_the_first_differences_are_shown()
    {
        using var folder = await BacktestVerbTests.TradingFolderAsync();
        await JournalAsync(folder);
        await File.WriteAllTextAsync(
            folder.Data.EffectiveConfiguration, """{ "Trading:Symbols:0": "BTCUSDT", "Trading:Interval": "15m", "Trading:ConfidenceThreshold": "0.95" }""");
        var (code, document) = await folder.JsonAsync("replay", "--journal", folder.Data.Path);
        Assert.Equal(1, code);
        Assert.Equal("different", document.GetProperty("verdict").GetString());
        var first = document.GetProperty("differences")[0];
        Assert.True(first.GetProperty("sequence").GetInt64() > 0);
        Assert.NotEqual(first.GetProperty("journalled").GetString(), first.GetProperty("replayed").GetString());
    }

    [Fact]
    public async Task A_folder_without_a_whole_run_is_refused()
    {
        using var folder = new VerbFolder();
        Assert.Equal(2, (await folder.RunAsync("replay", "--journal", folder["nowhere"])).Code);
        await using (SqliteJournal.Open(folder.Data.JournalDatabase))
        {
        }

        var (code, _, error) = await folder.RunAsync("replay", "--journal", folder.Data.Path);
        Assert.Equal(2, code);
        Assert.Contains("market.db", error, StringComparison.Ordinal);
    }

    // A run of the trading core whose journal, candles and tickets lie in the data folder.
    internal static async Task<string> JournalAsync(VerbFolder folder)
    {
        var series = new SeriesKey(TestTickets.Symbol, Interval.FifteenMinutes);
        var candles = RandomCandles.Walk(700, 1);
        using var store = SqliteCandleStore.Open(folder.Data.MarketDatabase);
        await store.WriteAsync(series.Symbol, series.Interval, candles, CancellationToken.None);
        using var registry = SqliteTicketRegistry.Open(folder.Data.ResearchDatabase);
        await using var journal = SqliteJournal.Open(folder.Data.JournalDatabase);
        var options = new TradingOptions { Symbols = ["BTCUSDT"] };
        var result = await BacktestRunner.RunAsync(
            new BacktestRequest
            {
                Candles = new Dictionary<SeriesKey, IReadOnlyList<Candle>> { [series] = candles },
                LiveFrom = candles[399].OpenTime,
                Tickets = [(await registry.ActiveSetAsync(series.Symbol, series.Interval, CancellationToken.None))!],
                Trading = options,
            },
            journal, null, CancellationToken.None);
        await File.WriteAllTextAsync(folder.Data.EffectiveConfiguration, """{ "Trading:Symbols:0": "BTCUSDT", "Trading:Interval": "15m" }""");
        Assert.True(result.Trades.Count > 10);
        return FillsHash.Of(result.Executions);
    }
}

using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Testing;

namespace TicketBot.Host.Tests.Verbs;

public sealed class BacktestVerbTests
{
    private const int Candles = 700;
    private static readonly Instant Never = Instant.From(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Live_tickets_of_a_data_folder_trade_and_both_accounts_agree()
    {
        using var folder = await TradingFolderAsync();
        var result = await BacktestAsync(folder, "--tickets", folder.Data.Path);
        Assert.True(result.GetProperty("trades").GetInt32() > 10);
        Assert.True(result.GetProperty("fills").GetInt32() >= 2 * result.GetProperty("trades").GetInt32());
        Assert.True(result.GetProperty("fees").GetDecimal() > 0);
        Assert.Equal(Candles, result.GetProperty("candles").GetInt32());
        Assert.Equal(Candles, result.GetProperty("decisions").GetInt32());
        Assert.Equal(result.GetProperty("venueWallet").GetDecimal(), result.GetProperty("wallet").GetDecimal());
        Assert.Equal(3, result.GetProperty("tickets").GetArrayLength());
        Assert.InRange(result.GetProperty("winRate").GetDouble(), 0, 1);
    }

    [Fact]
    public async Task Every_way_to_name_the_same_tickets_gives_the_same_trades()
    {
        using var folder = await TradingFolderAsync();
        var last = await BacktestAsync(folder);
        foreach (var way in new[] { folder["data"], Path.Combine(folder["data"], "simulator"), folder.Data.Path, Path.Combine(folder.Data.Path, "tickets") })
        {
            Assert.Equal(last.ToString(), (await BacktestAsync(folder, "--tickets", way)).ToString());
        }

        Directory.CreateDirectory(folder["exported"]);
        foreach (var id in last.GetProperty("tickets").EnumerateArray().Select(t => t.GetString()!))
        {
            Assert.Equal(0, (await folder.RunAsync("tickets", "export", id, "--output", Path.Combine(folder["exported"], id[..8] + ".safetensors"))).Code);
        }

        var exported = await BacktestAsync(folder, "--tickets", folder["exported"]);
        Assert.Equal(last.GetProperty("tradesSha256").GetString(), exported.GetProperty("tradesSha256").GetString());
        Assert.Equal(3, exported.GetProperty("tickets").GetArrayLength());
    }

    [Fact]
    public async Task Another_latency_seed_or_balance_gives_other_fills()
    {
        using var folder = await TradingFolderAsync();
        var one = (await BacktestAsync(folder)).GetProperty("tradesSha256").GetString();
        Assert.NotEqual(one, (await BacktestAsync(folder, "--seed", "77")).GetProperty("tradesSha256").GetString());
        Assert.NotEqual(one, (await BacktestAsync(folder, "--balance", "5000")).GetProperty("tradesSha256").GetString());
    }

    [Fact]
    public async Task Decisions_have_one_row_per_candle_and_name_what_was_asked()
    {
        using var folder = await TradingFolderAsync();
        var result = await BacktestAsync(folder, "--decisions", folder["decisions.csv"]);
        var rows = (await File.ReadAllLinesAsync(folder["decisions.csv"])).Select(l => l.Split(',')).ToList();
        Assert.Equal(["time", "symbol", "feature_hash", "regime", "ticket", "confidence", "signal", "risk_verdict", "order"], rows[0]);
        Assert.Equal(Candles, rows.Count - 1);
        Assert.All(rows, r => Assert.Equal(9, r.Length));
        var opened = rows.Where(r => r[7] == "approved" && r[6] == "Buy").ToList();
        Assert.True(opened.Count > 10);
        Assert.All(opened, r => Assert.True(r[2].Length > 0 && r[3].Length > 0 && r[4].Length == 64 && r[8].Length > 0));
        Assert.True(opened.Count <= result.GetProperty("orders").GetInt32());
    }

    [Fact]
    public async Task From_and_to_bound_what_is_played()
    {
        using var folder = await TradingFolderAsync();
        var result = await BacktestAsync(folder, "--from", "2025-01-05T00:00:00Z", "--to", "2025-01-06T00:00:00Z");
        Assert.Equal(96, result.GetProperty("candles").GetInt32());
        Assert.Equal("2025-01-06T00:00:00Z", result.GetProperty("to").GetString()![..19] + "Z");
        var (code, _, error) = await folder.RunAsync("backtest", "--data", folder["test_BTCUSDT_15m.csv"], "--from", "2027-01-01");
        Assert.Equal(2, code);
        Assert.Contains("--from", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exported_tickets_without_their_regime_set_are_refused()
    {
        using var folder = await TradingFolderAsync();
        Directory.CreateDirectory(folder["bare"]);
        var tickets = Path.Combine(folder.Data.Path, "tickets");
        File.Copy(Directory.GetFiles(tickets)[0], Path.Combine(folder["bare"], "one.safetensors"));
        var (code, output, error) = await folder.RunAsync("backtest", "--data", folder["test_BTCUSDT_15m.csv"], "--tickets", folder["bare"], "--json");
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains("lacks the regime set", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_tickets_is_refused()
    {
        using var folder = new VerbFolder();
        var (code, _, error) = await folder.RunAsync("backtest", "--data", folder.Candles(50), "--tickets", folder["nowhere"]);
        Assert.Equal(2, code);
        Assert.Contains("nowhere", error, StringComparison.Ordinal);
    }

    internal static async Task<VerbFolder> TradingFolderAsync()
    {
        var folder = new VerbFolder();
        folder.Candles(Candles);
        await folder.StoreAsync(ConstantTickets.Set(0.9, Never));
        return folder;
    }

    private static async Task<JsonElement> BacktestAsync(VerbFolder folder, params string[] more)
    {
        var (code, document) = await folder.JsonAsync(["backtest", "--data", folder["test_BTCUSDT_15m.csv"], .. more]);
        Assert.Equal(0, code);
        return document;
    }
}

using System.Text.Json;
using TicketBot.Host.Jobs;
using TicketBot.Host.Tests.Verbs;

namespace TicketBot.Host.Tests.Jobs;

public sealed class DomainMapWorkTests
{
    [Fact]
    public async Task The_markets_of_the_store_are_compared_both_ways_and_one_with_too_few_candles_is_named()
    {
        using var folder = new VerbFolder();
        await ImportAsync(folder, "BTCUSDT", 1, 3_000);
        Assert.Null(new TransferFiles(folder.Data).Map());
        var (code, alone, _) = await folder.RunAsync("job", "run", "similarity");
        Assert.Equal(0, code);
        Assert.StartsWith("skipped: 1 market of 15m has rows enough, two are needed", alone, StringComparison.Ordinal);
        await ImportAsync(folder, "ETHUSDT", 2, 3_000);
        await ImportAsync(folder, "SOLUSDT", 3, 200);
        (code, var output, var error) = await folder.RunAsync("job", "run", "similarity");
        Assert.Equal(0, code);
        Assert.Contains("2 pairs of 2 markets", output, StringComparison.Ordinal);
        Assert.Contains("left out: SOLUSDT", output, StringComparison.Ordinal);
        Assert.Contains("2/2 ETHUSDT to BTCUSDT", error, StringComparison.Ordinal);
        using var map = JsonDocument.Parse(new TransferFiles(folder.Data).Map()!);
        Assert.Equal(["BTCUSDT", "ETHUSDT"], map.RootElement.GetProperty("symbols").EnumerateArray().Select(s => s.GetString()));
        foreach (var pair in map.RootElement.GetProperty("pairs").EnumerateArray())
        {
            Assert.InRange(pair.GetProperty("similarity").GetDouble(), 0, 1);
            Assert.InRange(pair.GetProperty("aDistance").GetDouble(), pair.GetProperty("aDistanceLow").GetDouble(), pair.GetProperty("aDistanceHigh").GetDouble());
        }
    }

    [Fact]
    public async Task A_new_market_without_a_similar_one_that_has_tickets_stays_flat_and_says_why()
    {
        using var folder = new VerbFolder();
        await ImportAsync(folder, "BTCUSDT", 1, 2_000);
        var (code, output, _) = await folder.RunAsync("job", "run", "reidentify");
        Assert.Equal(1, code);
        Assert.Contains("needs at least", output, StringComparison.Ordinal);
        Assert.Contains("the store has no other market to start from", output, StringComparison.Ordinal);
        await ImportAsync(folder, "ETHUSDT", 2, 3_000);
        (code, output, _) = await folder.RunAsync("job", "run", "reidentify", "--set", "Research:Transfer:MinSimilarity=0");
        Assert.Equal(1, code);
        Assert.Contains("ETHUSDT (similarity ", output, StringComparison.Ordinal);
        Assert.Contains("has no live ticket", output, StringComparison.Ordinal);
        (code, output, _) = await folder.RunAsync("job", "run", "reidentify", "--set", "Research:Transfer:MinSimilarity=1");
        Assert.Equal(1, code);
        Assert.Contains("no other market's tickets serve it either: ETHUSDT", output, StringComparison.Ordinal);
        Assert.Equal("[]", new TransferFiles(folder.Data).Adaptations());
    }

    private static async Task ImportAsync(VerbFolder folder, string symbol, ulong seed, int candles)
    {
        var (code, _, error) = await folder.RunAsync("import", "--data", folder.Candles(candles, seed, symbol));
        Assert.True(code == 0, error);
    }
}

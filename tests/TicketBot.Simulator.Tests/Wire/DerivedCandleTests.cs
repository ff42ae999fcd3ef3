using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Markets;

namespace TicketBot.Simulator.Tests.Wire;

public class DerivedCandleTests
{
    private static readonly Instant Start = new(1_700_006_400_000);

    [Theory]
    [InlineData(0)]
    [InlineData(250)]
    [InlineData(60_000)]
    public async Task Candles_shorter_than_those_of_the_market_add_up_to_them(int tickMs)
    {
        await using var server = await Client.StartAsync(Market(), change: o => o.TickMs = tickMs);
        await using var client = new Client(server);
        await client.StepAsync(server, tickMs == 60_000 ? 18 : 2);
        var whole = (await RowsAsync(client, "15", "&limit=1000")).Skip(1).ToDictionary(r => r[0]);
        var parts = (await RowsAsync(client, "1", "&limit=1000")).AsEnumerable().Reverse().ToList();
        Assert.Equal(parts.Count, parts.Select(p => p[0]).Distinct().Count());
        Assert.All(parts.Zip(parts.Skip(1)), p => Assert.Equal(p.First[0] + 60_000, p.Second[0]));
        var groups = parts.GroupBy(p => p[0] - (p[0] % 900_000)).Where(g => g.Count() == 15 && whole.ContainsKey(g.Key)).ToList();
        Assert.True(groups.Count > 20);
        foreach (var group in groups)
        {
            var expected = whole[group.Key];
            var all = group.ToList();
            Assert.Equal(expected[1..5], (decimal[])[all[0][1], all.Max(p => p[2]), all.Min(p => p[3]), all[^1][4]]);
            Assert.Equal(expected[5], all.Sum(p => p[5]));
        }
    }

    [Fact]
    public async Task Candles_shorter_and_longer_than_those_of_the_market_are_streamed_and_confirmed_once()
    {
        await using var server = await Client.StartAsync(Market(), change: o => o.TickMs = 15_000);
        await using var client = new Client(server);
        var socket = await client.OpenAsync("/v5/public/linear");
        await socket.SendAsync("""{"op":"subscribe","args":["kline.1.BTCUSDT","kline.60.BTCUSDT"]}""");
        Assert.True((await socket.ReadAsync()).GetProperty("success").GetBoolean());
        await client.StepAsync(server, 4 * 75); // An hour and a quarter.
        await socket.SendAsync("""{"op":"ping"}""");
        var (confirmed, open) = (new List<JsonElement>(), 0);
        for (var message = await socket.ReadAsync(); message.TryGetProperty("topic", out _); message = await socket.ReadAsync())
        {
            var candle = message.GetProperty("data")[0];
            if (candle.GetProperty("confirm").GetBoolean())
            {
                confirmed.Add(candle);
            }
            else
            {
                open++;
            }
        }

        Assert.True(open > 100);
        foreach (var (interval, count) in new[] { ("1", 75), ("60", 1) })
        {
            var told = confirmed.Where(c => c.GetProperty("interval").GetString() == interval).ToList();
            var rest = (await RowsAsync(client, interval, $"&start={Start.UnixMilliseconds}&limit=200")).AsEnumerable().Reverse().Take(count).ToList();
            Assert.Equal(rest, told.Select(c => (decimal[])
            [
                c.GetProperty("start").GetInt64(), .. new[] { "open", "high", "low", "close", "volume", "turnover" }.Select(n => Number(c.GetProperty(n))),
            ]));
        }
    }

    [Fact]
    public async Task The_candle_under_way_tells_its_volume_without_the_noise_of_binary_fractions()
    {
        await using var server = await Client.StartAsync(Market(), change: o => o.TickMs = 250);
        await using var client = new Client(server);
        await client.StepAsync(server, 400);
        foreach (var interval in new[] { "1", "15", "60" })
        {
            var row = (await RowsAsync(client, interval, "&limit=1"))[0];
            Assert.True(row[5] > 0 && row[5] == decimal.Round(row[5], 3), $"volume {row[5]} of {interval}");
        }
    }

    private static GeneratedMarket Market() => new(MarketSpec.Default, [new Symbol("BTCUSDT")], Interval.FifteenMinutes, 4, 100, Start);

    private static async Task<List<decimal[]>> RowsAsync(Client client, string interval, string more) =>
        [.. (await client.GetAsync("/v5/market/kline", $"category=linear&symbol=BTCUSDT&interval={interval}{more}")).GetProperty("result").GetProperty("list")
            .EnumerateArray().Select(r => r.EnumerateArray().Select(Number).ToArray())];

    private static decimal Number(JsonElement text) => decimal.Parse(text.GetString()!, CultureInfo.InvariantCulture);
}

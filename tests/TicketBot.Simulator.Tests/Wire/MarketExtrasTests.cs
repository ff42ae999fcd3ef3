using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Markets;

namespace TicketBot.Simulator.Tests.Wire;

public class MarketExtrasTests
{
    private static readonly Instant Start = new(1_700_006_400_000);

    [Fact]
    public async Task Open_interest_is_the_tickers_at_every_full_interval_and_pages_back_to_the_first_candle()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        const string path = "/v5/market/open-interest";
        const string query = "category=linear&symbol=BTCUSDT&intervalTime=4h&limit=7";
        var ticker = (await client.GetAsync("/v5/market/tickers", "category=linear&symbol=BTCUSDT")).GetProperty("result").GetProperty("list")[0];
        var (times, cursor) = (new List<long>(), "");
        do
        {
            var page = (await client.GetAsync(path, query + (cursor.Length == 0 ? "" : $"&cursor={cursor}"))).GetProperty("result");
            Assert.Equal("BTCUSDT", page.GetProperty("symbol").GetString());
            foreach (var row in page.GetProperty("list").EnumerateArray())
            {
                Assert.Equal(ticker.GetProperty("openInterest").GetString(), row.GetProperty("openInterest").GetString());
                times.Add(long.Parse(row.GetProperty("timestamp").GetString()!, CultureInfo.InvariantCulture));
            }

            cursor = page.GetProperty("nextPageCursor").GetString()!;
        }
        while (cursor.Length > 0);
        const long interval = 4 * 3_600_000;
        Assert.Equal(Start.UnixMilliseconds - (Start.UnixMilliseconds % interval), times[0]);
        Assert.True(times.Zip(times.Skip(1)).All(p => p.First - p.Second == interval));
        var first = Market().History(Market().Series[0])[0].OpenTime.UnixMilliseconds;
        Assert.True(times[^1] >= first && times[^1] - interval < first);

        foreach (var bad in new[] { "category=linear&symbol=BTCUSDT", "category=linear&symbol=BTCUSDT&intervalTime=2h", "category=linear&symbol=XRPUSDT&intervalTime=1h", "category=spot&symbol=BTCUSDT&intervalTime=1h", "symbol=BTCUSDT&intervalTime=1h" })
        {
            Assert.Equal(10001, (await client.GetAsync(path, bad)).GetProperty("retCode").GetInt32());
        }
    }

    [Fact]
    public async Task The_premium_index_is_nothing_since_mark_and_index_are_one()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        async Task<List<JsonElement>> RowsAsync(string name) =>
            [.. (await client.GetAsync($"/v5/market/{name}", "category=linear&symbol=BTCUSDT&interval=15&limit=5")).GetProperty("result").GetProperty("list").EnumerateArray()];
        var (mark, index, premium) = (await RowsAsync("mark-price-kline"), await RowsAsync("index-price-kline"), await RowsAsync("premium-index-price-kline"));
        Assert.Equal(mark.Select(r => r.GetRawText()), index.Select(r => r.GetRawText()));
        Assert.Equal(mark.Select(r => r[0].GetString()), premium.Select(r => r[0].GetString()));
        Assert.All(premium, r => Assert.Equal(["0", "0", "0", "0"], r.EnumerateArray().Skip(1).Select(c => c.GetString())));
    }

    [Theory]
    [InlineData("/v5/market/insurance", "coin=USDT", "updatedTime", JsonValueKind.String)]
    [InlineData("/v5/market/adlAlert", "symbol=BTCUSDT", "updatedTime", JsonValueKind.String)]
    [InlineData("/v5/market/account-ratio", "category=linear&symbol=BTCUSDT&period=1h", "nextPageCursor", JsonValueKind.String)]
    [InlineData("/v5/market/index-price-components", "indexName=BTCUSDT", "components", JsonValueKind.Array)]
    [InlineData("/v5/market/fee-group-info", "productType=contract", "list", JsonValueKind.Array)]
    [InlineData("/v5/announcements/index", "locale=en-US", "total", JsonValueKind.Number)]
    [InlineData("/v5/system/status", "", "list", JsonValueKind.Array)]
    public async Task What_other_traders_would_make_is_told_in_the_form_of_the_venue(string path, string query, string field, JsonValueKind kind)
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var answer = await client.GetAsync(path, query);
        Assert.Equal(0, answer.GetProperty("retCode").GetInt32());
        Assert.Equal(kind, answer.GetProperty("result").GetProperty(field).ValueKind);
    }

    [Fact]
    public async Task The_price_limits_stream_tells_what_REST_tells_and_quiet_topics_are_taken()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var socket = await client.OpenAsync("/v5/public/linear");
        await socket.SendAsync("""{"req_id":"1","op":"subscribe","args":["priceLimit.BTCUSDT","insurance.USDT","adlAlert.USDT","allLiquidation.BTCUSDT"]}""");
        Assert.True((await socket.ReadAsync()).GetProperty("success").GetBoolean());
        async Task CompareAsync()
        {
            var frame = await socket.ReadAsync();
            Assert.Equal("priceLimit.BTCUSDT", frame.GetProperty("topic").GetString());
            var read = (await client.GetAsync("/v5/market/price-limit", "category=linear&symbol=BTCUSDT")).GetProperty("result");
            Assert.All(new[] { "symbol", "buyLmt", "sellLmt" }, f => Assert.Equal(read.GetProperty(f).GetString(), frame.GetProperty("data").GetProperty(f).GetString()));
            Assert.Equal(read.GetProperty("ts").GetString(), frame.GetProperty("ts").GetRawText());
        }

        await CompareAsync();
        await client.StepAsync(server);
        await CompareAsync();
        await socket.SendAsync("""{"req_id":"2","op":"subscribe","args":["insurance.DOGE"]}""");
        Assert.False((await socket.ReadAsync()).GetProperty("success").GetBoolean());
    }

    private static GeneratedMarket Market() => new(MarketSpec.Default, [new Symbol("BTCUSDT")], Interval.FifteenMinutes, 1, 2_000, Start);
}

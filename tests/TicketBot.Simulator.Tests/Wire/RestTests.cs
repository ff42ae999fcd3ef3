using TicketBot.Domain;
using TicketBot.Simulator.Markets;

namespace TicketBot.Simulator.Tests.Wire;

public class RestTests
{
    private static readonly Instant Start = new(1_700_006_400_000);

    [Fact]
    public async Task Signatures_are_checked_over_the_raw_request()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        const string path = "/v5/account/wallet-balance";
        const string query = "coin=USDT&accountType=UNIFIED";
        Assert.Equal(0, Code(await client.SignedGetAsync(path, query)));
        Assert.Equal(0, Code(await client.SignedGetAsync(path, query, upper: true)));
        Assert.Equal(10003, Code(await client.SignedGetAsync(path, query, key: "nobody")));
        Assert.Equal(10004, Code(await client.SignedGetAsync(path, query, secret: "wrong")));
        Assert.Equal(10002, Code(await client.SignedGetAsync(path, query, offsetMs: -6_000)));
        Assert.Equal(10002, Code(await client.SignedGetAsync(path, query, offsetMs: 3_000)));
        Assert.Equal(10001, Code(await client.GetAsync(path, query)));
        Assert.Equal(10017, Code(await client.SignedGetAsync("/v5/nothing/here", "")));
    }

    [Fact]
    public async Task Candles_page_newest_first_with_the_open_one_in_front()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var rows = await CandlesAsync(client, "");
        Assert.Equal(200, rows.Count);
        Assert.Equal(Start.UnixMilliseconds, rows[0].Open);
        Assert.True(rows.Zip(rows.Skip(1)).All(p => p.First.Open == p.Second.Open + 900_000));

        var newest = await CandlesAsync(client, "&limit=1000");
        Assert.Equal(1000, newest.Count);
        var older = await CandlesAsync(client, $"&limit=1000&end={newest[^1].Open - 1}");
        Assert.Equal(501, older.Count);
        Assert.Equal(newest[^1].Open - 900_000, older[0].Open);

        var oldest = await CandlesAsync(client, "&start=9999&limit=1");
        Assert.Equal(older[^1].Open, Assert.Single(oldest).Open);
        var range = await CandlesAsync(client, $"&start={Start.UnixMilliseconds - (3 * 900_000)}&end={Start.UnixMilliseconds - 900_000}");
        Assert.Equal(3, range.Count);

        var history = Market().History(Market().Series[0]);
        Assert.Equal(history[^1].Close, range[0].Close);
    }

    [Fact]
    public async Task Rules_fees_account_and_position_answer_in_the_envelope()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var rules = await client.GetAsync("/v5/market/instruments-info", "category=linear&symbol=BTCUSDT");
        var row = rules.GetProperty("result").GetProperty("list")[0];
        Assert.Equal("0.001", row.GetProperty("lotSizeFilter").GetProperty("qtyStep").GetString());
        Assert.Equal(480, row.GetProperty("fundingInterval").GetInt32());
        Assert.Equal("", rules.GetProperty("result").GetProperty("nextPageCursor").GetString());
        Assert.Equal(0, (await client.GetAsync("/v5/market/instruments-info", "category=spot")).GetProperty("result").GetProperty("list").GetArrayLength());
        Assert.Equal(19, (await client.GetAsync("/v5/market/time")).GetProperty("result").GetProperty("timeNano").GetString()!.Length);
        Assert.Equal("0.00055", (await client.SignedGetAsync("/v5/account/fee-rate", "category=linear&symbol=BTCUSDT"))
            .GetProperty("result").GetProperty("list")[0].GetProperty("takerFeeRate").GetString());
        var position = (await client.SignedGetAsync("/v5/position/list", "category=linear&symbol=BTCUSDT")).GetProperty("result").GetProperty("list")[0];
        Assert.Equal(("", "0"), (position.GetProperty("side").GetString(), position.GetProperty("size").GetString()));
        Assert.Equal(5, (await client.SignedGetAsync("/v5/account/info", "")).GetProperty("result").GetProperty("unifiedMarginStatus").GetInt32());
        Assert.Equal(1, (await client.SignedGetAsync("/v5/user/query-api", "")).GetProperty("result").GetProperty("uta").GetInt32());
        Assert.Equal(0, (await client.GetAsync("/v5/market/tickers", "category=linear&symbol=BTCUSDT")).GetProperty("retCode").GetInt32());
        Assert.Equal(110043, Code(await client.PostAsync("/v5/position/set-leverage", """{"category":"linear","symbol":"BTCUSDT","buyLeverage":"1","sellLeverage":"1"}""")));
        Assert.Equal(110025, Code(await client.PostAsync("/v5/position/switch-mode", """{"category":"linear","symbol":"BTCUSDT","mode":0}""")));
        var funding = await client.GetAsync("/v5/market/funding/history", "category=linear&symbol=BTCUSDT&limit=3");
        Assert.Equal(3, funding.GetProperty("result").GetProperty("list").GetArrayLength());
    }

    [Fact]
    public async Task An_order_is_acknowledged_found_by_link_id_and_refused_twice()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        const string body = """{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Market","qty":"0.001","orderLinkId":"one-1","reduceOnly":"false","unheardOf":1}""";
        var made = await client.PostAsync("/v5/order/create", body);
        Assert.Equal(0, Code(made));
        Assert.Equal("one-1", made.GetProperty("result").GetProperty("orderLinkId").GetString());
        Assert.Equal(110072, Code(await client.PostAsync("/v5/order/create", body)));
        var found = (await client.SignedGetAsync("/v5/order/realtime", "category=linear&symbol=BTCUSDT&orderLinkId=one-1")).GetProperty("result").GetProperty("list")[0];
        Assert.Equal("New", found.GetProperty("orderStatus").GetString());
        Assert.Equal(0, Code(await client.PostAsync("/v5/order/cancel", """{"category":"linear","symbol":"BTCUSDT","orderLinkId":"one-1"}""")));
        var ended = (await client.SignedGetAsync("/v5/order/history", "category=linear&symbol=BTCUSDT")).GetProperty("result").GetProperty("list")[0];
        Assert.Equal("CancelByUser", ended.GetProperty("cancelType").GetString());
        Assert.Equal(110001, Code(await client.PostAsync("/v5/order/cancel", """{"category":"linear","symbol":"BTCUSDT","orderLinkId":"one-1"}""")));
    }

    private static GeneratedMarket Market() => new(MarketSpec.Default, [new Symbol("BTCUSDT")], Interval.FifteenMinutes, 1, 1_500, Start);

    private static int Code(System.Text.Json.JsonElement answer) => answer.GetProperty("retCode").GetInt32();

    private static async Task<List<(long Open, double Close)>> CandlesAsync(Client client, string more)
    {
        var answer = await client.GetAsync("/v5/market/kline", "category=linear&symbol=BTCUSDT&interval=15" + more);
        return [.. answer.GetProperty("result").GetProperty("list").EnumerateArray().Select(r => (
            long.Parse(r[0].GetString()!, System.Globalization.CultureInfo.InvariantCulture),
            double.Parse(r[4].GetString()!, System.Globalization.CultureInfo.InvariantCulture)))];
    }
}

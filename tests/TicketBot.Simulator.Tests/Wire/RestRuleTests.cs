using TicketBot.Domain;
using TicketBot.Simulator.Markets;
using TicketBot.Testing;

namespace TicketBot.Simulator.Tests.Wire;

public class RestRuleTests
{
    private const string Path = "/v5/account/info";
    private static readonly Instant Start = new(1_700_006_400_000);

    [Theory]
    [InlineData(-5_001, 10002)]
    [InlineData(-5_000, 0)]
    [InlineData(999, 0)]
    [InlineData(1_000, 10002)]
    public async Task A_timestamp_lies_between_the_window_before_and_a_second_after(int offsetMs, int expected)
    {
        var clock = new FakeTimeProvider();
        await using var server = await Client.StartAsync(Market(), clock: clock);
        await using var client = new Client(server, clock);
        var answer = await client.SignedGetAsync(Path, "", offsetMs: offsetMs);
        Assert.Equal(expected, answer.GetProperty("retCode").GetInt32());
        if (expected != 0)
        {
            Assert.Matches(@"req_timestamp\[\d+\],server_timestamp\[\d+\],recv_window\[5000\]", answer.GetProperty("retMsg").GetString());
        }
    }

    [Fact]
    public async Task Checks_come_in_their_order()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        async Task<int> CodeAsync(string key, string secret, long offset) => (await client.SignedGetAsync(Path, "", key, secret, offset)).GetProperty("retCode").GetInt32();
        Assert.Equal(401, (await client.GetTextAsync(Path)).Status);
        Assert.Equal(10003, await CodeAsync("nobody", "wrong", -60_000));
        Assert.Equal(10002, await CodeAsync(Client.Key, "wrong", -60_000));
        Assert.Equal(10004, await CodeAsync(Client.Key, "wrong", 0));
        Assert.Equal(0, await CodeAsync(Client.Key, Client.Secret, 0));
        Assert.Equal(0, (await client.SignedGetAsync(Path + "?", "")).GetProperty("retCode").GetInt32()); // An empty query is signed as nothing.
    }

    [Fact]
    public async Task A_GET_with_a_body_is_forbidden_a_POST_is_JSON_and_an_unknown_path_is_not_found()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        Assert.Equal(403, (await client.SendRawAsync(HttpMethod.Get, Path, "{}")).Status);
        Assert.Equal(10001, Code(await client.PostTextAsync("/v5/order/create", "category=linear", "application/x-www-form-urlencoded")));
        Assert.Equal(10001, Code(await client.PostTextAsync("/v5/order/create", "[]")));
        Assert.Equal(10001, Code(await client.PostTextAsync("/v5/order/create", "nonsense")));
        Assert.Equal(400, (await client.SendRawAsync(HttpMethod.Get, "/v5/order/create", null)).Status);
        foreach (var unknown in new[] { "/v5/nothing", "/v5/market/nothing", "/", "/v5/order/create/more", "/simulator/nothing" })
        {
            var (status, text) = await client.SendRawAsync(HttpMethod.Get, unknown, null);
            Assert.Equal((404, 10017), (status, Code((status, text))));
        }
    }

    [Fact]
    public async Task Every_signed_answer_tells_its_budget_and_budgets_are_kept_apart_at_the_pace_of_the_clock()
    {
        var clock = new FakeTimeProvider();
        await using var server = await Client.StartAsync(Market(), speed: 1, clock: clock);
        await using var client = new Client(server, clock);
        var codes = new List<int>();
        for (var i = 0; i < 12; i++)
        {
            codes.Add((await client.PostAsync("/v5/order/cancel", """{"category":"linear","symbol":"BTCUSDT","orderLinkId":"x"}""")).GetProperty("retCode").GetInt32());
            Assert.Equal(("10", $"{Math.Max(0, 9 - i)}"), (client.LastHeaders["X-Bapi-Limit"], client.LastHeaders["X-Bapi-Limit-Status"]));
            Assert.Equal(
                clock.GetUtcNow().ToUnixTimeMilliseconds() + (i < 10 ? 0 : 1_000),
                long.Parse(client.LastHeaders["X-Bapi-Limit-Reset-Timestamp"], System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.Equal(Enumerable.Repeat(110001, 10).Concat([10006, 10006]), codes);
        Assert.NotEqual(10006, (await client.PostAsync("/v5/order/cancel-all", """{"category":"linear","symbol":"BTCUSDT"}""")).GetProperty("retCode").GetInt32());
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(110001, (await client.PostAsync("/v5/order/cancel", """{"category":"linear","symbol":"BTCUSDT","orderLinkId":"x"}""")).GetProperty("retCode").GetInt32());
    }

    [Fact]
    public async Task One_address_may_be_held_to_so_many_requests()
    {
        var clock = new FakeTimeProvider();
        await using var server = await Client.StartAsync(Market(), clock: clock, change: o => o.RequestsPerAddress = 5);
        await using var client = new Client(server, clock);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(200, (await client.GetTextAsync("/v5/market/time")).Status);
        }

        Assert.Equal(403, (await client.GetTextAsync("/v5/market/time")).Status);
        clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(403, (await client.GetTextAsync("/v5/market/time")).Status);
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(200, (await client.GetTextAsync("/v5/market/time")).Status);
    }

    [Theory]
    [InlineData("/v5/market/instruments-info", "category=spot", 0)]
    [InlineData("/v5/market/instruments-info", "category=option&baseCoin=BTC", 0)]
    [InlineData("/v5/market/instruments-info", "category=linear&status=PreLaunch", 0)]
    [InlineData("/v5/market/instruments-info", "category=linear&limit=1", 1)]
    [InlineData("/v5/market/tickers", "category=linear", 2)]
    [InlineData("/v5/market/tickers", "category=inverse", 0)]
    [InlineData("/v5/market/risk-limit", "category=linear", 2)]
    [InlineData("/v5/market/open-interest", "category=linear&symbol=BTCUSDT&intervalTime=5min", 50)]
    [InlineData("/v5/market/insurance", "", 1)]
    [InlineData("/v5/market/mark-price-kline", "symbol=BTCUSDT&interval=15&limit=3", 3)]
    [InlineData("/v5/market/kline", "symbol=BTCUSDT&interval=60&limit=3", 3)]
    public async Task Lists_have_as_many_rows_as_there_are(string path, string query, int rows)
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var answer = await client.GetAsync(path, query);
        Assert.Equal(0, answer.GetProperty("retCode").GetInt32());
        Assert.Equal(rows, answer.GetProperty("result").GetProperty("list").GetArrayLength());
    }

    [Theory]
    [InlineData("/v5/market/tickers", "symbol=BTCUSDT")]
    [InlineData("/v5/market/tickers", "category=linear&symbol=NOPEUSDT")]
    [InlineData("/v5/market/tickers", "category=nothing")]
    [InlineData("/v5/market/recent-trade", "category=linear&symbol=BTCUSDT&limit=false")]
    [InlineData("/v5/market/orderbook", "category=linear&symbol=BTCUSDT&limit=many")]
    [InlineData("/v5/market/orderbook", "category=linear")]
    [InlineData("/v5/market/recent-trade", "category=linear&symbol=b")]
    [InlineData("/v5/market/kline", "symbol=BTCUSDT&interval=2")]
    [InlineData("/v5/market/kline", "symbol=BTCUSDT&interval=15m")]
    [InlineData("/v5/market/kline", "symbol=BTCUSDT&interval=15&start=2&end=1")]
    [InlineData("/v5/market/kline", "symbol=BTCUSDT&interval=15&limit=x")]
    [InlineData("/v5/market/funding/history", "category=linear&symbol=BTCUSDT&startTime=1")]
    public async Task A_wrong_parameter_is_10001(string path, string query)
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        Assert.Equal(10001, (await client.GetAsync(path, query)).GetProperty("retCode").GetInt32());
    }

    [Theory]
    [InlineData("/v5/order/realtime", "symbol=BTCUSDT")]
    [InlineData("/v5/order/history", "category=nothing")]
    [InlineData("/v5/execution/list", "")]
    [InlineData("/v5/position/list", "symbol=BTCUSDT")]
    [InlineData("/v5/position/closed-pnl", "category=futures")]
    [InlineData("/v5/account/fee-rate", "category=futures")]
    public async Task A_read_of_an_account_needs_a_category_that_exists(string path, string query)
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        Assert.Equal(10001, (await client.SignedGetAsync(path, query)).GetProperty("retCode").GetInt32());
    }

    [Theory]
    [InlineData("/v5/market/time", "120")]
    [InlineData("/v5/account/info", "50")]
    public async Task Every_answer_tells_a_rate_even_one_that_is_charged_to_nobody(string path, string expected)
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        await client.SignedGetAsync(path, "", secret: "wrong");
        Assert.Equal((expected, expected), (client.LastHeaders["X-Bapi-Limit"], client.LastHeaders["X-Bapi-Limit-Status"]));
        Assert.True(long.Parse(client.LastHeaders["X-Bapi-Limit-Reset-Timestamp"], System.Globalization.CultureInfo.InvariantCulture) > Start.UnixMilliseconds);
    }

    [Fact]
    public async Task Reads_see_one_state_while_others_change_it()
    {
        await using var server = await Client.StartAsync(Market(), change: o => o.InitialBalance = 1_000_000m);
        await using var client = new Client(server);
        await using var other = new Client(server);
        using var ended = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
            {
                for (var i = 0; i < 10; i++)
                {
                    await other.PostAsync("/v5/order/create", """{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Limit","qty":"0.001","price":"1000"}""");
                }

                await other.PostAsync("/v5/order/cancel-all", """{"category":"linear","symbol":"BTCUSDT"}""");
                server.Move(1);
            }
        });
        for (var i = 0; i < 300; i++)
        {
            foreach (var (path, query) in new[] { ("/v5/account/wallet-balance", "accountType=UNIFIED"), ("/v5/order/realtime", "category=linear&symbol=BTCUSDT"), ("/v5/market/kline", "symbol=BTCUSDT&interval=1&limit=30") })
            {
                Assert.Equal((200, 0), (await client.SignedGetTextAsync(path, query)) is var answer ? (answer.Status, Code(answer)) : default);
            }
        }

        await ended.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task A_field_that_is_null_counts_as_absent()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        for (var i = 0; i < 2; i++)
        {
            var answer = await client.PostAsync("/v5/order/create", """
                {"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Market","qty":"0.01","price":null,"orderLinkId":null,"timeInForce":null,"reduceOnly":null,"stopLoss":null,"tpslMode":null}
                """);
            Assert.Equal(0, answer.GetProperty("retCode").GetInt32());
            Assert.Equal("", answer.GetProperty("result").GetProperty("orderLinkId").GetString());
        }
    }

    [Fact]
    public async Task A_position_tells_when_it_was_opened_and_where_it_breaks_even()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        async Task<System.Text.Json.JsonElement> RowAsync() =>
            (await client.SignedGetAsync("/v5/position/list", "category=linear&symbol=BTCUSDT")).GetProperty("result").GetProperty("list")[0];
        var flat = await RowAsync();
        Assert.Equal(("", 0L), (flat.GetProperty("breakEvenPrice").GetString(), flat.GetProperty("openTime").GetInt64()));
        await client.PostAsync("/v5/order/create", """{"category":"linear","symbol":"BTCUSDT","side":"Sell","orderType":"Market","qty":"0.02"}""");
        await client.StepAsync(server);
        var held = await RowAsync();
        decimal Number(string name) => decimal.Parse(held.GetProperty(name).GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(held.GetProperty("createdTime").GetString(), held.GetProperty("openTime").GetRawText());

        // Both fees are paid out of the fall from the entry to there.
        var price = Number("breakEvenPrice");
        Assert.Equal(0m, decimal.Round((0.02m * (Number("avgPrice") - price)) + Number("curRealisedPnl") - (0.02m * price * 0.00055m), 6));
    }

    [Fact]
    public async Task An_hour_is_built_of_its_quarters()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        async Task<List<decimal[]>> RowsAsync(string interval, int limit) => [.. (await client.GetAsync("/v5/market/kline", $"symbol=BTCUSDT&interval={interval}&limit={limit}"))
            .GetProperty("result").GetProperty("list").EnumerateArray()
            .Select(r => r.EnumerateArray().Select(c => decimal.Parse(c.GetString()!, System.Globalization.CultureInfo.InvariantCulture)).ToArray())];
        var hour = (await RowsAsync("60", 2))[1];
        var quarters = (await RowsAsync("15", 12)).Where(q => q[0] >= hour[0] && q[0] < hour[0] + 3_600_000).ToList();
        Assert.Equal(4, quarters.Count);
        Assert.Equal((quarters[^1][1], quarters.Max(q => q[2]), quarters.Min(q => q[3]), quarters[0][4]), (hour[1], hour[2], hour[3], hour[4]));
        Assert.Equal(quarters.Sum(q => q[5]), hour[5], 6);
    }

    [Fact]
    public async Task An_address_may_end_with_a_slash()
    {
        await using var server = await Client.StartAsync(Market());
        Assert.EndsWith("/", server.RestAddress.ToString());
        using var http = new HttpClient();
        Assert.Contains("timeNano", await http.GetStringAsync(new Uri($"{server.RestAddress}/v5/market/time")));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await http.GetAsync(new Uri($"{server.RestAddress}/v5//market/nothing"))).StatusCode);
        using var socket = new System.Net.WebSockets.ClientWebSocket();
        await socket.ConnectAsync(new Uri($"{server.WebSocketAddress}/v5/public/linear"), CancellationToken.None);
        var stream = new Client.Socket(socket);
        await stream.SendAsync("""{"op":"subscribe","args":["tickers.BTCUSDT"]}""");
        Assert.True((await stream.ReadAsync()).GetProperty("success").GetBoolean());
    }

    private static int Code((int Status, string Text) answer) => System.Text.Json.JsonDocument.Parse(answer.Text).RootElement.GetProperty("retCode").GetInt32();

    private static GeneratedMarket Market() => new(MarketSpec.Default, [new Symbol("BTCUSDT"), new Symbol("ETHUSDT")], Interval.FifteenMinutes, 1, 50, Start);
}

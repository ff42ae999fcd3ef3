using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Markets;

namespace TicketBot.Simulator.Tests.Wire;

/// <summary>Orders, positions and their reads as a client sees them.</summary>
public sealed class OrderWireTests : IAsyncLifetime
{
    private SimulatorServer _server = null!;
    private Client _client = null!;
    private Client.Socket? _control;

    private decimal Last => _server.Read(Client.Key, (venue, _) => venue.LastPrice(new Symbol("BTCUSDT")));

    public async Task InitializeAsync()
    {
        var market = new GeneratedMarket(MarketSpec.Default, [new Symbol("BTCUSDT")], Interval.FifteenMinutes, 1, 100, new Instant(1_700_006_400_000));
        _server = await Client.StartAsync(market);
        _client = new Client(_server);
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_batch_is_judged_order_by_order()
    {
        var made = await PostAsync("order/create-batch", $$"""{"category":"linear","request":[{{Limit("a", 0.9m)}},{{Limit("a", 0.9m)}},{"symbol":"BTCUSDT","side":"Up"},{{Limit("b", 0.9m)}}]}""");
        Assert.Equal([0, 110072, 10001, 0], Codes(made));
        Assert.Equal(["a", "a", "", "b"], Rows(made).Select(r => r.GetProperty("orderLinkId").GetString()));
        var amended = await PostAsync("order/amend-batch", """{"category":"linear","request":[{"symbol":"BTCUSDT","orderLinkId":"a","qty":"0.002"},{"symbol":"BTCUSDT","orderLinkId":"x","qty":"0.002"}]}""");
        Assert.Equal([0, 110001], Codes(amended));
        var cancelled = await PostAsync("order/cancel-batch", """{"category":"linear","request":[{"symbol":"BTCUSDT","orderLinkId":"a"},{"symbol":"BTCUSDT","orderLinkId":"a"}]}""");
        Assert.Equal([0, 110001], Codes(cancelled));
        Assert.Equal(10001, Code(await PostAsync("order/create-batch", """{"category":"linear","request":[]}""")));
        Assert.Equal(["b"], (await ListAsync("order/realtime", "symbol=BTCUSDT")).Select(r => r.GetProperty("orderLinkId").GetString()));
    }

    [Fact]
    public async Task A_filter_decides_what_cancel_all_ends()
    {
        await OpenAsync();
        await PostAsync("order/create", Limit("plain", 0.9m, "\"category\":\"linear\","));
        await PostAsync("order/create", $$"""{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Market","qty":"0.001","orderLinkId":"cond","triggerPrice":"{{decimal.Floor(Last * 1.05m)}}","triggerDirection":1}""");
        Assert.Equal(["plain"], Links(await PostAsync("order/cancel-all", """{"category":"linear","symbol":"BTCUSDT","orderFilter":"Order"}""")));
        Assert.Equal(["cond"], Links(await PostAsync("order/cancel-all", """{"category":"linear","settleCoin":"USDT","orderFilter":"StopOrder","stopOrderType":"Stop"}""")));
        Assert.Equal([""], Links(await PostAsync("order/cancel-all", """{"category":"linear","symbol":"BTCUSDT"}"""))); // The protection went too.
        Assert.Equal(10001, Code(await PostAsync("order/cancel-all", """{"category":"linear"}""")));
    }

    [Fact]
    public async Task Realtime_lists_open_or_closed_orders_and_forgets_the_closed_ones_at_a_restart()
    {
        await PostAsync("order/create", Limit("open", 0.9m, "\"category\":\"linear\","));
        await PostAsync("order/create", Limit("gone", 0.9m, "\"category\":\"linear\","));
        await PostAsync("order/cancel", """{"category":"linear","symbol":"BTCUSDT","orderLinkId":"gone"}""");
        Assert.Equal(["open"], (await ListAsync("order/realtime", "symbol=BTCUSDT")).Select(r => r.GetProperty("orderLinkId").GetString()));
        Assert.Equal(["gone"], (await ListAsync("order/realtime", "symbol=BTCUSDT&openOnly=1")).Select(r => r.GetProperty("orderLinkId").GetString()));
        Assert.Single(await ListAsync("order/realtime", "symbol=BTCUSDT&orderLinkId=gone"));
        _server.Read(Client.Key, (venue, account) =>
        {
            venue.ForgetClosedOrders(account);
            return 0;
        });
        Assert.Empty(await ListAsync("order/realtime", "symbol=BTCUSDT&openOnly=1"));
        Assert.Empty(await ListAsync("order/realtime", "symbol=BTCUSDT&orderLinkId=gone"));
        Assert.Single(await ListAsync("order/history", "symbol=BTCUSDT&orderLinkId=gone"));
        Assert.Single(await ListAsync("order/history", "symbol=BTCUSDT&orderStatus=Cancelled"));
        Assert.Empty(await ListAsync("order/history", "symbol=BTCUSDT&orderStatus=Filled"));
        Assert.Equal(10001, Code(await GetAsync("order/history", "symbol=BTCUSDT&startTime=1&endTime=700000000")));
    }

    [Fact]
    public async Task Pages_stay_whole_when_rows_are_added_meanwhile()
    {
        for (var i = 0; i < 7; i++)
        {
            await PostAsync("order/create", Limit($"o{i}", 0.9m, "\"category\":\"linear\","));
        }

        var first = (await GetAsync("order/realtime", "symbol=BTCUSDT&limit=3")).GetProperty("result");
        var cursor = first.GetProperty("nextPageCursor").GetString()!;
        Assert.Contains('%', cursor);
        await PostAsync("order/create", Limit("late", 0.9m, "\"category\":\"linear\","));
        await PostAsync("order/cancel", """{"category":"linear","symbol":"BTCUSDT","orderLinkId":"o6"}""");
        await PostAsync("order/cancel", """{"category":"linear","symbol":"BTCUSDT","orderLinkId":"o4"}""");
        foreach (var form in (string[])[cursor, Uri.EscapeDataString(cursor)])
        {
            var second = await ListAsync("order/realtime", $"symbol=BTCUSDT&limit=10&cursor={form}");
            Assert.Equal(["o3", "o2", "o1", "o0"], second.Select(r => r.GetProperty("orderLinkId").GetString()));
        }

        Assert.Equal(10001, Code(await GetAsync("order/realtime", "symbol=BTCUSDT&cursor=nonsense")));
    }

    [Fact]
    public async Task Positions_closed_trades_and_wallet_tell_margin_and_profit()
    {
        await OpenAsync();
        var position = (await ListAsync("position/list", "symbol=BTCUSDT")).Single();
        Assert.True(Number(position, "positionMM") > 0 && Number(position, "positionIM") > Number(position, "positionMM"));
        Assert.NotEqual("", position.GetProperty("takeProfit").GetString());
        Assert.Equal(0, Code(await PostAsync("position/trading-stop", $$"""{"category":"linear","symbol":"BTCUSDT","tpslMode":"Full","positionIdx":0,"trailingStop":"500"}""")));
        Assert.Equal(34040, Code(await PostAsync("position/trading-stop", """{"category":"linear","symbol":"BTCUSDT","tpslMode":"Full","positionIdx":0}""")));
        Assert.Equal("500", (await ListAsync("position/list", "symbol=BTCUSDT")).Single().GetProperty("trailingStop").GetString());
        var wallet = (await GetAsync("account/wallet-balance", "accountType=UNIFIED")).GetProperty("result").GetProperty("list")[0];
        Assert.True(Number(wallet, "totalMaintenanceMargin") > 0 && Number(wallet, "accountIMRate") is > 0 and < 1);
        Assert.Equal(1, wallet.GetProperty("coin").GetArrayLength());
        Assert.Equal(0, (await GetAsync("account/wallet-balance", "accountType=UNIFIED&coin=BTC,ETH")).GetProperty("result").GetProperty("list")[0].GetProperty("coin").GetArrayLength());
        Assert.Equal(10001, Code(await GetAsync("account/wallet-balance", "accountType=SPOT")));

        await PostAsync("order/create", """{"category":"linear","symbol":"BTCUSDT","side":"Sell","orderType":"Market","qty":"0","reduceOnly":true,"closeOnTrigger":true,"orderLinkId":"all"}""");
        await StepAsync();
        Assert.Empty(await ListAsync("position/list", "settleCoin=USDT"));
        var closed = (await ListAsync("position/closed-pnl", "symbol=BTCUSDT")).Single();
        Assert.Equal("0.01", closed.GetProperty("closedSize").GetString());
        var state = _server.State;
        Assert.Equal(state.Wallet.Balance - 10_000m, Number(closed, "closedPnl") - state.Funding);
        Assert.Equal(2, (await ListAsync("execution/list", "symbol=BTCUSDT&execType=Trade")).Count);
        Assert.Empty(await ListAsync("execution/list", "symbol=BTCUSDT&execType=BustTrade"));
    }

    [Fact]
    public async Task Hedge_mode_shows_two_rows_and_takes_no_orders()
    {
        Assert.Equal(0, Code(await PostAsync("position/switch-mode", """{"category":"linear","coin":"USDT","mode":3}""")));
        Assert.Equal(110025, Code(await PostAsync("position/switch-mode", """{"category":"linear","symbol":"BTCUSDT","mode":3}""")));
        Assert.Equal([1, 2], (await ListAsync("position/list", "symbol=BTCUSDT")).Select(p => p.GetProperty("positionIdx").GetInt32()));
        Assert.Equal(10001, Code(await PostAsync("order/create", Limit("x", 0.9m, "\"category\":\"linear\","))));
        Assert.Equal(0, Code(await PostAsync("position/switch-mode", """{"category":"linear","symbol":"BTCUSDT","mode":0}""")));
        Assert.Equal(0, Code(await PostAsync("order/create", Limit("x", 0.9m, "\"category\":\"linear\","))));
        Assert.Equal(3400045, Code(await PostAsync("account/set-margin-mode", """{"setMarginMode":"ISOLATED_MARGIN"}""")));
        Assert.Equal(0, Code(await PostAsync("account/set-margin-mode", """{"setMarginMode":"REGULAR_MARGIN"}""")));
    }

    [Theory]
    [InlineData("\"tpslMode\":\"Half\"")]
    [InlineData("\"triggerBy\":\"Moon\"")]
    [InlineData("\"triggerDirection\":3")]
    [InlineData("\"timeInForce\":\"GTX\"")]
    [InlineData("\"takeProfit\":\"high\"")]
    [InlineData("\"tpslMode\":\"Partial\",\"slOrderType\":\"Limit\",\"stopLoss\":\"1000\"")]
    [InlineData("\"qty\":\"1e40\"")]
    public async Task A_value_of_the_wrong_form_is_refused(string field) => Assert.Equal(
        10001, Code(await PostAsync("order/create", $$"""{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Market","qty":"0.001",{{field}}}""")));

    // A position of 0.01 with take-profit and stop far away.
    private async Task OpenAsync()
    {
        var last = Last;
        Assert.Equal(0, Code(await PostAsync("order/create", $$"""{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Market","qty":"0.01","takeProfit":"{{decimal.Floor(last * 1.5m)}}","orderLinkId":"entry"}""")));
        await StepAsync();
    }

    private async Task StepAsync()
    {
        if (_control is null)
        {
            _control = await _client.OpenControlAsync();
            await _control.ReadAsync();
        }

        await _control.SendAsync($$"""{"op":"sent","step":{{_server.State.Step}}}""");
        Assert.Equal("step", (await _control.ReadAsync()).GetProperty("op").GetString());
    }

    private string Limit(string link, decimal share, string more = "") =>
        $$"""{{{more}}"symbol":"BTCUSDT","side":"Buy","orderType":"Limit","qty":"0.001","price":"{{decimal.Floor(Last * share)}}","orderLinkId":"{{link}}"}""";

    private Task<JsonElement> PostAsync(string path, string body) => _client.PostAsync($"/v5/{path}", body);

    private Task<JsonElement> GetAsync(string path, string query) => _client.SignedGetAsync($"/v5/{path}", $"category=linear&{query}");

    private async Task<List<JsonElement>> ListAsync(string path, string query) => [.. (await GetAsync(path, query)).GetProperty("result").GetProperty("list").EnumerateArray()];

    private static List<JsonElement> Rows(JsonElement answer) => [.. answer.GetProperty("result").GetProperty("list").EnumerateArray()];

    private static IEnumerable<string?> Links(JsonElement answer) => Rows(answer).Select(r => r.GetProperty("orderLinkId").GetString());

    private static IEnumerable<int> Codes(JsonElement answer) =>
        answer.GetProperty("retExtInfo").GetProperty("list").EnumerateArray().Select(r => r.GetProperty("code").GetInt32());

    private static int Code(JsonElement answer) => answer.GetProperty("retCode").GetInt32();

    private static decimal Number(JsonElement row, string name) =>
        decimal.Parse(row.GetProperty(name).GetString()!, System.Globalization.CultureInfo.InvariantCulture);
}

using TicketBot.Domain;
using TicketBot.Simulator.Markets;

namespace TicketBot.Simulator.Tests.Wire;

public class AccountWritesTests
{
    private const string Btc = "\"category\":\"linear\",\"symbol\":\"BTCUSDT\"";

    [Theory]
    [InlineData("/v5/position/switch-isolated", """{#,"tradeMode":1,"buyLeverage":"5","sellLeverage":"5"}""", 100028)]
    [InlineData("/v5/position/set-tpsl-mode", """{#,"tpSlMode":"Full"}""", 0)]
    [InlineData("/v5/position/set-tpsl-mode", """{#,"tpSlMode":"Half"}""", 10001)]
    [InlineData("/v5/position/set-risk-limit", """{#,"riskId":1,"positionIdx":null}""", 0)]
    [InlineData("/v5/position/set-risk-limit", """{#,"riskId":2}""", 110031)]
    [InlineData("/v5/position/set-auto-add-margin", """{#,"autoAddMargin":0}""", 0)]
    [InlineData("/v5/position/set-auto-add-margin", """{#,"autoAddMargin":1}""", 110015)]
    [InlineData("/v5/position/add-margin", """{#,"margin":"10"}""", 110015)]
    [InlineData("/v5/position/confirm-pending-mmr", "{#}", 0)]
    [InlineData("/v5/position/add-margin", """{"category":"inverse","symbol":"BTCUSD","margin":"10"}""", 10001)]
    [InlineData("/v5/position/add-margin", """{"category":"linear","symbol":"XRPUSDT","margin":"10"}""", 10001)]
    [InlineData("/v5/position/add-margin", """{"symbol":"BTCUSDT","margin":"10"}""", 10001)]
    [InlineData("/v5/account/set-margin-mode", """{"setMarginMode":"REGULAR_MARGIN"}""", 0)]
    [InlineData("/v5/account/set-margin-mode", """{"setMarginMode":"ISOLATED_MARGIN"}""", 3400045)]
    public async Task Settings_are_answered_as_a_unified_account_in_cross_margin_is(string path, string body, int expected)
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        Assert.Equal(expected, (await client.PostAsync(path, body.Replace("#", Btc, StringComparison.Ordinal))).GetProperty("retCode").GetInt32());
    }

    [Fact]
    public async Task Demo_money_comes_and_goes_and_a_rebuilt_venue_has_it()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        const string path = "/v5/account/demo-apply-money";
        try
        {
            await using (var server = await Client.StartAsync(Market(), folder: folder))
            {
                await using var client = new Client(server);
                async Task<int> CodeAsync(string body) => (await client.PostAsync(path, body)).GetProperty("retCode").GetInt32();
                Assert.Equal(0, await CodeAsync("""{"adjustType":0,"utaDemoApplyMoney":[{"coin":"USDT","amountStr":"109"},{"coin":"USDT","amountStr":"1"}]}"""));
                Assert.Equal(0, await CodeAsync("""{"adjustType":1,"utaDemoApplyMoney":[{"coin":"USDT","amountStr":"10"}]}"""));
                Assert.Equal(10001, await CodeAsync("""{"utaDemoApplyMoney":[{"coin":"BTC","amountStr":"1"}]}"""));
                Assert.Equal(10001, await CodeAsync("""{"utaDemoApplyMoney":[{"coin":"USDT","amountStr":"100001"}]}"""));
                Assert.Equal(10001, await CodeAsync("""{"utaDemoApplyMoney":[]}"""));
                Assert.Equal(10001, await CodeAsync("{}"));
                Assert.Equal(131212, await CodeAsync("""{"adjustType":1,"utaDemoApplyMoney":[{"coin":"USDT","amountStr":"99999"}]}"""));
                Assert.Equal(10_100m, server.State.Wallet.Balance);
            }

            await using var again = await Client.StartAsync(Market(), folder: folder);
            Assert.Equal(10_100m, again.State.Wallet.Balance);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_a_demo_account_may_not_do_is_told_from_a_path_that_does_not_exist()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        foreach (var path in new[] { "/v5/asset/transfer/inter-transfer", "/v5/asset/withdraw/create", "/v5/order/pre-check", "/v5/order/disconnected-cancel-all", "/v5/user/create-sub-member" })
        {
            Assert.Equal(10032, (await client.PostAsync(path, "{}")).GetProperty("retCode").GetInt32());
            Assert.Equal(401, (await client.SendRawAsync(HttpMethod.Post, path, "{}")).Status); // A key is asked for first.
        }

        foreach (var path in new[] { "/v5/asset/deposit/query-address", "/v5/spot-margin-trade/state", "/v5/earn/product", "/v5/asset/exchange/query-coin-list" })
        {
            Assert.Equal(10032, (await client.SignedGetAsync(path, "")).GetProperty("retCode").GetInt32());
            Assert.Equal(10032, (await client.GetAsync(path)).GetProperty("retCode").GetInt32());
        }

        Assert.Equal(0, (await client.SignedGetAsync("/v5/asset/exchange/order-record", "")).GetProperty("retCode").GetInt32());
        Assert.Equal(0, (await client.GetAsync("/v5/spot-margin-trade/data")).GetProperty("result").GetProperty("vipCoinList").GetArrayLength());
        Assert.Equal(404, (await client.PostTextAsync("/v5/order/nothing", "{}")).Status);
        Assert.Equal(404, (await client.SignedGetTextAsync("/v5/asset/nothing", "")).Status);
        Assert.Equal(400, (await client.SendRawAsync(HttpMethod.Get, "/v5/position/add-margin", null)).Status);
    }

    private static GeneratedMarket Market() => new(MarketSpec.Default, [new Symbol("BTCUSDT")], Interval.FifteenMinutes, 1, 50, new Instant(1_700_006_400_000));
}

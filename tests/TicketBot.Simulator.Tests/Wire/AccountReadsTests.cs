using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Markets;

namespace TicketBot.Simulator.Tests.Wire;

public class AccountReadsTests
{
    [Fact]
    public async Task A_key_tells_all_that_the_venue_tells_of_one()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var key = (await client.SignedGetAsync("/v5/user/query-api", "")).GetProperty("result");
        string[] texts = ["id", "note", "apiKey", "secret", "expiredAt", "createdAt", "vipLevel", "mktMakerLevel", "rsaPublicKey", "parentUid", "kycLevel", "kycRegion"];
        Assert.All(texts, name => Assert.Equal(JsonValueKind.String, key.GetProperty(name).ValueKind));
        string[] numbers = ["readOnly", "type", "deadlineDay", "unified", "uta", "userID", "inviterID", "affiliateID"];
        Assert.All(numbers, name => Assert.Equal(JsonValueKind.Number, key.GetProperty(name).ValueKind));
        var permissions = key.GetProperty("permissions");
        Assert.All(
            new[] { "ContractTrade", "Spot", "Wallet", "Options", "Derivatives", "CopyTrading", "BlockTrade", "Exchange", "NFT" },
            name => Assert.Equal(JsonValueKind.Array, permissions.GetProperty(name).ValueKind));
        Assert.Equal(0, permissions.GetProperty("Wallet").GetArrayLength()); // It moves no money.
        var created = DateTimeOffset.Parse(key.GetProperty("createdAt").GetString()!, CultureInfo.InvariantCulture);
        Assert.True(created < DateTimeOffset.Parse(key.GetProperty("expiredAt").GetString()!, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("/v5/account/borrow-history", "currency=USDT", "list")]
    [InlineData("/v5/account/mmp-state", "baseCoin=BTC", "result")]
    [InlineData("/v5/account/query-dcp-info", "", "dcpInfos")]
    [InlineData("/v5/asset/coin-greeks", "", "list")]
    [InlineData("/v5/asset/delivery-record", "category=linear", "list")]
    [InlineData("/v5/asset/settlement-record", "category=linear", "list")]
    [InlineData("/v5/asset/deposit/query-record", "", "rows")]
    [InlineData("/v5/asset/withdraw/query-record", "", "rows")]
    [InlineData("/v5/asset/transfer/query-inter-transfer-list", "", "list")]
    [InlineData("/v5/asset/transfer/query-universal-transfer-list", "", "list")]
    [InlineData("/v5/position/move-history", "", "list")]
    [InlineData("/v5/position/get-closed-positions", "category=option", "list")]
    [InlineData("/v5/user/query-sub-members", "", "subMembers")]
    [InlineData("/v5/user/sub-apikeys", "subMemberId=1", "result")]
    public async Task What_this_venue_never_has_is_an_empty_list(string path, string query, string list)
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var answer = await client.SignedGetAsync(path, query);
        Assert.Equal(0, answer.GetProperty("retCode").GetInt32());
        Assert.Equal(0, answer.GetProperty("result").GetProperty(list).GetArrayLength());
        Assert.Equal(401, (await client.GetTextAsync(path)).Status); // It is told to its owner alone.
    }

    [Fact]
    public async Task The_coin_is_told_by_every_read_of_balances()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        await client.PostAsync("/v5/order/create", """{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Market","qty":"0.1"}""");
        await client.StepAsync(server);
        var wallet = server.State.Wallet;
        async Task<JsonElement> ReadAsync(string path, string query) => (await client.SignedGetAsync(path, query)).GetProperty("result");

        var one = await ReadAsync("/v5/asset/transfer/query-account-coin-balance", "accountType=UNIFIED&coin=USDT");
        Assert.Equal(wallet.Balance, Number(one.GetProperty("balance"), "walletBalance"));
        var free = Number(one.GetProperty("balance"), "transferBalance");
        Assert.Equal(decimal.Round(Math.Min(wallet.Balance, wallet.Available), 8), free);
        Assert.True(free < wallet.Balance);

        var all = await ReadAsync("/v5/asset/transfer/query-account-coins-balance", "accountType=UNIFIED&coin=USDT,BTC");
        Assert.Equal(new[] { wallet.Balance, 0 }, all.GetProperty("balance").EnumerateArray().Select(b => Number(b, "walletBalance")));
        var fund = await ReadAsync("/v5/asset/transfer/query-account-coin-balance", "accountType=FUND&coin=USDT");
        Assert.Equal("0", fund.GetProperty("balance").GetProperty("walletBalance").GetString());
        var transferable = await ReadAsync("/v5/account/withdrawal", "coinName=USDT,BTC");
        Assert.Equal(free, Number(transferable, "availableWithdrawal"));
        Assert.Equal("0", transferable.GetProperty("availableWithdrawalMap").GetProperty("BTC").GetString());
        var collateral = await ReadAsync("/v5/account/collateral-info", "currency=USDT");
        Assert.True(collateral.GetProperty("list")[0].GetProperty("collateralSwitch").GetBoolean());
        Assert.Equal("USDT", (await ReadAsync("/v5/asset/coin/query-info", "")).GetProperty("rows")[0].GetProperty("coin").GetString());
        Assert.Equal(2, (await ReadAsync("/v5/account/instruments-info", "category=linear")).GetProperty("list").GetArrayLength());
    }

    [Theory]
    [InlineData("", 0, 2)]
    [InlineData("symbol=ETHUSDT", 0, 1)]
    [InlineData("category=linear", 0, 2)]
    [InlineData("category=spot", 0, 0)]
    [InlineData("category=nothing", 10001, 0)]
    public async Task Fee_rates_without_a_category_are_those_of_derivatives(string query, int code, int rows)
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var answer = await client.SignedGetAsync("/v5/account/fee-rate", query);
        Assert.Equal(code, answer.GetProperty("retCode").GetInt32());
        Assert.Equal(rows, code == 0 ? answer.GetProperty("result").GetProperty("list").GetArrayLength() : 0);
    }

    [Fact]
    public async Task Figures_have_eight_decimals_at_most()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        await client.PostAsync("/v5/position/set-leverage", """{"category":"linear","symbol":"BTCUSDT","buyLeverage":"7","sellLeverage":"7"}""");
        await client.PostAsync("/v5/order/create", """{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Market","qty":"0.1"}""");
        await client.StepAsync(server);
        foreach (var (path, query) in new[] { ("/v5/position/list", "category=linear&symbol=BTCUSDT"), ("/v5/account/wallet-balance", "accountType=UNIFIED") })
        {
            var row = (await client.SignedGetAsync(path, query)).GetProperty("result").GetProperty("list")[0];
            var margin = row.TryGetProperty("positionIM", out var own) ? own : row.GetProperty("totalInitialMargin");
            Assert.Matches(@"^\d+\.\d{8}$", margin.GetString()); // A seventh never ends.
            foreach (var field in row.EnumerateObject().Where(f => f.Value.ValueKind == JsonValueKind.String))
            {
                Assert.DoesNotMatch(@"\.\d{13}", field.Value.GetString()); // Sums of fees are exact and may have more than eight.
            }
        }
    }

    private static decimal Number(JsonElement row, string name) => decimal.Parse(row.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    private static GeneratedMarket Market() =>
        new(MarketSpec.Default, [new Symbol("BTCUSDT"), new Symbol("ETHUSDT")], Interval.FifteenMinutes, 1, 50, new Instant(1_700_006_400_000));
}

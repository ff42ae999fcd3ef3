using System.Net;
using TicketBot.Bybit.AccountData;
using TicketBot.Bybit.Rest;
using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Tests;

// One fixture per endpoint of the account; the responses have the shape of the venue's documented ones.
public sealed class AccountDataTests
{
    private static readonly Symbol Btc = new("BTCUSDT");
    private static readonly ClientOrderId Mine = new("mine-1");
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task The_key_is_described_with_what_it_may_do()
    {
        var (stub, account) = Answering("/v5/user/query-api", """
            {"id":"13770661","note":"x","apiKey":"hidden","readOnly":0,"secret":"","permissions":{"ContractTrade":["Order","Position"],"Spot":[],"Wallet":["AccountTransfer"],"Options":null},
            "ips":["10.1.2.3"],"type":1,"deadlineDay":83,"expiredAt":"2025-05-15T03:21:05Z","createdAt":"2025-02-15T03:21:05Z","unified":0,"uta":1,"userID":1,"isMaster":true}
            """);
        var key = (await account.KeyAsync(default)).Value!;
        Assert.Equal((false, true, false, true), (key.IsReadOnly, key.CanTrade, key.CanWithdraw, key.CanTransfer));
        Assert.Equal(["10.1.2.3"], key.Addresses);
        Assert.Equal(1, key.UserId);
        Assert.Equal("2025-05-15T03:21:05.000Z", key.ExpiresAt!.Value.ToString());
        Assert.True(stub.Requests[^1].IsSigned);
    }

    [Theory]
    [InlineData("""{"readOnly":1,"permissions":{"ContractTrade":["Order","Position"]},"ips":["*"]}""", false, false)]
    [InlineData("""{"readOnly":0,"permissions":{"ContractTrade":["Order"]},"ips":[]}""", false, false)]
    [InlineData("""{"readOnly":0,"permissions":{"ContractTrade":["Order","Position"],"Wallet":["Withdraw"]},"ips":[null,"*"],"expiredAt":""}""", true, true)]
    public async Task A_key_that_only_reads_or_may_withdraw_is_seen(string body, bool canTrade, bool canWithdraw)
    {
        var (_, account) = Answering("/v5/user/query-api", body);
        var key = (await account.KeyAsync(default)).Value!;
        Assert.Equal((canTrade, canWithdraw, null), (key.CanTrade, key.CanWithdraw, key.ExpiresAt));
        Assert.Empty(key.Addresses);
        Assert.Null(key.UserId);
    }

    [Theory]
    [InlineData(10032)]
    [InlineData(10005)]
    [InlineData(10017)]
    public async Task What_an_environment_does_not_offer_is_said_so_and_does_not_block_the_key(int code)
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path is "/v5/account/fee-rate" or "/v5/user/query-api"
            ? StubHandler.Refusal(code, "Demo trading are not supported.") : seen.Path == "/v5/order/cancel" ? StubHandler.Ok("{}") : ""));
        var exchange = stub.Connect();
        var fees = await exchange.AccountData.FeesAsync(Btc, default);
        Assert.Null(fees.Value);
        Assert.Contains("/v5/account/fee-rate", fees.Reason, StringComparison.Ordinal);
        Assert.Null((await exchange.AccountData.KeyAsync(default)).Value);
        Assert.IsType<RequestAnswer.Done>(await exchange.CancelAsync(Btc, Mine, default));
    }

    [Fact]
    public async Task Fees_are_in_basis_points()
    {
        var (stub, account) = Answering("/v5/account/fee-rate", """{"list":[{"symbol":"ETHUSDT","takerFeeRate":"0.1","makerFeeRate":"0.1"},{"symbol":"BTCUSDT","takerFeeRate":"0.00055","makerFeeRate":"-0.0001"}]}""");
        Assert.Equal(new FeeRates(5.5m, -1m), (await account.FeesAsync(Btc, default)).Value);
        Assert.Equal("category=linear&symbol=BTCUSDT", stub.Requests[^1].Query);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(5, true)]
    public async Task The_kind_of_account_is_read(int status, bool isUnified)
    {
        var (_, account) = Answering("/v5/account/info", $$"""{"marginMode":"REGULAR_MARGIN","updatedTime":"1697078946000","unifiedMarginStatus":{{status}},"dcpStatus":"OFF","timeWindow":10,"smpGroup":0,"isMasterTrader":false}""");
        var info = await account.InfoAsync(default);
        Assert.Equal((isUnified, "REGULAR_MARGIN"), (info.IsUnified, info.MarginMode));
    }

    [Theory]
    [InlineData(0, BybitErrorKind.None)]
    [InlineData(10003, BybitErrorKind.Credentials)]
    [InlineData(10010, BybitErrorKind.Credentials)]
    [InlineData(10016, BybitErrorKind.Ambiguous)]
    public async Task Signing_in_says_what_the_venue_says(int code, BybitErrorKind kind)
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path == "/v5/account/wallet-balance" ? code == 0 ? StubHandler.Ok("{}") : StubHandler.Refusal(code) : ""));
        Assert.Equal((kind, code), await stub.Connect(options => options.ReadRetries = 0).AccountData.SignInAsync(default));
    }

    [Fact]
    public async Task The_two_rows_of_hedge_mode_become_one_marked_report()
    {
        var (_, account) = Answering("/v5/position/list", """
            {"list":[{"positionIdx":1,"symbol":"BTCUSDT","side":"Buy","size":"0.03","avgPrice":"93000","stopLoss":"91000","leverage":"10"},
            {"positionIdx":2,"symbol":"BTCUSDT","side":"Sell","size":"0.01","avgPrice":"94000","stopLoss":"","leverage":"10"}]}
            """);
        var report = await account.PositionAsync(Btc, default, default);
        Assert.Equal(new PositionReport(Btc, 0.02m, 93000m, new Price(91000m), default, Leverage: 10, IsHedged: true), report);
    }

    [Fact]
    public async Task All_positions_and_orders_of_the_account_are_read_page_by_page()
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, (seen.Path, seen["cursor"]) switch
        {
            ("/v5/position/list", null) => StubHandler.Ok("""{"list":[{"positionIdx":0,"symbol":"BTCUSDT","side":"Buy","size":"1","avgPrice":"9","leverage":"1"}],"nextPageCursor":"2"}"""),
            ("/v5/position/list", "2") => StubHandler.Ok("""{"list":[{"positionIdx":0,"symbol":"DOGEUSDT","side":"Sell","size":"5","avgPrice":"0.1"}],"nextPageCursor":""}"""),
            ("/v5/order/realtime", null) => StubHandler.Ok("""{"list":[{"symbol":"DOGEUSDT","orderId":"x","side":"Buy","orderStatus":"New","qty":"1"},{"symbol":"DOGEUSDT","orderId":"y","side":"Buy","orderStatus":"Filled","qty":"1"}],"nextPageCursor":""}"""),
            _ => "",
        }));
        var account = stub.Connect().AccountData;
        Assert.Equal([("BTCUSDT", 1m), ("DOGEUSDT", -5m)], (await account.PositionsAsync(default, default)).Select(p => (p.Symbol.Value, p.SignedQuantity)));
        Assert.Equal("x", Assert.Single(await account.OpenOrdersAsync(default, default)).VenueId.Value);
    }

    [Fact]
    public async Task The_history_of_orders_is_read_over_seven_days_at_most_and_comes_oldest_first()
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, (seen.Path, seen["cursor"]) switch
        {
            ("/v5/order/history", null) => StubHandler.Ok("""{"list":[{"symbol":"BTCUSDT","orderId":"b","side":"Buy","orderStatus":"Filled","qty":"1","updatedTime":"2000"}],"nextPageCursor":"2"}"""),
            ("/v5/order/history", "2") => StubHandler.Ok("""{"list":[{"symbol":"BTCUSDT","orderId":"b","side":"Buy","orderStatus":"Filled","qty":"1","updatedTime":"2000"},{"symbol":"BTCUSDT","orderId":"a","side":"Sell","orderStatus":"SomethingNew","qty":"1","updatedTime":"1000"}],"nextPageCursor":""}"""),
            _ => "",
        }));
        var account = stub.Connect().AccountData;
        var found = await account.OrderHistoryAsync(Btc, new Instant(0), new Instant(5000), default);
        Assert.Equal([("a", OrderStatus.Unknown), ("b", OrderStatus.Filled)], found.Select(order => (order.VenueId.Value, order.Status)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => account.OrderHistoryAsync(Btc, new Instant(0), new Instant(8 * Instant.MillisecondsPerDay), default));
    }

    [Fact]
    public async Task The_writes_are_sent_with_exactly_these_fields()
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Method == "POST" ? StubHandler.Ok("{}") : ""));
        var exchange = stub.Connect();
        await exchange.AccountData.AmendAsync(Btc, Mine, new Quantity(0.02m), new Price(93000.5m), null, default);
        await exchange.AccountData.AmendAsync(Btc, Mine, null, null, new Price(91000m), default);
        await exchange.AccountData.CancelAllAsync(Btc, default);
        await exchange.AccountData.SetLeverageAsync(Btc, 2.5m, default);
        await exchange.AccountData.SwitchModeAsync(Btc, hedged: true, default);
        await exchange.SetStopAsync(Btc, new Price(91000.1m), byMarkPrice: true, default);
        Assert.Equal(
            ["""/v5/order/amend {"category":"linear","symbol":"BTCUSDT","orderLinkId":"mine-1","qty":"0.02","price":"93000.5"}""",
             """/v5/order/amend {"category":"linear","symbol":"BTCUSDT","orderLinkId":"mine-1","stopLoss":"91000"}""",
             """/v5/order/cancel-all {"category":"linear","symbol":"BTCUSDT","orderFilter":"Order"}""",
             """/v5/position/set-leverage {"category":"linear","symbol":"BTCUSDT","buyLeverage":"2.5","sellLeverage":"2.5"}""",
             """/v5/position/switch-mode {"category":"linear","symbol":"BTCUSDT","mode":3}""",
             """/v5/position/trading-stop {"category":"linear","symbol":"BTCUSDT","tpslMode":"Full","positionIdx":0,"stopLoss":"91000.1","slTriggerBy":"MarkPrice","slOrderType":"Market"}"""],
            stub.Requests.Where(seen => seen.Method == "POST").Select(seen => $"{seen.Path} {seen.Body}"));
        await Assert.ThrowsAsync<ArgumentException>(() => exchange.AccountData.AmendAsync(Btc, Mine, null, null, null, default));
    }

    [Fact]
    public async Task An_amendment_that_comes_too_late_is_refused_once_and_never_repeated()
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Method == "POST" ? StubHandler.Refusal(110001) : ""));
        var answer = await stub.Connect().AccountData.AmendAsync(Btc, Mine, new Quantity(1), null, null, default);
        Assert.Equal(110001, Assert.IsType<RequestAnswer.Refused>(answer).Code);
        Assert.Equal(1, stub.Requests.Count(seen => seen.Method == "POST"));
    }

    private (StubHandler Stub, BybitAccount Account) Answering(string path, string result)
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path == path ? StubHandler.Ok(result) : ""));
        return (stub, stub.Connect().AccountData);
    }
}

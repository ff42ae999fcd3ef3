using System.Net;
using System.Text;
using TicketBot.Bybit.Rest;
using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Tests;

// One fixture per endpoint: method, path, signed or not, request, response. The responses have the shape of the venue's documented ones.
public sealed class EndpointTests
{
    private static readonly Symbol Btc = new("BTCUSDT");
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Instruments_are_read_unsigned_and_per_symbol()
    {
        var (stub, exchange) = Answering("/v5/market/instruments-info", """
            {"category":"linear","list":[{"symbol":"BTCUSDT","contractType":"LinearPerpetual","status":"Trading","baseCoin":"BTC","quoteCoin":"USDT","launchTime":"1585526400000","deliveryTime":"0","priceScale":"2",
            "leverageFilter":{"minLeverage":"1","maxLeverage":"100.00","leverageStep":"0.01"},"priceFilter":{"minPrice":"0.10","maxPrice":"1999999.80","tickSize":"0.10"},
            "lotSizeFilter":{"maxOrderQty":"1190.000","minOrderQty":"0.001","qtyStep":"0.001","postOnlyMaxOrderQty":"1190.000","maxMktOrderQty":"500.000","minNotionalValue":"5"},
            "unifiedMarginTrade":true,"fundingInterval":480,"settleCoin":"USDT","copyTrading":"both","isPreListing":false,"preListingInfo":null}],"nextPageCursor":""}
            """);
        var instrument = Assert.Single(await exchange.GetInstrumentsAsync([Btc], default));
        Assert.Equal(
            new Instrument
            {
                Symbol = Btc, TickSize = 0.1m, QuantityStep = 0.001m, MinQuantity = 0.001m, MaxQuantity = 1190m, MaxMarketQuantity = 500m,
                MinNotional = 5m, FundingIntervalMinutes = 480, IsTrading = true,
            },
            instrument);
        AssertRead(stub, "/v5/market/instruments-info", signed: false, "category=linear&symbol=BTCUSDT");
    }

    [Fact]
    public async Task A_symbol_that_is_not_listed_is_an_error_that_names_it()
    {
        var (_, exchange) = Answering("/v5/market/instruments-info", """{"category":"linear","list":[],"nextPageCursor":""}""");
        var error = await Assert.ThrowsAsync<ExchangeException>(() => exchange.GetInstrumentsAsync([new Symbol("NOPEUSDT")], default).AsTask());
        Assert.Contains("NOPEUSDT", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_time_is_read_unsigned()
    {
        var (stub, exchange) = Answering("/v5/market/time", """{"timeSecond":"1735689700","timeNano":"1735689700123456789"}""");
        Assert.Equal(new Instant(1735689700123), await exchange.GetMarketTimeAsync(default));
        AssertRead(stub, "/v5/market/time", signed: false, "");
    }

    [Fact]
    public async Task The_snapshot_reads_wallet_positions_orders_and_executions_signed()
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path switch
        {
            "/v5/account/wallet-balance" => StubHandler.Ok("""{"list":[{"accountType":"UNIFIED","totalEquity":"","coin":[{"coin":"USDT","equity":"1010.5","walletBalance":"1000.25","unrealisedPnl":"10.25","availableToWithdraw":""}]}]}"""),
            "/v5/position/list" => StubHandler.Ok("""{"category":"linear","nextPageCursor":"","list":[{"positionIdx":0,"symbol":"BTCUSDT","side":"Sell","size":"0.010","avgPrice":"93000.5","stopLoss":"94500.00","takeProfit":"","leverage":"1","liqPrice":""}]}"""),
            "/v5/order/realtime" => StubHandler.Ok("""
                {"category":"linear","nextPageCursor":"","list":[
                {"symbol":"BTCUSDT","orderId":"s-1","orderLinkId":"","side":"Buy","orderStatus":"Untriggered","qty":"0.010","cumExecQty":"0.000","stopOrderType":"StopLoss","triggerPrice":"94500.00","reduceOnly":true,"closeOnTrigger":true,"createdTime":"1735689500000","updatedTime":"1735689500001","cancelType":"UNKNOWN","rejectReason":"EC_NoError"},
                {"symbol":"ETHUSDT","orderId":"x-1","orderLinkId":"","side":"Buy","orderStatus":"New","qty":"1","cumExecQty":"0","updatedTime":"1735689500001"}]}
                """),
            "/v5/execution/list" => StubHandler.Ok("""
                {"category":"linear","nextPageCursor":"","list":[
                {"symbol":"BTCUSDT","orderId":"o-2","orderLinkId":"","side":"Sell","orderQty":"0.010","execFee":"-0.3","execId":"e-2","execPrice":"93000.5","execQty":"0.010","execType":"Funding","execTime":"1735689580000","markPrice":"93000.5","isMaker":false,"orderType":"UNKNOWN","seq":2},
                {"symbol":"BTCUSDT","orderId":"o-1","orderLinkId":"mine-1","side":"Sell","orderQty":"0.010","execFee":"0.51150275","execId":"e-1","execPrice":"93000.5","execQty":"0.010","execType":"Trade","execTime":"1735689570000","isMaker":false,"seq":1}]}
                """),
            _ => "",
        }));
        var exchange = stub.Connect();
        var snapshot = await exchange.GetSnapshotAsync([Btc], new Instant(1735689500000), default);

        Assert.Equal((new Money(1000.25m), new Money(1010.5m)), (snapshot.Wallet.WalletBalance, snapshot.Wallet.Equity));
        Assert.Equal(new PositionReport(Btc, -0.01m, 93000.5m, new Price(94500m), snapshot.Time, Leverage: 1), Assert.Single(snapshot.Positions));
        var order = Assert.Single(snapshot.OpenOrders);
        Assert.True(order is { IsStopLoss: true, ReduceOnly: true, Status: OrderStatus.Open, Reason: "" } && order.ClientOrderId.IsDefault);
        Assert.Equal(new Price(94500m), order.Trigger);
        Assert.Equal(["e-1", "e-2"], snapshot.Executions.Select(execution => execution.Id.Value));
        Assert.Equal((ExecutionKind.Funding, -0.3m), (snapshot.Executions[1].Kind, snapshot.Executions[1].Fee.Value));

        var reads = stub.Beside("/v5/market/time").ToList();
        Assert.All(reads, AssertSignature);
        Assert.Equal(
            ["GET /v5/account/wallet-balance?accountType=UNIFIED&coin=USDT", "GET /v5/position/list?category=linear&symbol=BTCUSDT",
             "GET /v5/order/realtime?category=linear&settleCoin=USDT&openOnly=0&limit=50",
             "GET /v5/execution/list?category=linear&startTime=1735689500000&endTime=1735689660000&limit=100"],
            reads.Select(seen => $"{seen.Method} {seen.Path}?{seen.Query}"));
    }

    [Fact]
    public async Task An_account_without_the_settlement_coin_is_an_error_and_not_a_balance_of_zero()
    {
        var (_, exchange) = Answering("/v5/account/wallet-balance", """{"list":[{"accountType":"UNIFIED","coin":[]}]}""");
        var error = await Assert.ThrowsAsync<ExchangeException>(() => exchange.GetSnapshotAsync([Btc], default, default).AsTask());
        Assert.Contains("USDT", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_is_looked_up_in_open_orders_then_history_then_executions()
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path switch
        {
            "/v5/execution/list" => StubHandler.Ok("""
                {"nextPageCursor":"","list":[{"symbol":"BTCUSDT","orderId":"o-1","orderLinkId":"mine-1","side":"Buy","orderQty":"0.02","execFee":"0.1","execId":"e-1","execPrice":"93000","execQty":"0.01","execType":"Trade","execTime":"1735689570000"}]}
                """),
            "/v5/order/realtime" or "/v5/order/history" => StubHandler.Ok("""{"nextPageCursor":"","list":[]}"""),
            _ => "",
        }));
        var report = await stub.Connect().FindOrderAsync(Btc, new ClientOrderId("mine-1"), true, default);
        Assert.Equal((OrderStatus.PartiallyFilled, 0.01m, "o-1"), (report!.Status, report.FilledQuantity.Value, report.VenueId.Value));
        Assert.Equal(["/v5/order/realtime", "/v5/order/history", "/v5/execution/list"], stub.Beside("/v5/market/time").Select(seen => seen.Path));
        Assert.All(stub.Beside("/v5/market/time"), seen => Assert.Equal("mine-1", seen["orderLinkId"]));
    }

    [Fact]
    public async Task An_order_that_nobody_knows_is_null()
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path == "/v5/market/time" ? "" : StubHandler.Ok("""{"nextPageCursor":"","list":[]}""")));
        Assert.Null(await stub.Connect().FindOrderAsync(Btc, new ClientOrderId("mine-1"), true, default));
    }

    [Fact]
    public async Task An_order_whose_answer_was_lost_is_absent_only_when_its_request_can_no_longer_arrive()
    {
        var entry = new OrderRequest
        {
            Id = new ClientOrderId("mine-1"), Symbol = Btc, Side = Side.Buy, Type = OrderType.Market, Quantity = new Quantity(0.02m), CausedAt = default,
        };
        var arrived = false;
        var looks = 0;
        var stub = new StubHandler(_time, seen =>
        {
            looks += seen.Path == "/v5/order/realtime" ? 1 : 0;
            return seen.Path switch
            {
                "/v5/market/time" => default,
                "/v5/order/create" => throw new HttpRequestException("connection reset"),
                "/v5/order/realtime" when arrived => (HttpStatusCode.OK, StubHandler.Ok("""
                    {"nextPageCursor":"","list":[{"symbol":"BTCUSDT","orderId":"o-1","orderLinkId":"mine-1","side":"Buy","orderType":"Market","orderStatus":"New","qty":"0.02","cumExecQty":"0","price":"0","avgPrice":"","createdTime":"1735689570000","updatedTime":"1735689570000"}]}
                    """)),
                _ => (HttpStatusCode.OK, StubHandler.Ok("""{"nextPageCursor":"","list":[]}""")),
            };
        });
        var exchange = stub.Connect(o => o.RecvWindowMs = 5_000);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<SubmitAnswer.Unknown>(await exchange.SubmitAsync(entry, default));
        Assert.Null(await exchange.FindOrderAsync(Btc, entry.Id, true, default));
        Assert.Null(await exchange.FindOrderAsync(Btc, new ClientOrderId("of-an-earlier-process"), false, default));

        var looking = exchange.FindOrderAsync(Btc, entry.Id, false, default).AsTask();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(looking.IsCompleted);
        Assert.Equal(3, looks);
        arrived = true;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("o-1", (await looking)!.VenueId.Value);
    }

    [Fact]
    public async Task A_market_entry_with_stop_is_created_with_exactly_these_fields()
    {
        var (stub, exchange) = Answering("/v5/order/create", """{"orderId":"o-9","orderLinkId":"mine-9"}""");
        var answer = await exchange.SubmitAsync(
            new OrderRequest
            {
                Id = new ClientOrderId("mine-9"), Symbol = Btc, Side = Side.Buy, Type = OrderType.Market, Quantity = new Quantity(0.015m),
                StopLoss = new Price(91650.5m), CausedAt = default,
            },
            default);
        Assert.Equal(new SubmitAnswer.Acknowledged(new VenueOrderId("o-9")), answer);
        AssertWrite(stub, "/v5/order/create", """{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Market","qty":"0.015","timeInForce":"IOC","positionIdx":0,"orderLinkId":"mine-9","reduceOnly":false,"stopLoss":"91650.5","slTriggerBy":"LastPrice","tpslMode":"Full","slOrderType":"Market"}""");
    }

    [Fact]
    public async Task A_limit_exit_is_created_with_exactly_these_fields()
    {
        var (stub, exchange) = Answering("/v5/order/create", """{"orderId":"o-9","orderLinkId":"mine-9"}""");
        await exchange.SubmitAsync(
            new OrderRequest
            {
                Id = new ClientOrderId("mine-9"), Symbol = Btc, Side = Side.Sell, Type = OrderType.Limit, LimitPrice = new Price(0.00000123m),
                Quantity = new Quantity(1000m), ReduceOnly = true, CausedAt = default,
            },
            default);
        AssertWrite(stub, "/v5/order/create", """{"category":"linear","symbol":"BTCUSDT","side":"Sell","orderType":"Limit","qty":"1000","price":"0.00000123","timeInForce":"GTC","positionIdx":0,"orderLinkId":"mine-9","reduceOnly":true}""");
    }

    [Fact]
    public async Task A_cancel_is_sent_with_exactly_these_fields()
    {
        var (stub, exchange) = Answering("/v5/order/cancel", """{"orderId":"o-9","orderLinkId":"mine-9"}""");
        Assert.IsType<RequestAnswer.Done>(await exchange.CancelAsync(Btc, new ClientOrderId("mine-9"), default));
        AssertWrite(stub, "/v5/order/cancel", """{"category":"linear","symbol":"BTCUSDT","orderLinkId":"mine-9"}""");
    }

    [Theory]
    [InlineData(false, "LastPrice")]
    [InlineData(true, "MarkPrice")]
    public async Task A_stop_is_set_with_exactly_these_fields(bool byMarkPrice, string trigger)
    {
        var (stub, exchange) = Answering("/v5/position/trading-stop", "{}");
        Assert.IsType<RequestAnswer.Done>(await exchange.SetStopAsync(Btc, new Price(91000.1m), byMarkPrice, default));
        AssertWrite(stub, "/v5/position/trading-stop", $$"""{"category":"linear","symbol":"BTCUSDT","tpslMode":"Full","positionIdx":0,"stopLoss":"91000.1","slTriggerBy":"{{trigger}}","slOrderType":"Market"}""");
    }

    [Fact]
    public async Task Preparing_switches_to_one_way_and_leverage_1_and_takes_already_so_as_done()
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path switch
        {
            "/v5/position/list" => StubHandler.Ok("""{"list":[],"nextPageCursor":""}"""),
            "/v5/position/switch-mode" => StubHandler.Refusal(110025),
            "/v5/position/set-leverage" => StubHandler.Refusal(110043),
            _ => "",
        }));
        await stub.Connect().PrepareAsync([Btc], default);
        Assert.Equal(
            ["""/v5/position/switch-mode {"category":"linear","symbol":"BTCUSDT","mode":0}""",
             """/v5/position/set-leverage {"category":"linear","symbol":"BTCUSDT","buyLeverage":"1","sellLeverage":"1"}"""],
            stub.Beside("/v5/market/time").Where(seen => seen.Path != "/v5/position/list").Select(seen => $"{seen.Path} {seen.Body}"));
    }

    [Theory]
    [InlineData("1", 0, "")]
    [InlineData("10", 0, "/v5/position/set-leverage")]
    [InlineData("1", 1, "/v5/position/switch-mode")]
    public async Task Preparing_writes_only_what_the_position_says_is_not_so_yet(string leverage, int positionIdx, string written)
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path switch
        {
            "/v5/position/list" => StubHandler.Ok($$"""{"list":[{"symbol":"BTCUSDT","side":"","size":"0","leverage":"{{leverage}}","positionIdx":{{positionIdx}},"avgPrice":"0","stopLoss":"" }],"nextPageCursor":""}"""),
            "/v5/market/time" => "",
            _ => StubHandler.Ok("{}"),
        }));
        await stub.Connect().PrepareAsync([Btc], default);
        Assert.Equal(written, string.Concat(stub.Beside("/v5/market/time").Where(seen => seen.Path != "/v5/position/list").Select(seen => seen.Path)));
    }

    [Fact]
    public async Task A_mode_that_cannot_be_switched_says_what_to_do()
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path switch
        {
            "/v5/market/time" => "",
            "/v5/position/list" => StubHandler.Ok("""{"list":[],"nextPageCursor":""}"""),
            _ => StubHandler.Refusal(110024),
        }));
        var error = await Assert.ThrowsAsync<ExchangeException>(() => stub.Connect().PrepareAsync([Btc], default).AsTask());
        Assert.Contains("close its positions", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cursor_with_percent_signs_is_signed_and_sent_as_the_same_text()
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path switch
        {
            "/v5/account/wallet-balance" => StubHandler.Ok("""{"list":[{"coin":[{"coin":"USDT","equity":"1","walletBalance":"1"}]}]}"""),
            "/v5/position/list" or "/v5/execution/list" => StubHandler.Ok("""{"list":[],"nextPageCursor":""}"""),
            "/v5/order/realtime" when seen["cursor"] is null => StubHandler.Ok("""{"list":[{"symbol":"ETHUSDT","orderId":"1"}],"nextPageCursor":"page%3D2%26a~b"}"""),
            "/v5/order/realtime" when seen["cursor"] == "page%3D2%26a~b" => StubHandler.Ok("""{"list":[],"nextPageCursor":""}"""),
            _ => "",
        }));
        await stub.Connect().GetSnapshotAsync([Btc], new Instant(1735689600000), default);
        var second = stub.Requests.Single(seen => seen.Path == "/v5/order/realtime" && seen["cursor"] is not null);
        Assert.Contains("cursor=page%253D2%2526a~b", second.Query, StringComparison.Ordinal);
        AssertSignature(second);
    }

    private static void AssertSignature(Seen seen)
    {
        var signer = new Signer(new BybitCredentials(StubHandler.Key, StubHandler.Secret));
        Assert.Equal(StubHandler.Key, seen.Headers["X-BAPI-API-KEY"]);
        Assert.Equal("5000", seen.Headers["X-BAPI-RECV-WINDOW"]);
        Assert.Equal(
            signer.Sign(long.Parse(seen.Headers["X-BAPI-TIMESTAMP"], System.Globalization.CultureInfo.InvariantCulture), 5000, Encoding.UTF8.GetBytes(seen.Method == "POST" ? seen.Body : seen.Query)),
            seen.Headers["X-BAPI-SIGN"]);
    }

    private static void AssertRead(StubHandler stub, string path, bool signed, string query)
    {
        var seen = stub.Requests.Last(one => one.Path == path);
        Assert.Equal(("GET", signed, query, ""), (seen.Method, seen.IsSigned, seen.Query, seen.Body));
    }

    private static void AssertWrite(StubHandler stub, string path, string body)
    {
        var seen = stub.Requests.Single(one => one.Path == path);
        Assert.Equal(("POST", "", body), (seen.Method, seen.Query, seen.Body));
        AssertSignature(seen);
    }

    private (StubHandler Stub, BybitExchange Exchange) Answering(string path, string result)
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path == path ? StubHandler.Ok(result) : ""));
        return (stub, stub.Connect());
    }
}

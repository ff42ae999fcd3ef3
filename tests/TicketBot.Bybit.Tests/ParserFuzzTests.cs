using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Bybit.Rest;
using TicketBot.Bybit.Streams;
using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Tests;

// Invariants: whatever bytes a venue answers or sends, a read gives values or an ExchangeException, and a frame throws nothing; a write is
// acknowledged only by an answer that says so.
public sealed class ParserFuzzTests
{
    private const int Rounds = 400;
    private static readonly Symbol Btc = new("BTCUSDT");
    private static readonly string[] Splinters =
    [
        "null", "true", "\"\"", "\"NaN\"", "\"Infinity\"", "\"-1\"", "\"1e400\"", "99999999999999999999", "-9223372036854775808", "9223372036854775807", "1e308", "[]", "{}", "[null]",
        "\"0\"", "\"79228162514264337593543950336\"", "\"SomethingNew\"", "\"\\u0042\"", "0.1", "\"\\ud800\"", "{\"list\":[null]}", "\"2025-01-01\"",
    ];

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2025, 1, 1, 0, 0, 30, TimeSpan.Zero));
    private string _body = "";

    public static TheoryData<string, string> Reads => new()
    {
        { "instruments", """{"list":[{"symbol":"BTCUSDT","contractType":"LinearPerpetual","status":"Trading","settleCoin":"USDT","priceFilter":{"tickSize":"0.1"},"lotSizeFilter":{"minOrderQty":"0.001","qtyStep":"0.001","maxOrderQty":"10","maxMktOrderQty":"5","minNotionalValue":"5"},"fundingInterval":480}],"nextPageCursor":""}""" },
        { "candles", """{"category":"linear","symbol":"BTCUSDT","list":[["1735689540000","1","1","1","1","1","1"],["1735689480000","1","1","1","1","1","1"]]}""" },
        { "ticker", """{"list":[{"symbol":"BTCUSDT","lastPrice":"9","indexPrice":"9","markPrice":"9","fundingRate":"0.0001","nextFundingTime":"1735718400000","turnover24h":"1","bid1Price":"9","ask1Price":"10"}]}""" },
        { "book", """{"s":"BTCUSDT","b":[["65485.47","47.08"],["65485.4","1"]],"a":[["65557.7","16.6"]],"ts":1716863719031,"u":230704,"seq":1}""" },
        { "trades", """{"list":[{"execId":"b","symbol":"BTCUSDT","price":"16618.5","size":"0.5","side":"Sell","time":"1672052955768"}]}""" },
        { "funding", """{"list":[{"symbol":"BTCUSDT","fundingRate":"0.0001","fundingRateTimestamp":"1672041600000"}]}""" },
        { "key", """{"readOnly":0,"permissions":{"ContractTrade":["Order","Position"],"Wallet":["Withdraw"]},"ips":["1.2.3.4"],"expiredAt":"2025-05-15T03:21:05Z","uta":1}""" },
        { "fees", """{"list":[{"symbol":"BTCUSDT","takerFeeRate":"0.00055","makerFeeRate":"0.0002"}]}""" },
        { "info", """{"marginMode":"REGULAR_MARGIN","unifiedMarginStatus":5}""" },
        { "wallet", """{"list":[{"accountType":"UNIFIED","coin":[{"coin":"USDT","equity":"1010.5","walletBalance":"1000.25"}]}]}""" },
        { "positions", """{"list":[{"positionIdx":1,"symbol":"BTCUSDT","side":"Buy","size":"0.03","avgPrice":"93000","stopLoss":"91000","leverage":"10"},{"positionIdx":2,"symbol":"BTCUSDT","side":"Sell","size":"0.01","avgPrice":"94000"}],"nextPageCursor":""}""" },
        { "orders", """{"list":[{"symbol":"BTCUSDT","orderId":"s-1","orderLinkId":"mine","side":"Buy","orderStatus":"Untriggered","qty":"0.01","cumExecQty":"0","stopOrderType":"StopLoss","triggerPrice":"94500","reduceOnly":true,"updatedTime":"1735689500001"}],"nextPageCursor":""}""" },
        { "find", """{"list":[{"symbol":"BTCUSDT","orderId":"o-1","orderLinkId":"mine","side":"Buy","qty":"0.02","orderStatus":"New","orderQty":"0.02","execFee":"0.1","execId":"e-1","execPrice":"93000","execQty":"0.01","execType":"Trade","execTime":"1735689570000"}],"nextPageCursor":""}""" },
        { "snapshot", """{"list":[{"symbol":"BTCUSDT","orderId":"o-1","side":"Buy","orderQty":"1","execFee":"0","execId":"e","execPrice":"1","execQty":"1","execType":"Trade","execTime":"1735689570000","coin":[{"coin":"USDT","equity":"1","walletBalance":"1"}],"size":"0","orderStatus":"New","qty":"1"}],"nextPageCursor":""}""" },
    };

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task A_read_gives_values_or_an_error_of_the_exchange(string read, string result)
    {
        var exchange = Exchange();
        var good = StubHandler.Ok(result);
        var random = new SplitMix((ulong)read.Sum(letter => letter * 7919L));
        for (var round = 0; round < Rounds; round++)
        {
            _body = round == 0 ? good : Mutated(good, random);
            try
            {
                await ReadAsync(exchange, read);
            }
            catch (ExchangeException)
            {
                Assert.NotEqual(0, round); // The unchanged answer is read.
            }
        }
    }

    [Fact]
    public async Task A_write_is_acknowledged_only_by_an_answer_that_names_the_order()
    {
        var exchange = Exchange();
        const string Good = """{"retCode":0,"retMsg":"OK","result":{"orderId":"o-77","orderLinkId":"mine"},"retExtInfo":{},"time":1735689600000}""";
        var random = new SplitMix(9);
        for (var round = 0; round < 4 * Rounds; round++)
        {
            _body = Mutated(Good, random);
            var answer = await exchange.SubmitAsync(
                new OrderRequest { Id = new ClientOrderId("mine"), Symbol = Btc, Side = Side.Buy, Type = OrderType.Market, Quantity = new Quantity(1), ReduceOnly = true, CausedAt = default }, default);
            if (answer is SubmitAnswer.Acknowledged(var id))
            {
                Assert.Contains("\"retCode\":0", _body, StringComparison.Ordinal);
                Assert.NotEmpty(id.Value);
            }
        }
    }

    [Fact]
    public void A_public_frame_throws_nothing()
    {
        string[] frames =
        [
            Frames.Kline(1735689600000), $$"""{"topic":"kline.1.BTCUSDT","type":"snapshot","ts":1,"data":[{{Frames.Row(1735689600000, "1", true)}},{{Frames.Row(1735689660000, "1", false)}}]}""",
            """{"topic":"orderbook.50.BTCUSDT","type":"snapshot","ts":1735689600000,"data":{"s":"BTCUSDT","b":[["99","1"],["98","2"]],"a":[["101","1"]],"u":10,"seq":1},"cts":1735689600000}""",
            """{"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1735689600000,"data":{"s":"BTCUSDT","b":[["99","0"]],"a":[["101","3"]],"u":11,"seq":2},"cts":1735689600000}""",
            """{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1735689600000,"data":[{"T":1735689600000,"s":"BTCUSDT","S":"Buy","v":"0.001","p":"16578.50","i":"x","BT":false}]}""",
            """{"topic":"tickers.BTCUSDT","type":"snapshot","data":{"symbol":"BTCUSDT","fundingRate":"0.0001"},"cs":1,"ts":1735689600000}""",
            """{"success":true,"ret_msg":"","conn_id":"c","req_id":"1","op":"subscribe"}""", """{"success":true,"ret_msg":"pong","conn_id":"c","req_id":"","op":"ping"}""",
        ];
        var posted = 0;
        var options = new BybitOptions { Environment = ExchangeEnvironment.Testnet };
        var stream = new PublicStream(
            Topic.Of([new SeriesKey(Btc, Interval.OneMinute)], observes: true, watches: true), true, () => Instant.From(_time.GetUtcNow()),
            input => posted += Assert.IsType<StreamInput.Kline>(input).Candle.Fault() is null ? 1 : 0, new Uri("ws://127.0.0.1:1/"), options, _time, new Chance(1), new Counters(), NullLogger.Instance);
        Fuzz(frames, stream.Receive);
        Assert.InRange(posted, 1, int.MaxValue);
    }

    [Fact]
    public void A_control_frame_throws_nothing()
    {
        string[] frames =
        [
            """{"op":"attached","step":0,"time":1735689600000,"speed":0,"holds":true}""", """{"op":"end","step":7,"time":1}""", """{"op":"refused","reason":"x"}""",
            """{"op":"step","step":3,"time":1735689660000,"candles":[["BTCUSDT","1",1735689600000]],"private":["m1","m2"]}""", """{"op":"step","step":3,"time":1735689660000,"candles":[],"private":[]}""",
        ];
        var channel = new ControlChannel(new Uri("ws://127.0.0.1:1/"), "k", new BybitOptions(), _time, new Chance(1), new Counters(), NullLogger.Instance);
        channel.Follow(_ => { });
        Fuzz(frames, channel.Receive);
        Assert.True(channel.Ended.IsCompleted);
    }

    // Bytes changed, cut, doubled, or a value replaced by one of another type, size or meaning.
    internal static string Mutated(string text, SplitMix random)
    {
        for (var changes = random.Below(3); changes >= 0 && text.Length > 0; changes--)
        {
            switch (random.Below(6))
            {
                case 0:
                    text = text[..random.Below(text.Length + 1)];
                    break;
                case 1:
                    var at = random.Below(text.Length);
                    text = text[..at] + "0-.eE\"{}[],:n\\\u00e9 "[random.Below(16)] + text[(at + 1)..];
                    break;
                case 2:
                    at = random.Below(text.Length);
                    text = text[..at] + text[at..(at + random.Below(text.Length - at + 1))] + text[at..];
                    break;
                default:
                    // A whole value.
                    var start = text.IndexOf(':', random.Below(text.Length)) + 1;
                    var end = text.IndexOfAny([',', '}', ']'], start);
                    text = end > start ? text[..start] + Splinters[random.Below(Splinters.Length)] + text[end..] : text;
                    break;
            }
        }

        return text;
    }

    private static void Fuzz(string[] frames, Action<ReadOnlyMemory<byte>> receive)
    {
        var random = new SplitMix(31337);
        for (var round = 0; round < 20 * Rounds; round++)
        {
            var frame = frames[random.Below(frames.Length)];
            receive(Encoding.UTF8.GetBytes(random.Below(10) == 0 ? frame : Mutated(frame, random)));
        }

        var noise = new byte[200];
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < noise.Length; i++)
            {
                noise[i] = (byte)random.Below(256);
            }

            receive(noise.AsMemory(0, random.Below(noise.Length)));
        }
    }

    private BybitExchange Exchange()
    {
        var exchange = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path == "/v5/market/time" ? "" : _body.Length > 0 ? _body : " ")).Connect(options =>
        {
            options.ReadRetries = 0;
            (options.ReadsPerSecond, options.WritesPerSecond) = (null, null);
        });
        return exchange;
    }

    private async Task ReadAsync(BybitExchange exchange, string read)
    {
        // A mutated code may look like a refused key or a block, which would rest all that follows.
        _time.Advance(TimeSpan.FromMinutes(11));
        var now = new Instant(1735689600000);
        switch (read)
        {
            case "instruments":
                await exchange.MarketData.InstrumentsAsync(default);
                await exchange.GetInstrumentsAsync([Btc], default);
                break;
            case "candles":
                await exchange.MarketData.CandlesAsync(Btc, Interval.OneMinute, new Instant(1735689480000), now, default);
                break;
            case "ticker":
                await exchange.MarketData.TickerAsync(Btc, default);
                break;
            case "book":
                await exchange.MarketData.BookAsync(Btc, 50, default);
                break;
            case "trades":
                await exchange.MarketData.RecentTradesAsync(Btc, 5, default);
                break;
            case "funding":
                await exchange.MarketData.FundingAsync(Btc, new Instant(0), now, default);
                break;
            case "key":
                _ = (await exchange.AccountData.KeyAsync(default)).Value is { CanWithdraw: true, CanTransfer: true, CanTrade: true };
                break;
            case "fees":
                await exchange.AccountData.FeesAsync(Btc, default);
                break;
            case "info":
                await exchange.AccountData.InfoAsync(default);
                break;
            case "wallet":
                await exchange.AccountData.WalletAsync(now, default);
                break;
            case "positions":
                await exchange.AccountData.PositionAsync(Btc, now, default);
                await exchange.AccountData.PositionsAsync(now, default);
                break;
            case "orders":
                await exchange.AccountData.OpenOrdersAsync(now, default);
                await exchange.AccountData.OrderHistoryAsync(Btc, new Instant(0), new Instant(5), default);
                break;
            case "find":
                await exchange.FindOrderAsync(Btc, new ClientOrderId("mine"), true, default);
                break;
            default:
                await exchange.GetSnapshotAsync([Btc], now, default);
                break;
        }
    }
}

using System.Globalization;
using System.Net;
using TicketBot.Bybit.MarketData;
using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Tests;

// One fixture per public endpoint; the responses have the shape of the venue's documented ones.
public sealed class MarketDataTests
{
    private const long Hour = 3_600_000;
    private static readonly Symbol Btc = new("BTCUSDT");
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task All_contracts_are_read_page_by_page_and_only_perpetuals_in_the_settlement_coin_are_kept()
    {
        static string Row(string symbol, string type, string coin) => $$$"""{"symbol":"{{{symbol}}}","contractType":"{{{type}}}","status":"Trading","settleCoin":"{{{coin}}}","priceFilter":{"tickSize":"0.1"},"lotSizeFilter":{"minOrderQty":"0.001","qtyStep":"0.001","maxOrderQty":"10","maxMktOrderQty":"5","minNotionalValue":"5"},"fundingInterval":480}""";
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen["cursor"] is null
            ? StubHandler.Ok($$"""{"list":[{{Row("BTCUSDT", "LinearPerpetual", "USDT")}},{{Row("BTCPERP", "LinearPerpetual", "USDC")}}],"nextPageCursor":"next%3D"}""")
            : StubHandler.Ok($$"""{"list":[{{Row("BTC-26DEC25", "LinearFutures", "USDT")}},{{Row("ETHUSDT", "LinearPerpetual", "USDT")}}],"nextPageCursor":""}""")));
        var found = await stub.Connect().MarketData.InstrumentsAsync(default);
        Assert.Equal(["BTCUSDT", "ETHUSDT"], found.Select(one => one.Symbol.Value));
        Assert.Equal(["category=linear&limit=1000", "category=linear&limit=1000&cursor=next%253D"], stub.Requests.Select(seen => seen.Query));
        Assert.All(stub.Requests, seen => Assert.Equal(("GET", "/v5/market/instruments-info", false), (seen.Method, seen.Path, seen.IsSigned)));
    }

    [Fact]
    public async Task A_ticker_is_read_unsigned()
    {
        var (stub, market) = Answering("/v5/market/tickers", """
            {"category":"linear","list":[{"symbol":"BTCUSDT","lastPrice":"93600.50","indexPrice":"93650.01","markPrice":"93601.77","prevPrice24h":"95000","fundingRate":"0.000077","nextFundingTime":"1735718400000","turnover24h":"10123456789.1234","deliveryTime":"0","basisRate":"","bid1Price":"93600.40","bid1Size":"4.1","ask1Price":"93600.50","ask1Size":"1.9"}]}
            """);
        Assert.Equal(
            new Ticker(Btc, new Price(93600.5m), new Price(93601.77m), new Price(93650.01m), new Price(93600.4m), new Price(93600.5m), 10123456789.1234m, 0.000077, new Instant(1735718400000)),
            await market.TickerAsync(Btc, default));
        AssertRead(stub, "category=linear&symbol=BTCUSDT");
    }

    [Fact]
    public async Task An_order_book_is_read_best_prices_first()
    {
        var (stub, market) = Answering("/v5/market/orderbook", """{"s":"BTCUSDT","b":[["65485.47","47.081829"],["65485.4","1"]],"a":[["65557.7","16.606555"]],"ts":1716863719031,"u":230704,"seq":1432604333,"cts":1716863718905}""");
        var book = await market.BookAsync(Btc, 50, default);
        Assert.Equal((2, 1, new Instant(1716863719031)), (book.Bids.Count, book.Asks.Count, book.Time));
        Assert.Equal((new Price(65485.47m), new Quantity(47.081829m)), book.Bids[0]);
        Assert.Equal(11.024, book.SpreadBp!.Value, 3);
        AssertRead(stub, "category=linear&symbol=BTCUSDT&limit=50");
    }

    [Theory]
    [InlineData("""{"s":"ETHUSDT","b":[],"a":[],"ts":1,"u":1}""")]
    [InlineData("""{"s":"BTCUSDT","b":[["1","1"],["2","1"]],"a":[],"ts":1,"u":1}""")]
    [InlineData("""{"s":"BTCUSDT","b":[["1"]],"a":[],"ts":1,"u":1}""")]
    [InlineData("""{"s":"BTCUSDT","b":[null],"a":[],"ts":1,"u":1}""")]
    [InlineData("""{"s":"BTCUSDT","b":[["NaN","1"]],"a":[],"ts":1,"u":1}""")]
    [InlineData("""{"s":"BTCUSDT","a":[],"ts":1,"u":1}""")]
    public async Task A_book_that_cannot_be_one_is_an_error(string body)
    {
        var (_, market) = Answering("/v5/market/orderbook", body);
        await Assert.ThrowsAsync<ExchangeException>(() => market.BookAsync(Btc, 50, default));
    }

    [Fact]
    public async Task Recent_trades_come_oldest_first()
    {
        var (stub, market) = Answering("/v5/market/recent-trade", """
            {"category":"linear","list":[{"execId":"b","symbol":"BTCUSDT","price":"16618.5","size":"0.5","side":"Sell","time":"1672052955768","isBlockTrade":false,"isRPITrade":false,"seq":"2"},
            {"execId":"a","symbol":"BTCUSDT","price":"16618.49","size":"0.01","side":"Buy","time":"1672052955758","isBlockTrade":false,"seq":"1"}]}
            """);
        var trades = await market.RecentTradesAsync(Btc, 2, default);
        Assert.Equal(["a", "b"], trades.Select(trade => trade.Id));
        Assert.Equal((Side.Sell, 0.5m, 16618.5m), (trades[1].TakerSide, trades[1].Size.Value, trades[1].Price.Value));
        AssertRead(stub, "category=linear&symbol=BTCUSDT&limit=2");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(650)]
    public async Task Settled_funding_is_paged_backward_and_comes_oldest_first(int count)
    {
        var until = new Instant(2_000 * 8 * Hour);
        var stub = new StubHandler(_time, seen =>
        {
            var (start, end) = (long.Parse(seen["startTime"]!, CultureInfo.InvariantCulture), long.Parse(seen["endTime"]!, CultureInfo.InvariantCulture));
            var rows = Enumerable.Range(0, count).Select(i => until.UnixMilliseconds - (i * 8 * Hour)).Where(at => at >= start && at <= end).Take(200)
                .Select(at => $$"""{"symbol":"BTCUSDT","fundingRate":"0.0001","fundingRateTimestamp":"{{at}}"}""");
            return (HttpStatusCode.OK, StubHandler.Ok($$"""{"category":"linear","list":[{{string.Join(',', rows)}}]}"""));
        });
        var found = await stub.Connect().MarketData.FundingAsync(Btc, new Instant(0), until, default);
        Assert.Equal(Enumerable.Range(0, count).Select(i => until.UnixMilliseconds - ((count - 1 - i) * 8 * Hour)), found.Select(one => one.Time.UnixMilliseconds));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(17, 2_017)]
    [InlineData(30, 1_030)]
    [InlineData(0, 2_500)]
    public async Task Candles_read_forward_are_those_read_backward(int from, int until)
    {
        var market = Candles(listedFrom: 40).MarketData;
        var (start, end) = (new Instant(from * Hour), new Instant(until * Hour));
        var forward = new List<Candle>();
        await foreach (var page in market.CandlePagesAsync(Btc, Interval.Parse("1h"), start, end, default))
        {
            Assert.InRange(page.Count, 1, 1000);
            forward.AddRange(page);
        }

        Assert.Equal(await market.CandlesAsync(Btc, Interval.Parse("1h"), start, end, default), forward);
        Assert.Equal(Enumerable.Range(40, Math.Max(0, until - 40)).Select(hour => hour * Hour), forward.Select(candle => candle.OpenTime.UnixMilliseconds));
    }

    [Fact]
    public async Task A_download_that_starts_inside_a_candle_begins_with_the_next_one()
    {
        var market = Candles(listedFrom: 0).MarketData;
        await foreach (var page in market.CandlePagesAsync(Btc, Interval.Parse("1h"), new Instant((5 * Hour) + 1), new Instant(8 * Hour), default))
        {
            Assert.Equal([6 * Hour, 7 * Hour], page.Select(candle => candle.OpenTime.UnixMilliseconds));
        }
    }

    [Fact]
    public async Task A_series_begins_where_its_first_candle_opens_wherever_that_is()
    {
        var random = new SeededRandom(11);
        for (var i = 0; i < 200; i++)
        {
            var interval = Interval.All[i % Interval.All.Count];
            var (listed, ended) = (Open(500 + (1_000 * random.NextDouble())), Open(1_600));
            var (from, until) = (Open(1_000 * random.NextDouble()).Plus(i % 3), Open(1_100 + (300 * random.NextDouble())));
            var stub = Listed(interval, listed, ended);
            var grid = interval.OpenOf(from) is var open && open < from ? interval.CloseOf(open) : from;
            Instant? expected = listed >= until ? null : listed < grid ? grid : listed;
            Assert.Equal(expected, await stub.Connect(options => options.ReadsPerSecond = null).MarketData.FirstCandleAsync(Btc, interval, from, until, default));
            Assert.InRange(stub.Requests.Count, 1, 35);

            Instant Open(double share) => interval.OpenOf(new Instant((long)(share * 1_000_000_000)));
        }
    }

    [Fact]
    public async Task The_newest_candle_is_the_one_under_way()
    {
        var (stub, market) = Answering("/v5/market/kline", """{"list":[["3600000","100","101.5","99","100.5","12.25","1230.5"]]}""");
        Assert.Equal(new Instant(Hour), await market.NewestCandleAsync(Btc, Interval.OneHour, default));
        AssertRead(stub, "category=linear&symbol=BTCUSDT&interval=60&limit=1");
        Assert.Null(await Answering("/v5/market/kline", """{"list":[]}""").Market.NewestCandleAsync(Btc, Interval.OneHour, default));
    }

    [Fact]
    public async Task A_venue_that_does_not_know_the_end_of_a_question_is_an_error()
    {
        var (_, market) = Answering("/v5/market/kline", """{"list":[["360000000","100","101.5","99","100.5","12.25","1230.5"]]}""");
        await Assert.ThrowsAsync<ExchangeException>(() => market.FirstCandleAsync(Btc, Interval.OneHour, new Instant(Hour), new Instant(9 * Hour), default));
    }

    [Theory]
    [InlineData(10001, true)]
    [InlineData(10003, false)]
    public async Task A_series_that_the_venue_does_not_know_is_refused_in_its_words(int code, bool isUnknown)
    {
        var stub = new StubHandler(_time, _ => (HttpStatusCode.OK, StubHandler.Refusal(code, "symbol invalid")));
        var said = await stub.Connect().MarketData.RefusalOfCandlesAsync(Btc, Interval.OneHour, default);
        Assert.Equal(isUnknown, said?.Contains("symbol invalid", StringComparison.Ordinal) ?? false);
        Assert.Null(await Answering("/v5/market/kline", """{"list":[]}""").Market.RefusalOfCandlesAsync(Btc, Interval.OneHour, default));
    }

    // A venue with every candle from one open time to another, which tells the newest that opens by the end it is asked for.
    private StubHandler Listed(Interval interval, Instant first, Instant last) => new(_time, seen =>
    {
        if (seen.Path != "/v5/market/kline")
        {
            return default;
        }

        Assert.Equal(("1", false), (seen["limit"], seen.IsSigned));
        var by = interval.OpenOf(new Instant(long.Parse(seen["end"]!, CultureInfo.InvariantCulture)));
        var newest = by < last ? by : last;
        return (HttpStatusCode.OK, StubHandler.Ok(newest < first ? """{"list":[]}""" : $$"""{"list":[["{{newest.UnixMilliseconds}}","100","101.5","99","100.5","12.25","1230.5"]]}"""));
    });

    // A venue with an hourly candle from an hour on; with both bounds it gives the newest rows, as the real one.
    private BybitExchange Candles(int listedFrom) => new StubHandler(_time, seen =>
    {
        if (seen.Path != "/v5/market/kline")
        {
            return default;
        }

        var (start, end) = (long.Parse(seen["start"]!, CultureInfo.InvariantCulture), long.Parse(seen["end"]!, CultureInfo.InvariantCulture));
        var rows = Enumerable.Range(listedFrom, 5_000).Select(hour => hour * Hour).Where(open => open >= start && open <= end).Reverse().Take(1000)
            .Select(open => $"""["{open}","100","101.5","99","100.5","12.25","1230.5"]""");
        return (HttpStatusCode.OK, StubHandler.Ok($$"""{"list":[{{string.Join(',', rows)}}]}"""));
    }).Connect(options => options.ReadsPerSecond = null);

    private static void AssertRead(StubHandler stub, string query)
    {
        var seen = Assert.Single(stub.Requests);
        Assert.Equal(("GET", false, query), (seen.Method, seen.IsSigned, seen.Query));
    }

    private (StubHandler Stub, BybitMarket Market) Answering(string path, string result)
    {
        var stub = new StubHandler(_time, seen => (HttpStatusCode.OK, seen.Path == path ? StubHandler.Ok(result) : ""));
        return (stub, stub.Connect().MarketData);
    }
}

using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Bybit;
using TicketBot.Bybit.Rest;
using TicketBot.Bybit.Streams;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Benchmarks.Connector;

/// <summary>The units of the connector at their real shapes: frames as the venue sends them, through the same methods as a socket's frames.</summary>
internal sealed class ConnectorUnits : IDisposable
{
    private const long Time = 1735689600000;
    private static readonly Symbol Btc = new("BTCUSDT");
    private readonly RestClient _rest;
    private readonly PublicStream _public;
    private readonly PrivateStream _private;
    private readonly PublicStream _observing;
    private long _posted;
    private long _number = 10;

    public ConnectorUnits()
    {
        var options = new BybitOptions { Environment = ExchangeEnvironment.Testnet };
        var addresses = BybitAddresses.Of(options);
        var credentials = new BybitCredentials("measured-key-of-18", "measured-secret-of-36-letters-in-all");
        var (signer, clock, chance, counters, log) = (new Signer(credentials), new BybitClock(TimeProvider.System), new Chance(1), new Counters(), NullLogger.Instance);
        clock.Measure(0, 0, Time);
        _rest = new RestClient(options, addresses.Rest, signer, clock, TimeProvider.System, chance, new HttpClientHandler(), counters, log);
        SeriesKey[] series = [.. new[] { "1", "15" }.SelectMany(code => new[] { "BTCUSDT", "ETHUSDT", "SOLUSDT" }.Select(name => new SeriesKey(new Symbol(name), Interval.Parse(code))))];
        PublicStream Public(bool observes) => new(
            Topic.Of(series, observes, watches: true), true, () => new Instant(Time), _ => _posted++, addresses.PublicStream, options, TimeProvider.System, chance, counters, log);
        (_public, _observing) = (Public(false), Public(true));
        _private = new PrivateStream(_ => _posted++, addresses.PrivateStream, signer, clock, _rest, options, TimeProvider.System, chance, counters, log);
        All =
        [
            ("kline frame, candle under way", Open("false")),
            ("kline frame, confirmed, to candle", Open("true")),
            ("ticker frame, sign of life", Ticker()),
            ("order book delta of 8 levels, 50 deep", Delta()),
            ("public trades frame of 3", Trades()),
            ("execution frame to event", Execution()),
            ("order frame to event", Order()),
            ("order to signed bytes", Sign(signer)),
        ];
    }

    /// <summary>Name and unit.</summary>
    public IReadOnlyList<(string Name, Action Unit)> All { get; }

    /// <inheritdoc/>
    public void Dispose() => _rest.Dispose();

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    // A number of fixed width inside a frame is written over, so that each frame is a new one without the measurement paying for it.
    private void Count(byte[] frame, int at) => _number.TryFormat(frame.AsSpan(at, 10), out _, "D10", CultureInfo.InvariantCulture);

    private static int Place(byte[] frame) => frame.AsSpan().IndexOf("0000000010"u8);

    private Action Open(string confirm)
    {
        var frame = Bytes($$"""{"topic":"kline.15.BTCUSDT","data":[{"start":1735688700000,"end":1735689599999,"interval":"15","open":"93571.4","close":"93604.2","high":"93688","low":"93510.1","volume":"184.263","turnover":"17246353.6178","confirm":{{confirm}},"timestamp":1735689600012}],"ts":1735689600012,"type":"snapshot"}""");
        return () => _public.Receive(frame);
    }

    private Action Ticker()
    {
        var frame = Bytes("""{"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT","markPrice":"93601.77","indexPrice":"93650.01","openInterestValue":"5080443290.11","bid1Size":"4.021","ask1Size":"1.94"},"cs":323021099,"ts":1735689600101}""");
        return () => _public.Receive(frame);
    }

    private Action Delta()
    {
        string Levels(int from, int step, string size) => string.Join(',', Enumerable.Range(0, 50).Select(i => $"[\"{from + (i * step)}.5\",\"{size}\"]"));
        _observing.Receive(Bytes($$"""{"topic":"orderbook.50.BTCUSDT","type":"snapshot","ts":{{Time}},"data":{"s":"BTCUSDT","b":[{{Levels(93600, -1, "0.5")}}],"a":[{{Levels(93601, 1, "0.7")}}],"u":9,"seq":1},"cts":{{Time}}}"""));
        _number = 10;
        var frame = Bytes($$"""{"topic":"orderbook.50.BTCUSDT","type":"delta","ts":{{Time}},"data":{"s":"BTCUSDT","b":[["93600.5","1.25"],["93590.5","0"],["93590.5","0.31"],["93570.5","2.5"]],"a":[["93601.5","0.02"],["93611.5","0"],["93611.5","0.4"],["93640.5","7"]],"seq":0,"u":5555555555},"cts":{{Time}}}""");
        var at = frame.AsSpan().IndexOf("5555555555"u8);
        return () =>
        {
            frame.AsSpan(at, 10).Fill((byte)' ');
            _number.TryFormat(frame.AsSpan(at, 10), out _, default, CultureInfo.InvariantCulture); // JSON takes no leading zeros.
            _number++;
            _observing.Receive(frame);
        };
    }

    private Action Trades()
    {
        var rows = string.Join(',', Enumerable.Range(0, 3).Select(i => $$"""{"T":{{Time}},"s":"BTCUSDT","S":"{{(i % 2 == 0 ? "Buy" : "Sell")}}","v":"0.00{{i + 1}}","p":"93600.5","L":"PlusTick","i":"20f43950-d8dd-5b31-9112-a178eb6023a{{i}}","BT":false,"seq":1783284617}"""));
        var frame = Bytes($$"""{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":{{Time}},"data":[{{rows}}]}""");
        return () => _observing.Receive(frame);
    }

    private Action Execution()
    {
        var frame = Bytes("""{"id":"592324803b2785-26fa-4214-9963-bdd4727f07be","topic":"execution","creationTime":1735689600017,"data":[{"category":"linear","symbol":"BTCUSDT","closedSize":"0","execFee":"0.51480035","execId":"7e2ae69c-4edf-5800-a352-0000000010","execPrice":"93600.5","execQty":"0.010","execType":"Trade","execValue":"936.005","feeRate":"0.00055","tradeIv":"","markIv":"","blockTradeId":"","markPrice":"93599.2","indexPrice":"","underlyingPrice":"","leavesQty":"0","orderId":"4a1e1b02-9f4d-4c93-9a7b-8f7d1a8f1b1d","orderLinkId":"tb-4f9d1c2b3a4e5f60718293a4b5c6","orderPrice":"98280.5","orderQty":"0.010","orderType":"Market","stopOrderType":"UNKNOWN","side":"Buy","execTime":"1735689600010","isLeverage":"0","isMaker":false,"seq":91357928,"marketUnit":"","execPnl":"0","createType":"CreateByUser","extraFees":"","feeCurrency":"USDT"}]}""");
        var at = Place(frame);
        return () =>
        {
            Count(frame, at);
            _number++;
            _private.Receive(frame);
        };
    }

    private Action Order()
    {
        var frame = Bytes("""{"id":"5923240c6880ab-c59f-420b-9adb-3639adc9dd90","topic":"order","creationTime":1735689600016,"data":[{"symbol":"BTCUSDT","orderId":"4a1e1b02-9f4d-4c93-9a7b-8f7d1a8f1b1d","side":"Buy","orderType":"Market","cancelType":"UNKNOWN","price":"98280.5","qty":"0.010","orderIv":"","timeInForce":"IOC","orderStatus":"Filled","orderLinkId":"tb-4f9d1c2b3a4e5f60718293a4b5c6","lastPriceOnCreated":"93600.1","reduceOnly":false,"leavesQty":"0","leavesValue":"0","cumExecQty":"0.010","cumExecValue":"936.005","avgPrice":"93600.5","blockTradeId":"","positionIdx":0,"cumExecFee":"0.51480035","closedPnl":"0","createdTime":"1735689600009","updatedTime":"1735689600010","rejectReason":"EC_NoError","stopOrderType":"","tpslMode":"Full","triggerPrice":"","takeProfit":"","stopLoss":"92196.5","tpTriggerBy":"","slTriggerBy":"LastPrice","triggerDirection":0,"triggerBy":"","closeOnTrigger":false,"category":"linear","placeType":"","smpType":"None","smpGroup":0,"smpOrderId":"","feeCurrency":"USDT"}]}""");
        return () => _private.Receive(frame);
    }

    private static Action Sign(Signer signer)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        var order = new OrderRequest
        {
            Id = new ClientOrderId("tb-4f9d1c2b3a4e5f60718293a4b5c6"), Symbol = Btc, Side = Side.Buy, Type = OrderType.Market, Quantity = new Quantity(0.010m),
            StopLoss = new Price(92196.5m), CausedAt = new Instant(Time),
        };
        return () => SignedOrder.Build(order, signer, new Instant(Time), 5_000, buffer);
    }
}

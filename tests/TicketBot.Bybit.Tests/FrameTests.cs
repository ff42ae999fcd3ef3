using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Bybit.Rest;
using TicketBot.Bybit.Streams;
using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Tests;

// Invariants: whatever arrives, nothing is thrown into the receiving loop; what cannot be read on the private stream is announced.
public sealed class FrameTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<StreamInput> _inputs = [];
    private readonly PublicStream _public;
    private readonly PrivateStream _private;

    public FrameTests()
    {
        var options = new BybitOptions { Environment = ExchangeEnvironment.Testnet };
        var addresses = BybitAddresses.Of(options);
        var signer = new Signer(new BybitCredentials("k", "s"));
        var clock = new BybitClock(_time);
        var rest = new RestClient(options, addresses.Rest, signer, clock, _time, new Chance(1), new StubHandler(_time, _ => default), new Counters(), NullLogger.Instance);
        SeriesKey[] series = [.. new[] { "1", "5" }.Select(code => new SeriesKey(new Symbol("BTCUSDT"), Interval.Parse(code)))];
        _public = new PublicStream(
            Topic.Of(series, observes: true, watches: true), true, () => Instant.From(_time.GetUtcNow()), _inputs.Add, addresses.PublicStream, options, _time,
            new Chance(1), new Counters(), NullLogger.Instance);
        _private = new PrivateStream(_inputs.Add, addresses.PrivateStream, signer, clock, rest, options, _time, new Chance(1), new Counters(), NullLogger.Instance);
    }

    [DataFact("ws/bybit-v5_message-fixtures.jsonl", "ws/bybit-v5_single-frames.jsonl")]
    public void Recorded_frames_are_understood()
    {
        foreach (var message in Recorded())
        {
            _public.Receive(message);
            _private.Receive(message);
        }

        var events = _inputs.OfType<StreamInput.Private>().SelectMany(input => input.Events).ToList();
        Assert.DoesNotContain(events, happened => happened is ExchangeEvent.StreamInterrupted);
        var order = Assert.Single(events.OfType<ExchangeEvent.OrderChanged>()).Report;
        Assert.Equal(("test-client-order-001", OrderStatus.Filled, 0.1m, false), (order.ClientOrderId.Value, order.Status, order.FilledQuantity.Value, order.IsStopLoss));
        var fill = Assert.Single(events.OfType<ExchangeEvent.Executed>()).Execution;
        Assert.Equal(("0ab1bdf7-4219-438b-b30a-32ec863018f7", 95900.1m, 0.5m, 26.3725275m, Side.Sell), (fill.Id.Value, fill.Price.Value, fill.Quantity.Value, fill.Fee.Value, fill.Side));
        var position = Assert.Single(events.OfType<ExchangeEvent.PositionChanged>()).Report;
        Assert.Equal((-0.01m, 3641.075m, null), (position.SignedQuantity, position.AverageEntry, position.StopLoss));
        var wallet = Assert.Single(events.OfType<ExchangeEvent.WalletChanged>()).Report;
        Assert.Equal((9647.75537647m, 10226.20575506m), (wallet.WalletBalance.Value, wallet.Equity.Value));
        Assert.Empty(_inputs.OfType<StreamInput.Kline>()); // None of the recorded candles is confirmed.
    }

    [DataFact("ws/bybit-v5_message-fixtures.jsonl", "ws/bybit-v5_single-frames.jsonl")]
    public void A_recorded_candle_is_taken_when_it_is_confirmed()
    {
        foreach (var message in Recorded())
        {
            _public.Receive(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(message).Replace("\"confirm\":false", "\"confirm\":true", StringComparison.Ordinal)));
        }

        var first = _inputs.OfType<StreamInput.Kline>().First().Candle;
        Assert.Equal(new Candle(new Instant(1672324800000), 16649.5, 16677, 16608, 16677, 2.081, 34666.4005), first);
        Assert.Equal(3, _inputs.Count);
    }

    [Fact]
    public void Mutated_frames_never_throw_and_a_private_data_frame_is_read_or_announced()
    {
        string[] frames =
        [
            Frames.Kline(1735689600000), Frames.Execution("m1", "e1", "e2"),
            """{"id":"p","topic":"position","creationTime":1762199126022,"data":[{"positionIdx":0,"symbol":"ETHUSDT","side":"Sell","size":"0.01","entryPrice":"3641.075","stopLoss":"0","category":"linear"}]}""",
            """{"id":"o","topic":"order.linear","creationTime":1672364262474,"data":[{"symbol":"BTCUSDT","orderId":"5","side":"Buy","orderStatus":"Filled","qty":"0.1","cumExecQty":"0.1","reduceOnly":"false","category":"linear","updatedTime":"1672364262457","rejectReason":"","stopOrderType":"Stop","triggerPrice":"29500.00"}]}""",
            """{"id":"w","topic":"wallet","creationTime":1700034722104,"data":[{"coin":[{"coin":"USDT","equity":"1","walletBalance":"1"}]}]}""",
            """{"success":true,"ret_msg":"","conn_id":"c","req_id":"1","op":"subscribe"}""", """{"op":"pong","args":["1"]}""",
        ];
        var random = new SplitMix(20250101);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = Encoding.UTF8.GetBytes(frames[random.Below(frames.Length)]);
            for (var changes = random.Below(4); changes >= 0; changes--)
            {
                bytes[random.Below(bytes.Length)] = random.Below(2) == 0 ? (byte)random.Below(256) : (byte)"0-.eE\"{}[],:n"[random.Below(13)];
            }

            var cut = random.Below(4) == 0 ? bytes.AsMemory(0, random.Below(bytes.Length + 1)) : bytes;
            _inputs.Clear();
            _private.Receive(cut);
            if (IsJsonWithPrivateTopic(cut))
            {
                Assert.IsType<StreamInput.Private>(Assert.Single(_inputs));
            }

            _public.Receive(cut);
        }
    }

    [Theory]
    [InlineData("Untriggered", OrderStatus.Open)]
    [InlineData("PartiallyFilledCanceled", OrderStatus.Cancelled)]
    [InlineData("Deactivated", OrderStatus.Cancelled)]
    [InlineData("Rejected", OrderStatus.Rejected)]
    [InlineData("SomethingNew", OrderStatus.Unknown)]
    public void A_status_text_has_a_meaning_or_is_unknown(string text, OrderStatus status) => Assert.Equal(status, Mapping.ToStatus(text));

    [Theory]
    [InlineData("Trade", ExecutionKind.Trade)]
    [InlineData("Funding", ExecutionKind.Funding)]
    [InlineData("AdlTrade", ExecutionKind.Forced)]
    [InlineData("BustTrade", ExecutionKind.Forced)]
    [InlineData("CorporateAction", ExecutionKind.Unknown)]
    public void An_execution_type_has_a_meaning_or_is_unknown(string text, ExecutionKind kind) => Assert.Equal(kind, Mapping.ToKind(text));

    [Fact]
    public void A_signed_order_is_signed_over_the_bytes_that_are_sent()
    {
        var signer = new Signer(new BybitCredentials("k", "s"));
        var order = new OrderRequest
        {
            Id = new ClientOrderId("a"), Symbol = new Symbol("BTCUSDT"), Side = Side.Sell, Type = OrderType.Market, Quantity = new Quantity(0.5m),
            StopLoss = new Price(101), StopByMarkPrice = true, CausedAt = default,
        };
        var signed = SignedOrder.Build(order, signer, new Instant(1735689600000), 5000, new System.Buffers.ArrayBufferWriter<byte>());
        Assert.Equal(signer.Sign(1735689600000, 5000, signed.Body.Span), signed.Signature);
        using var json = JsonDocument.Parse(signed.Body);
        Assert.Equal("MarkPrice", json.RootElement.GetProperty("slTriggerBy").GetString());
    }

    [Fact]
    public void Building_a_signed_order_allocates_little()
    {
        var signer = new Signer(new BybitCredentials("k", "s"));
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(512);
        var order = new OrderRequest
        {
            Id = new ClientOrderId("a"), Symbol = new Symbol("BTCUSDT"), Side = Side.Sell, Type = OrderType.Market, Quantity = new Quantity(0.5m), CausedAt = default,
        };
        for (var i = 0; i < 100; i++)
        {
            SignedOrder.Build(order, signer, new Instant(i), 5000, buffer);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            SignedOrder.Build(order, signer, new Instant(i), 5000, buffer);
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 0, 600);
    }

    private static bool IsJsonWithPrivateTopic(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            return json.RootElement.TryGetProperty("topic", out var topic)
                && topic.GetString() is "order.linear" or "execution" or "position" or "wallet";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static IEnumerable<byte[]> Recorded() =>
        new[] { "ws/bybit-v5_message-fixtures.jsonl", "ws/bybit-v5_single-frames.jsonl" }
            .SelectMany(file => File.ReadLines(RecordedData.PathOf(file)))
            .Select(line =>
            {
                using var json = JsonDocument.Parse(line);
                return Encoding.UTF8.GetBytes(json.RootElement.GetProperty("message").GetRawText());
            });
}

using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using TicketBot.Domain;
using TicketBot.Simulator.Faults;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;
using TicketBot.Testing;

namespace TicketBot.Simulator.Tests.Wire;

/// <summary>Whatever a client sends, it is answered or refused cleanly: no request fails inside the simulator, the market goes on.</summary>
public class FuzzTests
{
    private const int Rounds = 1_500;
    private static readonly Instant Start = new(1_700_006_400_000);

    private static readonly string[] Posts =
    [
        "/v5/order/create", "/v5/order/amend", "/v5/order/cancel", "/v5/order/cancel-all", "/v5/order/create-batch", "/v5/order/amend-batch", "/v5/order/cancel-batch",
        "/v5/position/trading-stop", "/v5/position/set-leverage", "/v5/position/switch-mode", "/v5/account/set-margin-mode", "/v5/account/demo-apply-money",
        "/v5/position/set-tpsl-mode", "/v5/position/set-risk-limit", "/v5/position/set-auto-add-margin", "/v5/position/add-margin", "/v5/asset/withdraw/create", "/v5/nothing",
    ];

    private static readonly string[] Gets =
    [
        "/v5/market/kline", "/v5/market/instruments-info", "/v5/market/tickers", "/v5/market/orderbook", "/v5/market/recent-trade", "/v5/market/funding/history",
        "/v5/market/mark-price-kline", "/v5/market/risk-limit", "/v5/order/realtime", "/v5/order/history", "/v5/execution/list", "/v5/position/list", "/v5/position/closed-pnl",
        "/v5/account/wallet-balance", "/v5/account/fee-rate", "/v5/account/info", "/v5/user/query-api", "/v5/asset/coin/query-info", "/v5/account/transaction-log",
        "/v5/account/withdrawal", "/v5/asset/transfer/query-account-coins-balance", "/v5/asset/transfer/query-account-coin-balance", "/v5/asset/withdraw/withdrawable-amount",
        "/v5/market/open-interest", "/v5/market/insurance", "/v5/market/index-price-components", "/v5/market/premium-index-price-kline", "/v5/market/price-limit",
    ];

    private static readonly string[] Names =
    [
        "category", "symbol", "side", "orderType", "qty", "price", "timeInForce", "positionIdx", "orderLinkId", "orderId", "reduceOnly", "closeOnTrigger", "triggerPrice",
        "triggerDirection", "triggerBy", "takeProfit", "stopLoss", "tpslMode", "tpSize", "slSize", "trailingStop", "activePrice", "slLimitPrice", "slOrderType", "orderFilter",
        "settleCoin", "baseCoin", "buyLeverage", "sellLeverage", "mode", "coin", "request", "limit", "cursor", "start", "end", "startTime", "endTime", "interval", "openOnly",
        "slippageToleranceType", "slippageTolerance", "status", "accountType", "simulatorFillShare", "intervalTime", "indexName",
        "coinName", "currency", "type", "tpSlMode", "riskId", "autoAddMargin", "adjustType", "amountStr", "utaDemoApplyMoney", "op", "args", "req_id", "reqId", "header",
    ];

    private static readonly string[] Values =
    [
        "\"linear\"", "\"BTCUSDT\"", "\"Buy\"", "\"Sell\"", "\"Market\"", "\"Limit\"", "\"0.001\"", "\"0.01\"", "\"50000\"", "\"1\"", "1", "0", "2", "3", "true", "false", "\"true\"", "null",
        "\"\"", "-1", "\"-0.001\"", "\"1e400\"", "1e400", "\"1e28\"", "\"79228162514264337593543950335\"", "\"79228162514264337593543950336\"", "9223372036854775807", "-9223372036854775808",
        "\"9223372036854775807\"", "\"-9223372036854775808\"", "\"0.0000000000000000000000000001\"", "\"NaN\"", "\"Infinity\"", "\"Full\"", "\"Partial\"", "\"Stop\"", "\"PostOnly\"", "\"IOC\"",
        "\"USDT\"", "\"btcusdt\"", "\"\\u0000\"", "\"\\ud800\"", "\"☃\"", "{}", "[]", "[1,2]", "[{}]", "{\"a\":{\"b\":[]}}", "[[[[[[[[[[]]]]]]]]]]", "\"Percent\"", "\"TickSize\"", "\"15\"", "\"UNIFIED\"", "\"5min\"", "[{\"coin\":\"USDT\",\"amountStr\":\"5\"}]",
        "\"auth\"", "\"subscribe\"", "\"unsubscribe\"", "\"ping\"", "\"order.create\"", "\"order.amend\"", "[\"kline.15.BTCUSDT\"]", "[\"orderbook.50.BTCUSDT\",7,null]", "[\"simulator\",\"99999999999999\",\"00\"]",
    ];

    [Fact]
    public async Task Every_request_is_answered_with_an_envelope()
    {
        var log = new FaultyLog();
        await using var server = await StartAsync(log);
        await using var client = new Client(server);
        var random = new SeededRandom(7);
        for (var i = 0; i < Rounds; i++)
        {
            var isPost = random.Next(2) == 0;
            var path = isPost ? Posts[random.Next(Posts.Length)] : Gets[random.Next(Gets.Length)];
            var sent = isPost ? Body(random) : Query(random);
            var (status, text) = isPost ? await client.PostTextAsync(path, sent) : await client.SignedGetTextAsync(path, sent);
            Assert.True(status is 200 or 400 or 404, $"{path} {sent} was answered {status}: {text}");
            using var answer = JsonDocument.Parse(text);
            Assert.Equal(JsonValueKind.Number, answer.RootElement.GetProperty("retCode").ValueKind);
            Assert.True(answer.RootElement.GetProperty("result").ValueKind == JsonValueKind.Object, text);
            if (i % 50 == 49)
            {
                await client.StepAsync(server);
            }
        }

        Assert.Empty(log.Faults);
        Assert.False(server.Completion.IsFaulted);
    }

    [Fact]
    public async Task Deep_nesting_huge_bodies_and_raw_bytes_are_refused_cleanly()
    {
        var log = new FaultyLog();
        await using var server = await StartAsync(log);
        await using var client = new Client(server);
        var random = new SeededRandom(9);
        var deep = new string('[', 5_000) + new string(']', 5_000);
        var nested = string.Concat(Enumerable.Repeat("{\"a\":", 5_000)) + "1" + new string('}', 5_000);
        foreach (var body in new[] { deep, nested, $"{{\"category\":{deep}}}", "", " ", "\0", "{", "{\"a\"}", "null", "\"text\"", new string('9', 100_000) })
        {
            Assert.Equal(10001, Code(await client.PostTextAsync("/v5/order/create", body)));
        }

        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[random.Next(200)];
            for (var b = 0; b < bytes.Length; b++)
            {
                bytes[b] = (byte)random.Next(256);
            }

            Assert.Equal(10001, Code(await client.PostTextAsync("/v5/order/create", Encoding.Latin1.GetString(bytes))));
        }

        Assert.Equal(10001, Code(await client.PostTextAsync("/v5/order/create", new string('x', 900_000))));
        foreach (var query in new[] { "%", "%zz=%ff", "a=b&&&=&c", "symbol=%00", "limit=%31%30", $"symbol={new string('A', 4_000)}", "cursor=-5", "cursor=zzz", "start=-1", "end=-9223372036854775808&interval=15&symbol=BTCUSDT" })
        {
            foreach (var path in Gets)
            {
                var (status, text) = await client.SignedGetTextAsync(path, query);
                Assert.True(status is 200 or 404, $"{path}?{query} was answered {status}: {text}");
            }
        }

        Assert.Empty(log.Faults);
    }

    [Theory]
    [InlineData("/v5/public/linear")]
    [InlineData("/v5/private")]
    [InlineData("/v5/trade")]
    public async Task Every_stream_survives_whatever_it_hears(string path)
    {
        var log = new FaultyLog();
        await using var server = await StartAsync(log);
        await using var client = new Client(server);
        var random = new SeededRandom(11);
        var socket = await client.OpenAsync(path);
        var expires = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + 60_000;
        await socket.SendAsync($$"""{"op":"auth","args":["{{Client.Key}}",{{expires}},"{{Client.Sign(Client.Secret, $"GET/realtime{expires}")}}"]}""");
        foreach (var text in new[] { "", "[]", "7", "null", "\"x\"", "{", "{}", new string('[', 200) + new string(']', 200), """{"op":7}""", """{"op":"subscribe"}""", """{"op":"subscribe","args":{}}""" })
        {
            await socket.SendAsync(text);
        }

        for (var i = 0; i < Rounds; i++)
        {
            await socket.SendAsync(Body(random));
        }

        await socket.SendAsync("""{"op":"ping","req_id":"last","reqId":"last"}""");
        while (true)
        {
            var answer = await socket.ReadAsync();
            if (answer.TryGetProperty("req_id", out var id) || answer.TryGetProperty("reqId", out id))
            {
                if (id.ValueKind == JsonValueKind.String && id.GetString() == "last")
                {
                    break;
                }
            }
        }

        Assert.Empty(log.Faults);
    }

    [Fact]
    public void Every_script_is_read_or_refused_with_a_reason()
    {
        var random = new SeededRandom(13);
        var names = typeof(FaultRule).GetProperties().Select(p => char.ToLowerInvariant(p.Name[0]) + p.Name[1..]).ToArray();
        var refused = 0;
        for (var i = 0; i < 5_000; i++)
        {
            var fields = Enumerable.Range(0, random.Next(5)).Select(_ => $"\"{names[random.Next(names.Length)]}\":{Values[random.Next(Values.Length)]}").Prepend("\"kind\":\"code\"");
            var text = $"{{\"seed\":{random.Next(9)},\"rules\":[{{{string.Join(',', fields)}}}]}}";
            try
            {
                Assert.Single(FaultScript.Parse(text).Rules);
            }
            catch (FormatException fault)
            {
                refused++;
                Assert.Contains("rules[0]", fault.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(refused, 500, 4_900);
    }

    private static int Code((int Status, string Text) answer) => JsonDocument.Parse(answer.Text).RootElement.GetProperty("retCode").GetInt32();

    private static Task<SimulatorServer> StartAsync(FaultyLog log) => SimulatorServer.StartAsync(
        new SimulatorOptions { TickMs = 1_000 }, new GeneratedMarket(MarketSpec.Default, [new Symbol("BTCUSDT")], Interval.FifteenMinutes, 1, 50, Start),
        new VenueSettings(), TimeProvider.System, log, CancellationToken.None);

    private static string Body(SeededRandom random)
    {
        var fields = Enumerable.Range(0, random.Next(12)).Select(_ => $"\"{Names[random.Next(Names.Length)]}\":{Values[random.Next(Values.Length)]}").ToList();
        if (random.Next(2) == 0)
        {
            fields.Insert(0, """
                "category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Market","qty":"0.001"
                """);
        }

        return $"{{{string.Join(',', fields)}}}";
    }

    private static string Query(SeededRandom random) => string.Join('&', Enumerable.Range(0, random.Next(8)).Select(i =>
        i == 0 && random.Next(2) == 0 ? "category=linear" : i == 1 && random.Next(2) == 0 ? "symbol=BTCUSDT"
        : $"{Names[random.Next(Names.Length)]}={WebUtility.UrlEncode(Values[random.Next(Values.Length)].Trim('"'))}"));

    /// <summary>A logger that keeps what went wrong inside.</summary>
    private sealed class FaultyLog : ILoggerFactory, ILogger
    {
        private readonly List<string> _faults = [];

        internal IReadOnlyList<string> Faults
        {
            get
            {
                lock (_faults)
                {
                    return [.. _faults];
                }
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Error)
            {
                lock (_faults)
                {
                    _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{formatter(state, exception)}: {exception}"));
                }
            }
        }

        public void Dispose()
        {
        }
    }
}

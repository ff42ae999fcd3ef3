using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Markets;

namespace TicketBot.Simulator.Tests.Wire;

public class PublicStreamTests
{
    private static readonly Symbol Btc = new("BTCUSDT");
    private static readonly Instant Start = new(1_700_006_400_000);

    [Fact]
    public async Task Ids_come_back_in_their_own_type_and_only_when_they_were_sent()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var socket = await client.OpenAsync("/v5/public/linear");
        foreach (var id in new[] { "7", "\"7\"", "\"a b\"", "12345678901234567890" })
        {
            foreach (var message in new[] { "\"op\":\"ping\"", "\"op\":\"subscribe\",\"args\":[\"tickers.BTCUSDT\"]", "\"op\":\"unsubscribe\",\"args\":[\"tickers.BTCUSDT\"]" })
            {
                await socket.SendAsync($$"""{"req_id":{{id}},{{message}}}""");
                var answer = await socket.ReadAsync();
                Assert.True(answer.GetProperty("success").GetBoolean());
                Assert.Equal(id, answer.GetProperty("req_id").GetRawText());
                if (message.Contains("\"subscribe\"", StringComparison.Ordinal))
                {
                    Assert.Equal("snapshot", (await socket.ReadAsync()).GetProperty("type").GetString());
                }
            }
        }

        await socket.SendAsync("""{"op":"ping"}""");
        var pong = await socket.ReadAsync();
        Assert.Equal(("ping", "pong", false), (pong.GetProperty("op").GetString(), pong.GetProperty("ret_msg").GetString(), pong.TryGetProperty("req_id", out _)));
    }

    [Theory]
    [InlineData("kline.15.NOPEUSDT", "Invalid symbol")]
    [InlineData("tickers.NOPEUSDT", "Invalid symbol")]
    [InlineData("kline.7.BTCUSDT", "handler not found")]
    [InlineData("kline.15m.BTCUSDT", "handler not found")]
    [InlineData("orderbook.25.BTCUSDT", "handler not found")]
    [InlineData("order", "handler not found")]
    [InlineData("", "handler not found")]
    public async Task One_bad_topic_refuses_the_whole_request(string topic, string expected)
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var socket = await client.OpenAsync("/v5/public/linear");
        await socket.SendAsync($$"""{"req_id":1,"op":"subscribe","args":["tickers.BTCUSDT","{{topic}}"]}""");
        var answer = await socket.ReadAsync();
        Assert.False(answer.GetProperty("success").GetBoolean());
        Assert.Contains(expected, answer.GetProperty("ret_msg").GetString(), StringComparison.Ordinal);
        Assert.Contains(topic, answer.GetProperty("ret_msg").GetString(), StringComparison.Ordinal);
        await socket.SendAsync("""{"op":"ping"}"""); // Nothing was subscribed: no snapshot stands between.
        Assert.Equal("ping", (await socket.ReadAsync()).GetProperty("op").GetString());
    }

    [Fact]
    public async Task Arguments_of_more_than_21000_characters_are_refused()
    {
        var symbols = Enumerable.Range(0, 800).Select(i => new Symbol($"LONGNAMEDCOIN{i:0000}USDT")).ToList();
        await using var server = await Client.StartAsync(new GeneratedMarket(MarketSpec.Default, symbols, Interval.OneHour, 1, 1, Start));
        await using var client = new Client(server);
        var socket = await client.OpenAsync("/v5/public/linear");
        string Topics(int from, int count) => string.Join(',', symbols.Skip(from).Take(count).Select(s => $"\"kline.60.{s}\""));
        await socket.SendAsync($$"""{"op":"subscribe","args":[{{Topics(0, 600)}}]}""");
        Assert.True((await socket.ReadAsync()).GetProperty("success").GetBoolean());
        await socket.SendAsync($$"""{"op":"subscribe","args":[{{Topics(600, 200)}}]}""");
        var refused = await socket.ReadAsync();
        Assert.False(refused.GetProperty("success").GetBoolean());
        Assert.Contains("21000", refused.GetProperty("ret_msg").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deltas_bring_a_book_to_what_REST_tells_and_ids_rise_by_one()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var socket = await client.OpenAsync("/v5/public/linear");
        var control = await client.OpenControlAsync();
        await control.ReadAsync();
        await socket.SendAsync("""{"op":"subscribe","args":["orderbook.50.BTCUSDT"]}""");
        await socket.ReadAsync();
        var first = await socket.ReadAsync();
        Assert.Equal("snapshot", first.GetProperty("type").GetString());
        var (bids, asks) = (new SortedDictionary<decimal, string>(), new SortedDictionary<decimal, string>());
        Merge(first, bids, asks);
        var id = first.GetProperty("data").GetProperty("u").GetInt64();
        Assert.True(id > 1);
        for (var step = 0; step < 5; step++)
        {
            await control.SendAsync($$"""{"op":"sent","step":{{step}}}""");
            await control.ReadAsync();
            var delta = await socket.ReadAsync();
            Assert.Equal(("delta", ++id), (delta.GetProperty("type").GetString(), delta.GetProperty("data").GetProperty("u").GetInt64()));
            Assert.True(delta.GetProperty("cts").GetInt64() > 0);
            Merge(delta, bids, asks);
            var rest = (await client.GetAsync("/v5/market/orderbook", "category=linear&symbol=BTCUSDT&limit=50")).GetProperty("result");
            Assert.Equal(Levels(rest, "b"), bids.Reverse().Select(l => (l.Key, l.Value)));
            Assert.Equal(Levels(rest, "a"), asks.Select(l => (l.Key, l.Value)));
            Assert.True(bids.Keys.Last() < asks.Keys.First());
        }

        var second = await client.OpenAsync("/v5/public/linear");
        await second.SendAsync("""{"op":"subscribe","args":["orderbook.50.BTCUSDT","orderbook.1.BTCUSDT"]}""");
        await second.ReadAsync();
        var late = await second.ReadAsync();
        Assert.Equal(("snapshot", id), (late.GetProperty("type").GetString(), late.GetProperty("data").GetProperty("u").GetInt64()));
        Assert.Equal(1, (await second.ReadAsync()).GetProperty("data").GetProperty("b").GetArrayLength());
        await control.SendAsync("""{"op":"sent","step":5}""");
        var (one, fifty) = (await second.ReadAsync(), await second.ReadAsync());
        Assert.Equal(("orderbook.1.BTCUSDT", "snapshot"), (one.GetProperty("topic").GetString(), one.GetProperty("type").GetString()));
        Assert.Equal(("orderbook.50.BTCUSDT", "delta"), (fifty.GetProperty("topic").GetString(), fifty.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task A_ticker_begins_whole_and_goes_on_with_what_changed()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var socket = await client.OpenAsync("/v5/public/linear");
        var control = await client.OpenControlAsync();
        await control.ReadAsync();
        await socket.SendAsync("""{"op":"subscribe","args":["tickers.BTCUSDT"]}""");
        await socket.ReadAsync();
        var merged = new Dictionary<string, string?>();
        for (var step = 0; step < 4; step++)
        {
            var message = await socket.ReadAsync();
            Assert.Equal(step == 0 ? "snapshot" : "delta", message.GetProperty("type").GetString());
            Assert.Equal("BTCUSDT", message.GetProperty("data").GetProperty("symbol").GetString());
            foreach (var field in message.GetProperty("data").EnumerateObject())
            {
                Assert.True(step == 0 || field.Name == "symbol" || merged[field.Name] != field.Value.GetString());
                merged[field.Name] = field.Value.GetString();
            }

            var rest = (await client.GetAsync("/v5/market/tickers", "category=linear&symbol=BTCUSDT")).GetProperty("result").GetProperty("list")[0];
            Assert.Equal(rest.EnumerateObject().ToDictionary(f => f.Name, f => f.Value.GetString()), merged);
            await control.SendAsync($$"""{"op":"sent","step":{{step}}}""");
            await control.ReadAsync();
        }
    }

    [Fact]
    public async Task Public_trades_come_once_each_and_oldest_first()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var socket = await client.OpenAsync("/v5/public/linear");
        var control = await client.OpenControlAsync();
        await control.ReadAsync();
        await socket.SendAsync("""{"op":"subscribe","args":["publicTrade.BTCUSDT"]}""");
        await socket.ReadAsync();
        var seen = new List<string>();
        for (var step = 0; step < 4; step++)
        {
            await control.SendAsync($$"""{"op":"sent","step":{{step}}}""");
            await control.ReadAsync();
        }

        await socket.SendAsync("""{"op":"ping"}""");
        var times = new List<long>();
        while (await socket.ReadAsync() is var message && message.TryGetProperty("topic", out _))
        {
            foreach (var trade in message.GetProperty("data").EnumerateArray())
            {
                seen.Add(trade.GetProperty("i").GetString()!);
                times.Add(trade.GetProperty("T").GetInt64());
                Assert.True(trade.GetProperty("S").GetString() is "Buy" or "Sell");
            }
        }

        var rest = (await client.GetAsync("/v5/market/recent-trade", "category=linear&symbol=BTCUSDT&limit=1000")).GetProperty("result").GetProperty("list");
        Assert.NotEmpty(seen);
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Equal(times.Order(), times);
        Assert.Equal(rest.EnumerateArray().Take(seen.Count).Select(t => t.GetProperty("execId").GetString()).Reverse(), seen);
    }

    [Fact]
    public async Task Paths_of_other_categories_exist_and_know_no_symbol()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var socket = await client.OpenAsync("/v5/public/spot");
        await socket.SendAsync("""{"op":"subscribe","args":["tickers.BTCUSDT"]}""");
        Assert.False((await socket.ReadAsync()).GetProperty("success").GetBoolean());
        await Assert.ThrowsAnyAsync<System.Net.WebSockets.WebSocketException>(() => client.OpenAsync("/v5/public/nothing"));
    }

    private static GeneratedMarket Market() => new(MarketSpec.Default, [Btc], Interval.FifteenMinutes, 4, 200, Start);

    private static void Merge(JsonElement message, SortedDictionary<decimal, string> bids, SortedDictionary<decimal, string> asks)
    {
        foreach (var (name, side) in new[] { ("b", bids), ("a", asks) })
        {
            foreach (var (price, size) in Levels(message.GetProperty("data"), name))
            {
                if (size == "0")
                {
                    Assert.True(side.Remove(price));
                }
                else
                {
                    side[price] = size;
                }
            }
        }
    }

    private static List<(decimal Price, string Size)> Levels(JsonElement book, string side) =>
        [.. book.GetProperty(side).EnumerateArray().Select(l => (decimal.Parse(l[0].GetString()!, CultureInfo.InvariantCulture), l[1].GetString()!))];
}

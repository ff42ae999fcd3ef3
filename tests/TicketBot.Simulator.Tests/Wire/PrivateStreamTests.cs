using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Markets;

namespace TicketBot.Simulator.Tests.Wire;

public class PrivateStreamTests
{
    private static readonly Instant Start = new(1_700_006_400_000);

    [Theory]
    [InlineData(true, 1_000, true)]
    [InlineData(false, 30_000, true)]
    [InlineData(true, -1, false)]
    [InlineData(false, -1, false)]
    public async Task Auth_takes_an_expiry_in_the_future_as_number_or_text(bool asText, int inMs, bool expected)
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var socket = await client.OpenAsync("/v5/private");
        var expires = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + inMs;
        var sign = Client.Sign(Client.Secret, $"GET/realtime{expires}");
        await socket.SendAsync($$"""{"op":"auth","args":["{{Client.Key}}",{{(asText ? $"\"{expires}\"" : expires)}},"{{(asText ? sign.ToUpperInvariant() : sign)}}"]}""");
        var answer = await socket.ReadAsync();
        Assert.Equal((expected, "auth"), (answer.GetProperty("success").GetBoolean(), answer.GetProperty("op").GetString()));
        Assert.False(answer.TryGetProperty("req_id", out _));
        await socket.SendAsync("""{"req_id":"x","op":"ping"}""");
        var pong = await socket.ReadAsync();
        Assert.Equal(("pong", "x"), (pong.GetProperty("op").GetString(), pong.GetProperty("req_id").GetString()));
        Assert.True(long.Parse(pong.GetProperty("args")[0].GetString()!, System.Globalization.CultureInfo.InvariantCulture) > 0);
    }

    [Fact]
    public async Task Topics_are_plain_or_categorised_but_not_both_in_one_request()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var socket = await client.OpenPrivateAsync("wallet");
        await socket.SendAsync("""{"req_id":1,"op":"subscribe","args":["order","order.linear"]}""");
        Assert.False((await socket.ReadAsync()).GetProperty("success").GetBoolean());
        await socket.SendAsync("""{"req_id":1,"op":"subscribe","args":["orders"]}""");
        Assert.Contains("orders", (await socket.ReadAsync()).GetProperty("ret_msg").GetString(), StringComparison.Ordinal);
        await socket.SendAsync("""{"req_id":1,"op":"subscribe","args":["order.linear","execution","execution.fast.linear","position.linear"]}""");
        Assert.True((await socket.ReadAsync()).GetProperty("success").GetBoolean());

        var second = await client.OpenPrivateAsync("order");
        var control = await client.OpenControlAsync();
        await control.ReadAsync();
        await client.PostAsync("/v5/order/create", """{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Market","qty":"0.001","orderLinkId":"p"}""");
        await control.SendAsync("""{"op":"sent","step":0}""");
        await control.ReadAsync();
        await socket.SendAsync("""{"op":"ping"}""");
        var topics = new List<string>();
        while ((await socket.ReadAsync()) is var message && message.TryGetProperty("topic", out var topic))
        {
            topics.Add(topic.GetString()!);
        }

        Assert.Contains("order.linear", topics);
        Assert.Contains("position.linear", topics);
        Assert.Contains("wallet", topics);
        Assert.Equal(topics.Count(t => t == "execution"), topics.Count(t => t == "execution.fast.linear"));
        Assert.Equal("order", (await second.ReadAsync()).GetProperty("topic").GetString());
    }

    [Fact]
    public async Task The_trade_stream_takes_orders_once_per_id()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var socket = await client.OpenAsync("/v5/trade");
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        string Order(string id, string link, long? time = null) => $$$"""{"reqId":"{{{id}}}","header":{"X-BAPI-TIMESTAMP":"{{{time ?? now}}}","X-BAPI-RECV-WINDOW":"60000"},"op":"order.create","args":[{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Limit","qty":"0.001","price":"20000","orderLinkId":"{{{link}}}"}]}""";
        async Task<(int Code, JsonElement Answer)> AskAsync(string message)
        {
            await socket.SendAsync(message);
            var answer = await socket.ReadAsync();
            return (answer.GetProperty("retCode").GetInt32(), answer);
        }

        Assert.Equal(10005, (await AskAsync(Order("1", "t1"))).Code);
        var expires = now + 10_000;
        var auth = $$"""{"reqId":"a","op":"auth","args":["{{Client.Key}}",{{expires}},"{{Client.Sign(Client.Secret, $"GET/realtime{expires}")}}"]}""";
        Assert.Equal(0, (await AskAsync(auth)).Code);
        Assert.Equal(20001, (await AskAsync(auth)).Code);
        var (code, made) = await AskAsync(Order("2", "t1"));
        Assert.Equal((0, "2", "order.create"), (code, made.GetProperty("reqId").GetString(), made.GetProperty("op").GetString()));
        Assert.Equal("t1", made.GetProperty("data").GetProperty("orderLinkId").GetString());
        Assert.Equal("10", made.GetProperty("header").GetProperty("X-Bapi-Limit").GetString());
        Assert.Equal(20006, (await AskAsync(Order("2", "t2"))).Code);
        Assert.Equal(10001, (await AskAsync(Order(new string('x', 37), "t2"))).Code);
        Assert.Equal(10002, (await AskAsync(Order("3", "t2", now - 120_000))).Code);
        Assert.Equal(110072, (await AskAsync(Order("4", "t1"))).Code);
        Assert.Equal(10404, (await AskAsync("""{"reqId":"5","op":"order.nothing","args":[{}]}""")).Code);
        var pong = (await AskAsync("""{"op":"ping"}""")).Answer;
        Assert.Equal("pong", pong.GetProperty("op").GetString());
        Assert.Single(server.State.OpenOrders);
    }

    [Fact]
    public async Task The_idle_time_is_seconds_or_minutes_up_to_ten_minutes()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        foreach (var text in new[] { "", "30s", "600s", "1m", "10m" })
        {
            await client.OpenAsync($"/v5/private?max_active_time={text}");
        }

        foreach (var text in new[] { "29s", "601s", "11m", "60", "s", "999999999999m" })
        {
            await Assert.ThrowsAnyAsync<System.Net.WebSockets.WebSocketException>(() => client.OpenAsync($"/v5/private?max_active_time={text}"));
        }
    }

    [Fact]
    public async Task A_client_that_says_nothing_is_cut_after_its_idle_time()
    {
        var clock = new Testing.FakeTimeProvider();
        await using var server = await Client.StartAsync(Market(), clock: clock);
        await using var client = new Client(server);
        var quick = await client.OpenAsync("/v5/private?max_active_time=30s");
        var usual = await client.OpenAsync("/v5/public/linear");
        foreach (var socket in new[] { quick, usual })
        {
            await socket.SendAsync("""{"op":"ping"}""");
            await socket.ReadAsync();
        }

        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.True(await quick.IsCutAsync());
        await usual.SendAsync("""{"op":"ping"}""");
        await usual.ReadAsync();
        clock.Advance(TimeSpan.FromSeconds(601));
        Assert.True(await usual.IsCutAsync());
    }

    private static GeneratedMarket Market() => new(MarketSpec.Default, [new Symbol("BTCUSDT")], Interval.FifteenMinutes, 1, 50, Start);
}

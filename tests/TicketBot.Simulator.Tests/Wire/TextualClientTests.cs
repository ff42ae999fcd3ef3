using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Faults;
using TicketBot.Simulator.Markets;

namespace TicketBot.Simulator.Tests.Wire;

/// <summary>What Bybit.Net (https://github.com/JKorf/Bybit.Net) asks of a server, walked by hand: ids as text in every answer, signatures in
/// upper case, booleans as text, <c>cts</c> in every book, one base address, unsubscribing at the end.</summary>
public class TextualClientTests
{
    private static readonly Instant Start = new(1_700_006_400_000);

    [Fact]
    public async Task A_client_of_texts_lives_through_its_session()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var expires = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + 10_000;
        var sign = Client.Sign(Client.Secret, $"GET/realtime{expires}").ToUpperInvariant();
        var (open, closed, trade) = (await client.OpenAsync("/v5/public/linear"), await client.OpenAsync("/v5/private"), await client.OpenAsync("/v5/trade"));

        await AskAsync(closed, "req_id", "1", Op("auth", $"[\"{Client.Key}\",{expires},\"{sign}\"]"));
        await AskAsync(trade, "reqId", "2", Op("auth", $"[\"{Client.Key}\",{expires},\"{sign}\"]"));
        await AskAsync(closed, "req_id", "3", Op("subscribe", """["order","execution","position","wallet"]"""));
        await AskAsync(open, "req_id", "4", Op("subscribe", """["orderbook.50.BTCUSDT"]"""));
        Assert.True((await open.ReadAsync()).GetProperty("cts").GetInt64() > 0);
        await AskAsync(open, "req_id", "5", Op("subscribe", """["orderbook.1.BTCUSDT"]"""));
        Assert.True((await open.ReadAsync()).GetProperty("cts").GetInt64() > 0);
        await AskAsync(open, "req_id", "6", Op("ping", "[]"));
        await AskAsync(closed, "req_id", "7", Op("ping", "[]"));

        var refused = await client.PostAsync("/v5/order/create", """{"category":"linear","symbol":"BTCUSDT","side":"Sell","orderType":"Market","qty":"0.001","reduceOnly":"true","positionIdx":"0"}""");
        Assert.Equal(110017, refused.GetProperty("retCode").GetInt32());
        var taken = await client.PostAsync("/v5/order/create", """{"category":"linear","symbol":"BTCUSDT","side":"Sell","orderType":"Market","qty":"0.001","reduceOnly":"false","closeOnTrigger":"false"}""");
        Assert.Equal(0, taken.GetProperty("retCode").GetInt32());
        Assert.Equal(0, (await client.SignedGetAsync("/v5/order/realtime", "category=linear&symbol=BTCUSDT", upper: true)).GetProperty("retCode").GetInt32());

        await AskAsync(open, "req_id", "8", Op("unsubscribe", """["orderbook.50.BTCUSDT","orderbook.1.BTCUSDT"]"""));
        await AskAsync(closed, "req_id", "9", Op("unsubscribe", """["order"]"""));
    }

    [Fact]
    public async Task A_lost_answer_on_the_trade_stream_cuts_it_after_the_order_was_taken()
    {
        await using var server = await Client.StartAsync(Market());
        await using var client = new Client(server);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var trade = await client.OpenAsync("/v5/trade");
        await AskAsync(trade, "reqId", "a", Op("auth", $"[\"{Client.Key}\",{now + 10_000},\"{Client.Sign(Client.Secret, $"GET/realtime{now + 10_000}")}\"]"));
        server.Faults.Add(new FaultRule { Kind = FaultKind.LoseAnswer, Method = "WS", Path = "/v5/order/create" });
        await trade.SendAsync($$$"""{"reqId":"b","header":{"X-BAPI-TIMESTAMP":"{{{now}}}"},"op":"order.create","args":[{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Market","qty":"0.001"}]}""");
        Assert.True(await trade.IsCutAsync());
        Assert.Equal(1, server.State.OrderCount);
        Assert.Equal("WS /v5/order/create", Assert.Single(server.Faults.Log).On);
    }

    [Fact]
    public async Task With_ticks_a_candle_under_way_is_told_once_a_second_and_then_confirmed()
    {
        await using var server = await Client.StartAsync(Market(), change: o => o.TickMs = 250);
        await using var client = new Client(server);
        var socket = await client.OpenAsync("/v5/public/linear");
        await socket.SendAsync("""{"op":"subscribe","args":["kline.15.BTCUSDT"]}""");
        await socket.ReadAsync();
        await client.StepAsync(server, 4 * 900);
        await socket.SendAsync("""{"op":"ping"}""");
        var rows = new List<JsonElement>();
        while (await socket.ReadAsync() is var message && message.TryGetProperty("topic", out _))
        {
            rows.Add(message.GetProperty("data")[0]);
        }

        Assert.InRange(rows.Count, 895, 902);
        Assert.All(rows, r => Assert.Equal(Start.UnixMilliseconds, r.GetProperty("start").GetInt64()));
        Assert.All(rows.SkipLast(1), r => Assert.False(r.GetProperty("confirm").GetBoolean()));
        Assert.True(rows[^1].GetProperty("confirm").GetBoolean());
        Assert.All(rows.Zip(rows.Skip(1)).SkipLast(1), p => Assert.True(p.Second.GetProperty("timestamp").GetInt64() - p.First.GetProperty("timestamp").GetInt64() >= 1_000));
        var whole = Market().Steps().First().Candles[0].Candle;
        Assert.Equal(
            (whole.Open, whole.High, whole.Low, whole.Close),
            (Number(rows[^1], "open"), Number(rows[^1], "high"), Number(rows[^1], "low"), Number(rows[^1], "close")));
    }

    private static string Op(string name, string arguments) => $"\"op\":\"{name}\",\"args\":{arguments}";

    private static double Number(JsonElement row, string name) => double.Parse(row.GetProperty(name).GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    private static async Task AskAsync(Client.Socket socket, string idName, string id, string message)
    {
        await socket.SendAsync($$"""{"{{idName}}":"{{id}}",{{message}}}""");
        var answer = await socket.ReadAsync();
        Assert.Equal(id, answer.GetProperty(idName).GetString());
        Assert.True(!answer.TryGetProperty("success", out var success) || success.GetBoolean());
        Assert.True(!answer.TryGetProperty("retCode", out var code) || code.GetInt32() == 0);
    }

    private static GeneratedMarket Market() => new(MarketSpec.Default, [new Symbol("BTCUSDT")], Interval.FifteenMinutes, 1, 50, Start);
}

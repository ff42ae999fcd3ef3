using System.Text.Json;
using TicketBot.Simulator.Faults;
using TicketBot.Simulator.Tests.Wire;

namespace TicketBot.Simulator.Tests.Faults;

/// <summary>Every fault of an order over REST strikes the trade stream as well, where a frame can bear it.</summary>
public class TradeStreamFaultTests
{
    private const string Create = "/v5/order/create";

    [Theory]
    [InlineData(FaultKind.Code, 0, 0, 10016)]
    [InlineData(FaultKind.Code, 0, 10006, 10006)]
    [InlineData(FaultKind.Code, 0, 110079, 110079)]
    [InlineData(FaultKind.Status, 0, 0, 10016)]
    [InlineData(FaultKind.Status, 502, 0, 10016)]
    [InlineData(FaultKind.Status, 403, 0, 10403)]
    [InlineData(FaultKind.Status, 404, 0, 10404)]
    [InlineData(FaultKind.Status, 429, 0, 10429)]
    public async Task An_answer_is_replaced_before_or_after_the_order_is_taken(FaultKind kind, int status, int code, int expected)
    {
        await using var server = await Client.StartAsync(RequestFaultTests.Market());
        await using var client = new Client(server);
        var trade = await OpenAsync(client);
        for (var taken = 0; taken < 2; taken++)
        {
            server.Faults.Add(new FaultRule { Kind = kind, Path = Create, Method = "WS", Status = status, Code = code, AfterApplying = taken == 1 });
            await SendAsync(trade, $"r{taken}", "order.create", RequestFaultTests.Body($"o{taken}"));
            var answer = await trade.ReadAsync();
            Assert.Equal((expected, $"r{taken}"), (answer.GetProperty("retCode").GetInt32(), answer.GetProperty("reqId").GetString()));
            Assert.Equal(taken, server.State.OrderCount);
        }

        Assert.Equal([$"WS {Create}", $"WS {Create}"], server.Faults.Log.Select(s => s.On));
    }

    [Theory]
    [InlineData(FaultKind.LoseRequest, 0)]
    [InlineData(FaultKind.LoseAnswer, 1)]
    public async Task A_lost_request_or_answer_cuts_the_socket(FaultKind kind, int taken)
    {
        await using var server = await Client.StartAsync(RequestFaultTests.Market());
        await using var client = new Client(server);
        var trade = await OpenAsync(client);
        server.Faults.Add(new FaultRule { Kind = kind, Path = Create });
        await SendAsync(trade, "r", "order.create", RequestFaultTests.Body("o"));
        Assert.True(await trade.IsCutAsync());
        Assert.Equal(taken, server.State.OrderCount);
    }

    [Theory]
    [InlineData(FaultKind.DelayRequest, 0)]
    [InlineData(FaultKind.DelayAnswer, 1)]
    public async Task A_delay_holds_the_order_or_its_answer_back_and_nothing_else(FaultKind kind, int takenMeanwhile)
    {
        var clock = new Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await Client.StartAsync(RequestFaultTests.Market(), clock: clock);
        await using var client = new Client(server, clock);
        var trade = await OpenAsync(client, clock);
        server.Faults.Add(new FaultRule { Kind = kind, Path = Create, DelayMs = 5_000 });
        await SendAsync(trade, "slow", "order.create", RequestFaultTests.Body("slow"), clock);
        await trade.SendAsync("""{"op":"ping"}""");
        Assert.Equal("pong", (await trade.ReadAsync()).GetProperty("op").GetString());
        Assert.Equal(takenMeanwhile, server.State.OrderCount);
        clock.Advance(TimeSpan.FromMilliseconds(5_000));
        Assert.Equal("slow", (await trade.ReadAsync()).GetProperty("reqId").GetString());
        Assert.Equal(1, server.State.OrderCount);
    }

    [Fact]
    public async Task A_delayed_order_arrives_although_its_socket_is_gone()
    {
        var clock = new Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await Client.StartAsync(RequestFaultTests.Market(), clock: clock);
        await using var client = new Client(server, clock);
        var trade = await OpenAsync(client, clock);
        server.Faults.Add(new FaultRule { Kind = FaultKind.DelayRequest, Path = Create, DelayMs = 5_000 });
        await SendAsync(trade, "slow", "order.create", RequestFaultTests.Body("slow"), clock);
        await Patience.UntilAsync(() => server.Faults.Log.Count == 1);
        server.Faults.Add(new FaultRule { Kind = FaultKind.CutSocket, Path = "/v5/trade" });
        Assert.True(await trade.IsCutAsync());
        clock.Advance(TimeSpan.FromMilliseconds(5_000));
        Assert.Equal(1, server.State.OrderCount);
    }

    [Fact]
    public async Task A_truncated_answer_is_the_first_half_of_the_true_one()
    {
        await using var server = await Client.StartAsync(RequestFaultTests.Market());
        await using var client = new Client(server);
        var trade = await OpenAsync(client);
        server.Faults.Add(new FaultRule { Kind = FaultKind.TruncatedJson, Path = Create });
        await SendAsync(trade, "r", "order.create", RequestFaultTests.Body("t"));
        var text = await trade.ReadTextAsync();
        Assert.StartsWith("""{"reqId":"r","retCode":0""", text, StringComparison.Ordinal);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(text));
        Assert.Equal(1, server.State.OrderCount);
    }

    [Theory]
    [InlineData(FaultKind.RejectLater, "0")]
    [InlineData(FaultKind.PartialFill, "0.001")]
    [InlineData(FaultKind.LoseStop, "0.002")]
    public async Task An_order_is_acknowledged_and_then_goes_wrong(FaultKind kind, string filled)
    {
        await using var server = await Client.StartAsync(RequestFaultTests.Market());
        await using var client = new Client(server);
        var trade = await OpenAsync(client);
        server.Faults.Add(new FaultRule { Kind = kind, Path = Create });
        await SendAsync(trade, "r", "order.create", RequestFaultTests.Body("o", ""","stopLoss":"20000" """));
        Assert.Equal(0, (await trade.ReadAsync()).GetProperty("retCode").GetInt32());
        await client.StepAsync(server);
        var order = server.Read(Client.Key, (_, account) => account.OrderByLink("o"))!;
        Assert.Equal(decimal.Parse(filled, System.Globalization.CultureInfo.InvariantCulture), order.Filled);
        Assert.Equal(kind == FaultKind.LoseStop, order.Request.StopLoss is null);
        Assert.Equal(kind, Assert.Single(server.Faults.Log).Kind);
    }

    [Theory]
    [InlineData("order.create", "/v5/order/create")]
    [InlineData("order.amend", "/v5/order/amend")]
    [InlineData("order.cancel", "/v5/order/cancel")]
    [InlineData("order.create-batch", "/v5/order/create-batch")]
    public async Task Each_operation_is_met_on_its_path(string op, string path)
    {
        await using var server = await Client.StartAsync(RequestFaultTests.Market());
        await using var client = new Client(server);
        var trade = await OpenAsync(client);
        server.Faults.Add(new FaultRule { Kind = FaultKind.Code, Code = 10006, Path = path });
        await SendAsync(trade, "r", op, """{"category":"linear","symbol":"BTCUSDT","orderLinkId":"x"}""");
        Assert.Equal(10006, (await trade.ReadAsync()).GetProperty("retCode").GetInt32());
        Assert.Equal($"WS {path}", Assert.Single(server.Faults.Log).On);
    }

    [Theory]
    [InlineData(FaultKind.HtmlBody)]
    [InlineData(FaultKind.EmptyBody)]
    [InlineData(FaultKind.WrongCandle)]
    [InlineData(FaultKind.LagRead)]
    public async Task What_a_frame_cannot_bear_does_not_strike_and_is_kept_for_REST(FaultKind kind)
    {
        await using var server = await Client.StartAsync(RequestFaultTests.Market());
        await using var client = new Client(server);
        var trade = await OpenAsync(client);
        server.Faults.Add(new FaultRule { Kind = kind, DelayMs = 1_000 });
        await SendAsync(trade, "r", "order.create", RequestFaultTests.Body("o"));
        Assert.Equal(0, (await trade.ReadAsync()).GetProperty("retCode").GetInt32());
        Assert.Empty(server.Faults.Log);
        await client.SignedGetTextAsync(kind == FaultKind.WrongCandle ? "/v5/market/kline" : "/v5/order/realtime", "category=linear&symbol=BTCUSDT&interval=15");
        Assert.Single(server.Faults.Log);
    }

    private static async Task<Client.Socket> OpenAsync(Client client, TimeProvider? clock = null)
    {
        var trade = await client.OpenAsync("/v5/trade");
        var expires = (clock ?? TimeProvider.System).GetUtcNow().ToUnixTimeMilliseconds() + 10_000;
        await trade.SendAsync($$"""{"op":"auth","args":["{{Client.Key}}",{{expires}},"{{Client.Sign(Client.Secret, $"GET/realtime{expires}")}}"]}""");
        Assert.Equal(0, (await trade.ReadAsync()).GetProperty("retCode").GetInt32());
        return trade;
    }

    private static Task SendAsync(Client.Socket trade, string id, string op, string body, TimeProvider? clock = null) => trade.SendAsync(
        $$$"""{"reqId":"{{{id}}}","header":{"X-BAPI-TIMESTAMP":"{{{(clock ?? TimeProvider.System).GetUtcNow().ToUnixTimeMilliseconds()}}}"},"op":"{{{op}}}","args":[{{{body}}}]}""");
}

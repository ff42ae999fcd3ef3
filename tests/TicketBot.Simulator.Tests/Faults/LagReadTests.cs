using System.Text.Json;
using TicketBot.Simulator.Faults;
using TicketBot.Simulator.Tests.Wire;

namespace TicketBot.Simulator.Tests.Faults;

/// <summary>Reads that lag behind the streams: ticks of half a second, a lag of two seconds.</summary>
public sealed class LagReadTests : IDisposable
{
    private const string Create = "/v5/order/create";
    private const int LagTicks = 4;
    private readonly string _folder = Directory.CreateTempSubdirectory("venue").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_order_its_execution_and_its_position_show_only_when_the_lag_is_over_while_the_stream_told_them()
    {
        await using var server = await Client.StartAsync(RequestFaultTests.Market(), change: o => o.TickMs = 500);
        await using var client = new Client(server);
        var stream = await client.OpenPrivateAsync("order", "execution", "position");
        server.Faults.Add(Lag());
        Assert.Equal(0, Code(await client.PostAsync(Create, RequestFaultTests.Body("e", ""","stopLoss":"20000" """))));
        Assert.Equal((0, 0, "0"), await SeenAsync(client, "e"));
        while (server.State.Positions.Count == 0)
        {
            await client.StepAsync(server);
        }

        while ((await stream.ReadAsync()).GetProperty("topic").GetString() != "execution")
        {
            // The stream does not lag; the order is told first.
        }

        var filledAt = server.State.Step;
        while (server.State.Step < filledAt + LagTicks)
        {
            Assert.NotEqual("0.002", (await SeenAsync(client, "e")).Size);
            await client.StepAsync(server);
        }

        Assert.Equal((1, 1, "0.002"), await SeenAsync(client, "e"));
        Assert.Equal("Filled", (await ListAsync(client, "/v5/order/history", "orderLinkId=e"))[0].GetProperty("orderStatus").GetString());

        // Its stop waits and the position says so; nothing of the truth lagged.
        Assert.Equal("Untriggered", Assert.Single(await ListAsync(client, "/v5/order/realtime", "settleCoin=USDT")).GetProperty("orderStatus").GetString());
        Assert.Equal("20000", (await ListAsync(client, "/v5/position/list", "symbol=BTCUSDT"))[0].GetProperty("stopLoss").GetString());
    }

    [Fact]
    public async Task An_order_that_ended_is_still_shown_open_and_a_write_is_judged_by_the_truth()
    {
        await using var server = await Client.StartAsync(RequestFaultTests.Market(), change: o => o.TickMs = 500);
        await using var client = new Client(server);
        await client.PostAsync(Create, """{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Limit","qty":"0.001","price":"10000","orderLinkId":"l"}""");
        await client.StepAsync(server, 10);
        server.Faults.Add(Lag());
        Assert.Equal(0, Code(await client.PostAsync("/v5/order/cancel", """{"category":"linear","symbol":"BTCUSDT","orderLinkId":"l"}""")));
        await client.StepAsync(server, 2);
        Assert.Empty(server.State.OpenOrders);
        Assert.Equal("New", Assert.Single(await ListAsync(client, "/v5/order/realtime", "settleCoin=USDT")).GetProperty("orderStatus").GetString());
        Assert.Empty(await ListAsync(client, "/v5/order/history", "orderLinkId=l"));
        Assert.Equal(110001, Code(await client.PostAsync("/v5/order/cancel", """{"category":"linear","symbol":"BTCUSDT","orderLinkId":"l"}""")));
        Assert.Equal(110072, Code(await client.PostAsync(Create, RequestFaultTests.Body("l"))));
        await client.StepAsync(server, LagTicks);
        Assert.Empty(await ListAsync(client, "/v5/order/realtime", "settleCoin=USDT"));
        Assert.Equal("Cancelled", (await ListAsync(client, "/v5/order/history", "orderLinkId=l"))[0].GetProperty("orderStatus").GetString());
    }

    [Fact]
    public async Task Each_endpoint_lags_by_its_own_rule_the_longest_counts_and_without_one_the_truth_is_shown()
    {
        await using var server = await Client.StartAsync(RequestFaultTests.Market(), change: o => o.TickMs = 500);
        await using var client = new Client(server);
        var position = server.Faults.Add(Lag() with { Path = "/v5/position/list" });
        server.Faults.Add(Lag() with { Path = "/v5/position/list", DelayMs = 500 });
        await client.PostAsync(Create, RequestFaultTests.Body("p"));
        await client.StepAsync(server, 2);
        Assert.Equal(0.002m, Assert.Single(server.State.Positions).SignedQuantity);
        Assert.Equal((1, 1, "0"), await SeenAsync(client, "p"));
        server.Faults.Remove(position);
        await client.StepAsync(server);
        Assert.Equal((1, 1, "0.002"), await SeenAsync(client, "p"));
        Assert.All(server.Faults.Log, s => Assert.Equal(("GET /v5/position/list", FaultKind.LagRead), (s.On, s.Kind)));
    }

    [Fact]
    public async Task What_stood_before_a_restart_is_shown_whatever_the_lag()
    {
        await using (var first = await Client.StartAsync(RequestFaultTests.Market(), folder: _folder, change: o => o.TickMs = 500))
        {
            await using var before = new Client(first);
            await before.PostAsync(Create, RequestFaultTests.Body("old"));
            await before.StepAsync(first, 2);
        }

        await using var server = await Client.StartAsync(RequestFaultTests.Market(), folder: _folder, change: o => o.TickMs = 500);
        await using var client = new Client(server);
        server.Faults.Add(Lag() with { DelayMs = 60_000 });
        Assert.Equal((1, 1, "0.002"), await SeenAsync(client, "old"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60_001)]
    public void A_lag_is_a_millisecond_to_a_minute(int delayMs) =>
        Assert.Contains("LagRead needs delayMs of 1 to 60000", (Lag() with { DelayMs = delayMs }).Fault(), StringComparison.Ordinal);

    private static FaultRule Lag() => new() { Kind = FaultKind.LagRead, DelayMs = 2_000, Count = null };

    // Rows of the order by its link id, rows of its executions, and the size of the position.
    private static async Task<(int Orders, int Executions, string Size)> SeenAsync(Client client, string link) => (
        (await ListAsync(client, "/v5/order/realtime", $"orderLinkId={link}")).Count,
        (await ListAsync(client, "/v5/execution/list", $"orderLinkId={link}")).Count,
        (await ListAsync(client, "/v5/position/list", "symbol=BTCUSDT"))[0].GetProperty("size").GetString()!);

    private static async Task<List<JsonElement>> ListAsync(Client client, string path, string query) =>
        [.. (await client.SignedGetAsync(path, $"category=linear&{query}")).GetProperty("result").GetProperty("list").EnumerateArray()];

    private static int Code(JsonElement answer) => answer.GetProperty("retCode").GetInt32();
}

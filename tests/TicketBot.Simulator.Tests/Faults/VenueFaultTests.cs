using TicketBot.Domain;
using TicketBot.Simulator.Faults;
using TicketBot.Simulator.Tests.Wire;

namespace TicketBot.Simulator.Tests.Faults;

public class VenueFaultTests
{
    private static readonly Symbol Btc = new("BTCUSDT");

    [Fact]
    public async Task Somebody_trades_closes_and_sets_leverage_from_outside()
    {
        await using var server = await Client.StartAsync(RequestFaultTests.Market());
        await using var client = new Client(server);
        server.Faults.Add(new FaultRule { Kind = FaultKind.SetLeverage, Symbol = Btc, Amount = 7 });
        server.Faults.Add(new FaultRule { Kind = FaultKind.ManualTrade, Symbol = Btc, Side = Side.Sell, Quantity = 0.003m });
        await client.StepAsync(server);
        Assert.Equal(-0.003m, Assert.Single(server.State.Positions).SignedQuantity);
        Assert.Equal(7m, server.Read(Client.Key, (venue, account) => venue.PositionOf(account, Btc).Leverage));
        server.Faults.Add(new FaultRule { Kind = FaultKind.ManualClose });
        await client.StepAsync(server);
        Assert.Empty(server.State.Positions);
        Assert.Equal(3, server.Faults.Log.Count);
    }

    [Fact]
    public async Task An_act_waits_for_its_market_time_its_step_or_its_request()
    {
        await using var server = await Client.StartAsync(RequestFaultTests.Market());
        await using var client = new Client(server);
        var now = new Instant(server.State.MarketTimeMs);
        server.Faults.Add(new FaultRule { Kind = FaultKind.Transfer, Amount = 1, From = now.Plus(2 * 900_000) });
        server.Faults.Add(new FaultRule { Kind = FaultKind.Transfer, Amount = 10, FromStep = 4 });
        server.Faults.Add(new FaultRule { Kind = FaultKind.Transfer, Amount = 100, Path = "/v5/account/info", Nth = 2 });
        Assert.Empty(server.Faults.Log);
        await client.StepAsync(server, 5);
        Assert.Equal([2L, 4L], server.Faults.Log.Select(s => s.Step));
        Assert.Equal(10_011m, server.State.Wallet.Balance);
        await client.SignedGetAsync("/v5/account/info", "");
        Assert.Equal(10_011m, server.State.Wallet.Balance);
        await client.SignedGetAsync("/v5/account/info", "");
        Assert.Equal(10_111m, server.State.Wallet.Balance);
    }

    [Fact]
    public async Task A_stop_vanishes_an_order_is_cancelled_and_a_position_is_deleveraged_and_liquidated()
    {
        await using var server = await Client.StartAsync(RequestFaultTests.Market());
        await using var client = new Client(server);
        await client.PostAsync("/v5/order/create", RequestFaultTests.Body("e", ""","qty":"0.004","stopLoss":"20000" """));
        await client.PostAsync("/v5/order/create", """{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Limit","qty":"0.001","price":"10000","orderLinkId":"l"}""");
        await client.StepAsync(server);
        var held = Assert.Single(server.State.Positions);
        Assert.Equal(20_000m, held.StopLoss);
        server.Faults.Add(new FaultRule { Kind = FaultKind.RemoveStop });
        await client.StepAsync(server);
        Assert.Null(Assert.Single(server.State.Positions).StopLoss);
        server.Faults.Add(new FaultRule { Kind = FaultKind.CancelOrders });
        await client.StepAsync(server);
        Assert.Empty(server.State.OpenOrders);
        server.Faults.Add(new FaultRule { Kind = FaultKind.Deleverage, Symbol = Btc, Fraction = 0.5m });
        await client.StepAsync(server);
        Assert.Equal(held.SignedQuantity / 2, Assert.Single(server.State.Positions).SignedQuantity);
        server.Faults.Add(new FaultRule { Kind = FaultKind.Liquidate });
        await client.StepAsync(server);
        Assert.Empty(server.State.Positions);
        var types = (await client.SignedGetAsync("/v5/execution/list", "category=linear&symbol=BTCUSDT")).GetProperty("result").GetProperty("list").EnumerateArray()
            .Select(e => e.GetProperty("execType").GetString()).ToList();
        Assert.Contains("AdlTrade", types);
        Assert.Contains("BustTrade", types);
    }

    [Fact]
    public async Task The_position_mode_is_switched_from_outside()
    {
        await using var server = await Client.StartAsync(RequestFaultTests.Market());
        await using var client = new Client(server);
        server.Faults.Add(new FaultRule { Kind = FaultKind.SwitchMode, Symbol = Btc, Amount = 3 });
        await client.StepAsync(server);
        Assert.True(server.Read(Client.Key, (venue, account) => venue.PositionOf(account, Btc).IsHedged));
    }

    [Fact]
    public async Task A_restart_empties_the_recently_closed_cuts_sockets_and_begins_books_with_one()
    {
        await using var server = await Client.StartAsync(RequestFaultTests.Market());
        await using var client = new Client(server);
        async Task<long> FirstIdAsync()
        {
            var socket = await client.OpenAsync("/v5/public/linear");
            await socket.SendAsync("""{"op":"subscribe","args":["orderbook.50.BTCUSDT"]}""");
            await socket.ReadAsync();
            return (await socket.ReadAsync()).GetProperty("data").GetProperty("u").GetInt64();
        }

        Assert.True(await FirstIdAsync() > 1);
        await client.PostAsync("/v5/order/create", RequestFaultTests.Body("closed"));
        await client.StepAsync(server);
        async Task<int> ClosedAsync(string path) => (await client.SignedGetAsync(path, "category=linear&symbol=BTCUSDT&openOnly=1")).GetProperty("result").GetProperty("list").GetArrayLength();
        Assert.Equal(1, await ClosedAsync("/v5/order/realtime"));
        var stream = await client.OpenPrivateAsync("order");
        server.Faults.Add(new FaultRule { Kind = FaultKind.Restart });
        Assert.True(await stream.IsCutAsync());
        Assert.Equal(0, await ClosedAsync("/v5/order/realtime"));
        Assert.Equal(1, await ClosedAsync("/v5/order/history"));
        Assert.Equal(1, await FirstIdAsync());
    }

    [Fact]
    public async Task An_outage_in_market_time_ends_with_the_market_and_the_control_channel_stays()
    {
        await using var server = await Client.StartAsync(RequestFaultTests.Market());
        await using var client = new Client(server);
        server.Faults.Add(new FaultRule { Kind = FaultKind.Outage, DurationMs = 2 * 900_000 });
        for (var step = 0; step < 2; step++)
        {
            Assert.Equal(503, (await client.GetTextAsync("/v5/market/time")).Status);
            await client.StepAsync(server);
        }

        Assert.Equal(200, (await client.GetTextAsync("/v5/market/time")).Status);
    }

    [Fact]
    public async Task An_outage_in_wall_time_ends_with_the_clock_and_a_clock_may_drift()
    {
        var clock = new Testing.FakeTimeProvider();
        await using var server = await Client.StartAsync(RequestFaultTests.Market(), clock: clock);
        await using var client = new Client(server, clock);
        server.Faults.Add(new FaultRule { Kind = FaultKind.Outage, DurationMs = 30_000, WallTime = true });
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(503, (await client.GetTextAsync("/v5/market/time")).Status);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await client.GetTextAsync("/v5/market/time")).Status);

        async Task<long> OffsetAsync() => (await client.GetAsync("/v5/market/time")).GetProperty("time").GetInt64() - clock.GetUtcNow().ToUnixTimeMilliseconds();
        server.Faults.Add(new FaultRule { Kind = FaultKind.ClockSkew, OffsetMs = 4_000, SlewMs = 8_000 });
        Assert.Equal(0, await OffsetAsync());
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1_000, await OffsetAsync());
        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(4_000, await OffsetAsync());
    }
}

using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Markets;

namespace TicketBot.Simulator.Tests.Wire;

/// <summary>A venue rebuilt from its log is the venue that was killed: with ticks, requests on their way, outside acts and a change of ticks.</summary>
public sealed class RebuildTests : IDisposable
{
    private const int TickMs = 60_000;
    private static readonly Symbol Btc = new("BTCUSDT");
    private readonly string _folder = Directory.CreateTempSubdirectory("venue").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_killed_venue_with_ticks_comes_back_at_its_tick_with_what_was_on_its_way()
    {
        var whole = await PlayAsync(null, 0, 60);
        await PlayAsync(_folder, 0, 22); // In the middle of the second candle.
        Assert.Equal(whole, await PlayAsync(_folder, 22, 60));
    }

    [Fact]
    public async Task Steps_without_requests_share_a_line_of_the_log()
    {
        await using (var server = await Client.StartAsync(Market(), folder: _folder, change: o => o.TickMs = TickMs))
        {
            await using var client = new Client(server);
            var control = await client.OpenControlAsync();
            for (var step = 0; step < 120; step++)
            {
                await MoveAsync(control, step);
            }
        }

        Assert.Equal(3, File.ReadLines(Path.Combine(_folder, "venue.log")).Count()); // Header, ticks, steps.
        await using var again = await Client.StartAsync(Market(), folder: _folder, change: o => o.TickMs = TickMs);
        Assert.Equal(120, again.State.Step);
    }

    [Fact]
    public async Task Ticks_may_be_switched_on_and_off_between_two_starts()
    {
        await PlayAsync(_folder, 0, 22);
        await using (var server = await Client.StartAsync(Market(), folder: _folder, change: o => o.TickMs = 0))
        {
            Assert.Equal(22, server.State.Step);
            await using var client = new Client(server);
            var control = await client.OpenControlAsync();
            var attached = await control.ReadAsync();
            var times = new List<long> { attached.GetProperty("time").GetInt64() };
            for (var step = 22; step < 32; step++)
            {
                times.Add(await MoveAsync(control, step));
            }

            // To the close of the candle under way by ticks, then candle by candle.
            Assert.Equal([.. Enumerable.Repeat(60_000L, 8), 900_000, 900_000], times.Zip(times.Skip(1), (a, b) => b - a));
        }

        await using var again = await Client.StartAsync(Market(), folder: _folder, change: o => o.TickMs = 0);
        Assert.Equal(32, again.State.Step);
    }

    private static GeneratedMarket Market() => new(MarketSpec.Default, [Btc], Interval.FifteenMinutes, 4, 50, new Instant(1_700_006_400_000));

    private static async Task<long> MoveAsync(Client.Socket control, int step)
    {
        await control.SendAsync($$"""{"op":"sent","step":{{step}}}""");
        while (true)
        {
            var frame = await control.ReadAsync();
            if (frame.GetProperty("op").GetString() == "step")
            {
                return frame.GetProperty("time").GetInt64();
            }
        }
    }

    private static async Task<string> PlayAsync(string? folder, int from, int until)
    {
        await using var server = await Client.StartAsync(Market(), folder: folder, change: o => o.TickMs = TickMs);
        await using var client = new Client(server);
        var control = await client.OpenControlAsync();
        Assert.Equal(from, (await control.ReadAsync()).GetProperty("step").GetInt32());
        for (var step = from; step < until; step++)
        {
            await RequestAsync(client, server, step);
            await MoveAsync(control, step);
        }

        var state = server.State;
        return JsonSerializer.Serialize(state.Wallet) + string.Join('\n', state.Positions) + string.Join('\n', state.OpenOrders)
            + string.Join('\n', (await client.SignedGetAsync("/v5/execution/list", "category=linear&symbol=BTCUSDT&limit=100")).GetProperty("result").GetProperty("list").EnumerateArray());
    }

    private static async Task RequestAsync(Client client, SimulatorServer server, int step)
    {
        var last = (await client.GetAsync("/v5/market/tickers", "category=linear&symbol=BTCUSDT")).GetProperty("result").GetProperty("list")[0].GetProperty("lastPrice").GetString();
        var price = decimal.Parse(last!, System.Globalization.CultureInfo.InvariantCulture);
        var (path, body) = (step % 6) switch
        {
            0 => ("create", $$"""{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Market","qty":"0.01","orderLinkId":"m-{{step}}","stopLoss":"{{decimal.Floor(price * 0.99m)}}"}"""),
            1 => ("create", $$"""{"category":"linear","symbol":"BTCUSDT","side":"Sell","orderType":"Limit","qty":"0.02","price":"{{decimal.Floor(price * 1.0005m)}}","orderLinkId":"l-{{step}}"}"""),
            2 => ("amend", $$"""{"category":"linear","symbol":"BTCUSDT","orderLinkId":"l-{{step - 1}}","qty":"0.015"}"""),
            3 => ("cancel", $$"""{"category":"linear","symbol":"BTCUSDT","orderLinkId":"l-{{step - 2}}"}"""),
            _ => ("", ""),
        };
        if (path.Length > 0)
        {
            await client.PostAsync($"/v5/order/{path}", body);
        }
        else if (step % 12 == 4)
        {
            server.Read(Client.Key, (venue, account) => venue.Transfer(account, 100));
        }
        else
        {
            server.Read(Client.Key, (venue, account) => venue.Deleverage(account, Btc));
        }
    }
}

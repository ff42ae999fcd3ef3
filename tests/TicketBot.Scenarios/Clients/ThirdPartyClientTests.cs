using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Domain;
using TicketBot.Simulator;
using TicketBot.Simulator.Markets;

namespace TicketBot.Scenarios.Clients;

/// <summary>Well-known Bybit clients live through an account's usual life on the simulator, with only addresses and keys changed.</summary>
public sealed class ThirdPartyClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [NpmFact]
    public async Task The_npm_clients_take_the_simulator_for_the_venue()
    {
        if (!NpmFactAttribute.IsInstalled)
        {
            var (code, said) = await NpmFactAttribute.RunAsync(Patience, OperatingSystem.IsWindows() ? "npm.cmd" : "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
            Assert.True(code == 0, said);
        }

        var options = new SimulatorOptions { Speed = 1, WaitForClient = false, InitialBalance = 50_000m, ApiKey = "first", ApiSecret = "one" };
        options.MoreKeys.Add("second", "two");
        var clock = TimeProvider.System;
        var market = new GeneratedMarket(MarketSpec.Parse("random"), [new Symbol("BTCUSDT"), new Symbol("ETHUSDT")], Interval.OneMinute, 5, 2_000, Instant.From(clock.GetUtcNow()));
        await using var server = await SimulatorServer.StartAsync(options, market, null, clock, NullLoggerFactory.Instance, CancellationToken.None);
        var (rest, streams) = (server.RestAddress.ToString().TrimEnd('/'), server.WebSocketAddress.ToString().TrimEnd('/'));
        var lives = await Task.WhenAll(
            NpmFactAttribute.RunAsync(Patience, "node", "bybit-api.mjs", rest, streams, "first", "one"),
            NpmFactAttribute.RunAsync(Patience, "node", "ccxt.mjs", rest, streams, "second", "two"));
        Assert.All(lives, life => Assert.True(life.Code == 0, life.Output));
        Assert.All(new[] { "first", "second" }, key =>
        {
            var state = server.StateOf(key);
            Assert.Empty(state.Positions);
            Assert.Empty(state.OpenOrders);
            Assert.True(state.FillCount >= 2);
            Assert.Equal(state.InitialBalance + state.Realised - state.Fees - state.Funding, state.Wallet.Balance);
        });
    }
}

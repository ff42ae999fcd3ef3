using Microsoft.Extensions.Logging.Abstractions;
using TicketBot.Host.Running;
using TicketBot.Simulator;
using TicketBot.Trading;

namespace TicketBot.Host.Tests.Verbs;

/// <summary>A simulator that stands where a real venue would: reached by addresses and key alone, at the pace of wall time.</summary>
internal static class OnlineVenue
{
    /// <summary>Starts the venue.</summary>
    /// <param name="change">Changes its options.</param>
    public static async Task<SimulatorServer> StartAsync(Action<SimulatorOptions>? change = null)
    {
        var options = new SimulatorOptions { Speed = 1, WaitForClient = false, Market = "random", HistoryCandles = 200 };
        change?.Invoke(options);
        var market = SimulatedMarket.Open(new RunRequest(), options, new TradingOptions { Symbols = ["BTCUSDT"] }, _ => null, TimeProvider.System);
        return await SimulatorServer.StartAsync(options, market.Source, market.Venue, TimeProvider.System, NullLoggerFactory.Instance, default);
    }

    /// <summary>Returns the words of a command line that name the venue and a key of it as the testnet's.</summary>
    public static string[] Words(VerbFolder folder, SimulatorServer server, string key)
    {
        File.WriteAllText(folder["key"], key);
        File.WriteAllText(folder["secret"], new SimulatorOptions().ApiSecret);
        return
        [
            "--set", "Bybit:Environment=Testnet", "--set", $"Bybit:RestAddress={server.RestAddress}", "--set", $"Bybit:PublicStreamAddress={new Uri(server.WebSocketAddress, "v5/public/linear")}",
            "--set", $"Bybit:PrivateStreamAddress={new Uri(server.WebSocketAddress, "v5/private")}", "--set", $"Bybit:TradeStreamAddress={new Uri(server.WebSocketAddress, "v5/trade")}",
            "--set", "Bybit:ApiKeyVariable=NO_SUCH_VARIABLE_OF_ANYBODY", "--set", "Bybit:ApiSecretVariable=NO_SUCH_VARIABLE_OF_ANYBODY",
            "--set", $"Bybit:ApiKeyFile={folder["key"]}", "--set", $"Bybit:ApiSecretFile={folder["secret"]}",
        ];
    }
}

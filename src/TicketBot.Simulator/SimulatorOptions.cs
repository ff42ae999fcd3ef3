using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace TicketBot.Simulator;

/// <summary>Options of the Simulator room (section <c>Simulator</c>).</summary>
public sealed class SimulatorOptions
{
    /// <summary>Loopback port of REST and streams, 0 to 65,535; 0 picks a free one. Default 0.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; }

    /// <summary>The generated market: <c>random</c>, <c>regimes</c> or <c>planted:P</c>. Default <c>planted:0.7</c>.</summary>
    [Required, RegularExpression(@"random|regimes|planted(:(0\.[5-9][0-9]*|1(\.0+)?))?", ErrorMessage = "Market must be random, regimes or planted:P with P from 0.5 to 1.")]
    public string Market { get; set; } = "planted:0.7";

    /// <summary>Seed of the generated market, latencies and ids, 0 to 2^63-1. Default 1.</summary>
    [Range(0, long.MaxValue)]
    public long Seed { get; set; } = 1;

    /// <summary>Market time per wall time, 0 to 1,000,000; 0 is as fast as the client follows, 1 is the pace of a real venue. Default 0.</summary>
    [Range(0, 1_000_000)]
    public double Speed { get; set; }

    /// <summary>Milliseconds of market time between two moves of the price, 50 to 60,000 and a divisor of every candle; 0 plays whole candles, <c>null</c> is 250 at speed 1 and 0 else. Default <c>null</c>.</summary>
    [Range(0, 60_000)]
    public int? TickMs { get; set; }

    /// <summary>Candles per series of a generated market that are history, 1 to 1,000,000. Default 6,000.</summary>
    [Range(1, 1_000_000)]
    public int HistoryCandles { get; set; } = 6_000;

    /// <summary>Settlement coin of the account at its opening, 1 to 1,000,000,000 USDT. Default 10,000.</summary>
    [Range(1, 1_000_000_000)]
    public decimal InitialBalance { get; set; } = 10_000m;

    /// <summary>API key of the account; it opens nothing but this simulator. Default <c>simulator</c>.</summary>
    [Required]
    public string ApiKey { get; set; } = "simulator";

    /// <summary>API secret of the account; it opens nothing but this simulator. Default <c>simulator-secret</c>.</summary>
    [Required]
    public string ApiSecret { get; set; } = "simulator-secret";

    /// <summary>More accounts, each with the same initial balance: secret by key. Default none.</summary>
    [Required]
    public IDictionary<string, string> MoreKeys { get; set; } = new Dictionary<string, string>();

    /// <summary>Whether the market stands still until a client on the control channel has reported once, and whenever none is there. Default true.</summary>
    public bool WaitForClient { get; set; } = true;

    /// <summary>Shortest time an order travels, in milliseconds of market time, 0 to 10,000. Default 20.</summary>
    [Range(0, 10_000)]
    public int MinLatencyMs { get; set; } = 20;

    /// <summary>Longest time an order travels, in milliseconds of market time, 0 to 10,000 and not below the shortest. Default 120.</summary>
    [Range(0, 10_000)]
    public int MaxLatencyMs { get; set; } = 120;

    /// <summary>What <see cref="TickMs"/> comes to at <see cref="Speed"/>.</summary>
    internal int TickLengthMs => TickMs ?? (Speed == 1 ? 250 : 0);

    /// <summary>Candles kept in memory per series, 1,000 to 10,000,000. Default 100,000.</summary>
    [Range(1_000, 10_000_000)]
    public int CandlesKept { get; set; } = 100_000;

    /// <summary>Requests that one address may send in 5 seconds before it is refused for 10 minutes, 1 to 1,000,000; <c>null</c> = no limit. Default <c>null</c>.</summary>
    [Range(1, 1_000_000)]
    public int? RequestsPerAddress { get; set; }

    /// <summary>Key that opens the endpoint of faults, for tests; <c>null</c> = there is no such endpoint. Default <c>null</c>.</summary>
    public string? TestKey { get; set; }

    /// <summary>Folder of the log from which the venue is rebuilt after a crash; <c>null</c> keeps none. Default <c>null</c>.</summary>
    public string? LogFolder { get; set; }
}

/// <summary>Checks <see cref="SimulatorOptions"/> and reports all faults at once.</summary>
[OptionsValidator]
public sealed partial class SimulatorOptionsValidator : IValidateOptions<SimulatorOptions>
{
}

using TicketBot.Simulator.Markets;
using TicketBot.Trading;

namespace TicketBot.Simulator.Matching;

/// <summary>The rules a venue lives by; everything but the candles and the orders that decides a fill.</summary>
public sealed record VenueSettings
{
    /// <summary>Fees and slippage.</summary>
    public CostOptions Costs { get; init; } = new();

    /// <summary>When funding is settled and at which rate; <c>null</c> = the constant rate of <see cref="Costs"/>.</summary>
    public FundingSchedule? Funding { get; init; }

    /// <summary>Tick and lot rules.</summary>
    public InstrumentRules Instruments { get; init; } = new();

    /// <summary>Seed of latencies and ids.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Shortest time an order travels, in milliseconds of market time, at least 0.</summary>
    public int MinLatencyMs { get; init; } = 20;

    /// <summary>Longest time an order travels, in milliseconds of market time, at least the shortest.</summary>
    public int MaxLatencyMs { get; init; } = 120;

    /// <summary>Leverage of each contract before set-leverage, 1 to 100.</summary>
    public decimal Leverage { get; init; } = 1;

    /// <summary>Share of an order's notional that impact is charged for, above 0 to 1: an account that holds more than the one it stands for, so that lots decide nothing, must not move the
    /// market more than that one would. Default 1.</summary>
    public decimal ImpactShare { get; init; } = 1;

    /// <summary>A text that is equal for equal settings.</summary>
    public string Fingerprint => FormattableString.Invariant(
        $"taker {Costs.TakerFeeBp:G29} maker {Costs.MakerFeeBp:G29} slippage {Costs.SlippageBp:G29} impact {Costs.ImpactCoefficient:R} beyond {Costs.ImpactFreeNotional:G29} of {ImpactShare:G29} funding {(Funding ?? new FundingSchedule(Costs.FundingBp / 10_000m)).Fingerprint} instruments [{Instruments.Fingerprint}] seed {Seed} latency {MinLatencyMs}-{MaxLatencyMs} leverage {Leverage:G29}");
}

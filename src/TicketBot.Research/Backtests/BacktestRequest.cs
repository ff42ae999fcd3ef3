using TicketBot.Domain;
using TicketBot.Simulator.Matching;
using TicketBot.Tickets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Research.Backtests;

/// <summary>What a backtest plays and with what.</summary>
public sealed record BacktestRequest
{
    /// <summary>Candles by series, ascending; every traded series and the reference series.</summary>
    public required IReadOnlyDictionary<SeriesKey, IReadOnlyList<Candle>> Candles { get; init; }

    /// <summary>Market time before the first step: what closed by then is history.</summary>
    public required Instant LiveFrom { get; init; }

    /// <summary>What is in force from the start.</summary>
    public required IReadOnlyList<TicketSet> Tickets { get; init; }

    /// <summary>Limits; its symbols and interval name the traded series.</summary>
    public required TradingOptions Trading { get; init; }

    /// <summary>Symbol of cross-asset features, or <c>null</c>.</summary>
    public Symbol? Reference { get; init; }

    /// <summary>Costs, rules, funding and latency of the venue.</summary>
    public VenueSettings Venue { get; init; } = new();

    /// <summary>Starting balance in settlement coin.</summary>
    public decimal Balance { get; init; } = 10_000m;
}

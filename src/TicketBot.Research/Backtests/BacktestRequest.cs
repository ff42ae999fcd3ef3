using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Market.Prepared;
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

    /// <summary>Features and regimes made ahead, by series; <c>null</c> has them made candle by candle, with equal results.</summary>
    public IReadOnlyDictionary<SeriesKey, PreparedSeries>? Prepared { get; init; }

    /// <summary>Returns the same request with features and regimes of its tickets made ahead: for several backtests over the same candles, which may
    /// differ in limits, costs and those of the tickets that share schemas and regime sets.</summary>
    /// <exception cref="ArgumentException">A series is faulty; the message names the candle.</exception>
    public BacktestRequest Prepare()
    {
        var all = Candles.ToDictionary(c => c.Key, c => CandleSeries.Of(c.Key.Symbol, c.Key.Interval, c.Value));
        return this with
        {
            Prepared = all.ToDictionary(s => s.Key, s =>
            {
                var sets = Tickets.Where(t => t.Symbol == s.Key.Symbol && t.Interval == s.Key.Interval).ToList();
                var reference = Reference is { } other ? all.GetValueOrDefault(new SeriesKey(other, s.Key.Interval)) : null;
                return new PreparedSeries(s.Value, reference, sets.SelectMany(t => t.Tickets).Select(t => t.Schema), sets.Select(t => t.Regimes));
            }),
        };
    }
}

using TicketBot.Domain;

namespace TicketBot.Market.Candles;

/// <summary>A run of missing candles.</summary>
/// <param name="From">Open time of the first missing candle.</param>
/// <param name="Until">Open time of the first candle after the run: exclusive end.</param>
/// <param name="Count">Missing candles, at least 1.</param>
public readonly record struct CandleGap(Instant From, Instant Until, int Count);

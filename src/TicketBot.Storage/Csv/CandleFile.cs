using TicketBot.Domain;

namespace TicketBot.Storage.Csv;

/// <summary>A candle file that was read.</summary>
/// <param name="Path">Where it was read from.</param>
/// <param name="Symbol">The contract.</param>
/// <param name="Interval">The candle length.</param>
/// <param name="Candles">Candles, strictly ascending; gaps are possible.</param>
/// <param name="ApproximatedTurnovers">Candles whose turnover was empty and is approximated by volume x (high + low + close) / 3.</param>
public sealed record CandleFile(string Path, Symbol Symbol, Interval Interval, IReadOnlyList<Candle> Candles, int ApproximatedTurnovers);

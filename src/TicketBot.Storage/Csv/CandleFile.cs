using TicketBot.Domain;
using TicketBot.Market.Candles;

namespace TicketBot.Storage.Csv;

/// <summary>A candle file that was read.</summary>
/// <param name="Path">Where it was read from.</param>
/// <param name="Symbol">The contract.</param>
/// <param name="Interval">The candle length.</param>
/// <param name="Candles">Candles, strictly ascending; gaps are possible.</param>
/// <param name="ApproximatedTurnovers">Candles whose turnover was empty and is approximated by volume x (high + low + close) / 3.</param>
public sealed record CandleFile(string Path, Symbol Symbol, Interval Interval, IReadOnlyList<Candle> Candles, int ApproximatedTurnovers)
{
    /// <summary>When the market trades, by the venue that the file's name begins with (<see cref="TradingHours.OfVenue"/>).</summary>
    public TradingHours Hours => TradingHours.OfVenue(System.IO.Path.GetFileName(Path).Split('_')[0]);

    /// <summary>Returns the candles as a series with the market's hours.</summary>
    /// <exception cref="ArgumentException">A candle is impossible or off the grid.</exception>
    public CandleSeries ToSeries() => CandleSeries.Of(Symbol, Interval, Candles, Hours);
}

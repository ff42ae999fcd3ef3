using TicketBot.Domain;

namespace TicketBot.Market.Candles;

/// <summary>Keeps closed candles by symbol and interval. Safe for use by several threads.</summary>
public interface ICandleStore
{
    /// <summary>Stores candles, ascending or not; a candle already stored with equal values is passed over, with other values
    /// replaced (the venue's later word wins). Returns how many rows were new or changed.</summary>
    ValueTask<int> WriteAsync(Symbol symbol, Interval interval, IReadOnlyList<Candle> candles, CancellationToken cancellationToken);

    /// <summary>Returns candles ascending whose open time is at least <paramref name="from"/> and below <paramref name="until"/>
    /// (<c>null</c> = unbounded).</summary>
    ValueTask<IReadOnlyList<Candle>> ReadAsync(
        Symbol symbol, Interval interval, Instant? from, Instant? until, CancellationToken cancellationToken);

    /// <summary>Returns the open time of the newest stored candle, or <c>null</c> when none is stored.</summary>
    ValueTask<Instant?> LastOpenAsync(Symbol symbol, Interval interval, CancellationToken cancellationToken);
}

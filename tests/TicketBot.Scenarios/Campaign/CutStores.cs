using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Storage;

namespace TicketBot.Scenarios.Campaign;

/// <summary>The candle store of a trader under a blade.</summary>
internal sealed class CutCandleStore(SqliteCandleStore inner, Blade blade) : ICandleStore, IDisposable
{
    /// <inheritdoc/>
    public ValueTask<int> WriteAsync(Symbol symbol, Interval interval, IReadOnlyList<Candle> candles, CancellationToken cancellationToken)
    {
        blade.Pass(CutPlace.BeforeStore, $"{symbol}/{interval}");
        return inner.WriteAsync(symbol, interval, candles, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Candle>> ReadAsync(
        Symbol symbol, Interval interval, Instant? from, Instant? until, CancellationToken cancellationToken)
    {
        blade.Refuse();
        return inner.ReadAsync(symbol, interval, from, until, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Instant?> LastOpenAsync(Symbol symbol, Interval interval, CancellationToken cancellationToken)
    {
        blade.Refuse();
        return inner.LastOpenAsync(symbol, interval, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();
}

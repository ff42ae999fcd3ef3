using TicketBot.Domain;
using TicketBot.Market.Candles;

namespace TicketBot.Storage;

/// <summary>Candles in memory, for backtests over files. Safe for use by several threads.</summary>
public sealed class InMemoryCandleStore : ICandleStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(Symbol Symbol, Interval Interval), SortedList<long, Candle>> _series = [];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A candle is impossible or off the interval's grid; nothing is stored.</exception>
    public ValueTask<int> WriteAsync(Symbol symbol, Interval interval, IReadOnlyList<Candle> candles, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CandleChecks.RefuseImpossible(interval, candles);
        var changed = 0;
        lock (_gate)
        {
            if (!_series.TryGetValue((symbol, interval), out var series))
            {
                _series.Add((symbol, interval), series = []);
            }

            foreach (var candle in candles)
            {
                var key = candle.OpenTime.UnixMilliseconds;
                var known = series.TryGetValue(key, out var old);
                var merged = known ? candle with { Observations = Merge(candle.Observations, old.Observations) } : candle;
                if (!known || merged != old)
                {
                    series[key] = merged;
                    changed++;
                }
            }
        }

        return ValueTask.FromResult(changed);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Candle>> ReadAsync(
        Symbol symbol, Interval interval, Instant? from, Instant? until, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            IReadOnlyList<Candle> found = _series.TryGetValue((symbol, interval), out var series)
                ? [.. series.Values.Where(c => (from is null || c.OpenTime >= from.Value) && (until is null || c.OpenTime < until.Value))]
                : [];
            return ValueTask.FromResult(found);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Instant?> LastOpenAsync(Symbol symbol, Interval interval, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult<Instant?>(
                _series.TryGetValue((symbol, interval), out var series) && series.Count > 0 ? new Instant(series.Keys[^1]) : null);
        }
    }

    private static Observations Merge(Observations later, Observations earlier) => new(
        later.SpreadBp ?? earlier.SpreadBp, later.BookImbalance ?? earlier.BookImbalance,
        later.SignedFlow ?? earlier.SignedFlow, later.FundingRate ?? earlier.FundingRate);
}

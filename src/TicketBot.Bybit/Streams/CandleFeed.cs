using Microsoft.Extensions.Logging;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Streams;

/// <summary>Gives each candle of each series once and in order: duplicates are dropped, gaps are read over REST before what follows
/// them. Not safe for use by several threads.</summary>
internal sealed class CandleFeed
{
    private readonly Func<SeriesKey, Instant, Instant, CancellationToken, Task<IReadOnlyList<Candle>>> _read;
    private readonly Func<ExchangeEvent, CancellationToken, ValueTask> _emit;
    private readonly TimeProvider _time;
    private readonly int _confirmationMs;
    private readonly ILogger _logger;
    private readonly SortedDictionary<SeriesKey, Instant> _next = new(BySymbolThenInterval);
    private readonly Dictionary<SeriesKey, Instant> _askAgain = [];

    /// <summary>Makes a feed.</summary>
    /// <param name="read">Returns the closed candles that open in [from, until), ascending.</param>
    /// <param name="emit">Takes the events.</param>
    /// <param name="time">Wall time for pauses.</param>
    /// <param name="confirmationMs">Market time after a close at which a candle counts as overdue.</param>
    /// <param name="logger">Receives what operators should know.</param>
    public CandleFeed(
        Func<SeriesKey, Instant, Instant, CancellationToken, Task<IReadOnlyList<Candle>>> read,
        Func<ExchangeEvent, CancellationToken, ValueTask> emit, TimeProvider time, int confirmationMs, ILogger logger) =>
        (_read, _emit, _time, _confirmationMs, _logger) = (read, emit, time, confirmationMs, logger);

    /// <summary>The deterministic order of candles that close together.</summary>
    public static IComparer<SeriesKey> BySymbolThenInterval { get; } = Comparer<SeriesKey>.Create((left, right) =>
    {
        var bySymbol = left.Symbol.CompareTo(right.Symbol);
        return bySymbol != 0 ? bySymbol : left.Interval.NominalMilliseconds.CompareTo(right.Interval.NominalMilliseconds);
    });

    /// <summary>Starts a series with the candle that is open at <paramref name="marketTime"/>.</summary>
    public void Start(SeriesKey series, Instant marketTime) => _next[series] = series.Interval.OpenOf(marketTime);

    /// <summary>Whether a series was started.</summary>
    public bool Follows(SeriesKey series) => _next.ContainsKey(series);

    /// <summary>Takes a closed candle; returns false when a gap before it could not be read, in which case nothing was emitted
    /// from the unread part on.</summary>
    public async Task<bool> AcceptAsync(SeriesKey series, Candle candle, CancellationToken cancellationToken)
    {
        if (!_next.TryGetValue(series, out var next) || candle.OpenTime < next)
        {
            return true; // Not followed, or seen before.
        }

        if (candle.OpenTime > next && !await RepairAsync(series, candle.OpenTime, cancellationToken))
        {
            return false;
        }

        await EmitAsync(series, candle, cancellationToken);
        return true;
    }

    /// <summary>Reads every candle of a series that closed by <paramref name="marketTime"/> and was not emitted; returns false when it could
    /// not be read.</summary>
    public async Task<bool> CatchUpAsync(SeriesKey series, Instant marketTime, CancellationToken cancellationToken)
    {
        if (!_next.TryGetValue(series, out var next) || series.Interval.CloseOf(next) > marketTime)
        {
            return true;
        }

        var found = await ReadAsync(series, next, marketTime, cancellationToken);
        if (found is null)
        {
            return false;
        }

        foreach (var candle in found)
        {
            await EmitAsync(series, candle, cancellationToken);
        }

        if (found.Count > 0)
        {
            Log.GapRepaired(_logger, series.ToString(), found.Count);
        }

        return true;
    }

    /// <summary>Catches every series up.</summary>
    public async Task<bool> CatchUpAllAsync(Instant marketTime, CancellationToken cancellationToken)
    {
        var all = true;
        foreach (var series in _next.Keys.ToList())
        {
            all &= await CatchUpAsync(series, marketTime, cancellationToken);
        }

        return all;
    }

    /// <summary>Reads the candles whose confirmation is overdue.</summary>
    public async Task CheckOverdueAsync(Instant marketTime, CancellationToken cancellationToken)
    {
        foreach (var (series, next) in _next.ToList())
        {
            var due = series.Interval.CloseOf(next).Plus(_confirmationMs);
            if (marketTime >= due && marketTime >= _askAgain.GetValueOrDefault(series))
            {
                _askAgain[series] = marketTime.Plus(_confirmationMs);
                await CatchUpAsync(series, marketTime, cancellationToken);
            }
        }
    }

    private async Task<bool> RepairAsync(SeriesKey series, Instant until, CancellationToken cancellationToken)
    {
        for (var attempt = 0; _next[series] < until; attempt++)
        {
            var found = await ReadAsync(series, _next[series], until, cancellationToken);
            if (found is null)
            {
                return false;
            }

            // A hole inside is taken as real only when a second reading shows it too.
            var whole = IsWhole(series, found, until);
            if (!whole && attempt == 0)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), _time, cancellationToken);
                continue;
            }

            if (!whole)
            {
                Log.GapIsReal(_logger, series.ToString(), _next[series].ToString(), until.ToString());
            }

            foreach (var candle in found)
            {
                await EmitAsync(series, candle, cancellationToken);
            }

            Log.GapRepaired(_logger, series.ToString(), found.Count);
            return true;
        }

        return true;
    }

    private bool IsWhole(SeriesKey series, List<Candle> found, Instant until)
    {
        var expected = _next[series];
        foreach (var candle in found)
        {
            if (candle.OpenTime != expected)
            {
                return false;
            }

            expected = series.Interval.CloseOf(expected);
        }

        return expected >= until;
    }

    private async Task<List<Candle>?> ReadAsync(SeriesKey series, Instant from, Instant until, CancellationToken cancellationToken)
    {
        try
        {
            return [.. await _read(series, from, until, cancellationToken)];
        }
        catch (ExchangeException e)
        {
            Log.RepairFailed(_logger, series.ToString(), e.Message);
            return null;
        }
    }

    private async ValueTask EmitAsync(SeriesKey series, Candle candle, CancellationToken cancellationToken)
    {
        if (candle.OpenTime >= _next[series])
        {
            _next[series] = series.Interval.CloseOf(candle.OpenTime);
            await _emit(new ExchangeEvent.CandleClosed(series, candle), cancellationToken);
        }
    }
}

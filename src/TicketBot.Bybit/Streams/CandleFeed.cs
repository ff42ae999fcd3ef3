using Microsoft.Extensions.Logging;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Streams;

/// <summary>Gives each candle of each series once and in order: duplicates are dropped, gaps are read over REST before what follows
/// them. Series do not wait for one another: per series one thread at a time may accept and catch up, one compare with the history, and
/// any announce; nothing that announces waits for REST.</summary>
internal sealed class CandleFeed : IDisposable
{
    /// <summary>Newest candles of a series that are compared with the venue's history once a candle.</summary>
    public const int CandlesVerified = 5;

    /// <summary>Series that are read at the same time to repair them; the others wait for one of these.</summary>
    public const int MostRepairs = 8;

    /// <summary>Milliseconds of market time after a close at which the newest candles are compared at the latest.</summary>
    public const long LatestVerificationMs = 15_000;

    private const int MostComparisons = 4;
    private const long AskAgainMs = 1_000;

    private readonly Func<SeriesKey, Instant, Instant, CancellationToken, Task<IReadOnlyList<Candle>>> _read;
    private readonly Func<ExchangeEvent, CancellationToken, ValueTask> _emit;
    private readonly TimeProvider _time;
    private readonly int _confirmationMs;
    private readonly Counters _counters;
    private readonly ILogger _logger;
    private readonly SortedDictionary<SeriesKey, CandleTrack> _tracks = new(BySymbolThenInterval);
    private readonly SemaphoreSlim _repairs = new(MostRepairs);
    private readonly SemaphoreSlim _comparisons = new(MostComparisons);

    /// <summary>Makes a feed.</summary>
    /// <param name="read">Returns the closed candles that open in [from, until), ascending.</param>
    /// <param name="emit">Takes the events.</param>
    /// <param name="time">Wall time for pauses.</param>
    /// <param name="confirmationMs">Market time after a close at which a candle counts as overdue.</param>
    /// <param name="counters">Counts.</param>
    /// <param name="logger">Receives what operators should know.</param>
    public CandleFeed(
        Func<SeriesKey, Instant, Instant, CancellationToken, Task<IReadOnlyList<Candle>>> read,
        Func<ExchangeEvent, CancellationToken, ValueTask> emit, TimeProvider time, int confirmationMs, Counters counters, ILogger logger) =>
        (_read, _emit, _time, _confirmationMs, _counters, _logger) = (read, emit, time, confirmationMs, counters, logger);

    /// <summary>The deterministic order of candles that close together.</summary>
    public static IComparer<SeriesKey> BySymbolThenInterval { get; } = Comparer<SeriesKey>.Create((left, right) =>
    {
        var bySymbol = left.Symbol.CompareTo(right.Symbol);
        return bySymbol != 0 ? bySymbol : left.Interval.NominalMilliseconds.CompareTo(right.Interval.NominalMilliseconds);
    });

    /// <summary>Milliseconds of market time by which a candle may seem to lie ahead, since time is measured over a network.</summary>
    public long ClockErrorMs { get; init; } = 1_000;

    /// <summary>Market time as it is, where readings last while it goes on: a candle then restores its series only if the next one is not overdue
    /// too. <c>null</c> where the market waits for the readings.</summary>
    public Func<Instant>? Now { get; init; }

    /// <summary>Told when a candle of a series is overdue.</summary>
    public Action<SeriesKey> Overdue { get; set; } = _ => { };

    /// <summary>The series that were started, by symbol and interval.</summary>
    public IReadOnlyCollection<SeriesKey> Series => _tracks.Keys;

    /// <summary>Starts a series with the candle that is open at <paramref name="marketTime"/>; before anything else is asked of the feed.</summary>
    public void Start(SeriesKey series, Instant marketTime) => _tracks[series] = new CandleTrack(series, series.Interval.OpenOf(marketTime));

    /// <summary>Whether a series was started.</summary>
    public bool Follows(SeriesKey series) => _tracks.ContainsKey(series);

    /// <summary>Takes a candle that the stream says is closed; returns false when a gap before it could not be read, in which case nothing was
    /// emitted from the unread part on. A candle seen before, or one from the future, changes nothing.</summary>
    public async Task<bool> AcceptAsync(SeriesKey series, Candle candle, Instant marketTime, CancellationToken cancellationToken)
    {
        if (!_tracks.TryGetValue(series, out var track))
        {
            return true;
        }

        if (candle.OpenTime < track.Next)
        {
            // The venue says it again. If it says something else, its history decides.
            using (await track.HoldAsync(cancellationToken))
            {
                track.Doubt(candle);
            }

            return true;
        }

        if (series.Interval.OpenOf(candle.OpenTime) != candle.OpenTime || series.Interval.CloseOf(candle.OpenTime) > marketTime.Plus(ClockErrorMs))
        {
            _counters.Add(Counter.CandlesRefused);
            Log.CandleRefused(_logger, series.ToString(), candle.OpenTime.ToString(), marketTime.ToString());
            return true;
        }

        if (candle.OpenTime > track.Next && !await ReadThroughAsync(track, candle.OpenTime, mustReach: true, cancellationToken))
        {
            return false;
        }

        await EmitLastAsync(track, candle, cancellationToken);
        return true;
    }

    /// <summary>Reads every candle of a series that closed by <paramref name="marketTime"/> and was not emitted; returns whether none is missing
    /// now.</summary>
    public async Task<bool> CatchUpAsync(SeriesKey series, Instant marketTime, CancellationToken cancellationToken) =>
        !_tracks.TryGetValue(series, out var track) || series.Interval.CloseOf(track.Next) > marketTime
            || await ReadThroughAsync(track, series.Interval.OpenOf(marketTime), mustReach: false, cancellationToken);

    /// <summary>Catches every series up; those that cannot be are announced as interrupted.</summary>
    public async Task CatchUpAllAsync(Instant marketTime, CancellationToken cancellationToken)
    {
        foreach (var track in _tracks.Values)
        {
            if (!await CatchUpAsync(track.Series, marketTime, cancellationToken))
            {
                await MarkStaleAsync(track.Series, $"the candle of {track.Next} is missing", cancellationToken);
            }
        }
    }

    /// <summary>Announces a series as interrupted, once until it is whole again.</summary>
    public async ValueTask MarkStaleAsync(SeriesKey series, string reason, CancellationToken cancellationToken)
    {
        if (_tracks.TryGetValue(series, out var track))
        {
            using (await track.HoldAsync(cancellationToken))
            {
                await MarkStale_NeedsGateAsync(track, reason, cancellationToken);
            }
        }
    }

    /// <summary>Announces and reads the candles whose confirmation is overdue, one series after the other.</summary>
    public async Task CheckOverdueAsync(Instant marketTime, CancellationToken cancellationToken)
    {
        foreach (var track in _tracks.Values)
        {
            if (await IsReadingDueAsync(track, marketTime, cancellationToken))
            {
                await CatchUpAsync(track.Series, marketTime, cancellationToken);
            }
        }
    }

    /// <summary>Announces every series whose confirmation is overdue, and returns those whose history is to be read now; reads nothing.</summary>
    public async Task<IReadOnlyList<SeriesKey>> NoticeOverdueAsync(Instant marketTime, CancellationToken cancellationToken)
    {
        var due = new List<SeriesKey>();
        foreach (var track in _tracks.Values)
        {
            if (await IsReadingDueAsync(track, marketTime, cancellationToken))
            {
                due.Add(track.Series);
            }
        }

        return due;
    }

    /// <summary>Announces every series of which a closed candle was not given, overdue or not, and returns these series; reads nothing.</summary>
    public async Task<IReadOnlyList<SeriesKey>> NoticeMissingAsync(Instant marketTime, CancellationToken cancellationToken)
    {
        var missing = new List<SeriesKey>();
        foreach (var track in _tracks.Values)
        {
            using (await track.HoldAsync(cancellationToken))
            {
                if (track.Series.Interval.CloseOf(track.Next) <= marketTime)
                {
                    await MarkStale_NeedsGateAsync(track, $"the candle of {track.Next} is missing", cancellationToken);
                    missing.Add(track.Series);
                }
            }
        }

        return missing;
    }

    /// <summary>Compares, once a candle, the newest emitted candles with the venue's history: where they differ, the history is right and is
    /// emitted as a revision. One series after the other.</summary>
    /// <param name="marketTime">Market time.</param>
    /// <param name="onlyDoubted">Whether only series are compared of which the stream said two things.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task VerifyAsync(Instant marketTime, bool onlyDoubted, CancellationToken cancellationToken)
    {
        foreach (var series in _tracks.Keys)
        {
            await VerifyAsync(series, marketTime, onlyDoubted, cancellationToken);
        }
    }

    /// <summary>Compares one series; see the other form.</summary>
    public async Task VerifyAsync(SeriesKey series, Instant marketTime, bool onlyDoubted, CancellationToken cancellationToken)
    {
        var track = _tracks[series];
        Instant? from;
        Instant until;
        using (await track.HoldAsync(cancellationToken))
        {
            (from, until) = (track.BeginComparison(marketTime, onlyDoubted), track.Next);
        }

        if (from is not { } first || await ReadAsync(_comparisons, series, first, until, cancellationToken) is not { } found)
        {
            return; // The next candle brings the next comparison.
        }

        using (await track.HoldAsync(cancellationToken))
        {
            foreach (var candle in found.Where(track.Differs).ToList())
            {
                _counters.Add(Counter.CandlesRevised);
                Log.CandleRevised(_logger, series.ToString(), candle.OpenTime.ToString(), candle.ToString());
                await _emit(new ExchangeEvent.CandleClosed(series, track.Revise(candle)), cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _repairs.Dispose();
        _comparisons.Dispose();
        foreach (var track in _tracks.Values)
        {
            track.Dispose();
        }
    }

    // Announces a series whose candle is overdue; returns whether it is time to read it.
    private async ValueTask<bool> IsReadingDueAsync(CandleTrack track, Instant marketTime, CancellationToken cancellationToken)
    {
        using (await track.HoldAsync(cancellationToken))
        {
            var close = track.Series.Interval.CloseOf(track.Next);
            if (marketTime < close.Plus(_confirmationMs) || marketTime < track.AskAgainAt)
            {
                return false;
            }

            track.AskAgainAt = marketTime.Plus(AskAgainMs);
            await MarkStale_NeedsGateAsync(
                track, $"the candle of {track.Next} was not confirmed within {marketTime.Since(close)} ms of its close", cancellationToken);
        }

        Overdue(track.Series);
        return true;
    }

    // Reads from the next candle on up to a candle's open time. A hole is taken as real only when a second reading shows it too; that the
    // newest candles are not there yet is a hole only before a candle that is already known (mustReach).
    private async Task<bool> ReadThroughAsync(CandleTrack track, Instant until, bool mustReach, CancellationToken cancellationToken)
    {
        for (var attempt = 0; track.Next < until; attempt++)
        {
            if (await ReadAsync(_repairs, track.Series, track.Next, until, cancellationToken) is not { } found)
            {
                return false;
            }

            var reached = ReachOf(track, found);
            var hasHole = (mustReach && reached < until) || (found.Count > 0 && reached <= found[^1].OpenTime);
            if (hasHole && attempt == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(AskAgainMs), _time, cancellationToken);
                continue;
            }

            if (hasHole)
            {
                Log.GapIsReal(_logger, track.Series.ToString(), reached.ToString(), until.ToString());
            }

            _counters.Add(Counter.CandlesRepaired, found.Count);
            Log.GapRepaired(_logger, track.Series.ToString(), found.Count);
            foreach (var candle in found)
            {
                var isLast = !mustReach && track.Series.Interval.CloseOf(candle.OpenTime) >= until;
                await (isLast ? EmitLastAsync(track, candle, cancellationToken) : EmitAsync(track, candle, cancellationToken));
            }

            return mustReach || track.Next >= until;
        }

        return true;
    }

    // The open time up to which the found candles follow one another from the next one on.
    private static Instant ReachOf(CandleTrack track, List<Candle> found)
    {
        var expected = track.Next;
        foreach (var candle in found)
        {
            if (candle.OpenTime != expected)
            {
                break;
            }

            expected = track.Series.Interval.CloseOf(expected);
        }

        return expected;
    }

    private async Task<List<Candle>?> ReadAsync(SemaphoreSlim slots, SeriesKey series, Instant from, Instant until, CancellationToken cancellationToken)
    {
        await slots.WaitAsync(cancellationToken);
        try
        {
            return [.. await _read(series, from, until, cancellationToken)];
        }
        catch (ExchangeException e)
        {
            Log.RepairFailed(_logger, series.ToString(), e.Message);
            return null;
        }
        finally
        {
            slots.Release();
        }
    }

    // The series is whole again with this candle, so a decision may be taken on it.
    private async ValueTask EmitLastAsync(CandleTrack track, Candle candle, CancellationToken cancellationToken)
    {
        using (await track.HoldAsync(cancellationToken))
        {
            if (track.IsStale && !IsFollowedByOverdue(track.Series.Interval, candle))
            {
                track.IsStale = false;
                await _emit(new ExchangeEvent.StreamRestored(StreamNames.OfCandles(track.Series)), cancellationToken);
            }

            await Emit_NeedsGateAsync(track, candle, cancellationToken);
        }
    }

    private bool IsFollowedByOverdue(Interval interval, in Candle candle) =>
        Now is { } now && now() >= interval.CloseOf(interval.CloseOf(candle.OpenTime)).Plus(_confirmationMs);

    private async ValueTask EmitAsync(CandleTrack track, Candle candle, CancellationToken cancellationToken)
    {
        using (await track.HoldAsync(cancellationToken))
        {
            await Emit_NeedsGateAsync(track, candle, cancellationToken);
        }
    }

    private async ValueTask Emit_NeedsGateAsync(CandleTrack track, Candle candle, CancellationToken cancellationToken)
    {
        if (candle.OpenTime >= track.Next)
        {
            track.Take(candle);
            await _emit(new ExchangeEvent.CandleClosed(track.Series, candle), cancellationToken);
        }
    }

    private async ValueTask MarkStale_NeedsGateAsync(CandleTrack track, string reason, CancellationToken cancellationToken)
    {
        if (!track.IsStale)
        {
            track.IsStale = true;
            await _emit(new ExchangeEvent.StreamInterrupted(StreamNames.OfCandles(track.Series), reason), cancellationToken);
        }
    }
}

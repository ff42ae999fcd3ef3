using Microsoft.Extensions.Logging;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Streams;

/// <summary>Gives each candle of each series once and in order: duplicates are dropped, gaps are read over REST before what follows
/// them. Not safe for use by several threads.</summary>
internal sealed class CandleFeed
{
    /// <summary>Newest candles of a series that are compared with the venue's history once a candle.</summary>
    public const int CandlesVerified = 5;

    private const long AskAgainMs = 1_000;
    private const long LatestVerificationMs = 15_000;

    private readonly Func<SeriesKey, Instant, Instant, CancellationToken, Task<IReadOnlyList<Candle>>> _read;
    private readonly Func<ExchangeEvent, CancellationToken, ValueTask> _emit;
    private readonly TimeProvider _time;
    private readonly int _confirmationMs;
    private readonly Counters _counters;
    private readonly ILogger _logger;
    private readonly SortedDictionary<SeriesKey, Track> _tracks = new(BySymbolThenInterval);

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

    /// <summary>Told when a candle of a series is overdue.</summary>
    public Action<SeriesKey> Overdue { get; set; } = _ => { };

    /// <summary>Starts a series with the candle that is open at <paramref name="marketTime"/>.</summary>
    public void Start(SeriesKey series, Instant marketTime) => _tracks[series] = new Track(series, series.Interval.OpenOf(marketTime));

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
            track.IsDoubted |= track.Differs(candle);
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
    public async Task MarkStaleAsync(SeriesKey series, string reason, CancellationToken cancellationToken)
    {
        if (_tracks.TryGetValue(series, out var track) && !track.IsStale)
        {
            track.IsStale = true;
            await _emit(new ExchangeEvent.StreamInterrupted(StreamNames.OfCandles(series), reason), cancellationToken);
        }
    }

    /// <summary>Announces and reads the candles whose confirmation is overdue.</summary>
    public async Task CheckOverdueAsync(Instant marketTime, CancellationToken cancellationToken)
    {
        foreach (var track in _tracks.Values)
        {
            var due = track.Series.Interval.CloseOf(track.Next).Plus(_confirmationMs);
            if (marketTime >= due && marketTime >= track.AskAgainAt)
            {
                track.AskAgainAt = marketTime.Plus(AskAgainMs);
                await MarkStaleAsync(
                    track.Series, $"the candle of {track.Next} was not confirmed within {marketTime.Since(track.Series.Interval.CloseOf(track.Next))} ms of its close", cancellationToken);
                Overdue(track.Series);
                await CatchUpAsync(track.Series, marketTime, cancellationToken);
            }
        }
    }

    /// <summary>Compares, once a candle, the newest emitted candles with the venue's history: where they differ, the history is right and is
    /// emitted as a revision.</summary>
    /// <param name="marketTime">Market time.</param>
    /// <param name="onlyDoubted">Whether only series are compared of which the stream said two things.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task VerifyAsync(Instant marketTime, bool onlyDoubted, CancellationToken cancellationToken)
    {
        foreach (var track in _tracks.Values)
        {
            var isDue = track.IsDoubted || (!onlyDoubted && track.VerifyAt is { } at && marketTime >= at);
            if (!isDue || track.Emitted.Count == 0)
            {
                continue;
            }

            (track.VerifyAt, track.IsDoubted) = (null, false);
            if (await ReadAsync(track.Series, track.Emitted[0].OpenTime, track.Next, cancellationToken) is not { } found)
            {
                continue; // The next candle brings the next comparison.
            }

            foreach (var candle in found.Where(track.Differs).ToList())
            {
                _counters.Add(Counter.CandlesRevised);
                Log.CandleRevised(_logger, track.Series.ToString(), candle.OpenTime.ToString(), candle.ToString());
                await _emit(new ExchangeEvent.CandleClosed(track.Series, track.Revise(candle)), cancellationToken);
            }
        }
    }

    // Reads from the next candle on up to a candle's open time. A hole is taken as real only when a second reading shows it too; that the
    // newest candles are not there yet is a hole only before a candle that is already known (mustReach).
    private async Task<bool> ReadThroughAsync(Track track, Instant until, bool mustReach, CancellationToken cancellationToken)
    {
        for (var attempt = 0; track.Next < until; attempt++)
        {
            if (await ReadAsync(track.Series, track.Next, until, cancellationToken) is not { } found)
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
    private static Instant ReachOf(Track track, List<Candle> found)
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

    // The series is whole again with this candle, so a decision may be taken on it.
    private async ValueTask EmitLastAsync(Track track, Candle candle, CancellationToken cancellationToken)
    {
        if (track.IsStale)
        {
            track.IsStale = false;
            await _emit(new ExchangeEvent.StreamRestored(StreamNames.OfCandles(track.Series)), cancellationToken);
        }

        await EmitAsync(track, candle, cancellationToken);
    }

    private async ValueTask EmitAsync(Track track, Candle candle, CancellationToken cancellationToken)
    {
        if (candle.OpenTime >= track.Next)
        {
            track.Take(candle);
            await _emit(new ExchangeEvent.CandleClosed(track.Series, candle), cancellationToken);
        }
    }

    private sealed class Track(SeriesKey series, Instant next)
    {
        public SeriesKey Series => series;

        // Open time of the candle that comes next.
        public Instant Next { get; private set; } = next;

        public bool IsStale { get; set; }

        public Instant AskAgainAt { get; set; } = new(long.MinValue);

        public Instant? VerifyAt { get; set; }

        // Whether the stream said two things of one candle.
        public bool IsDoubted { get; set; }

        public List<Candle> Emitted { get; } = [];

        public void Take(in Candle candle)
        {
            Next = series.Interval.CloseOf(candle.OpenTime);
            VerifyAt = Next.Plus(Math.Min(LatestVerificationMs, series.Interval.NominalMilliseconds / 4));
            Emitted.Add(candle);
            if (Emitted.Count > CandlesVerified)
            {
                Emitted.RemoveAt(0);
            }
        }

        public bool Differs(Candle candle) => IndexOf(candle) is >= 0 and var index && Emitted[index] != (candle with { Observations = Emitted[index].Observations });

        public Candle Revise(in Candle candle)
        {
            var index = IndexOf(candle);
            return Emitted[index] = candle with { Observations = Emitted[index].Observations };
        }

        private int IndexOf(Candle candle) => Emitted.FindIndex(one => one.OpenTime == candle.OpenTime);
    }
}

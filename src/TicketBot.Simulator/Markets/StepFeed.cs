using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Markets;

/// <summary>The steps of a market in the order they are played: as the market gives them, or cut into ticks. Not safe for use by several threads.</summary>
/// <remarks>With ticks there is a step at every multiple of the tick length while a candle is under way, and candles close with the step of
/// their close time. Ticks may begin at any time, but end only when no candle is under way, so that no part of one is played twice.</remarks>
internal sealed class StepFeed : IDisposable
{
    private readonly IEnumerator<MarketStep> _steps;
    private readonly Queue<MarketStep> _ahead = new();
    private readonly SeriesKey[] _finest;
    private readonly SeriesCandle?[] _coming;
    private IReadOnlyList<SeriesCandle> _underWay = [];
    private Instant _time;
    private int _wantedMs;
    private int _tickMs;
    private bool _isDry;
    private MarketStep? _next;

    /// <summary>Starts a market.</summary>
    /// <param name="market">The candles.</param>
    /// <param name="tickMs">Milliseconds of a tick; 0 plays whole candles.</param>
    /// <exception cref="ArgumentException">The ticks do not divide a candle.</exception>
    internal StepFeed(MarketSource market, int tickMs)
    {
        Check(market, tickMs);
        _finest = [.. market.FinestSeries];
        _coming = new SeriesCandle?[_finest.Length];
        _steps = market.Steps().GetEnumerator();
        (_time, _wantedMs) = (market.LiveFrom, tickMs);
    }

    /// <summary>The step to be played next; <c>null</c> when the market has ended.</summary>
    internal MarketStep? Next => _next ??= Make();

    /// <summary>Throws when ticks do not divide the candles of a market.</summary>
    internal static void Check(MarketSource market, int tickMs)
    {
        foreach (var series in market.Series)
        {
            // A week begins on a Monday and a month on any day: their ticks stand on the grid of the day.
            var length = Math.Min(series.Interval.NominalMilliseconds, Instant.MillisecondsPerDay);
            if (tickMs != 0 && (tickMs is < 50 or > 60_000 || length % tickMs != 0))
            {
                throw new ArgumentException(
                    $"ticks must be 50 to 60,000 ms long and divide the candles of {series} ({length} ms), were {tickMs} ms. Choose another Simulator:TickMs, or 0 for none.");
            }
        }
    }

    /// <summary>Goes on behind <see cref="Next"/>, which has been played.</summary>
    internal void Move()
    {
        _time = Next?.Time ?? _time;
        _next = null;
        for (var i = 0; _tickMs != 0 && i < _coming.Length; i++)
        {
            if (_coming[i] is { } candle && _finest[i].Interval.CloseOf(candle.Candle.OpenTime) <= _time)
            {
                _coming[i] = null;
                _underWay = [];
            }
        }
    }

    /// <summary>Asks for another tick length before <see cref="Next"/> is read again; whole candles come back when no candle is under way.</summary>
    /// <param name="tickMs">Milliseconds of a tick; 0 = whole candles.</param>
    internal void Switch(int tickMs) => _wantedMs = tickMs;

    /// <inheritdoc/>
    public void Dispose() => _steps.Dispose();

    private MarketStep? Make()
    {
        if (_wantedMs != 0 || _tickMs == 0 || !_coming.Any(c => c is { } candle && candle.Candle.OpenTime < _time))
        {
            if (_tickMs != 0 && _wantedMs == 0)
            {
                Array.Clear(_coming);
            }

            _tickMs = _wantedMs;
        }

        if (_tickMs == 0)
        {
            return _ahead.TryDequeue(out var step) ? step : _steps.MoveNext() ? _steps.Current : null;
        }

        return MakeTick();
    }

    private MarketStep? MakeTick()
    {
        for (var i = 0; i < _finest.Length; i++)
        {
            _coming[i] ??= Find(_finest[i]);
        }

        if (_ahead.Count == 0 && !Read())
        {
            return null;
        }

        // Where nothing is under way the market leaps to the first tick of the next candle.
        var opens = _coming.Where(c => c is not null).Select(c => c!.Value.Candle.OpenTime).DefaultIfEmpty(_time).Min();
        var from = Math.Max(_time.UnixMilliseconds, opens.UnixMilliseconds);
        var time = new Instant(Math.Min(((from / _tickMs) + 1) * _tickMs, _ahead.Peek().Time.UnixMilliseconds));
        var underWay = _coming.Where(c => c is { } candle && candle.Candle.OpenTime < time).Select(c => c!.Value).ToArray();
        _underWay = underWay.Length == _underWay.Count ? _underWay : underWay;
        return new MarketStep(time, _ahead.Peek().Time == time ? _ahead.Dequeue().Candles : []) { UnderWay = _underWay, TickMs = _tickMs };
    }

    // The next candle of a series: the market is read ahead until it is there.
    private SeriesCandle? Find(SeriesKey series)
    {
        foreach (var step in _ahead)
        {
            if (Of(step, series) is { } found)
            {
                return found;
            }
        }

        while (Read())
        {
            if (Of(_steps.Current, series) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private bool Read()
    {
        if (_isDry || !_steps.MoveNext())
        {
            _isDry = true;
            return false;
        }

        _ahead.Enqueue(_steps.Current);
        return true;
    }

    private static SeriesCandle? Of(MarketStep step, SeriesKey series)
    {
        foreach (var row in step.Candles)
        {
            if (row.Series == series)
            {
                return row;
            }
        }

        return null;
    }
}

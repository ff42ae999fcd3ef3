using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Streams;

/// <summary>How far one series has been given. Its members are used by whoever holds it, but for <see cref="Next"/>, which the one who gives
/// the candles may always read.</summary>
internal sealed class CandleTrack(SeriesKey series, Instant next) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly List<Candle> _emitted = [];

    /// <summary>The series.</summary>
    public SeriesKey Series => series;

    /// <summary>Open time of the candle that comes next.</summary>
    public Instant Next { get; private set; } = next;

    /// <summary>Whether the series is announced as interrupted.</summary>
    public bool IsStale { get; set; }

    /// <summary>Market time from which an overdue candle is read again.</summary>
    public Instant AskAgainAt { get; set; } = new(long.MinValue);

    /// <summary>Market time from which the newest candles are compared with the history; null once they were.</summary>
    public Instant? VerifyAt { get; private set; }

    /// <summary>Whether the stream said two things of one candle.</summary>
    public bool IsDoubted { get; private set; }

    /// <summary>Waits for the track and holds it until the result is disposed: for a change and the telling of it, never for reading over REST.</summary>
    public async ValueTask<Hold> HoldAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        return new Hold(_gate);
    }

    /// <summary>Takes a candle as given.</summary>
    public void Take(in Candle candle)
    {
        Next = series.Interval.CloseOf(candle.OpenTime);
        VerifyAt = Next.Plus(Math.Min(CandleFeed.LatestVerificationMs, series.Interval.NominalMilliseconds / 4));
        _emitted.Add(candle);
        if (_emitted.Count > CandleFeed.CandlesVerified)
        {
            _emitted.RemoveAt(0);
        }
    }

    /// <summary>Remembers it when a given candle is told again with other figures.</summary>
    public void Doubt(Candle candle) => IsDoubted |= Differs(candle);

    /// <summary>Returns the open time from which the given candles are to be compared with the history now, or null.</summary>
    public Instant? BeginComparison(Instant marketTime, bool onlyDoubted)
    {
        var isDue = IsDoubted || (!onlyDoubted && VerifyAt is { } at && marketTime >= at);
        if (!isDue || _emitted.Count == 0)
        {
            return null;
        }

        (VerifyAt, IsDoubted) = (null, false);
        return _emitted[0].OpenTime;
    }

    /// <summary>Whether a candle was given with other figures.</summary>
    public bool Differs(Candle candle) => IndexOf(candle) is >= 0 and var index && _emitted[index] != (candle with { Observations = _emitted[index].Observations });

    /// <summary>Replaces a given candle's figures and returns it; what was observed at its close stays.</summary>
    public Candle Revise(in Candle candle)
    {
        var index = IndexOf(candle);
        return _emitted[index] = candle with { Observations = _emitted[index].Observations };
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private int IndexOf(Candle candle) => _emitted.FindIndex(one => one.OpenTime == candle.OpenTime);

    /// <summary>A track that is held; the default holds nothing.</summary>
    public readonly struct Hold(SemaphoreSlim gate) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => gate.Release();
    }
}

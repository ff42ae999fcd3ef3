using TicketBot.Domain;

namespace TicketBot.Bybit.Rest;

/// <summary>The venue's clock: local time plus a measured offset. Safe for use by several threads.</summary>
/// <remarks>Between two measurements it runs on the machine's monotonic timestamp, so that a wall clock that is set, or a virtual machine
/// that slept, cannot move it; such a jump is noticed and makes it suspect until it has been measured again.</remarks>
public sealed class BybitClock
{
    /// <summary>Readings of one measurement; the one with the least round trip counts.</summary>
    public const int Samples = 5;

    /// <summary>Milliseconds by which wall clock and monotonic timestamp may drift apart between two looks.</summary>
    public const long LargestJumpMs = 250;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private (long WallMs, long Stamp) _start;
    private (long WallMs, long Stamp) _seen;
    private long _offsetMs;
    private long _roundTripMs;
    private long? _measuredAt;
    private bool _isSuspect;

    /// <summary>Makes a clock that has not been measured yet and shows local time.</summary>
    public BybitClock(TimeProvider time)
    {
        _time = time;
        _start = _seen = Pair();
    }

    /// <summary>Milliseconds that the venue is ahead of this machine's wall clock as it stood at the last measurement; negative if behind.</summary>
    public long OffsetMs
    {
        get
        {
            lock (_lock)
            {
                return _offsetMs;
            }
        }
    }

    /// <summary>Milliseconds of the round trip that the offset was measured over: it is known to about half of that.</summary>
    public long RoundTripMs
    {
        get
        {
            lock (_lock)
            {
                return _roundTripMs;
            }
        }
    }

    /// <summary>Time since the last measurement, or <c>null</c> when there was none.</summary>
    public TimeSpan? Age
    {
        get
        {
            lock (_lock)
            {
                return _measuredAt is { } at ? _time.GetElapsedTime(at) : null;
            }
        }
    }

    /// <summary>Whether the offset has been measured.</summary>
    public bool IsMeasured => Age is not null;

    /// <summary>Whether the offset has been measured and no jump was seen since.</summary>
    public bool IsSound
    {
        get
        {
            lock (_lock)
            {
                return _measuredAt is not null && !_isSuspect;
            }
        }
    }

    internal bool IsSoundSince(long stamp)
    {
        lock (_lock)
        {
            return _measuredAt > stamp && !_isSuspect;
        }
    }

    /// <summary>Venue time now.</summary>
    public Instant Now
    {
        get
        {
            lock (_lock)
            {
                return new Instant(Steady() + _offsetMs);
            }
        }
    }

    internal long LocalMs
    {
        get
        {
            lock (_lock)
            {
                return Steady();
            }
        }
    }

    /// <summary>Takes a measurement: the venue's time is compared with the midpoint between sending and receiving.</summary>
    /// <param name="sentMs">Local time of sending.</param>
    /// <param name="receivedMs">Local time of the answer.</param>
    /// <param name="serverMs">The venue's time in the answer.</param>
    public void Measure(long sentMs, long receivedMs, long serverMs)
    {
        lock (_lock)
        {
            // The wall clock may have been set since; from here on local time starts from it again.
            var pair = Pair();
            var set = pair.WallMs - Steady();
            _start = _seen = pair;
            _offsetMs = serverMs - (sentMs + ((receivedMs - sentMs) / 2)) - set;
            (_roundTripMs, _measuredAt, _isSuspect) = (receivedMs - sentMs, pair.Stamp, false);
        }
    }

    /// <summary>Compares the wall clock's way since the last look with that of the monotonic timestamp; returns by how many milliseconds they
    /// differ where that is a jump, which makes the clock suspect, else 0.</summary>
    public long Look()
    {
        lock (_lock)
        {
            var pair = Pair();
            var jump = pair.WallMs - _seen.WallMs - (long)_time.GetElapsedTime(_seen.Stamp, pair.Stamp).TotalMilliseconds;
            _seen = pair;
            if (Math.Abs(jump) <= LargestJumpMs)
            {
                return 0;
            }

            _isSuspect = true;
            return jump;
        }
    }

    /// <summary>Whether the last measurement is at least <paramref name="ageMs"/> old, or there was none.</summary>
    public bool IsOlderThan(long ageMs) => Age is not { } age || age.TotalMilliseconds >= ageMs;

    private long Steady() => _start.WallMs + (long)_time.GetElapsedTime(_start.Stamp).TotalMilliseconds;

    private (long WallMs, long Stamp) Pair() => (_time.GetUtcNow().ToUnixTimeMilliseconds(), _time.GetTimestamp());
}

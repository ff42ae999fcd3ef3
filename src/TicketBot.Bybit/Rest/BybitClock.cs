using TicketBot.Domain;

namespace TicketBot.Bybit.Rest;

/// <summary>The venue's clock: local wall time plus a measured offset. Safe for use by several threads.</summary>
public sealed class BybitClock
{
    private readonly TimeProvider _time;
    private long _offsetMs;
    private long _measuredAtMs = long.MinValue;

    /// <summary>Makes a clock that has not been measured yet and shows local time.</summary>
    public BybitClock(TimeProvider time) => _time = time;

    /// <summary>Milliseconds that the venue is ahead of local time; negative if behind.</summary>
    public long OffsetMs => Volatile.Read(ref _offsetMs);

    /// <summary>Whether the offset has been measured.</summary>
    public bool IsMeasured => Volatile.Read(ref _measuredAtMs) != long.MinValue;

    /// <summary>Venue time now.</summary>
    public Instant Now => new(LocalMs + OffsetMs);

    internal long LocalMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Takes a measurement: the venue's time is compared with the midpoint between sending and receiving.</summary>
    /// <param name="sentMs">Local time of sending.</param>
    /// <param name="receivedMs">Local time of the answer.</param>
    /// <param name="serverMs">The venue's time in the answer.</param>
    public void Measure(long sentMs, long receivedMs, long serverMs)
    {
        Volatile.Write(ref _offsetMs, serverMs - (sentMs + ((receivedMs - sentMs) / 2)));
        Volatile.Write(ref _measuredAtMs, receivedMs);
    }

    /// <summary>Whether the last measurement is at least <paramref name="ageMs"/> old, or there was none.</summary>
    public bool IsOlderThan(long ageMs) => !IsMeasured || LocalMs - Volatile.Read(ref _measuredAtMs) >= ageMs;
}

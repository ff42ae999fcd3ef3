namespace TicketBot.Simulator.Faults;

/// <summary>The venue's wall clock: the true one moved by an offset that may drift. Timers and timestamps are those of the true clock.</summary>
internal sealed class SkewedClock(TimeProvider inner) : TimeProvider
{
    private readonly Lock _lock = new();
    private double _fromMs;
    private double _toMs;
    private double _slewMs;
    private long _since;

    /// <inheritdoc/>
    public override long TimestampFrequency => inner.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return inner.GetUtcNow().AddMilliseconds(Offset_NeedsLock());
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => inner.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);

    /// <summary>Moves the clock to an offset from the true one, evenly over <paramref name="slewMs"/>; 0 = at once.</summary>
    internal void Shift(long offsetMs, long slewMs)
    {
        lock (_lock)
        {
            (_fromMs, _toMs, _slewMs, _since) = (Offset_NeedsLock(), offsetMs, slewMs, inner.GetTimestamp());
        }
    }

    private double Offset_NeedsLock()
    {
        var share = _slewMs <= 0 ? 1 : Math.Min(1, inner.GetElapsedTime(_since).TotalMilliseconds / _slewMs);
        return _fromMs + (share * (_toMs - _fromMs));
    }
}

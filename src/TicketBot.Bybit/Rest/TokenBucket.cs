namespace TicketBot.Bybit.Rest;

/// <summary>A rate limit: tokens flow in at a constant rate up to one second's worth, each request takes one, and the last ones
/// are kept for urgent requests. It learns from what the venue says of its own count. Safe for use by several threads.</summary>
/// <remarks>The framework's rate limiters read the machine's clock and know no reserve.</remarks>
internal sealed class TokenBucket
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly double _configured;
    private readonly double _reserve;
    private double _perSecond;
    private double _tokens;
    private long _stamp;
    private long? _closedUntil;

    public TokenBucket(double perSecond, double reserve, TimeProvider time)
    {
        (_configured, _perSecond, _reserve, _time) = (perSecond, perSecond, reserve, time);
        _tokens = perSecond;
        _stamp = time.GetTimestamp();
    }

    /// <summary>Tokens that flow in per second: what is configured, or less where the venue allows less.</summary>
    public double PerSecond
    {
        get
        {
            lock (_lock)
            {
                return _perSecond;
            }
        }
    }

    /// <summary>Waits for a token; an urgent request may take from the reserve.</summary>
    public async ValueTask TakeAsync(bool urgent, CancellationToken cancellationToken)
    {
        while (TryTake(urgent) is { } wait)
        {
            await Task.Delay(wait, _time, cancellationToken);
        }
    }

    /// <summary>Takes a token and returns <c>null</c>, or returns how long to wait before the next try.</summary>
    public TimeSpan? TryTake(bool urgent)
    {
        lock (_lock)
        {
            Flow();
            if (_closedUntil is { } until)
            {
                // What the venue has closed, it has closed for exits too.
                return TimeSpan.FromSeconds((until - _stamp) / (double)_time.TimestampFrequency) + TimeSpan.FromMilliseconds(1);
            }

            var needed = urgent ? 1 : 1 + Math.Min(_reserve, _perSecond - 1);
            if (_tokens >= needed - 1e-9)
            {
                _tokens -= 1;
                return null;
            }

            // A millisecond more than computed: timers may fire a tick early.
            return TimeSpan.FromSeconds((needed - _tokens) / _perSecond) + TimeSpan.FromMilliseconds(1);
        }
    }

    /// <summary>Learns from an answer's headers.</summary>
    /// <param name="limit">The venue's allowance per second; it may lower the rate below the configured one, never raise it.</param>
    /// <param name="left">What is left of it now; others may use the same account.</param>
    /// <param name="untilReset">How long nothing is allowed, or <c>null</c>.</param>
    public void Learn(int? limit, int? left, TimeSpan? untilReset)
    {
        lock (_lock)
        {
            Flow();
            if (limit is >= 1)
            {
                _perSecond = Math.Min(_configured, limit.Value);
            }

            _tokens = Math.Min(_tokens, Math.Min(_perSecond, left is >= 0 ? left.Value : double.MaxValue));
            if (untilReset is { } wait && wait > TimeSpan.Zero)
            {
                _closedUntil = _stamp + (long)(wait.TotalSeconds * _time.TimestampFrequency);
            }
        }
    }

    private void Flow()
    {
        var now = _time.GetTimestamp();
        _tokens = Math.Min(_perSecond, _tokens + (_time.GetElapsedTime(_stamp, now).TotalSeconds * _perSecond));
        _stamp = now;
        if (_closedUntil is { } until && now >= until)
        {
            _closedUntil = null;
            _tokens = Math.Max(_tokens, 1); // The venue counts anew.
        }
    }
}

namespace TicketBot.Bybit.Rest;

/// <summary>A rate limit: tokens flow in at a constant rate up to one second's worth, each request takes one, and the last ones
/// are kept for urgent requests. Safe for use by several threads.</summary>
/// <remarks>The framework's rate limiters read the machine's clock and know no reserve.</remarks>
internal sealed class TokenBucket
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly double _perSecond;
    private readonly double _reserve;
    private double _tokens;
    private long _stamp;

    public TokenBucket(double perSecond, double reserve, TimeProvider time)
    {
        (_perSecond, _reserve, _time) = (perSecond, reserve, time);
        _tokens = perSecond;
        _stamp = time.GetTimestamp();
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
            var now = _time.GetTimestamp();
            _tokens = Math.Min(_perSecond, _tokens + (_time.GetElapsedTime(_stamp, now).TotalSeconds * _perSecond));
            _stamp = now;
            var needed = urgent ? 1 : 1 + _reserve;
            if (_tokens >= needed - 1e-9)
            {
                _tokens -= 1;
                return null;
            }

            // A millisecond more than computed: timers may fire a tick early.
            return TimeSpan.FromSeconds((needed - _tokens) / _perSecond) + TimeSpan.FromMilliseconds(1);
        }
    }
}

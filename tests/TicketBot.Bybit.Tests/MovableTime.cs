namespace TicketBot.Bybit.Tests;

/// <summary>The machine's clock from another start, which a test may move on: wall clock and timestamp together, or the wall clock alone.</summary>
public sealed class MovableTime : TimeProvider
{
    private readonly DateTimeOffset _start;
    private readonly long _stamp = System.GetTimestamp();
    private long _movedMs;
    private long _jumpedMs;

    /// <summary>Makes a clock that runs from <paramref name="start"/>, by default half a minute into 2025-06-01.</summary>
    public MovableTime(DateTimeOffset? start = null) => _start = start ?? new DateTimeOffset(2025, 6, 1, 0, 0, 30, TimeSpan.Zero);

    public long NowMs => GetUtcNow().ToUnixTimeMilliseconds();

    public override DateTimeOffset GetUtcNow() => _start + Elapsed + TimeSpan.FromMilliseconds(Interlocked.Read(ref _jumpedMs));

    public override long GetTimestamp() => (long)(Elapsed.TotalSeconds * TimestampFrequency);

    /// <summary>Moves wall clock and timestamp to a time.</summary>
    public void MoveTo(long ms) => Interlocked.Add(ref _movedMs, ms - NowMs);

    /// <summary>Sets the wall clock alone, as an operator would.</summary>
    public void Jump(long ms) => Interlocked.Add(ref _jumpedMs, ms);

    private TimeSpan Elapsed => System.GetElapsedTime(_stamp) + TimeSpan.FromMilliseconds(Interlocked.Read(ref _movedMs));
}

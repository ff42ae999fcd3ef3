using TicketBot.Domain;
using TicketBot.Host.Running;

namespace TicketBot.Host.Health;

/// <summary>Watches whether the trading loop gets on: market time in its picture must move. Not safe for use by several threads but for <see cref="Age"/>.</summary>
/// <param name="state">The daemon.</param>
/// <param name="time">Clock.</param>
public sealed class ProgressWatch(DaemonState state, TimeProvider time)
{
    private Instant _seen;
    private long _at = time.GetTimestamp();

    /// <summary>Wall time since the loop was last seen to get on; zero while it is not meant to move (starting, finished).</summary>
    public TimeSpan Age => state.Phase == DaemonPhase.Trading ? time.GetElapsedTime(Interlocked.Read(ref _at)) : TimeSpan.Zero;

    /// <summary>Looks at the loop; returns whether it has got on since the last look.</summary>
    public bool Look()
    {
        var now = state.Trading.MarketTime;
        if (state.Phase == DaemonPhase.Trading && now == _seen)
        {
            return false;
        }

        _seen = now;
        Interlocked.Exchange(ref _at, time.GetTimestamp());
        return true;
    }
}

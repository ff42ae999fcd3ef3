namespace TicketBot.Simulator.Wire;

/// <summary>Work that a fault puts off by wall time. Called under the session's lock, under which the work is done as well.</summary>
internal sealed class LateWork(VenueSession session)
{
    private readonly HashSet<ITimer> _timers = [];

    /// <summary>Does the work after a time in milliseconds; at once for 0.</summary>
    internal void Do(int delayMs, Action work)
    {
        if (delayMs == 0)
        {
            work();
            return;
        }

        ITimer? timer = null;
        timer = session.Clock.CreateTimer(
            _ => session.Locked(() =>
            {
                _timers.Remove(timer!);
                timer!.Dispose();
                work();
            }),
            null, TimeSpan.FromMilliseconds(delayMs), Timeout.InfiniteTimeSpan);
        _timers.Add(timer);
    }
}

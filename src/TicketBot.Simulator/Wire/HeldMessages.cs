using TicketBot.Domain;

namespace TicketBot.Simulator.Wire;

/// <summary>Messages that a fault holds back: behind others, or for a time. Called under the session's lock.</summary>
internal sealed class HeldMessages(VenueSession session)
{
    private readonly List<Overtaken> _overtaken = [];
    private readonly List<(StreamMessage Message, Instant Due)> _late = [];

    /// <summary>Holds a message behind the next <paramref name="count"/> messages of the same stream.</summary>
    internal void Hold(StreamMessage message, int count) => _overtaken.Add(new Overtaken(message, count + 1));

    /// <summary>Holds a message for a time; <paramref name="send"/> is called with it under the lock when wall time is meant.</summary>
    internal void Hold(StreamMessage message, int delayMs, bool wallTime, Action<StreamMessage> send)
    {
        if (!wallTime)
        {
            _late.Add((message, session.Venue.Time.Plus(delayMs)));
            return;
        }

        session.Late.Do(delayMs, () => send(message));
    }

    /// <summary>Returns the messages whose market time has come and lets them go.</summary>
    internal List<StreamMessage> ReleaseDue(Instant time)
    {
        var due = _late.Where(h => h.Due <= time).Select(h => h.Message).ToList();
        _late.RemoveAll(h => h.Due <= time);
        return due;
    }

    /// <summary>Counts a message that was just told and returns the ones it was the last to overtake.</summary>
    internal List<StreamMessage> ReleaseOvertaken(StreamMessage told)
    {
        if (_overtaken.Count == 0)
        {
            return [];
        }

        foreach (var held in _overtaken.Where(h => h.Message.Account == told.Account))
        {
            held.Left--;
        }

        var free = _overtaken.Where(h => h.Left == 0).Select(h => h.Message).ToList();
        _overtaken.RemoveAll(h => h.Left == 0);
        return free;
    }

    /// <summary>A held message and how many are still to overtake it, itself among them.</summary>
    private sealed class Overtaken(StreamMessage message, int left)
    {
        internal StreamMessage Message { get; } = message;

        internal int Left { get; set; } = left;
    }
}

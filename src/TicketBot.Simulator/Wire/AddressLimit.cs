using System.Net;

namespace TicketBot.Simulator.Wire;

/// <summary>The rule that one address may send so many requests in 5 seconds and else waits 10 minutes
/// (https://bybit-exchange.github.io/docs/v5/rate-limit). Safe for use by several threads.</summary>
/// <param name="most">Requests in 5 seconds; <c>null</c> = no limit.</param>
internal sealed class AddressLimit(int? most)
{
    private const long WindowMs = 5_000;
    private const long BanMs = 600_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, (Queue<long> Times, long BannedUntil)> _seen = [];

    /// <summary>Counts a request; returns whether it is to be refused.</summary>
    internal bool IsOver(IPAddress? address, long nowMs)
    {
        if (most is not { } limit)
        {
            return false;
        }

        lock (_lock)
        {
            var key = address ?? IPAddress.None;
            var (times, bannedUntil) = _seen.TryGetValue(key, out var found) ? found : (new Queue<long>(), 0);
            if (bannedUntil > nowMs)
            {
                return true;
            }

            while (times.Count > 0 && times.Peek() <= nowMs - WindowMs)
            {
                times.Dequeue();
            }

            times.Enqueue(nowMs);
            var isOver = times.Count > limit;
            _seen[key] = (times, isOver ? nowMs + BanMs : 0);
            return isOver;
        }
    }
}

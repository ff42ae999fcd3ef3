using System.Collections.Concurrent;
using TicketBot.Domain;

namespace TicketBot.Bybit.Rest;

/// <summary>Orders whose answer was lost, and how long their request may still arrive: the venue takes it as long as its timestamp is within
/// <c>recv_window</c> (https://bybit-exchange.github.io/docs/v5/guide#parameters-for-authenticated-endpoints). Until then an order that no
/// look-up finds is not absent. Safe for use by several threads.</summary>
internal sealed class Unanswered
{
    // The venue's clock is known to about half a round trip.
    private static readonly TimeSpan ClockError = TimeSpan.FromMilliseconds(250);
    private readonly ConcurrentDictionary<ClientOrderId, long> _sent = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _validity;
    private readonly long _born;

    /// <summary>Makes one; orders of an earlier process may have been sent until now.</summary>
    /// <param name="time">Wall time.</param>
    /// <param name="recvWindowMs">Validity of a request in milliseconds.</param>
    public Unanswered(TimeProvider time, int recvWindowMs) =>
        (_time, _validity, _born) = (time, TimeSpan.FromMilliseconds(recvWindowMs) + ClockError, time.GetTimestamp());

    /// <summary>An order's request was signed at <paramref name="sentAt"/> and how it ended is not known.</summary>
    public void Add(ClientOrderId id, long sentAt)
    {
        foreach (var (old, at) in _sent)
        {
            if (_time.GetElapsedTime(at) > _validity)
            {
                _sent.TryRemove(old, out _);
            }
        }

        _sent[id] = sentAt;
    }

    /// <summary>Returns how long the order's request may still arrive; zero when it no longer can.</summary>
    public TimeSpan TimeLeft(ClientOrderId id)
    {
        var left = _validity - _time.GetElapsedTime(_sent.TryGetValue(id, out var sentAt) ? sentAt : _born);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>It is known where the order is.</summary>
    public void Remove(ClientOrderId id) => _sent.TryRemove(id, out _);
}

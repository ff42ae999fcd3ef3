using TicketBot.Domain;

namespace TicketBot.Trading.Orders;

/// <content>Which orders are open, and which have ended but may still be heard of.</content>
public sealed partial class AccountState
{
    // An earlier snapshot, long enough ago, brought the executions that the venue still had; what is missing now will not come.
    private void EndWhatStaysUnexplained()
    {
        foreach (var tracked in _open.Values.ToList())
        {
            if (!tracked.Order.IsFinal)
            {
                continue;
            }

            if (tracked.FinalSince is not { } since)
            {
                tracked.FinalSince = MarketTime;
            }
            else if (MarketTime.Since(since) >= ReadingLagMs)
            {
                End(tracked);
            }
        }
    }

    private TrackedOrder? Find(ClientOrderId id) =>
        id.IsDefault ? null : _open.GetValueOrDefault(id) ?? _ended.GetValueOrDefault(id);

    // A final order is open to us until its executions have caught up with what the venue says was filled; and one that had ended
    // is open again when something of it still arrives.
    private void Settle(TrackedOrder tracked)
    {
        if (tracked.Order.IsFinal && tracked.Order.ExecutedQuantity >= tracked.Order.FilledQuantity)
        {
            End(tracked);
        }
        else if (_ended.Remove(tracked.Order.Id))
        {
            _open[tracked.Order.Id] = tracked;
        }
    }

    private void End(TrackedOrder tracked)
    {
        if (_open.Remove(tracked.Order.Id) && _ended.TryAdd(tracked.Order.Id, tracked))
        {
            _endedOrder.Enqueue(tracked.Order.Id);
            if (_endedOrder.Count > EndedRemembered)
            {
                _ended.Remove(_endedOrder.Dequeue());
            }
        }
    }
}

using TicketBot.Domain;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Wire;

/// <summary>What an account's orders, executions and positions were told to be lately, so that a read can be answered as of a little ago.
/// Called under the session's lock.</summary>
internal sealed class RecentRows
{
    /// <summary>How far back in milliseconds of market time a read may lie.</summary>
    internal const int MostLagMs = 60_000;

    private static readonly Instant Before = new(long.MinValue);
    private readonly Dictionary<string, List<(Instant Told, VenueOrder Order)>> _orders = [];
    private readonly Dictionary<Symbol, List<(Instant Told, VenuePosition Position)>> _positions = [];
    private readonly List<(Instant Told, VenueExecution Execution)> _executions = [];
    private readonly Queue<(Instant Told, string OrderId)> _told = [];

    /// <summary>Begins with what stands.</summary>
    internal RecentRows(Venue venue, Account account)
    {
        foreach (var order in account.OpenOrders)
        {
            _orders[order.Id] = [(Before, order)];
        }

        foreach (var instrument in venue.Instruments)
        {
            _positions[instrument.Symbol] = [(Before, venue.PositionOf(account, instrument.Symbol))];
        }
    }

    /// <summary>Notes what is told at a time.</summary>
    internal void Note(Instant time, VenueEvent happened)
    {
        var horizon = time.Plus(-MostLagMs);
        switch (happened)
        {
            case VenueEvent.OrderChanged(var order):
                Add(_orders, order.Id, time, order);
                _told.Enqueue((time, order.Id));
                ForgetOrders(horizon);
                break;
            case VenueEvent.Executed(var execution):
                _executions.RemoveAll(e => e.Told <= horizon);
                _executions.Add((time, execution));
                break;
            case VenueEvent.PositionChanged(var position):
                Add(_positions, position.Symbol, time, position);
                Trim(_positions[position.Symbol], horizon);
                break;
            default:
                break; // The wallet is told as it is.
        }
    }

    /// <summary>Notes the orders above a number, which a request has just made and nothing tells yet.</summary>
    internal void NoteMade(Instant time, Account account, long above)
    {
        if (account.OrderCount > above)
        {
            foreach (var order in account.OpenOrders.Where(o => o.Number > above))
            {
                Note(time, new VenueEvent.OrderChanged(order));
            }
        }
    }

    /// <summary>Returns an order as it was told by a time, or <c>null</c> when it was not.</summary>
    internal VenueOrder? OrderAsOf(VenueOrder order, Instant time) =>
        !_orders.TryGetValue(order.Id, out var versions) || versions[^1].Told <= time ? order : versions.FindLast(v => v.Told <= time).Item2;

    /// <summary>Whether an execution was told by a time.</summary>
    internal bool IsTold(VenueExecution execution, Instant time) => !_executions.Exists(e => e.Told > time && e.Execution.Sequence == execution.Sequence);

    /// <summary>Returns a position as it was told by a time.</summary>
    internal VenuePosition PositionAsOf(VenuePosition position, Instant time) =>
        !_positions.TryGetValue(position.Symbol, out var versions) || versions[^1].Told <= time ? position : versions.FindLast(v => v.Told <= time).Item2 ?? position;

    private static void Add<TKey, TRow>(Dictionary<TKey, List<(Instant, TRow)>> rows, TKey key, Instant time, TRow row)
        where TKey : notnull
    {
        if (!rows.TryGetValue(key, out var versions))
        {
            rows.Add(key, versions = []);
        }

        versions.Add((time, row));
    }

    // Of what lies beyond the horizon only the newest version can still be asked for.
    private static void Trim<TRow>(List<(Instant Told, TRow)> versions, Instant horizon)
    {
        while (versions.Count > 1 && versions[1].Told <= horizon)
        {
            versions.RemoveAt(0);
        }
    }

    private void ForgetOrders(Instant horizon)
    {
        while (_told.TryPeek(out var oldest) && oldest.Told <= horizon)
        {
            _told.Dequeue();
            if (_orders.TryGetValue(oldest.OrderId, out var versions))
            {
                Trim(versions, horizon);
                if (versions is [var (told, last)] && last.IsFinal && told <= horizon)
                {
                    _orders.Remove(oldest.OrderId);
                }
            }
        }
    }
}

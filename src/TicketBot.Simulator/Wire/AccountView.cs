using TicketBot.Domain;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Wire;

/// <summary>An account as a read shows it: as it is, or its orders, executions and positions as the streams had told them a while ago. Used
/// under the session's lock.</summary>
/// <param name="session">The venue.</param>
/// <param name="account">The account.</param>
/// <param name="lagMs">Milliseconds of market time by which the read lags; 0 = none.</param>
internal sealed class AccountView(VenueSession session, Account account, int lagMs)
{
    private readonly RecentRows _rows = session.RowsOf(account);
    private readonly Instant _asOf = session.Venue.Time.Plus(-lagMs);

    /// <summary>The account as it is: what does not lag.</summary>
    internal Account Account => account;

    /// <summary>Every order that is shown, unordered.</summary>
    internal IEnumerable<VenueOrder> Orders => lagMs == 0 ? account.Orders : account.Orders.Select(Shown).OfType<VenueOrder>();

    /// <summary>The shown orders that are not final.</summary>
    internal IEnumerable<VenueOrder> OpenOrders => lagMs == 0 ? account.OpenOrders : Orders.Where(o => !o.IsFinal);

    /// <summary>The shown orders that ended lately.</summary>
    internal IEnumerable<VenueOrder> RecentlyClosed => lagMs == 0 ? account.RecentlyClosed : account.RecentlyClosed.Select(Shown).OfType<VenueOrder>().Where(o => o.IsFinal);

    /// <summary>The shown executions, in the order they happened.</summary>
    internal IEnumerable<VenueExecution> Executions => lagMs == 0 ? account.Executions : account.Executions.Where(e => _rows.IsTold(e, _asOf));

    /// <summary>Returns the order with this venue id, or <c>null</c> while none is shown.</summary>
    internal VenueOrder? OrderById(string id) => account.OrderById(id) is { } order ? Shown(order) : null;

    /// <summary>Returns the order with this link id, or <c>null</c> while none is shown.</summary>
    internal VenueOrder? OrderByLink(string linkId) => account.OrderByLink(linkId) is { } order ? Shown(order) : null;

    /// <summary>Returns a contract's position.</summary>
    internal VenuePosition PositionOf(Symbol symbol)
    {
        var position = session.Venue.PositionOf(account, symbol);
        return lagMs == 0 ? position : _rows.PositionAsOf(position, _asOf);
    }

    private VenueOrder? Shown(VenueOrder order) => lagMs == 0 ? order : _rows.OrderAsOf(order, _asOf);
}

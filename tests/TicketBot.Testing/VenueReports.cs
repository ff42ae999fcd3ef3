using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Testing;

/// <summary>What a venue tells of an order that it was asked for.</summary>
public static class VenueReports
{
    /// <summary>Returns the venue's id of an order, unless a test gives another.</summary>
    public static VenueOrderId VenueId(this OrderRequest request) => new("v-" + request.Id);

    /// <summary>Returns the report of an order.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="status">Its state.</param>
    /// <param name="filled">Quantity filled in all, base coin.</param>
    /// <param name="at">Market time.</param>
    public static OrderReport Report(this OrderRequest request, OrderStatus status, Quantity filled, Instant at) => new()
    {
        VenueId = request.VenueId(),
        ClientOrderId = request.Id,
        Symbol = request.Symbol,
        Side = request.Side,
        Status = status,
        Quantity = request.Quantity,
        FilledQuantity = filled,
        ReduceOnly = request.ReduceOnly,
        Time = at,
    };

    /// <summary>Returns a trade of an order.</summary>
    /// <param name="order">The venue's report of the order.</param>
    /// <param name="id">Its id.</param>
    /// <param name="price">Its price.</param>
    /// <param name="quantity">Base coin.</param>
    /// <param name="fee">Settlement coin.</param>
    /// <param name="at">Market time.</param>
    public static Execution Trade(this OrderReport order, string id, Price price, Quantity quantity, Money fee, Instant at) => new()
    {
        Id = new ExecutionId(id),
        Symbol = order.Symbol,
        Kind = ExecutionKind.Trade,
        OrderId = order.VenueId,
        ClientOrderId = order.ClientOrderId,
        IsStopLoss = order.IsStopLoss,
        Side = order.Side,
        Price = price,
        Quantity = quantity,
        Fee = fee,
        Time = at,
    };
}

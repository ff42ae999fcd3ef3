using TicketBot.Domain;
using TicketBot.Simulator.Matching;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator;

/// <summary>Says the venue's events in the words of <see cref="IExchange"/>, with the values that would go over the wire.</summary>
internal static class EventMapping
{
    internal static ExchangeEvent Map(VenueEvent happened) => happened switch
    {
        VenueEvent.OrderChanged(var order) => new ExchangeEvent.OrderChanged(Report(order)),
        VenueEvent.Executed(var execution) => new ExchangeEvent.Executed(execution.Execution),
        VenueEvent.PositionChanged(var position) => new ExchangeEvent.PositionChanged(Report(position)),
        VenueEvent.WalletChanged(var wallet) => new ExchangeEvent.WalletChanged(Report(wallet)),
        _ => throw new InvalidOperationException($"Invariant: venue event {happened.GetType().Name} has no rule"),
    };

    internal static OrderReport Report(VenueOrder order) => new()
    {
        VenueId = new VenueOrderId(order.Id),
        ClientOrderId = order.Request.LinkId.Length == 0 ? default : new ClientOrderId(order.Request.LinkId),
        Symbol = order.Request.Symbol,
        Side = order.Request.Side,
        Status = order.Status switch
        {
            VenueOrderStatus.New or VenueOrderStatus.Untriggered or VenueOrderStatus.Triggered => OrderStatus.Open,
            VenueOrderStatus.PartiallyFilled => OrderStatus.PartiallyFilled,
            VenueOrderStatus.Filled => OrderStatus.Filled,
            VenueOrderStatus.Cancelled or VenueOrderStatus.Deactivated => OrderStatus.Cancelled,
            _ => throw new InvalidOperationException($"Invariant: venue order status {order.Status} has no rule"),
        },
        Quantity = new Quantity(order.Quantity),
        FilledQuantity = new Quantity(order.Filled),
        ReduceOnly = order.OnlyReduces,
        IsStopLoss = order.IsStopLoss,
        Trigger = order.Trigger is { } trigger ? new Price(trigger) : null,
        Reason = order.Reason,
        Time = order.Updated,
    };

    internal static PositionReport Report(VenuePosition position) => new(
        position.Symbol,
        position.SignedQuantity,
        position.AverageEntry,
        position.StopLoss is { } stop ? new Price(stop) : null,
        position.Updated,
        position.Leverage,
        position.IsHedged);

    internal static WalletReport Report(VenueWallet wallet) => new(new Money(wallet.Balance), new Money(wallet.Equity), wallet.Time);
}

using TicketBot.Domain;

namespace TicketBot.Simulator.Matching;

/// <summary>Which orders the venue takes, with Bybit's codes for the ones it refuses.</summary>
internal static class OrderRules
{
    /// <summary>Returns the refusal of an order by form and position, or <c>null</c> when it may stand.</summary>
    internal static VenueAnswer? Fault(NewOrder order, Instrument instrument, decimal last, Account account, Account.Holding holding)
    {
        if (order.LinkId.Length > 0 && account.KnowsLink(order.LinkId))
        {
            // First of all: the second arrival of an order must never be judged by what the first one did.
            return VenueAnswer.Refused(110072, "OrderLinkedID is duplicate");
        }

        return QuantityFault(order, instrument) ?? PriceFault(order, instrument, last, holding);
    }

    /// <summary>Returns what an order would reserve: the opening part over leverage, plus the taker fee on it.</summary>
    internal static decimal MarginNeeded(NewOrder order, decimal last, Account.Holding holding, VenueSettings settings)
    {
        var held = holding.Position.SignedQuantity;
        var opening = Math.Sign(held) == -order.Side.Sign() ? Math.Max(0, order.Quantity - Math.Abs(held)) : order.Quantity;
        var value = opening * (order.Price ?? last);
        return (value / holding.Leverage) + (value * Math.Max(0, settings.Costs.TakerFeeBp) / 10_000m);
    }

    /// <summary>Whether a stop would trigger at once.</summary>
    internal static bool IsStopOnWrongSide(Side side, decimal stop, decimal price) => side == Side.Buy ? stop >= price : stop <= price;

    private static VenueAnswer? QuantityFault(NewOrder order, Instrument instrument)
    {
        if (order.Quantity <= 0)
        {
            return VenueAnswer.Refused(10001, FormattableString.Invariant($"params error: qty must be above zero, was {order.Quantity}"));
        }

        if (!instrument.IsOnLot(order.Quantity))
        {
            return instrument.FloorToLot(order.Quantity).IsZero
                ? VenueAnswer.Refused(110017, FormattableString.Invariant($"qty {order.Quantity} truncates to zero by the step {instrument.QuantityStep}"))
                : VenueAnswer.Refused(10001, FormattableString.Invariant($"params error: qty must be a multiple of {instrument.QuantityStep}, was {order.Quantity}"));
        }

        var max = order.Type == OrderType.Market ? instrument.MaxMarketQuantity : instrument.MaxQuantity;
        if (order.Quantity < instrument.MinQuantity || (order.Quantity > max && !order.ReduceOnly))
        {
            return VenueAnswer.Refused(10001, FormattableString.Invariant(
                $"params error: qty must be {instrument.MinQuantity} to {max}, was {order.Quantity}"));
        }

        return null;
    }

    private static VenueAnswer? PriceFault(NewOrder order, Instrument instrument, decimal last, Account.Holding holding)
    {
        if (order.Type == OrderType.Limit && order.Price is not > 0)
        {
            return VenueAnswer.Refused(10001, "params error: a limit order needs a price above zero");
        }

        if (order.Type == OrderType.Limit && !instrument.IsOnTick(order.Price!.Value))
        {
            return VenueAnswer.Refused(10001, FormattableString.Invariant($"params error: price must be a multiple of {instrument.TickSize}, was {order.Price}"));
        }

        if (order.ReduceOnly)
        {
            if (order.StopLoss is not null)
            {
                return VenueAnswer.Refused(10001, "params error: a reduce-only order cannot carry a stop loss");
            }

            return Math.Sign(holding.Position.SignedQuantity) == -order.Side.Sign()
                ? null
                : VenueAnswer.Refused(110017, "current position is zero or on the other side, cannot fix reduce-only order qty");
        }

        var value = order.Quantity * (order.Price ?? last);
        if (value < instrument.MinNotional)
        {
            return VenueAnswer.Refused(110094, FormattableString.Invariant($"order does not meet minimum order value {instrument.MinNotional}USDT, was {value}"));
        }

        if (order.StopLoss is { } stop)
        {
            var price = order.Price ?? last;
            if (stop <= 0 || !instrument.IsOnTick(stop) || IsStopOnWrongSide(order.Side, stop, price))
            {
                return VenueAnswer.Refused(10001, FormattableString.Invariant(
                    $"StopLoss:{stop} set for {order.Side} position must be a multiple of {instrument.TickSize} and {(order.Side == Side.Buy ? "lower" : "higher")} than base_price:{price}"));
            }
        }

        return null;
    }
}

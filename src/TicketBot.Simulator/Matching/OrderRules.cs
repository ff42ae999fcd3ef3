using TicketBot.Domain;

namespace TicketBot.Simulator.Matching;

/// <summary>Which orders the venue takes, with Bybit's codes for the ones it refuses.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/order/create-order and /docs/v5/error.</remarks>
internal static class OrderRules
{
    /// <summary>Most active orders of one contract and account.</summary>
    internal const int MaxActive = 500;

    /// <summary>Most orders on a condition of one contract and account.</summary>
    internal const int MaxConditional = 10;

    /// <summary>Most take-profits and stop-losses for parts of one position.</summary>
    internal const int MaxParts = 20;

    /// <summary>Returns the refusal of an order by form and position, or <c>null</c> when it may stand.</summary>
    internal static VenueAnswer? Fault(NewOrder order, Contract contract, Account account, Holding holding)
    {
        if (order.LinkId.Length > 0 && account.KnowsLink(order.LinkId))
        {
            // First of all: the second arrival of an order must never be judged by what the first one did.
            return VenueAnswer.Refused(110072, "OrderLinkedID is duplicate");
        }

        return ModeFault(order.PositionIndex, holding) ?? QuantityFault(order, contract.Instrument) ?? PriceFault(order, contract)
            ?? TriggerFault(order, contract) ?? PositionFault(order, contract, holding) ?? CountFault(order, holding);
    }

    /// <summary>Returns the refusal of a position index, or <c>null</c> when it fits the mode.</summary>
    internal static VenueAnswer? ModeFault(int index, Holding holding) => (index, holding.IsHedged) switch
    {
        (0, false) => null,
        (0, true) => VenueAnswer.Refused(10001, "params error: position idx not match position mode"),
        (_, false) => VenueAnswer.Refused(10001, "params error: position idx not match position mode"),
        _ => VenueAnswer.Refused(10001, "params error: this venue does not model trading in hedge mode; switch the contract to one-way mode (0)"),
    };

    /// <summary>Whether a stop would trigger at once.</summary>
    internal static bool IsStopOnWrongSide(Side side, decimal stop, decimal price) => side == Side.Buy ? stop >= price : stop <= price;

    /// <summary>Returns the refusal of a quantity, or <c>null</c> when it may stand.</summary>
    internal static VenueAnswer? QuantityFault(NewOrder order, Instrument instrument)
    {
        if (order is { Quantity: 0, ReduceOnly: true, CloseOnTrigger: true })
        {
            return null; // All there is.
        }

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

    /// <summary>Returns the refusal of a limit price, or <c>null</c> when it may stand.</summary>
    internal static VenueAnswer? PriceFault(NewOrder order, Contract contract)
    {
        if (order.Type != OrderType.Limit)
        {
            return null;
        }

        if (order.Price is not > 0)
        {
            return VenueAnswer.Refused(10001, "params error: a limit order needs a price above zero");
        }

        var (price, tick) = (order.Price.Value, contract.Instrument.TickSize);
        if (!contract.Instrument.IsOnTick(price))
        {
            return VenueAnswer.Refused(10001, FormattableString.Invariant($"params error: price must be a multiple of {tick}, was {price}"));
        }

        // An order on a condition is priced near its trigger, not near the price now.
        var around = order.Trigger ?? contract.Mark;
        var (highest, lowest) = (around * (1 + OrderBook.Band), around * (1 - OrderBook.Band));
        return order.Side == Side.Buy && price > highest
            ? VenueAnswer.Refused(30208, FormattableString.Invariant($"The order price cannot be higher than the highest buying price {highest}, was {price}"))
            : order.Side == Side.Sell && price < lowest
                ? VenueAnswer.Refused(30209, FormattableString.Invariant($"The order price cannot be lower than the lowest selling price {lowest}, was {price}"))
                : null;
    }

    /// <summary>Returns the refusal of the protections that an order carries, or <c>null</c> when they may stand.</summary>
    internal static VenueAnswer? ProtectionFault(NewOrder order, Instrument instrument, decimal last)
    {
        var price = order.Price ?? order.Trigger ?? last;
        if (order.StopLoss is { } stop && (stop <= 0 || !instrument.IsOnTick(stop) || IsStopOnWrongSide(order.Side, stop, price)))
        {
            return VenueAnswer.Refused(10001, FormattableString.Invariant(
                $"StopLoss:{stop} set for {order.Side} position must be a multiple of {instrument.TickSize} and {(order.Side == Side.Buy ? "lower" : "higher")} than base_price:{price}"));
        }

        if (order.TakeProfit is { } target && (target <= 0 || !instrument.IsOnTick(target) || IsStopOnWrongSide(order.Side.Opposite(), target, price)))
        {
            return VenueAnswer.Refused(10001, FormattableString.Invariant(
                $"TakeProfit:{target} set for {order.Side} position must be a multiple of {instrument.TickSize} and {(order.Side == Side.Buy ? "higher" : "lower")} than base_price:{price}"));
        }

        var hasLimit = order.StopLossLimit is not null || order.TakeProfitLimit is not null;
        if (hasLimit && !order.IsPartialProtection)
        {
            return VenueAnswer.Refused(10001, "params error: a take profit or stop loss in Full mode is a market order; a limit price needs tpslMode Partial");
        }

        foreach (var limit in (ReadOnlySpan<decimal?>)[order.StopLossLimit, order.TakeProfitLimit])
        {
            if (limit is { } wanted && (wanted <= 0 || !instrument.IsOnTick(wanted)))
            {
                return VenueAnswer.Refused(10001, FormattableString.Invariant(
                    $"params error: tpLimitPrice and slLimitPrice must be multiples of {instrument.TickSize} above zero, was {wanted}"));
            }
        }

        return null;
    }

    private static VenueAnswer? TriggerFault(NewOrder order, Contract contract)
    {
        if (order.Trigger is not { } trigger)
        {
            return null;
        }

        if (trigger <= 0 || !contract.Instrument.IsOnTick(trigger))
        {
            return VenueAnswer.Refused(10001, FormattableString.Invariant(
                $"params error: triggerPrice must be a multiple of {contract.Instrument.TickSize} above zero, was {trigger}"));
        }

        var now = contract.PriceOf(order.TriggerBy);
        return order.TriggerDirection switch
        {
            TriggerDirection.Rise when trigger <= now => VenueAnswer.Refused(110092, FormattableString.Invariant(
                $"expect Rising, but trigger_price[{trigger}] <= current[{now}]")),
            TriggerDirection.Fall when trigger >= now => VenueAnswer.Refused(110093, FormattableString.Invariant(
                $"expect Falling, but trigger_price[{trigger}] >= current[{now}]")),
            TriggerDirection.None => VenueAnswer.Refused(10001, "params error: triggerDirection must be 1 (rise) or 2 (fall) with a triggerPrice"),
            _ => null,
        };
    }

    private static VenueAnswer? PositionFault(NewOrder order, Contract contract, Holding holding)
    {
        if (order.ReduceOnly || order.CloseOnTrigger)
        {
            if (order.StopLoss is not null || order.TakeProfit is not null)
            {
                return VenueAnswer.Refused(10001, "params error: a reduce-only order cannot carry a take profit or a stop loss");
            }

            // What an order on a condition finds to reduce is judged when it triggers.
            return order.Trigger is not null || holding.Closable(order.Side) > 0
                ? null
                : VenueAnswer.Refused(110017, "current position is zero or on the other side, cannot fix reduce-only order qty");
        }

        var value = order.Quantity * (order.Price ?? order.Trigger ?? contract.Last);
        return value < contract.Instrument.MinNotional
            ? VenueAnswer.Refused(110094, FormattableString.Invariant($"order does not meet minimum order value {contract.Instrument.MinNotional}USDT, was {value}"))
            : ProtectionFault(order, contract.Instrument, contract.Last);
    }

    private static VenueAnswer? CountFault(NewOrder order, Holding holding)
    {
        if (holding.Open.Count < MaxConditional)
        {
            return null; // No limit is near.
        }

        if (order.Trigger is not null)
        {
            return holding.Open.Count(o => o is { IsUntriggered: true, Kind: StopKind.Stop }) >= MaxConditional
                ? VenueAnswer.Refused(110009, FormattableString.Invariant($"The number of stop orders exceeds the maximum allowable limit {MaxConditional}"))
                : null;
        }

        if (holding.Open.Count(o => !o.IsUntriggered) >= MaxActive)
        {
            return VenueAnswer.Refused(110020, FormattableString.Invariant($"Not allowed to have more than {MaxActive} active orders"));
        }

        return order.IsPartialProtection ? PartsFault(holding) : null;
    }

    /// <summary>Returns the refusal of one more protection of a part, or <c>null</c> when there is room.</summary>
    internal static VenueAnswer? PartsFault(Holding holding) =>
        holding.Open.Count(o => o.Kind is StopKind.PartialStopLoss or StopKind.PartialTakeProfit) >= MaxParts
            ? VenueAnswer.Refused(110061, FormattableString.Invariant($"Not allowed to have more than {MaxParts} TP/SLs under Partial tpSlMode"))
            : null;
}

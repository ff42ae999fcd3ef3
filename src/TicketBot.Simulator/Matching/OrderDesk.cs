using TicketBot.Domain;

namespace TicketBot.Simulator.Matching;

/// <summary>Takes orders, amends and cancels. An acknowledgement comes at once; with ticks the effect comes with the tick at which the
/// request has travelled, without them a cancel or amend holds at once and an order with its next candle.</summary>
internal sealed class OrderDesk(VenueSettings settings, Venue venue)
{
    /// <summary>Takes an order.</summary>
    internal VenueAnswer Submit(Account account, NewOrder order)
    {
        if (venue.FindContract(order.Symbol) is not { } contract)
        {
            return VenueAnswer.Refused(10001, $"params error: symbol invalid {order.Symbol}");
        }

        var holding = account.HoldingOf(order.Symbol, settings.Leverage);
        if (OrderRules.Fault(order, contract, account, holding) is { } fault)
        {
            return fault;
        }

        var isConditional = order.Trigger is not null;
        if (!isConditional && !order.ReduceOnly && !order.CloseOnTrigger
            && MarginFault(account, holding, contract, order, order.Quantity, null) is { } refusal)
        {
            return refusal;
        }

        var number = account.NextOrderNumber();
        var made = new VenueOrder
        {
            Request = order.Type == OrderType.Market ? order with { TimeInForce = TimeInForce.IOC } : order,
            Id = Chance.Identity(settings.Seed, 1, (ulong)account.Index, (ulong)number),
            Number = number,
            Created = venue.Time,
            Arrival = venue.Time.Plus(LatencyOf(account, number)),
            Updated = venue.Time,
            LastPriceOnCreated = contract.Last,
            Status = isConditional ? VenueOrderStatus.Untriggered : VenueOrderStatus.New,
            Kind = isConditional ? StopKind.Stop : StopKind.None,
            Trigger = order.Trigger,
            TriggerDirection = order.TriggerDirection,
            TriggerBy = order.TriggerBy,
            Quantity = order.Quantity == 0 ? Math.Min(holding.Closable(order.Side), contract.Instrument.MaxMarketQuantity) : order.Quantity,
        };
        account.Put(holding, made, silent: true);
        return VenueAnswer.Accepted(made);
    }

    /// <summary>Cancels an order that is not final.</summary>
    internal VenueAnswer Cancel(Account account, Symbol symbol, string? orderId, string? linkId, string cancelType)
    {
        if (Find(account, symbol, orderId, linkId) is not { } order)
        {
            return VenueAnswer.Refused(110001, "order not exists or too late to cancel");
        }

        var holding = account.HoldingOf(symbol, settings.Leverage);
        return VenueAnswer.Accepted(venue.TickMs == 0 || cancelType != "CancelByUser"
            ? Fills.Cancel(account, holding, order, cancelType, "EC_NoError", venue.Time)
            : Send(account, holding, order, null));
    }

    /// <summary>Cancels every order that is not final and passes the filter; returns them.</summary>
    internal IReadOnlyList<VenueOrder> CancelAll(Account account, Symbol? symbol, Func<VenueOrder, bool> filter) =>
        [.. account.OpenOrders.Where(o => (symbol is null || o.Request.Symbol == symbol) && filter(o)).ToList()
            .Select(o => Cancel(account, o.Request.Symbol, o.Id, null, "CancelByUser").Order!)];

    /// <summary>Changes an order that is not final.</summary>
    internal VenueAnswer Amend(Account account, Symbol symbol, string? orderId, string? linkId, Amendment change)
    {
        if (venue.FindContract(symbol) is not { } contract || Find(account, symbol, orderId, linkId) is not { } order)
        {
            return VenueAnswer.Refused(110001, "order not exists or too late to replace");
        }

        var holding = account.HoldingOf(symbol, settings.Leverage);
        if (AmendFault(account, holding, contract, order, change) is { } fault)
        {
            return fault;
        }

        if (venue.TickMs != 0)
        {
            return VenueAnswer.Accepted(Send(account, holding, order, change));
        }

        Change(account, holding, contract, order, change, venue.Time);
        return VenueAnswer.Accepted(order);
    }

    /// <summary>Lets a request that has reached the book take effect, if there is still something to change.</summary>
    internal void Effect(Account account, Holding holding, Contract contract, PendingRequest request, Instant time)
    {
        if (account.OrderById(request.OrderId) is not { } order)
        {
            return;
        }

        if (order.IsFinal)
        {
            if (request.Change is null && order.Status == VenueOrderStatus.Filled)
            {
                // The cancel has lost the race: the venue says Filled a second time; the order itself stays what it was.
                account.Tell(new VenueEvent.OrderChanged(order with { CancelType = "CancelByUser", RejectReason = "EC_OrigClOrdIDDoesNotExist", Updated = time }));
            }

            return;
        }

        if (request.Change is { } change)
        {
            Change(account, holding, contract, order, change, time);
        }
        else
        {
            Fills.Cancel(account, holding, order, "CancelByUser", "EC_NoError", time);
            venue.Fills.TellPosition(account, holding);
        }
    }

    private VenueAnswer? AmendFault(Account account, Holding holding, Contract contract, VenueOrder order, Amendment change)
    {
        var request = change.ApplyTo(order.Request);
        if (order.Request.Quantity == 0 || order.IsProtection)
        {
            request = request with { Quantity = change.Quantity ?? order.Quantity };
        }

        if (change.Quantity is not null && order.Kind is (StopKind.StopLoss or StopKind.TakeProfit or StopKind.TrailingStop))
        {
            return VenueAnswer.Refused(10001, "params error: a take profit or stop loss in Full mode has the quantity of its position");
        }

        if (change.Quantity is not null)
        {
            if (OrderRules.QuantityFault(request, contract.Instrument) is { } quantity)
            {
                return quantity;
            }

            if (change.Quantity <= order.Filled)
            {
                return VenueAnswer.Refused(110064, FormattableString.Invariant($"The modified order quantity {change.Quantity} must be greater than the filled quantity {order.Filled}"));
            }
        }

        if (change.Price is not null)
        {
            if (request.Type == OrderType.Market)
            {
                return VenueAnswer.Refused(10001, "params error: a market order has no price to amend");
            }

            if (OrderRules.PriceFault(request, contract) is { } price)
            {
                return price;
            }
        }

        if ((change.Trigger is not null && (!order.IsUntriggered || change.Trigger <= 0 || !contract.Instrument.IsOnTick(change.Trigger.Value))))
        {
            return VenueAnswer.Refused(10001, FormattableString.Invariant(
                $"params error: triggerPrice must be a multiple of {contract.Instrument.TickSize} and the order must wait for it, was {change.Trigger}"));
        }

        if (change.Trigger is { } trigger)
        {
            var now = contract.PriceOf(change.TriggerBy ?? order.TriggerBy);
            if (order.TriggerDirection == TriggerDirection.Fall ? trigger >= now : trigger <= now)
            {
                return VenueAnswer.Refused(order.TriggerDirection == TriggerDirection.Fall ? 110093 : 110092, FormattableString.Invariant(
                    $"trigger_price[{trigger}] lies on the wrong side of current[{now}]"));
            }
        }

        if (request == order.Request && (change.Trigger is null || change.Trigger == order.Trigger) && (change.Quantity is null || change.Quantity == order.Quantity))
        {
            return VenueAnswer.Refused(10001, "The order remains unchanged as the parameters entered match the existing ones.");
        }

        if (order.OnlyReduces && (request.StopLoss is not null || request.TakeProfit is not null))
        {
            return VenueAnswer.Refused(110060, "a reduce-only order cannot carry a take profit or a stop loss");
        }

        return OrderRules.ProtectionFault(request, contract.Instrument, contract.Last)
            ?? (order.IsUntriggered || order.OnlyReduces
                ? null
                : MarginFault(account, holding, contract, request, request.Quantity - order.Filled, order.Id));
    }

    private void Change(Account account, Holding holding, Contract contract, VenueOrder order, Amendment change, Instant time)
    {
        var quantity = change.Quantity ?? order.Quantity;
        if (quantity <= order.Filled)
        {
            return; // It was filled further while the request travelled.
        }

        var changed = order with
        {
            Request = change.ApplyTo(order.Request),
            Quantity = quantity,
            Trigger = change.Trigger ?? order.Trigger,
            TriggerBy = change.TriggerBy ?? order.TriggerBy,
            Updated = time,
        };
        if (change.Price is not null && order is { IsUntriggered: false, IsResting: true })
        {
            // A new price comes to the book anew: it may cross.
            changed = changed with { IsResting = false, Arrival = venue.TickMs == 0 ? time.Plus(LatencyOf(account, order.Number)) : time };
        }

        account.Put(holding, changed);
        if (venue.TickMs != 0 && changed is { IsResting: false, IsUntriggered: false } && order.IsResting)
        {
            venue.Matcher.Arrive(account, holding, contract, changed.Id, contract.Last, time);
        }
        else
        {
            venue.Fills.TellPosition(account, holding);
        }
    }

    private VenueOrder Send(Account account, Holding holding, VenueOrder order, Amendment? change)
    {
        var number = account.NextRequestNumber();
        var arrival = venue.Time.Plus(LatencyOf(account, number + (1L << 32)));

        // Nothing overtakes the order it is about.
        arrival = !order.IsResting && arrival <= order.Arrival ? order.Arrival.Plus(1) : arrival;
        holding.Pending.Add(new PendingRequest(arrival, number, order.Id, change));
        return order;
    }

    private VenueAnswer? MarginFault(Account account, Holding holding, Contract contract, NewOrder order, decimal leaves, string? replacing)
    {
        var needed = venue.Margins.Reserved(holding, contract, (order, leaves), replacing) - venue.Margins.Reserved(holding, contract);
        if (needed <= 0)
        {
            return null;
        }

        var available = venue.WalletOf(account).Available;
        return needed > available
            ? VenueAnswer.Refused(110007, FormattableString.Invariant($"ab not enough for new order: needs {needed}, available {available}"))
            : null;
    }

    private static VenueOrder? Find(Account account, Symbol symbol, string? orderId, string? linkId)
    {
        var order = !string.IsNullOrEmpty(orderId) ? account.OrderById(orderId) : linkId is null ? null : account.OrderByLink(linkId);
        return order is { IsFinal: false } && order.Request.Symbol == symbol ? order : null;
    }

    private long LatencyOf(Account account, long number)
    {
        var span = (ulong)(settings.MaxLatencyMs - settings.MinLatencyMs + 1);
        return settings.MinLatencyMs + (long)(Chance.Mix(settings.Seed ^ Chance.Mix(((ulong)account.Index << 40) ^ (ulong)number)) % span);
    }
}

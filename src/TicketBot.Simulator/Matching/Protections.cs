using TicketBot.Domain;

namespace TicketBot.Simulator.Matching;

/// <summary>Take-profits and stops of positions: made by fills and by trading-stop, kept in step with the position, tied in pairs.</summary>
internal sealed class Protections(VenueSettings settings, Venue venue)
{
    /// <summary>Keeps protections in step with the position after a fill and ends reduce-only orders that have nothing left to reduce.</summary>
    internal void Follow(Account account, Holding holding, VenueOrder cause, decimal filled, int signBefore, Instant time)
    {
        var sign = Math.Sign(holding.Position.SignedQuantity);
        if (sign != signBefore && signBefore != 0)
        {
            foreach (var order in holding.Open.Where(o => o.IsProtection && o.Id != cause.Id).ToList())
            {
                Fills.Cancel(account, holding, order, "CancelByTpSlTsClear", "EC_NoError", time);
            }
        }
        else
        {
            Resize(account, holding, holding.Stop, time);
            Resize(account, holding, holding.TakeProfit, time);
            Resize(account, holding, holding.Trailing, time);
        }

        var request = cause.Request;
        if (sign == request.Side.Sign() && !cause.OnlyReduces)
        {
            if (request.IsPartialProtection)
            {
                FollowParts(account, holding, cause, filled, time);
            }
            else
            {
                if (request.StopLoss is { } stop && holding.Stop?.Trigger != stop)
                {
                    Place(account, holding, StopKind.StopLoss, stop, request.StopTrigger, request.LinkId, time);
                }

                if (request.TakeProfit is { } target && holding.TakeProfit?.Trigger != target)
                {
                    Place(account, holding, StopKind.TakeProfit, target, request.TakeProfitTrigger, request.LinkId, time);
                }
            }
        }

        foreach (var order in holding.Open.Where(o => o is { IsResting: true, IsUntriggered: false, OnlyReduces: true } && o.Id != cause.Id).ToList())
        {
            if (sign != -order.Request.Side.Sign())
            {
                Fills.Cancel(account, holding, order, "CancelByReduceOnly", "EC_NoError", time);
            }
        }
    }

    /// <summary>Makes or moves the stop-loss or take-profit of the whole position and tells it.</summary>
    internal void Place(Account account, Holding holding, StopKind kind, decimal trigger, TriggerSource triggerBy, string parentLinkId, Instant time)
    {
        var quantity = Math.Abs(holding.Position.SignedQuantity);
        if ((kind == StopKind.StopLoss ? holding.Stop : holding.TakeProfit) is { } old)
        {
            account.Put(holding, old with
            {
                Trigger = trigger,
                TriggerBy = triggerBy,
                Quantity = quantity,
                Updated = time,
                Request = old.Request with { Quantity = quantity },
            });
            return;
        }

        Add(account, holding, kind, quantity, trigger, triggerBy, null, parentLinkId, "", time);
    }

    /// <summary>Makes a take-profit or stop-loss for a part of the position and tells it.</summary>
    internal VenueOrder Add(
        Account account, Holding holding, StopKind kind, decimal quantity, decimal trigger, TriggerSource triggerBy, decimal? limit, string parentLinkId,
        string pairId, Instant time)
    {
        var number = account.NextOrderNumber();
        var side = holding.Position.Side!.Value;
        var isStop = kind is StopKind.StopLoss or StopKind.PartialStopLoss or StopKind.TrailingStop;
        var order = new VenueOrder
        {
            Request = new NewOrder
            {
                Symbol = holding.Symbol,
                Side = side.Opposite(),
                Type = limit is null ? OrderType.Market : OrderType.Limit,
                Price = limit,
                Quantity = quantity,
                TimeInForce = limit is null ? TimeInForce.IOC : TimeInForce.GTC,
                ReduceOnly = true,
                CloseOnTrigger = true,
            },
            Id = Chance.Identity(settings.Seed, 1, (ulong)account.Index, (ulong)number),
            Number = number,
            Created = time,
            Arrival = time,
            Updated = time,
            LastPriceOnCreated = venue.LastPrice(holding.Symbol),
            Status = VenueOrderStatus.Untriggered,
            IsResting = true,
            Kind = kind,
            Trigger = trigger,
            TriggerDirection = isStop == (side == Side.Buy) ? TriggerDirection.Fall : TriggerDirection.Rise,
            TriggerBy = triggerBy,
            ParentLinkId = parentLinkId,
            PairId = pairId,
            CreateType = kind switch
            {
                StopKind.StopLoss => "CreateByStopLoss",
                StopKind.TakeProfit => "CreateByTakeProfit",
                StopKind.PartialStopLoss => "CreateByPartialStopLoss",
                StopKind.PartialTakeProfit => "CreateByPartialTakeProfit",
                _ => "CreateByTrailingStop",
            },
            Quantity = quantity,
        };
        account.Put(holding, order);
        return order;
    }

    /// <summary>Sets, moves or (with 0) removes the trailing stop; one that waits for its price stands at that price.</summary>
    internal void Trail(Account account, Holding holding, decimal distance, decimal? activePrice, Instant time)
    {
        if (distance == 0)
        {
            if (holding.Trailing is { } old)
            {
                Fills.Cancel(account, holding, old, "CancelByUser", "EC_NoError", time);
            }

            return;
        }

        var sign = Math.Sign(holding.Position.SignedQuantity);
        var trigger = (activePrice ?? venue.LastPrice(holding.Symbol)) - (sign * distance);
        if (holding.Trailing is { } now)
        {
            account.Put(holding, now with { TrailDistance = distance, ActivePrice = activePrice, Trigger = trigger, Updated = time });
            return;
        }

        var quantity = Math.Abs(holding.Position.SignedQuantity);
        var made = Add(account, holding, StopKind.TrailingStop, quantity, trigger, TriggerSource.LastPrice, null, "", "", time);
        account.Put(holding, made with { TrailDistance = distance, ActivePrice = activePrice }, silent: true);
    }

    /// <summary>Lets the trailing stop follow a price that has moved the position's way. Nobody is told, as at the venue.</summary>
    internal static void Trail(Account account, Holding holding, decimal price)
    {
        if (holding.Trailing is not { Trigger: { } trigger } stop)
        {
            return;
        }

        var isLong = stop.Request.Side == Side.Sell;
        if (stop.ActivePrice is { } active && (isLong ? price < active : price > active))
        {
            return;
        }

        var wanted = isLong ? price - stop.TrailDistance : price + stop.TrailDistance;
        if (stop.ActivePrice is not null || (isLong ? wanted > trigger : wanted < trigger))
        {
            account.Put(holding, stop with { Trigger = wanted, ActivePrice = null }, silent: true);
        }
    }

    /// <summary>Ends the other one of a pair whose one member was triggered.</summary>
    internal static void EndPartner(Account account, Holding holding, VenueOrder triggered, Instant time)
    {
        var partner = triggered.Kind switch
        {
            StopKind.StopLoss => holding.TakeProfit,
            StopKind.TakeProfit => holding.Stop,
            StopKind.PartialStopLoss or StopKind.PartialTakeProfit when triggered.PairId.Length > 0 =>
                holding.Open.FirstOrDefault(o => o.PairId == triggered.PairId && o.Id != triggered.Id && o.IsUntriggered),
            _ => null,
        };
        if (partner is not null)
        {
            var isStop = triggered.Kind is StopKind.StopLoss or StopKind.PartialStopLoss;
            Fills.Cancel(
                account, holding, partner, isStop ? "CancelByOCOTpCanceledBySlTriggered" : "CancelByOCOSlCanceledByTpTriggered", "EC_NoError", time);
        }
    }

    private static void Resize(Account account, Holding holding, VenueOrder? order, Instant time)
    {
        var quantity = Math.Abs(holding.Position.SignedQuantity);
        if (order is not null && quantity != 0 && order.Quantity != quantity)
        {
            account.Put(holding, order with { Quantity = quantity, Updated = time, Request = order.Request with { Quantity = quantity } });
        }
    }

    // Each order has one pair for what it has filled; a further fill makes both larger.
    private void FollowParts(Account account, Holding holding, VenueOrder cause, decimal filled, Instant time)
    {
        var request = cause.Request;
        foreach (var (kind, trigger, source, limit) in (ReadOnlySpan<(StopKind, decimal?, TriggerSource, decimal?)>)
            [
                (StopKind.PartialStopLoss, request.StopLoss, request.StopTrigger, request.StopLossLimit),
                (StopKind.PartialTakeProfit, request.TakeProfit, request.TakeProfitTrigger, request.TakeProfitLimit),
            ])
        {
            if (trigger is not { } price)
            {
                continue;
            }

            if (holding.Open.FirstOrDefault(o => o.PairId == cause.Id && o.Kind == kind && o.IsUntriggered) is { } old)
            {
                var quantity = old.Quantity + filled;
                account.Put(holding, old with { Quantity = quantity, Updated = time, Request = old.Request with { Quantity = quantity } });
            }
            else
            {
                Add(account, holding, kind, filled, price, source, limit, request.LinkId, cause.Id, time);
            }
        }
    }
}

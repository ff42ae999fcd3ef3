using TicketBot.Domain;

namespace TicketBot.Simulator.Matching;

/// <summary>What a fill does: an order takes from the book or is taken, the position moves, protections follow, everybody is told.</summary>
internal sealed class Fills(VenueSettings settings, Venue venue)
{
    private readonly decimal _taker = settings.Costs.TakerFeeBp / 10_000m;
    private readonly decimal _maker = settings.Costs.MakerFeeBp / 10_000m;

    /// <summary>Lets an order take from the book level by level; what the price or the band leaves over rests or ends.</summary>
    internal void Take(Account account, Holding holding, Contract contract, VenueOrder order, decimal price, Instant time)
    {
        var side = order.Request.Side;
        var limit = order.Request.Type == OrderType.Limit ? order.Request.Price : null;
        var leaves = Leaves(holding, order);
        if (leaves == 0)
        {
            Cancel(account, holding, order, "CancelByReduceOnly", "EC_NoError", time);
            return;
        }

        var shown = venue.Book.Best(contract.Instrument, side, price);
        var bound = BoundOf(order, contract, side, shown, limit);
        var best = Moved(contract, side, price, leaves, shown, bound);
        var first = limit is { } cap ? NotBeyond(side, best, cap) : best;
        if (order.Request.TimeInForce == TimeInForce.FOK && !IsEnough(contract, side, first, best, bound, leaves, time))
        {
            Cancel(account, holding, order, "UNKNOWN", "EC_CancelForNoFullFill", time);
            TellPosition(account, holding);
            return;
        }

        // A simulated failure ends the order when this much of it is filled.
        var least = order.Request.FillShare is { } share ? order.Quantity - contract.Instrument.FloorToLot(order.Quantity * share).Value : 0;
        leaves = Math.Max(0, leaves - least);
        for (var level = 0; level < OrderBook.Depth && leaves > 0; level++)
        {
            var at = level == 0 ? first : OrderBook.PriceOf(contract.Instrument, side, best, level);
            if (level > 0 && IsBeyond(side, at, bound))
            {
                break;
            }

            var quantity = Math.Min(leaves, venue.Book.SizeOf(contract.Instrument, side, at, level, time));
            order = Fill(account, holding, contract, order, at, quantity, isMaker: false, time);
            leaves = order.IsFinal ? 0 : Math.Max(0, Leaves(holding, order) - least);
        }

        if (!order.IsFinal && (limit is null || order.Request.TimeInForce is TimeInForce.IOC or TimeInForce.FOK))
        {
            Cancel(account, holding, order, "UNKNOWN", "EC_NoImmediateQtyToFill", time);
        }
    }

    /// <summary>Fills a part of an order or all of it and tells everything that follows; returns the order after it.</summary>
    internal VenueOrder Fill(
        Account account, Holding holding, Contract contract, VenueOrder order, decimal price, decimal wanted, bool isMaker, Instant time, string type = "Trade")
    {
        var side = order.Request.Side;
        var before = holding.Position.SignedQuantity;
        var closable = holding.Closable(side);
        var quantity = Math.Min(wanted, Leaves(holding, order));
        if (quantity == 0)
        {
            return Cancel(account, holding, order, "CancelByReduceOnly", "EC_NoError", time);
        }

        var rate = isMaker ? _maker : _taker;
        var sequence = account.NextSequence();
        var execution = new Execution
        {
            Id = new ExecutionId(Chance.Identity(settings.Seed, 2, (ulong)account.Index, (ulong)sequence)),
            Symbol = holding.Symbol,
            Kind = type == "Trade" ? ExecutionKind.Trade : ExecutionKind.Forced,
            OrderId = new VenueOrderId(order.Id),
            ClientOrderId = order.Request.LinkId.Length == 0 ? default : new ClientOrderId(order.Request.LinkId),
            Side = side,
            Price = new Price(price),
            Quantity = new Quantity(quantity),
            Fee = new Money(quantity * price * rate),
            IsMaker = isMaker,
            IsStopLoss = order.IsStopLoss,
            Time = time,
        };
        var realised = holding.Position.Realised.Value;
        holding.Position.Apply(execution);
        var closedPnl = holding.Position.Realised.Value - realised;

        // A reduce-only order larger than the position is cut to it and counts as filled.
        var total = order.OnlyReduces && quantity == closable ? order.Filled + quantity : order.Quantity;
        var filled = order with
        {
            Status = order.Filled + quantity == total ? VenueOrderStatus.Filled : VenueOrderStatus.PartiallyFilled,
            Quantity = total,
            Filled = order.Filled + quantity,
            FilledValue = order.FilledValue + (quantity * price),
            Fee = order.Fee + execution.Fee.Value,
            ClosedPnl = order.ClosedPnl + closedPnl,
            IsResting = true,
            Updated = time,
        };
        account.Put(holding, filled, silent: true);
        var closed = Math.Min(closable, quantity);
        account.Put(new VenueExecution(execution, filled, rate, contract.Mark, closed, closedPnl, sequence) { Type = type });
        account.Tell(new VenueEvent.OrderChanged(filled));
        Book(account, holding, filled, execution, before, closed, closedPnl, type, sequence);
        venue.Protections.Follow(account, holding, filled, quantity, Math.Sign(before), time);
        holding.Updated = time;
        holding.Sequence = sequence;
        TellPosition(account, holding);
        account.Tell(new VenueEvent.WalletChanged(venue.WalletOf(account, time)));
        return filled;
    }

    /// <summary>Ends an order and tells it.</summary>
    internal static VenueOrder Cancel(
        Account account, Holding holding, VenueOrder order, string cancelType, string rejectReason, Instant time)
    {
        var ended = order with
        {
            Status = order.IsUntriggered && order.Kind == StopKind.Stop ? VenueOrderStatus.Deactivated : VenueOrderStatus.Cancelled,
            CancelType = cancelType,
            RejectReason = rejectReason,
            Updated = time,
        };
        account.Put(holding, ended);
        return ended;
    }

    /// <summary>Tells the position as it is.</summary>
    internal void TellPosition(Account account, Holding holding) =>
        account.Tell(new VenueEvent.PositionChanged(venue.PositionOf(account, holding.Symbol)));

    /// <summary>Returns what an order may still fill: of one that only reduces not more than there is.</summary>
    internal static decimal Leaves(Holding holding, VenueOrder order) =>
        order.OnlyReduces ? Math.Min(order.Leaves, holding.Closable(order.Request.Side)) : order.Leaves;

    private static void Book(
        Account account, Holding holding, VenueOrder order, Execution execution, decimal before, decimal closed, decimal closedPnl, string type, long sequence)
    {
        var quantity = execution.Quantity.Value;
        var fee = execution.Fee.Value;
        if (closed > 0)
        {
            var share = closed == Math.Abs(before) ? holding.OpenFees : decimal.Round(holding.OpenFees * closed / Math.Abs(before), Position.CostDecimals);
            var closeFee = closed == quantity ? fee : decimal.Round(fee * closed / quantity, Position.CostDecimals);
            var exit = closed * execution.Price.Value;
            holding.OpenFees += fee - closeFee - share;
            account.Put(new ClosedTrade
            {
                Order = order,
                ExecutionType = type,
                Quantity = closed,
                EntryValue = exit - (Math.Sign(before) * closedPnl),
                ExitValue = exit,
                OpenFee = share,
                CloseFee = closeFee,
                Realised = closedPnl,
                FillCount = 1,
                Leverage = holding.Leverage,
                Created = execution.Time,
                Updated = execution.Time,
                Sequence = sequence,
            });
        }
        else
        {
            holding.OpenFees += fee;
        }

        var after = holding.Position.SignedQuantity;
        if (Math.Sign(after) != Math.Sign(before) && after != 0)
        {
            // What was realised before belongs to the holding before.
            holding.Opened = execution.Time;
            holding.NetWhenFlat = holding.Net + (fee * Math.Abs(after) / quantity);
        }
    }

    private static decimal BoundOf(VenueOrder order, Contract contract, Side side, decimal best, decimal? limit)
    {
        var bound = contract.Mark * (1 + (side.Sign() * OrderBook.Band));
        if (limit is { } price)
        {
            bound = NotBeyond(side, bound, price);
        }

        return order.Request.MaxSlippage is { } share ? NotBeyond(side, bound, best * (1 + (side.Sign() * share))) : bound;
    }

    // The best price after the impact of the order's own size. Impact goes as far as the bound, which on the tick grid is the last price within it.
    private decimal Moved(Contract contract, Side side, decimal price, decimal quantity, decimal shown, decimal bound)
    {
        if (settings.Costs.ImpactCoefficient == 0)
        {
            return shown;
        }

        var impact = settings.Costs.ImpactBp(contract.Depth(), (double)(quantity * price * settings.ImpactShare));
        var moved = venue.Book.Best(contract.Instrument, side, price, (decimal)impact / 10_000m);
        var last = contract.Instrument.RoundToTick(Math.Max(bound, contract.Instrument.TickSize), side).Value;
        return !IsBeyond(side, moved, last) ? moved : IsBeyond(side, shown, last) ? shown : last;
    }

    private bool IsEnough(Contract contract, Side side, decimal first, decimal best, decimal bound, decimal wanted, Instant time)
    {
        for (var level = 0; level < OrderBook.Depth && wanted > 0; level++)
        {
            var at = level == 0 ? first : OrderBook.PriceOf(contract.Instrument, side, best, level);
            if (level > 0 && IsBeyond(side, at, bound))
            {
                break;
            }

            wanted -= venue.Book.SizeOf(contract.Instrument, side, at, level, time);
        }

        return wanted <= 0;
    }

    private static decimal NotBeyond(Side side, decimal price, decimal limit) => side == Side.Buy ? Math.Min(price, limit) : Math.Max(price, limit);

    private static bool IsBeyond(Side side, decimal price, decimal bound) => side == Side.Buy ? price > bound : price < bound;
}

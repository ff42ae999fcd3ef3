using TicketBot.Domain;
using TicketBot.Simulator.Markets;

namespace TicketBot.Simulator.Matching;

/// <summary>Plays a candle for one account and contract: arrivals, funding, the path with stops and resting orders, and what a fill changes.</summary>
internal sealed class Matcher(VenueSettings settings, Venue venue)
{
    private readonly decimal _slippage = settings.Costs.SlippageBp / 10_000m;
    private readonly decimal _taker = settings.Costs.TakerFeeBp / 10_000m;
    private readonly decimal _maker = settings.Costs.MakerFeeBp / 10_000m;

    internal void Play(
        Account account, Account.Holding holding, Contract contract, Instant open, Instant close, CandlePath path, IReadOnlyList<FundingRate> due)
    {
        contract.Last = path.Open;
        Settle(account, holding, path.Open, due, default, open);
        foreach (var order in holding.Open.Where(o => o is { IsResting: false, IsStopLoss: false } && o.Created <= open).ToList())
        {
            Arrive(account, holding, contract, order.Id, path.Open, Later(open, order.Arrival));
        }

        Settle(account, holding, path.Open, due, open, close.Plus(-1));

        // Events on the path have no recorded time: each leg stands for a quarter of the candle.
        var quarter = close.Since(open) / 4;
        var (first, second) = path.Extremes(holding.Position.SignedQuantity);
        Walk(account, holding, contract, path.Open, first, open.Plus(quarter));
        Walk(account, holding, contract, first, second, open.Plus(2 * quarter));
        Walk(account, holding, contract, second, path.Close, open.Plus(3 * quarter));
        contract.Last = path.Close;

        // Sent while this candle was under way: its inner path is unknown, so they meet its close.
        foreach (var order in holding.Open.Where(o => o is { IsResting: false, IsStopLoss: false } && o.Created < close).ToList())
        {
            Arrive(account, holding, contract, order.Id, path.Close, Later(order.Arrival, close.Plus(-1)));
        }

        Settle(account, holding, path.Close, due, close.Plus(-1), close);
    }

    /// <summary>Makes or moves the stop of the whole position and tells it.</summary>
    internal void PlaceStop(Account account, Account.Holding holding, decimal trigger, TriggerSource triggerBy, string parentLinkId, Instant time)
    {
        var quantity = Math.Abs(holding.Position.SignedQuantity);
        if (holding.Stop is { } old)
        {
            account.Put(holding, old with
            {
                Trigger = trigger, Quantity = quantity, Updated = time, Request = old.Request with { Quantity = quantity, StopTrigger = triggerBy },
            });
            return;
        }

        var number = account.NextOrderNumber();
        account.Put(holding, new VenueOrder
        {
            Request = new NewOrder
            {
                Symbol = holding.Symbol,
                Side = holding.Position.Side!.Value.Opposite(),
                Type = OrderType.Market,
                Quantity = quantity,
                TimeInForce = TimeInForce.IOC,
                ReduceOnly = true,
                StopTrigger = triggerBy,
            },
            Id = Chance.Identity(settings.Seed, 1, (ulong)account.Index, (ulong)number),
            Number = number,
            Created = time,
            Arrival = time,
            Updated = time,
            LastPriceOnCreated = venue.LastPrice(holding.Symbol),
            Status = VenueOrderStatus.Untriggered,
            IsResting = true,
            Kind = StopKind.StopLoss,
            CreateType = "CreateByStopLoss",
            TriggerDirection = holding.Position.Side == Side.Buy ? TriggerDirection.Fall : TriggerDirection.Rise,
            TriggerBy = triggerBy,
            Trigger = trigger,
            ParentLinkId = parentLinkId,
            Quantity = quantity,
        });
    }

    private void Settle(Account account, Account.Holding holding, decimal mark, IReadOnlyList<FundingRate> due, Instant after, Instant until)
    {
        foreach (var rate in due)
        {
            if (rate.Time <= after || rate.Time > until || holding.Position.Side is not { } side)
            {
                continue;
            }

            var sequence = account.NextSequence();
            var execution = new Execution
            {
                Id = new ExecutionId(Chance.Identity(settings.Seed, 2, (ulong)account.Index, (ulong)sequence)),
                Symbol = holding.Symbol,
                Kind = ExecutionKind.Funding,
                OrderId = new VenueOrderId(""),
                Side = side,
                Price = new Price(mark),
                Quantity = holding.Position.Quantity,
                Fee = new Money(holding.Position.SignedQuantity * mark * rate.Rate),
                Time = rate.Time,
            };
            holding.Position.Apply(execution);
            Changed(account, holding, new VenueExecution(execution, null, rate.Rate, mark, 0, 0, sequence), rate.Time);
        }
    }

    private void Arrive(Account account, Account.Holding holding, Contract contract, string orderId, decimal price, Instant time)
    {
        if (account.OrderById(orderId) is not { IsFinal: false } order)
        {
            return; // An earlier arrival ended it.
        }

        var side = order.Request.Side;
        var limit = order.Request.Price;
        var crosses = order.Request.Type == OrderType.Market || (side == Side.Buy ? price <= limit : price >= limit);
        if (!crosses)
        {
            if (order.Request.TimeInForce is TimeInForce.GTC or TimeInForce.PostOnly)
            {
                account.Put(holding, order with { IsResting = true, Updated = time });
                account.Tell(new VenueEvent.PositionChanged(venue.PositionOf(account, holding.Symbol)));
            }
            else
            {
                Cancel(account, holding, order, "UNKNOWN", "EC_NoImmediateQtyToFill", time);
            }
        }
        else if (order.Request.TimeInForce == TimeInForce.PostOnly)
        {
            Cancel(account, holding, order, "UNKNOWN", "EC_PostOnlyWillTakeLiquidity", time);
        }
        else
        {
            var fill = Worsen(contract.Instrument, side, price);
            if (order.Request.Type == OrderType.Limit)
            {
                fill = side == Side.Buy ? Math.Min(fill, limit!.Value) : Math.Max(fill, limit!.Value);
            }

            Fill(account, holding, order, fill, isMaker: false, time);
        }
    }

    private void Walk(Account account, Account.Holding holding, Contract contract, decimal from, decimal to, Instant time)
    {
        var at = from;
        while (NextOnLeg(holding, at, to) is var (order, price))
        {
            at = price;
            contract.Last = price;
            if (order.IsStopLoss)
            {
                Fill(account, holding, order, Worsen(contract.Instrument, order.Request.Side, price), isMaker: false, time);
            }
            else
            {
                Fill(account, holding, order, order.Request.Price!.Value, isMaker: true, time);
            }
        }

        contract.Last = to;
    }

    // The order met first on the way between two prices; at equal distance a stop before an order, an older order before a newer one.
    // A resting limit order fills only when the price goes through it, a stop already when it is touched.
    private static (VenueOrder Order, decimal Price)? NextOnLeg(Account.Holding holding, decimal at, decimal to)
    {
        var (low, high) = at < to ? (at, to) : (to, at);
        (VenueOrder Order, decimal Price)? best = null;
        decimal bestDistance = 0;
        foreach (var order in holding.Open)
        {
            if (!order.IsResting)
            {
                continue;
            }

            // A stop that sells and a limit that buys are met from above; the other two from below.
            var fromAbove = order.IsStopLoss == (order.Request.Side == Side.Sell);
            var level = order.Trigger ?? order.Request.Price!.Value;
            var isMet = order.IsStopLoss
                ? (fromAbove ? level >= low : level <= high)
                : (fromAbove ? level > low : level < high);
            if (!isMet)
            {
                continue;
            }

            var price = fromAbove ? Math.Min(at, level) : Math.Max(at, level);
            var distance = Math.Abs(at - price);
            if (best is null || distance < bestDistance || (distance == bestDistance && order.IsStopLoss && !best.Value.Order.IsStopLoss))
            {
                best = (order, price);
                bestDistance = distance;
            }
        }

        return best;
    }

    private void Fill(Account account, Account.Holding holding, VenueOrder order, decimal price, bool isMaker, Instant time)
    {
        var side = order.Request.Side;
        var before = holding.Position.SignedQuantity;
        var closable = Math.Sign(before) == -side.Sign() ? Math.Abs(before) : 0;
        var quantity = order.Request.ReduceOnly ? Math.Min(order.Quantity, closable) : order.Quantity;
        if (quantity == 0)
        {
            Cancel(account, holding, order, "CancelByReduceOnly", "EC_NoError", time);
            return;
        }

        var rate = isMaker ? _maker : _taker;
        var sequence = account.NextSequence();
        var execution = new Execution
        {
            Id = new ExecutionId(Chance.Identity(settings.Seed, 2, (ulong)account.Index, (ulong)sequence)),
            Symbol = holding.Symbol,
            Kind = ExecutionKind.Trade,
            OrderId = new VenueOrderId(order.Id),
            ClientOrderId = ClientOrderIdOf(order.Request.LinkId),
            IsStopLoss = order.IsStopLoss,
            Side = side,
            Price = new Price(price),
            Quantity = new Quantity(quantity),
            Fee = new Money(quantity * price * rate),
            IsMaker = isMaker,
            Time = time,
        };
        var realised = holding.Position.Realised.Value;
        holding.Position.Apply(execution);
        var closedPnl = holding.Position.Realised.Value - realised;
        var filled = order with
        {
            // A reduce-only order larger than the position is cut to it and counts as filled.
            Status = VenueOrderStatus.Filled,
            Quantity = quantity,
            Filled = quantity,
            FilledValue = quantity * price,
            Fee = execution.Fee.Value,
            ClosedPnl = closedPnl,
            IsResting = true,
            Updated = time,
        };
        account.Put(holding, filled, silent: true);
        account.Put(new VenueExecution(execution, filled, rate, venue.LastPrice(holding.Symbol), Math.Min(closable, quantity), closedPnl, sequence));
        account.Tell(new VenueEvent.OrderChanged(filled));
        FollowPosition(account, holding, order, Math.Sign(before), time);
        holding.Updated = time;
        holding.Sequence = sequence;
        account.Tell(new VenueEvent.PositionChanged(venue.PositionOf(account, holding.Symbol)));
        account.Tell(new VenueEvent.WalletChanged(venue.WalletOf(account, time)));
    }

    // Keeps the stop in step with the position and ends reduce-only orders that have nothing left to reduce.
    private void FollowPosition(Account account, Account.Holding holding, VenueOrder cause, int signBefore, Instant time)
    {
        var sign = Math.Sign(holding.Position.SignedQuantity);
        if (holding.Stop is { } stop)
        {
            if (sign != signBefore)
            {
                Cancel(account, holding, stop, "CancelByTpSlTsClear", "EC_NoError", time);
            }
            else if (stop.Quantity != Math.Abs(holding.Position.SignedQuantity))
            {
                var quantity = Math.Abs(holding.Position.SignedQuantity);
                account.Put(holding, stop with { Quantity = quantity, Updated = time, Request = stop.Request with { Quantity = quantity } });
            }
        }

        if (cause.Request.StopLoss is { } trigger && sign == cause.Request.Side.Sign() && holding.Stop?.Trigger != trigger)
        {
            PlaceStop(account, holding, trigger, cause.Request.StopTrigger, cause.Request.LinkId, time);
        }

        foreach (var order in holding.Open.Where(o => o is { IsResting: true, IsStopLoss: false, Request.ReduceOnly: true }).ToList())
        {
            if (sign != -order.Request.Side.Sign())
            {
                Cancel(account, holding, order, "CancelByReduceOnly", "EC_NoError", time);
            }
        }
    }

    private static void Cancel(Account account, Account.Holding holding, VenueOrder order, string cancelType, string rejectReason, Instant time) =>
        account.Put(holding, order with
        {
            Status = VenueOrderStatus.Cancelled, CancelType = cancelType, RejectReason = rejectReason, Updated = time,
        });

    private void Changed(Account account, Account.Holding holding, VenueExecution execution, Instant time)
    {
        account.Put(execution);
        holding.Updated = time;
        holding.Sequence = execution.Sequence;
        account.Tell(new VenueEvent.PositionChanged(venue.PositionOf(account, holding.Symbol)));
        account.Tell(new VenueEvent.WalletChanged(venue.WalletOf(account, time)));
    }

    private decimal Worsen(Instrument instrument, Side side, decimal price)
    {
        // Instrument rounds in the owner's favour for the side it is given; a taker pays, so it is asked for the other side.
        var worse = Math.Max(instrument.TickSize, price * (1 + (side.Sign() * _slippage)));
        return instrument.RoundToTick(worse, side.Opposite()).Value;
    }

    private static ClientOrderId ClientOrderIdOf(string linkId) => linkId.Length == 0 ? default : new ClientOrderId(linkId);

    private static Instant Later(Instant left, Instant right) => left > right ? left : right;
}

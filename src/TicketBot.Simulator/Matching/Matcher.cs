using TicketBot.Domain;
using TicketBot.Simulator.Markets;

namespace TicketBot.Simulator.Matching;

/// <summary>Plays a candle, or a point of its path, for one account and contract: arrivals, funding, and the price's way past stops and resting orders.</summary>
internal sealed class Matcher(VenueSettings settings, Venue venue)
{
    /// <summary>Plays a whole candle on its worst-case path.</summary>
    internal void Play(
        Account account, Holding holding, Contract contract, Instant open, Instant close, CandlePath path, IReadOnlyList<FundingRate> due)
    {
        contract.Last = path.Open;
        while (holding.Pending.Count > 0)
        {
            var request = holding.Pending[0]; // Sent while there were ticks.
            holding.Pending.RemoveAt(0);
            venue.Orders.Effect(account, holding, contract, request, Later(open, request.Arrival));
        }

        Settle(account, holding, path.Open, due, default, open);
        foreach (var order in holding.Open.Where(o => !o.IsResting && o.Created <= open).ToList())
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
        foreach (var order in holding.Open.Where(o => !o.IsResting && o.Created < close).ToList())
        {
            Arrive(account, holding, contract, order.Id, path.Close, Later(order.Arrival, close.Plus(-1)));
        }

        Settle(account, holding, path.Close, due, close.Plus(-1), close);
    }

    /// <summary>Plays one point of a path: what arrives on the way to it meets the price before it; then the price moves.</summary>
    internal void Tick(Account account, Holding holding, Contract contract, decimal from, decimal to, Instant before, Instant time)
    {
        contract.Last = from;
        while (NextArrival(holding, time) is var (order, request))
        {
            if (request is not null)
            {
                holding.Pending.Remove(request);
                venue.Orders.Effect(account, holding, contract, request, Later(before, request.Arrival));
            }
            else
            {
                Arrive(account, holding, contract, order!.Id, from, Later(before, order.Arrival));
            }
        }

        Walk(account, holding, contract, from, to, time);
        if (from != to)
        {
            Touch(account, holding, contract, to, time);
        }
    }

    /// <summary>Meets the triggers that watch mark or index, after both have moved.</summary>
    internal void Watch(Account account, Holding holding, Contract contract, Instant time)
    {
        foreach (var order in holding.Open.Where(o => o is { IsUntriggered: true, IsResting: true } && o.TriggerBy != TriggerSource.LastPrice).ToList())
        {
            if (ReferenceEquals(account.OrderById(order.Id), order) && IsMet(order, contract.PriceOf(order.TriggerBy)))
            {
                Trigger(account, holding, contract, order, contract.Last, time);
            }
        }
    }

    /// <summary>Settles the funding that is due after one time and up to another, valued at a price.</summary>
    internal void Settle(Account account, Holding holding, decimal mark, IReadOnlyList<FundingRate> due, Instant after, Instant until)
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
            account.Put(new VenueExecution(execution, null, rate.Rate, mark, 0, 0, sequence) { Type = "Funding" });
            holding.Updated = rate.Time;
            holding.Sequence = sequence;
            venue.Fills.TellPosition(account, holding);
            account.Tell(new VenueEvent.WalletChanged(venue.WalletOf(account, rate.Time)));
        }
    }

    /// <summary>Lets an order reach the book at a price.</summary>
    internal void Arrive(Account account, Holding holding, Contract contract, string orderId, decimal price, Instant time)
    {
        if (account.OrderById(orderId) is not { IsFinal: false } order)
        {
            return; // An earlier arrival ended it.
        }

        if (order.Request.FillShare == 0)
        {
            Refuse(account, holding, order, "EC_Others", time);
            return;
        }

        if (order.IsUntriggered)
        {
            order = order with { IsResting = true, Updated = time };
            account.Put(holding, order);
            venue.Fills.TellPosition(account, holding);
            if (IsMet(order, order.TriggerBy == TriggerSource.LastPrice ? price : contract.PriceOf(order.TriggerBy)))
            {
                Trigger(account, holding, contract, order, price, time);
            }

            return;
        }

        var side = order.Request.Side;
        var limit = order.Request.Price;
        var crosses = order.Request.Type == OrderType.Market || (side == Side.Buy ? price <= limit : price >= limit);
        if (!crosses)
        {
            if (order.Request.TimeInForce is TimeInForce.GTC or TimeInForce.PostOnly)
            {
                account.Put(holding, order with
                {
                    IsResting = true, Updated = time, Status = order.Filled == 0 ? VenueOrderStatus.New : VenueOrderStatus.PartiallyFilled,
                });
                venue.Fills.TellPosition(account, holding);
            }
            else
            {
                Refuse(account, holding, order, "EC_NoImmediateQtyToFill", time);
            }
        }
        else if (order.Request.TimeInForce == TimeInForce.PostOnly)
        {
            Refuse(account, holding, order, "EC_PostOnlyWillTakeLiquidity", time);
        }
        else
        {
            venue.Fills.Take(account, holding, contract, Whole(holding, contract, order), price, time);
        }
    }

    // A position is told after every order, even when it has not changed.
    private void Refuse(Account account, Holding holding, VenueOrder order, string reason, Instant time)
    {
        Fills.Cancel(account, holding, order, "UNKNOWN", reason, time);
        venue.Fills.TellPosition(account, holding);
    }

    private void Trigger(Account account, Holding holding, Contract contract, VenueOrder order, decimal price, Instant time)
    {
        order = Whole(holding, contract, order) with { Status = VenueOrderStatus.Triggered, Updated = time };
        account.Put(holding, order);
        Protections.EndPartner(account, holding, order, time);
        if (order.OnlyReduces && holding.Closable(order.Request.Side) == 0)
        {
            Fills.Cancel(account, holding, order, "CancelByReduceOnly", "EC_NoError", time);
            return;
        }

        if (!order.OnlyReduces)
        {
            // Nothing was reserved while it waited; from now on it counts.
            if (venue.WalletOf(account).Available < 0)
            {
                Fills.Cancel(account, holding, order, "CancelByCannotAffordOrderCost", "EC_NoError", time);
                return;
            }
        }

        Arrive(account, holding, contract, order.Id, price, time);
    }

    // An order for "all there is" gets its quantity when it goes to the book.
    private static VenueOrder Whole(Holding holding, Contract contract, VenueOrder order)
    {
        if (order.Request.Quantity != 0)
        {
            return order;
        }

        var quantity = Math.Min(holding.Closable(order.Request.Side), contract.Instrument.MaxMarketQuantity);
        return order with { Quantity = quantity };
    }

    private void Walk(Account account, Holding holding, Contract contract, decimal from, decimal to, Instant time)
    {
        var at = from;
        while (true)
        {
            var next = NextOnLeg(holding, contract, at, to);
            if (contract.MarkIsLast && BustOnLeg(account, holding, contract, at, to) is { } bust && (next is not var (_, before) || Math.Abs(at - bust) <= Math.Abs(at - before)))
            {
                contract.Last = bust;
                venue.Margins.Liquidate(account, time);
                return;
            }

            if (next is not var (order, price))
            {
                break;
            }

            at = price;
            contract.Last = price;
            if (order.IsUntriggered)
            {
                Trigger(account, holding, contract, order, price, time);
            }
            else
            {
                venue.Fills.Fill(account, holding, contract, order, order.Request.Price!.Value, order.Leaves, isMaker: true, time);
            }
        }

        Protections.Trail(account, holding, to);
    }

    // A price that touches a resting order without going through it fills a part: someone else stood in the queue before it.
    private void Touch(Account account, Holding holding, Contract contract, decimal price, Instant time)
    {
        foreach (var order in holding.Open.Where(o => o is { IsResting: true, IsUntriggered: false } && o.Request.Price == price).ToList())
        {
            if (account.OrderById(order.Id) is not { IsFinal: false } now)
            {
                continue;
            }

            var draw = Chance.Mix(settings.Seed ^ Chance.Mix((ulong)time.UnixMilliseconds) ^ Chance.Mix(((ulong)account.Index << 40) ^ (ulong)now.Number));
            var part = contract.Instrument.FloorToLot(now.Leaves * (draw % 1_000) / 1_500m).Value;
            if (part > 0 && Fills.Leaves(holding, now) > 0)
            {
                contract.Last = price;
                venue.Fills.Fill(account, holding, contract, now, price, part, isMaker: true, time);
            }
        }
    }

    private decimal? BustOnLeg(Account account, Holding holding, Contract contract, decimal at, decimal to)
    {
        var worst = holding.Position.SignedQuantity > 0 ? Math.Min(at, to) : Math.Max(at, to);
        if (holding.Position.IsFlat || venue.Margins.Carries(account, holding, worst) || venue.Margins.LiquidationPrice(account, holding) is not { } price)
        {
            return null;
        }

        // Beyond it already, as after a gap: at once.
        price = contract.Instrument.RoundToTick(Math.Max(price, contract.Instrument.TickSize), holding.Position.Side!.Value.Opposite()).Value;
        return holding.Position.SignedQuantity > 0
            ? price >= Math.Min(at, to) ? Math.Min(at, price) : null
            : price <= Math.Max(at, to) ? Math.Max(at, price) : null;
    }

    // The next open order that a price moving from one place to another meets; stops before limits at the same price.
    private static (VenueOrder Order, decimal Price)? NextOnLeg(Holding holding, Contract contract, decimal at, decimal to)
    {
        var (low, high) = at < to ? (at, to) : (to, at);
        (VenueOrder Order, decimal Price)? best = null;
        decimal bestDistance = 0;
        foreach (var order in holding.Open)
        {
            if (!order.IsResting || (order.IsUntriggered && ((order.TriggerBy != TriggerSource.LastPrice && !contract.MarkIsLast) || order.ActivePrice is not null)))
            {
                continue;
            }

            // A trigger on a fall and a limit that buys are met from above; the other two from below.
            var fromAbove = order.IsUntriggered ? order.TriggerDirection == TriggerDirection.Fall : order.Request.Side == Side.Buy;
            var level = order.IsUntriggered ? order.Trigger!.Value : order.Request.Price!.Value;
            var isMet = order.IsUntriggered
                ? (fromAbove ? level >= low : level <= high)
                : (fromAbove ? level > low : level < high);
            if (!isMet)
            {
                continue;
            }

            var price = fromAbove ? Math.Min(at, level) : Math.Max(at, level);
            var distance = Math.Abs(at - price);
            if (best is null || distance < bestDistance || (distance == bestDistance && IsStop(order) && !IsStop(best.Value.Order)))
            {
                best = (order, price);
                bestDistance = distance;
            }
        }

        return best;
    }

    private static bool IsStop(VenueOrder order) =>
        order.IsUntriggered && order.Kind is StopKind.StopLoss or StopKind.PartialStopLoss or StopKind.TrailingStop;

    private static bool IsMet(VenueOrder order, decimal price) =>
        order.TriggerDirection == TriggerDirection.Fall ? price <= order.Trigger : price >= order.Trigger;

    // The next order or request that has reached the book by a time; of two at the same time the one sent first.
    private static (VenueOrder? Order, PendingRequest? Request)? NextArrival(Holding holding, Instant time)
    {
        VenueOrder? order = null;
        foreach (var candidate in holding.Open)
        {
            if (!candidate.IsResting && candidate.Arrival <= time && (order is null || candidate.Arrival < order.Arrival))
            {
                order = candidate;
            }
        }

        PendingRequest? request = null;
        foreach (var candidate in holding.Pending)
        {
            if (candidate.Arrival <= time && (request is null || candidate.Arrival < request.Arrival))
            {
                request = candidate;
            }
        }

        return request is not null && (order is null || request.Arrival < order.Arrival) ? (null, request)
            : order is not null ? (order, null) : null;
    }

    private static Instant Later(Instant left, Instant right) => left > right ? left : right;
}

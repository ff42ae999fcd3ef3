using TicketBot.Domain;

namespace TicketBot.Simulator.Matching;

/// <summary>What positions and orders reserve, and what happens when equity no longer carries them.</summary>
/// <remarks>Cross margin. Initial margin is the value at mark over leverage; maintenance margin is 0.5 % of the value whatever its size
/// (the venue's lowest risk tier, https://bybit-exchange.github.io/docs/v5/market/risk-limit). An account is liquidated when its equity
/// falls to the sum of its maintenance margins: at market, but never beyond the price at which its wallet would be empty; what lies
/// beyond is borne by the insurance fund, which is not modelled further.</remarks>
internal sealed class Margins(VenueSettings settings, Venue venue)
{
    /// <summary>Maintenance margin as a fraction of position value.</summary>
    internal const decimal MaintenanceRate = 0.005m;

    private readonly decimal _taker = Math.Max(0, settings.Costs.TakerFeeBp / 10_000m);

    /// <summary>Returns the wallet of an account at a time.</summary>
    internal VenueWallet WalletOf(Account account, Instant time)
    {
        decimal unrealised = 0, margin = 0, maintenance = 0, orders = 0;
        foreach (var holding in account.Holdings)
        {
            var contract = venue.ContractOf(holding.Symbol);
            var value = Math.Abs(holding.Position.SignedQuantity) * contract.Mark;
            unrealised += holding.Position.Unrealised(contract.Mark).Value;
            margin += value / holding.Leverage;
            maintenance += value * MaintenanceRate;
            orders += Reserved(holding, contract);
        }

        return new VenueWallet(account.Balance, unrealised, margin, orders, account.Realised, time)
        {
            MaintenanceMargin = maintenance, Transfers = account.Transfers,
        };
    }

    /// <summary>Returns what the open orders of a contract reserve: over leverage what would be opened once they have closed what is held, less what
    /// that closing frees, plus the taker fee on what would be opened.</summary>
    /// <param name="holding">The contract of the account.</param>
    /// <param name="contract">Its prices.</param>
    /// <param name="more">An order that is not there yet, with its quantity.</param>
    /// <param name="replacing">Id of the open order that <paramref name="more"/> stands for, or <c>null</c>.</param>
    /// <remarks>What does not enlarge a position needs no margin, and a quantity that is held is closed once, whatever number of orders would close
    /// it (Bybit help centre, Initial Margin of USDT contracts).</remarks>
    internal decimal Reserved(Holding holding, Contract contract, (NewOrder Order, decimal Leaves)? more = null, string? replacing = null) =>
        Reserved(Side.Buy, holding, contract, more, replacing) + Reserved(Side.Sell, holding, contract, more, replacing);

    private decimal Reserved(Side side, Holding holding, Contract contract, (NewOrder Order, decimal Leaves)? more, string? replacing)
    {
        var held = holding.Closable(side);
        var (closing, opening) = (0m, 0m);
        foreach (var order in holding.Open)
        {
            if (!order.IsUntriggered && !order.OnlyReduces && order.Request.Side == side && order.Id != replacing)
            {
                Count(order.Request, order.Leaves);
            }
        }

        if (more is var (added, leaves) && added.Side == side)
        {
            Count(added, leaves);
        }

        return Math.Max(0, (opening - (closing * contract.Mark)) / holding.Leverage) + (opening * _taker);

        void Count(NewOrder order, decimal quantity)
        {
            var closes = Math.Min(quantity, held - closing);
            closing += closes;
            opening += (quantity - closes) * (order.Price ?? contract.Last);
        }
    }

    /// <summary>Returns the price of a position at which its account is liquidated while every other price stands still; <c>null</c> for none.</summary>
    internal decimal? LiquidationPrice(Account account, Holding holding) => PriceWhere(account, holding, MaintenanceRate);

    /// <summary>Whether an account's equity carries a position at a price while every other price stands still.</summary>
    internal bool Carries(Account account, Holding holding, decimal price)
    {
        var quantity = holding.Position.SignedQuantity;
        return RestOf(account, holding) + (quantity * price) - holding.Position.SignedCost > Math.Abs(quantity) * price * MaintenanceRate;
    }

    /// <summary>Liquidates an account when its equity at mark no longer carries it; returns whether it did.</summary>
    internal bool LiquidateIfDue(Account account, Instant time)
    {
        if (account.Holdings.TrueForAll(h => h.Position.IsFlat))
        {
            return false;
        }

        var wallet = WalletOf(account, time);
        if (wallet.Equity > wallet.MaintenanceMargin)
        {
            return false;
        }

        Liquidate(account, time);
        return true;
    }

    /// <summary>Cancels every order of an account and closes every position by force.</summary>
    internal void Liquidate(Account account, Instant time)
    {
        foreach (var holding in account.Holdings)
        {
            CancelAll(account, holding, time);
        }

        foreach (var holding in account.Holdings.Where(h => !h.Position.IsFlat).ToList())
        {
            Bust(account, holding, time);
        }
    }

    /// <summary>Cancels every order of one contract and closes its position by force.</summary>
    internal void Liquidate(Account account, Holding holding, Instant time)
    {
        CancelAll(account, holding, time);
        if (!holding.Position.IsFlat)
        {
            Bust(account, holding, time);
        }
    }

    /// <summary>Closes a part of a position by auto-deleveraging at the last price: its plain orders end, its protections shrink with it.</summary>
    internal void Deleverage(Account account, Holding holding, decimal quantity, Instant time)
    {
        foreach (var order in holding.Open.Where(o => !o.IsProtection).ToList())
        {
            Fills.Cancel(account, holding, order, "CancelByPrepareAdl", "EC_NoError", time);
        }

        Force(account, holding, quantity, venue.ContractOf(holding.Symbol).Last, "Adl", "AdlTrade", "CreateByAdl_PassThrough", time);
    }

    private static void CancelAll(Account account, Holding holding, Instant time)
    {
        holding.Pending.Clear();
        foreach (var order in holding.Open.ToList())
        {
            Fills.Cancel(account, holding, order, "CancelByPrepareLiq", "EC_NoError", time);
        }
    }

    private void Bust(Account account, Holding holding, Instant time)
    {
        var contract = venue.ContractOf(holding.Symbol);
        var side = holding.Position.Side!.Value.Opposite();
        var market = venue.Book.Best(contract.Instrument, side, contract.Last);
        if (PriceWhere(account, holding, _taker) is { } empty)
        {
            // Rounded to the account's side, so that its wallet is not driven below zero.
            var kept = contract.Instrument.RoundToTick(Math.Max(empty, contract.Instrument.TickSize), side).Value;
            market = side == Side.Sell ? Math.Max(market, kept) : Math.Min(market, kept);
        }

        Force(account, holding, holding.Position.Quantity.Value, market, "Liq", "BustTrade", "CreateByLiq", time);
    }

    private void Force(Account account, Holding holding, decimal quantity, decimal price, string status, string type, string createType, Instant time)
    {
        var contract = venue.ContractOf(holding.Symbol);
        holding.Status = status;
        venue.Fills.TellPosition(account, holding);
        holding.Status = "Normal";
        var number = account.NextOrderNumber();
        var order = new VenueOrder
        {
            Request = new NewOrder
            {
                Symbol = holding.Symbol,
                Side = holding.Position.Side!.Value.Opposite(),
                Type = OrderType.Market,
                Quantity = quantity,
                TimeInForce = TimeInForce.IOC,
                ReduceOnly = true,
            },
            Id = Chance.Identity(settings.Seed, 1, (ulong)account.Index, (ulong)number),
            Number = number,
            Created = time,
            Arrival = time,
            Updated = time,
            LastPriceOnCreated = contract.Last,
            IsResting = true,
            CreateType = createType,
            Quantity = quantity,
        };
        account.Put(holding, order, silent: true);
        venue.Fills.Fill(account, holding, contract, order, price, quantity, isMaker: false, time, type);
    }

    // Equity less a rate times the value of this position, less the maintenance of the others, is zero at this price.
    private decimal? PriceWhere(Account account, Holding holding, decimal rate)
    {
        var quantity = holding.Position.SignedQuantity;
        if (quantity == 0)
        {
            return null;
        }

        var price = (holding.Position.SignedCost - RestOf(account, holding)) / (quantity - (Math.Abs(quantity) * rate));
        return price > 0 ? price : null;
    }

    // The wallet and what every other position is worth beyond its maintenance.
    private decimal RestOf(Account account, Holding holding)
    {
        var rest = account.Balance;
        foreach (var other in account.Holdings)
        {
            if (other != holding && !other.Position.IsFlat)
            {
                var mark = venue.ContractOf(other.Symbol).Mark;
                rest += other.Position.Unrealised(mark).Value - (Math.Abs(other.Position.SignedQuantity) * mark * MaintenanceRate);
            }
        }

        return rest;
    }
}

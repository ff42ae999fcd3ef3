using TicketBot.Domain;

namespace TicketBot.Simulator.Matching;

/// <summary>Takes what an account asks of a position: take-profit and stops, leverage, mode. These hold at once; their events come like all others.</summary>
internal sealed class PositionDesk(VenueSettings settings, Venue venue)
{
    /// <summary>Sets, moves or removes take-profit, stop-loss and trailing stop of a position.</summary>
    internal VenueAnswer Protect(Account account, Symbol symbol, ProtectionChange change)
    {
        if (venue.FindContract(symbol) is not { } contract)
        {
            return VenueAnswer.Refused(10001, $"params error: symbol invalid {symbol}");
        }

        var holding = account.HoldingOf(symbol, settings.Leverage);
        if (holding.Position.Side is not { } side)
        {
            return VenueAnswer.Refused(10001, "can not set tp/sl/ts for zero position");
        }

        if (Fault(change, contract, holding, side) is { } fault)
        {
            return fault;
        }

        var hasChanged = change.IsPartial ? AddParts(account, holding, change) : MoveWhole(account, holding, change);
        if (!hasChanged)
        {
            return VenueAnswer.Refused(34040, "not modified");
        }

        holding.Updated = venue.Time;
        venue.Fills.TellPosition(account, holding);
        return VenueAnswer.Accepted();
    }

    /// <summary>Sets the leverage of a contract.</summary>
    internal VenueAnswer SetLeverage(Account account, Symbol symbol, decimal leverage)
    {
        if (venue.FindContract(symbol) is null || leverage is < 1 or > 100)
        {
            return VenueAnswer.Refused(10001, FormattableString.Invariant($"params error: leverage of {symbol} must be 1 to 100, was {leverage}"));
        }

        var holding = account.HoldingOf(symbol, settings.Leverage);
        if (holding.Leverage == leverage)
        {
            return VenueAnswer.Refused(110043, "leverage not modified");
        }

        var before = holding.Leverage;
        holding.Leverage = leverage;
        if (leverage < before && !holding.IsIdle && venue.WalletOf(account) is { Available: < 0 } wallet)
        {
            holding.Leverage = before;
            return VenueAnswer.Refused(110007, FormattableString.Invariant(
                $"ab not enough for new leverage {leverage}: {-wallet.Available} more would be needed"));
        }

        if (!holding.Position.IsFlat)
        {
            holding.Updated = venue.Time;
            venue.Fills.TellPosition(account, holding);
        }

        return VenueAnswer.Accepted();
    }

    /// <summary>Switches contracts between one-way and hedge mode; each must be flat and without orders.</summary>
    internal VenueAnswer SwitchMode(Account account, IReadOnlyList<Symbol> symbols, bool hedged)
    {
        var holdings = new List<Holding>();
        foreach (var symbol in symbols)
        {
            if (venue.FindContract(symbol) is null)
            {
                return VenueAnswer.Refused(10001, $"params error: symbol invalid {symbol}");
            }

            holdings.Add(account.HoldingOf(symbol, settings.Leverage));
        }

        var wanted = holdings.Where(h => h.IsHedged != hedged).ToList();
        if (wanted.Count == 0)
        {
            return VenueAnswer.Refused(110025, "Position mode is not modified");
        }

        if (wanted.Any(h => !h.Position.IsFlat))
        {
            return VenueAnswer.Refused(110024, "You have an existing position, so position mode cannot be switched");
        }

        if (wanted.Any(h => h.Open.Count > 0))
        {
            return VenueAnswer.Refused(110028, "You have existing open orders, so position mode cannot be switched");
        }

        foreach (var holding in wanted)
        {
            holding.IsHedged = hedged;
        }

        return VenueAnswer.Accepted();
    }

    private static VenueAnswer? Fault(ProtectionChange change, Contract contract, Holding holding, Side side)
    {
        var probe = new NewOrder
        {
            Symbol = holding.Symbol,
            Side = side,
            Type = OrderType.Market,
            Quantity = change.Size ?? Math.Abs(holding.Position.SignedQuantity),
            StopLoss = change.StopLoss is 0 ? null : change.StopLoss,
            TakeProfit = change.TakeProfit is 0 ? null : change.TakeProfit,
            IsPartialProtection = change.IsPartial,
            StopLossLimit = change.StopLossLimit,
            TakeProfitLimit = change.TakeProfitLimit,
        };
        if (OrderRules.ProtectionFault(probe, contract.Instrument, contract.Last) is { } fault)
        {
            return fault;
        }

        if (change.Trailing is < 0 || (change.Trailing is { } distance && !contract.Instrument.IsOnTick(distance))
            || (change.ActivePrice is { } active && (active <= 0 || !contract.Instrument.IsOnTick(active) || OrderRules.IsStopOnWrongSide(side.Opposite(), active, contract.Last))))
        {
            return VenueAnswer.Refused(10001, FormattableString.Invariant(
                $"params error: trailingStop and activePrice must be multiples of {contract.Instrument.TickSize}, the second beyond {contract.Last}; were {change.Trailing} and {change.ActivePrice}"));
        }

        if (!change.IsPartial)
        {
            return null;
        }

        if (change.StopLoss is 0 || change.TakeProfit is 0 || change.Trailing is not null)
        {
            return VenueAnswer.Refused(10001, "params error: Partial adds a take profit or stop loss; cancel one by its orderId, and set a trailing stop with Full");
        }

        return probe.Quantity > Math.Abs(holding.Position.SignedQuantity) || !contract.Instrument.IsOnLot(probe.Quantity) || probe.Quantity <= 0
            ? VenueAnswer.Refused(10001, FormattableString.Invariant(
                $"params error: tpSize and slSize must be multiples of {contract.Instrument.QuantityStep} up to the position {Math.Abs(holding.Position.SignedQuantity)}, were {probe.Quantity}"))
            : OrderRules.PartsFault(holding);
    }

    private bool AddParts(Account account, Holding holding, ProtectionChange change)
    {
        var quantity = change.Size ?? Math.Abs(holding.Position.SignedQuantity);
        var pair = change is { StopLoss: not null, TakeProfit: not null } ? $"{account.Index}-{account.OrderCount}" : "";
        if (change.StopLoss is { } stop)
        {
            venue.Protections.Add(account, holding, StopKind.PartialStopLoss, quantity, stop, change.StopTrigger, change.StopLossLimit, "", pair, venue.Time);
        }

        if (change.TakeProfit is { } target)
        {
            venue.Protections.Add(account, holding, StopKind.PartialTakeProfit, quantity, target, change.TakeProfitTrigger, change.TakeProfitLimit, "", pair, venue.Time);
        }

        return change.StopLoss is not null || change.TakeProfit is not null;
    }

    private bool MoveWhole(Account account, Holding holding, ProtectionChange change)
    {
        var hasChanged = Move(account, holding, StopKind.StopLoss, holding.Stop, change.StopLoss, change.StopTrigger)
            | Move(account, holding, StopKind.TakeProfit, holding.TakeProfit, change.TakeProfit, change.TakeProfitTrigger);
        if (change.Trailing is { } distance
            && (distance == 0 ? holding.Trailing is not null : distance != holding.Trailing?.TrailDistance || change.ActivePrice != holding.Trailing?.ActivePrice))
        {
            venue.Protections.Trail(account, holding, distance, change.ActivePrice, venue.Time);
            return true;
        }

        return hasChanged;
    }

    private bool Move(Account account, Holding holding, StopKind kind, VenueOrder? now, decimal? wanted, TriggerSource source)
    {
        switch (wanted)
        {
            case null:
            case 0 when now is null:
                return false;
            case 0:
                Fills.Cancel(account, holding, now, "CancelByUser", "EC_NoError", venue.Time);
                return true;
            default:
                if (now?.Trigger == wanted && now?.TriggerBy == source)
                {
                    return false;
                }

                venue.Protections.Place(account, holding, kind, wanted.Value, source, "", venue.Time);
                return true;
        }
    }
}

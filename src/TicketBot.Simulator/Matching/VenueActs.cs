using TicketBot.Domain;

namespace TicketBot.Simulator.Matching;

/// <summary>Lets outside acts happen to accounts.</summary>
internal static class VenueActs
{
    internal static VenueAnswer Apply(Venue venue, Account account, VenueAct act) => act switch
    {
        VenueAct.ManualTrade(var symbol, var side, var quantity) => venue.Submit(account, new NewOrder
        {
            Symbol = symbol, Side = side, Type = OrderType.Market, Quantity = quantity,
        }),
        VenueAct.SwitchMode(var symbol, var hedged) => venue.SwitchMode(account, [symbol], hedged),
        VenueAct.SetLeverage(var symbol, var leverage) => venue.SetLeverage(account, symbol, leverage),
        VenueAct.Liquidate(var symbol) => Held(venue, account, symbol, holding => venue.Margins.Liquidate(account, holding, venue.Time)),
        VenueAct.Deleverage(var symbol, var quantity) => Deleverage(venue, account, symbol, quantity),
        VenueAct.Transfer(var amount) => Transfer(venue, account, amount),
        VenueAct.RemoveStop(var symbol) => venue.SetStop(account, symbol, 0),
        VenueAct.CancelOrder(var symbol, var orderId, var cancelType) => venue.Orders.Cancel(account, symbol, orderId, null, cancelType),
        VenueAct.ForgetClosedOrders => Forget(venue),
        _ => throw new InvalidOperationException($"Invariant: act {act.GetType().Name} has no rule"),
    };

    private static VenueAnswer Deleverage(Venue venue, Account account, Symbol symbol, decimal? wanted)
    {
        var instrument = venue.InstrumentOf(symbol);
        var held = account.FindHolding(symbol)?.Position.Quantity.Value ?? 0;
        var quantity = wanted ?? Math.Max(instrument?.QuantityStep ?? 0, instrument?.FloorToLot(held / 2).Value ?? 0);
        return instrument is not null && held > 0 && (quantity <= 0 || quantity > held || !instrument.IsOnLot(quantity))
            ? VenueAnswer.Refused(10001, FormattableString.Invariant(
                $"params error: a deleveraging of {symbol} takes a multiple of {instrument.QuantityStep} up to {held}, was {quantity}"))
            : Held(venue, account, symbol, holding => venue.Margins.Deleverage(account, holding, quantity, venue.Time));
    }

    private static VenueAnswer Transfer(Venue venue, Account account, decimal amount)
    {
        var available = venue.WalletOf(account).Available;
        if (amount == 0 || -amount > available)
        {
            return VenueAnswer.Refused(131212, FormattableString.Invariant($"insufficient balance: a transfer is not zero and takes at most {available}, was {amount}"));
        }

        account.Move(amount, venue.Time);
        account.Tell(new VenueEvent.WalletChanged(venue.WalletOf(account)));
        return VenueAnswer.Accepted();
    }

    private static VenueAnswer Forget(Venue venue)
    {
        foreach (var account in venue.Accounts)
        {
            account.ForgetClosedOrders();
        }

        return VenueAnswer.Accepted();
    }

    private static VenueAnswer Held(Venue venue, Account account, Symbol symbol, Action<Holding> work)
    {
        if (account.FindHolding(symbol) is not { Position.IsFlat: false } holding)
        {
            return VenueAnswer.Refused(10001, $"params error: there is no position of {symbol}");
        }

        work(holding);
        return VenueAnswer.Accepted();
    }
}

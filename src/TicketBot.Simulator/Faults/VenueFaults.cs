using TicketBot.Domain;
using TicketBot.Simulator.Matching;
using TicketBot.Simulator.Wire;

namespace TicketBot.Simulator.Faults;

/// <summary>Carries out the strikes that change the venue or its sockets.</summary>
internal static class VenueFaults
{
    /// <summary>Carries out one strike, under the session's lock. An act that the venue refuses, such as a liquidation of nothing, changes nothing.</summary>
    internal static void Carry(VenueSession session, FaultRule rule) => session.Locked(() =>
    {
        var key = rule.Account ?? session.Options.ApiKey;
        switch (rule.Kind)
        {
            case FaultKind.SilentSocket:
                session.Hub.Sockets(rule.Path, rule.Account).ForEach(s => s.Mute());
                break;
            case FaultKind.CutSocket:
                session.Hub.Sockets(rule.Path, rule.Account).ForEach(s => s.Cut());
                break;
            case FaultKind.Outage:
                session.Hub.Sockets("/v5/", null).ForEach(s => s.Cut());
                break;
            case FaultKind.RevokeKey:
                session.Hub.Sockets("/v5/private", key).Concat(session.Hub.Sockets("/v5/trade", key)).ToList().ForEach(s => s.Cut());
                break;
            case FaultKind.Restart:
                session.Act(key, new VenueAct.ForgetClosedOrders());
                session.Feed.RestartBooks();
                session.Hub.Sockets("/v5/", null).ForEach(s => s.Cut());
                break;
            case FaultKind.ClockSkew or FaultKind.RestoreKey:
                break; // The desk has done it.
            default:
                foreach (var act in ActsOf(session.Venue, session.Venue.AccountOf(key)!, rule).ToList())
                {
                    session.Act(key, act);
                }

                break;
        }
    });

    /// <summary>Asks the rules that wait for steps, and carries out what strikes; to be called inside the session's lock after a step.</summary>
    internal static void OnStep(VenueSession session)
    {
        foreach (var rule in session.Faults.Meet(new FaultMoment(FaultOccasion.Step, $"step {session.Venue.Step}")))
        {
            Carry(session, rule);
        }
    }

    private static IEnumerable<VenueAct> ActsOf(Venue venue, Account account, FaultRule rule) => rule.Kind switch
    {
        FaultKind.ManualTrade => [new VenueAct.ManualTrade(rule.Symbol!.Value, rule.Side, rule.Quantity)],
        FaultKind.ManualClose => Held(venue, account, rule).Select(p => new VenueAct.ManualTrade(
            p.Symbol, p.SignedQuantity > 0 ? Side.Sell : Side.Buy, Math.Abs(p.SignedQuantity))),
        FaultKind.SetLeverage => [new VenueAct.SetLeverage(rule.Symbol!.Value, rule.Amount)],
        FaultKind.SwitchMode => [new VenueAct.SwitchMode(rule.Symbol!.Value, rule.Amount == 3)],
        FaultKind.Liquidate => Held(venue, account, rule).Select(p => new VenueAct.Liquidate(p.Symbol)),
        FaultKind.Deleverage => Held(venue, account, rule).Select(p => new VenueAct.Deleverage(p.Symbol, LotsOf(venue, p, rule.Fraction))),
        FaultKind.Transfer => [new VenueAct.Transfer(rule.Amount)],
        FaultKind.RemoveStop => Held(venue, account, rule).Where(p => p.StopLoss is not null).Select(p => new VenueAct.RemoveStop(p.Symbol)),
        FaultKind.CancelOrders => account.OpenOrders.Where(o => !o.IsProtection && (rule.Symbol is null || o.Request.Symbol == rule.Symbol))
            .Select(o => new VenueAct.CancelOrder(o.Request.Symbol, o.Id, "CancelByAdmin")),
        _ => throw new InvalidOperationException($"Invariant: {rule.Kind} is no act"),
    };

    private static IEnumerable<VenuePosition> Held(Venue venue, Account account, FaultRule rule) => venue.Instruments
        .Where(i => rule.Symbol is null || i.Symbol == rule.Symbol)
        .Select(i => venue.PositionOf(account, i.Symbol))
        .Where(p => p.SignedQuantity != 0);

    private static decimal LotsOf(Venue venue, VenuePosition position, decimal fraction)
    {
        var (instrument, held) = (venue.InstrumentOf(position.Symbol)!, Math.Abs(position.SignedQuantity));
        return Math.Min(held, Math.Max(instrument.QuantityStep, instrument.FloorToLot(held * fraction).Value));
    }
}

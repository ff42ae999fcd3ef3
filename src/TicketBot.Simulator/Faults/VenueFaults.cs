using TicketBot.Simulator.Wire;

namespace TicketBot.Simulator.Faults;

/// <summary>Carries out the strikes that change the venue or its sockets.</summary>
internal static class VenueFaults
{
    /// <summary>Carries out one strike, under the session's lock.</summary>
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
                session.Hub.Sockets("/v5/private", key).ForEach(s => s.Cut());
                break;
            case FaultKind.Restart:
                foreach (var account in session.Venue.Accounts)
                {
                    session.Act(account.Key, "forgetClosed", _ => { });
                }

                session.Feed.RestartBooks();
                session.Hub.Sockets("/v5/", null).ForEach(s => s.Cut());
                break;
            case FaultKind.ClockSkew or FaultKind.RestoreKey:
                break; // The desk has done it.
            default:
                session.Act(key, NameOf(rule.Kind), w =>
                {
                    if (rule.Symbol is { } symbol)
                    {
                        w.WriteString("symbol", symbol.Value);
                    }

                    w.WriteString("side", rule.Side.ToString());
                    w.WriteString("quantity", WireText.Of(rule.Quantity));
                    w.WriteString("amount", WireText.Of(rule.Amount));
                    w.WriteString("fraction", WireText.Of(rule.Fraction));
                });
                break;
        }

        return 0;
    });

    /// <summary>Asks the rules that wait for steps, and carries out what strikes; to be called inside the session's lock after a step.</summary>
    internal static void OnStep(VenueSession session)
    {
        foreach (var rule in session.Faults.Meet(new FaultMoment(FaultOccasion.Step, $"step {session.Venue.Step}")))
        {
            Carry(session, rule);
        }
    }

    private static string NameOf(FaultKind kind) => kind switch
    {
        FaultKind.ManualTrade => "trade",
        FaultKind.ManualClose => "close",
        FaultKind.SetLeverage => "leverage",
        FaultKind.SwitchMode => "mode",
        FaultKind.Liquidate => "liquidate",
        FaultKind.Deleverage => "deleverage",
        FaultKind.Transfer => "transfer",
        FaultKind.RemoveStop => "removeStop",
        FaultKind.CancelOrders => "cancelOrders",
        _ => throw new InvalidOperationException($"Invariant: {kind} is no act"),
    };
}

using TicketBot.Research.Gates;
using TicketBot.Research.LotteryTickets;
using TicketBot.Research.Transfer;
using TicketBot.Tickets;

namespace TicketBot.Research;

/// <summary>How a ticket was trained on.</summary>
/// <param name="Ticket">The new ticket.</param>
/// <param name="Parent">The ticket it was trained on from.</param>
/// <param name="Regimes">The regimes it serves.</param>
/// <param name="IsPooled">Whether it is the network of all regimes.</param>
/// <param name="WindowRows">New rows it adapted to.</param>
/// <param name="RehearsedRows">Older rows it learned again beside them.</param>
/// <param name="Looks">Losses on the way.</param>
/// <param name="Best">Updates of the look that was kept; 0 where no update lowered the loss.</param>
/// <param name="Forgotten">What was forgotten, by regime, on older rows that were not rehearsed.</param>
/// <param name="Gain">The gate that asks whether it is better than what was there before, or <c>null</c> where it was not asked.</param>
/// <param name="Passed">Whether it passed every gate.</param>
public sealed record TicketAdaptation(
    TicketId Ticket, TicketId Parent, IReadOnlyList<string> Regimes, bool IsPooled, int WindowRows, int RehearsedRows, IReadOnlyList<ContinuousAdaptation.Look> Looks, int Best,
    IReadOnlyList<ForgottenRegime> Forgotten, GateJudgement? Gain, bool Passed)
{
    /// <summary>Returns one per network that was trained on.</summary>
    internal static IReadOnlyList<TicketAdaptation> Of(IReadOnlyList<string> names, IReadOnlyList<(RegimeTicket Found, Ticket Ticket)> judged) =>
    [
        .. judged.Where(one => one.Found.Adapted is not null).DistinctBy(one => one.Found.IsPooled ? -1 : one.Found.State).Select(one =>
        {
            var adapted = one.Found.Adapted!;
            return new TicketAdaptation(
                one.Ticket.Id, one.Found.Live!.Id, [.. one.Found.JudgedOn.Select(state => names[state])], one.Found.IsPooled, adapted.WindowRows, adapted.RehearsedRows, adapted.Course.Looks,
                adapted.Course.Best, [.. adapted.Course.Regimes.Select(r => new ForgottenRegime(names[r.Regime], r.LossBefore, r.LossAfter))],
                one.Ticket.Gates.Judgements.FirstOrDefault(j => j.Name is BetterThanOriginGate.Parent or BetterThanOriginGate.Scratch), one.Ticket.Gates.Passed);
        }),
    ];
}

/// <summary>What an adaptation did to a regime.</summary>
/// <param name="Regime">Its name.</param>
/// <param name="LossBefore">Log-loss on its rows before, in nats.</param>
/// <param name="LossAfter">The same after.</param>
public sealed record ForgottenRegime(string Regime, double LossBefore, double LossAfter);

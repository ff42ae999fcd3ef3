using TicketBot.Tickets;

namespace TicketBot.Research.LotteryTickets;

/// <summary>The network found for one regime, with its controls.</summary>
/// <param name="State">Index of the regime.</param>
/// <param name="Network">The network.</param>
/// <param name="Controls">Random masks of the same counts per layer, trained the same way.</param>
/// <param name="IsPooled">Whether it is the pooled ticket.</param>
/// <param name="TrainWeight">Training rows of the regime: their summed filtered probability.</param>
/// <param name="ValidationLoss">Its log-loss on validation rows weighted for the regime.</param>
internal sealed record RegimeTicket(
    int State, TrainedNetwork Network, IReadOnlyList<TrainedNetwork> Controls, bool IsPooled, double TrainWeight, double ValidationLoss)
{
    /// <summary>Regimes whose rows judge it: its own; of the pooled ticket, one network however many regimes it serves, all those it stands in for.</summary>
    public IReadOnlyList<int> JudgedOn { get; init; } = [State];

    /// <summary>What the live ticket's controls had shown, where this one was trained on from it: mask and theta_k are the same.</summary>
    public GateJudgement? Inherited { get; init; }

    /// <summary>The ticket it was trained on from, or <c>null</c>.</summary>
    public Ticket? Live { get; init; }

    /// <summary>How that went; <c>null</c> where it was found from drawn weights.</summary>
    public AdaptedTicket? Adapted { get; init; }

    /// <summary>Where it is another market's ticket: a dense network trained from drawn weights on this market's rows, its control. Else <c>null</c>.</summary>
    public TrainedNetwork? Scratch { get; init; }

    /// <summary>Id of <see cref="Live"/>.</summary>
    public TicketId? Parent => Live?.Id;
}

using TicketBot.Research.Experiments;

namespace TicketBot.Research.LotteryTickets;

/// <summary>What repetitions of a ticket's making say about its controls: on validation rows, over seeds, how much more log-loss than the ticket each control has.</summary>
/// <param name="Controls">One per control: <c>reinit</c> (the mask on freshly drawn weights), <c>shuffled</c> (another mask of the same counts per layer on theta_k),
/// <c>random</c> (another mask on other weights).</param>
/// <param name="Dense">The same of the dense network: below zero where sparsity cost something.</param>
internal sealed record Separation(IReadOnlyList<SeparationOfControl> Controls, PairedTest Dense)
{
    /// <summary>The largest p-value: all controls must be beaten, so that no correction for their number is needed.</summary>
    public double PValue => Controls.Max(c => c.Excess.PValue);
}

/// <summary>How one control compares.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Excess">Its log-loss less the ticket's, in nats, paired by seed.</param>
internal sealed record SeparationOfControl(string Name, PairedTest Excess);

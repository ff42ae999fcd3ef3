using System.Globalization;
using TicketBot.Research.LotteryTickets;
using TicketBot.Tickets;

namespace TicketBot.Research.Gates;

/// <summary>Is it a winning ticket, or only a sparse network? Made again from other seeds, the ticket must have less log-loss on validation rows than its mask on fresh
/// weights, than another mask on its weights, and than another mask on other weights. The number is the largest of the three one-sided p-values by sign flips.</summary>
/// <param name="allowsSparseNetworks">Whether a network that is none may trade all the same; the verdict then says so.</param>
internal sealed class WinningTicketGate(bool allowsSparseNetworks)
{
    /// <summary>Its name.</summary>
    public static string Name => Ticket.WinningTicketGate;

    /// <summary>The p-value below which the controls count as beaten: 0.05 over two looks.</summary>
    public const double Level = 0.025;

    /// <summary>Judges.</summary>
    public GateJudgement Judge(Separation separation)
    {
        var wins = separation.PValue < Level;
        var controls = string.Join(", ", separation.Controls.Select(c => string.Create(
            CultureInfo.InvariantCulture, $"{c.Name} {1e4 * c.Excess.Mean:+0.0;-0.0} [{1e4 * c.Excess.Low:+0.0;-0.0}, {1e4 * c.Excess.High:+0.0;-0.0}] (p = {c.Excess.PValue:0.####})")));
        var dense = string.Create(CultureInfo.InvariantCulture, $"dense {1e4 * separation.Dense.Mean:+0.0;-0.0}");
        var verdict = wins ? "a winning ticket" : $"a sparse network, no winning ticket{(allowsSparseNetworks ? "; Research:AllowSparseNetworks lets it pass" : "")}";
        return GateJudgement.Of(
            Name, separation.PValue, Level, separation.Dense.Count, wins || allowsSparseNetworks,
            $"{verdict}: more log-loss than the ticket by, in 1e-4 nats over {separation.Dense.Count} seeds, {controls}; {dense}");
    }
}

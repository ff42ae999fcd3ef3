using TicketBot.Learning;
using TicketBot.Research.Statistics;
using TicketBot.Tickets;

namespace TicketBot.Research.Gates;

/// <summary>Does the mask matter? Networks with random masks of the same counts per layer, rewound to the same weights and trained the same way, must
/// earn less. The number is the bootstrap lower bound of the paired difference of net return per out-of-sample row against the mean of the
/// controls, in basis points.</summary>
/// <remarks>Where an effect is so plain that a random mask of the same density learns it too, no mask can pass here at that density; the
/// factory therefore settles, on validation rows, on a density at which they part.</remarks>
/// <param name="meanBlock">Mean block length in rows.</param>
/// <param name="draws">Bootstrap draws.</param>
public sealed class BetterThanRandomMaskGate(int meanBlock, int draws) : Gate
{
    /// <inheritdoc/>
    public override string Name => "betterThanRandomMask";

    /// <inheritdoc/>
    public override double Threshold(TicketEvidence evidence) => 0;

    /// <inheritdoc/>
    public override GateJudgement Judge(TicketEvidence evidence)
    {
        if (evidence.Controls.Count == 0)
        {
            throw new InvalidOperationException("Invariant: the random-mask gate needs at least one trained control");
        }

        var ticket = evidence.Trades();
        var difference = ticket.NetBp.ToArray();
        double controlTrades = 0, controlNet = 0;
        foreach (var control in evidence.Controls)
        {
            var trades = RowTrades.OfProbabilities(evidence.Dataset, evidence.Rows, evidence.Costs, control, evidence.Confidence);
            controlTrades += trades.Count;
            controlNet += trades.NetBp.Sum();
            for (var i = 0; i < difference.Length; i++)
            {
                difference[i] -= trades.NetBp[i] / evidence.Controls.Count;
            }
        }

        var bound = StationaryBootstrap.OfMean(difference, evidence.Level, meanBlock, draws, new Rng(evidence.Seed + 2));
        return GateJudgement.Of(
            Name, bound.Lower, 0, difference.Length, bound.Lower > 0,
            $"{bound.Mean:0.00} bp per row more than {evidence.Controls.Count} random masks of the same density "
            + $"({controlTrades / evidence.Controls.Count:0} trades each at {(controlTrades > 0 ? controlNet / controlTrades : 0):0.0} bp net), "
            + $"lower bound {bound.Lower:0.00} bp at level {evidence.LevelText}");
    }
}

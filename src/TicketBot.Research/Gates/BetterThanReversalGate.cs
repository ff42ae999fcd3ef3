using TicketBot.Learning;
using TicketBot.Research.Statistics;
using TicketBot.Tickets;

namespace TicketBot.Research.Gates;

/// <summary>Does the ticket earn more per row than the rule without parameters "the next move reverses the last", given the same appetite for trades?
/// The number is the bootstrap lower bound of the paired difference of net return per out-of-sample row in basis points.</summary>
/// <param name="meanBlock">Mean block length in rows.</param>
/// <param name="draws">Bootstrap draws.</param>
public sealed class BetterThanReversalGate(int meanBlock, int draws) : Gate
{
    /// <inheritdoc/>
    public override string Name => "betterThanReversal";

    /// <inheritdoc/>
    public override double Threshold(TicketEvidence evidence) => 0;

    /// <inheritdoc/>
    public override GateJudgement Judge(TicketEvidence evidence)
    {
        var ticket = evidence.Trades();
        var reversal = RowTrades.Of(
            evidence.Dataset, evidence.Rows, evidence.Costs,
            Baselines.SelectiveReversal(evidence.Dataset, evidence.Train, (double)ticket.Count / Math.Max(1, evidence.Rows.Count)));
        var difference = new double[evidence.Rows.Count];
        for (var i = 0; i < difference.Length; i++)
        {
            difference[i] = ticket.NetBp[i] - reversal.NetBp[i];
        }

        var bound = StationaryBootstrap.OfMean(difference, evidence.Level, meanBlock, draws, new Rng(evidence.Seed + 1));
        return GateJudgement.Of(
            Name, bound.Lower, 0, difference.Length, bound.Lower > 0,
            $"{bound.Mean:0.00} bp per row more than reversal after its largest moves ({reversal.Count} trades at {reversal.NetPerTradeBp:0.0} bp net), "
            + $"lower bound {bound.Lower:0.00} bp at level {evidence.LevelText}");
    }
}

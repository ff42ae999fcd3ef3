using TicketBot.Learning;
using TicketBot.Research.Statistics;
using TicketBot.Tickets;

namespace TicketBot.Research.Gates;

/// <summary>Does a trade earn more than it costs, beyond chance? The number is the bootstrap lower bound of the mean net return per trade in basis points.</summary>
/// <param name="meanBlock">Mean block length in rows.</param>
/// <param name="draws">Bootstrap draws.</param>
public sealed class NetExpectancyGate(int meanBlock, int draws) : Gate
{
    /// <inheritdoc/>
    public override string Name => "netExpectancy";

    /// <inheritdoc/>
    public override double Threshold(TicketEvidence evidence) => 0;

    /// <inheritdoc/>
    public override GateJudgement Judge(TicketEvidence evidence)
    {
        var trades = evidence.Trades();
        if (trades.Count == 0)
        {
            return GateJudgement.Of(Name, 0, 0, 0, false, "no trade, so no expectancy");
        }

        var bound = StationaryBootstrap.OfRatio(
            [.. trades.NetBp], [.. trades.Traded], evidence.Level, meanBlock, draws, new Rng(evidence.Seed));
        return GateJudgement.Of(
            Name, bound.Lower, 0, trades.Count, bound.Lower > 0,
            $"mean net {bound.Mean:0.0} bp per trade after {(trades.GrossBp.Sum() - trades.NetBp.Sum()) / trades.Count:0.#} bp of fees, slippage, impact and funding, lower bound {bound.Lower:0.0} bp at level {evidence.LevelText}; "
            + $"{trades.Count} trades, {trades.Accuracy:P1} right");
    }
}

using TicketBot.Tickets;

namespace TicketBot.Research.Gates;

/// <summary>Does the real trading loop on the simulated exchange, fees, slippage, funding, stops and refusals included, earn with it? The number is the net
/// profit per trade in basis points of notional.</summary>
/// <param name="minFills">Least number of fills.</param>
public sealed class ReplayGate(int minFills) : Gate
{
    /// <inheritdoc/>
    public override string Name => "replay";

    /// <inheritdoc/>
    public override double Threshold(TicketEvidence evidence) => 0;

    /// <inheritdoc/>
    public override GateJudgement Judge(TicketEvidence evidence)
    {
        var replay = evidence.Replay ?? throw new InvalidOperationException("Invariant: the replay gate needs a replay");
        var enough = replay.Fills >= minFills;
        var equal = replay.RowsEqual == replay.RowsCompared;
        return GateJudgement.Of(
            Name, replay.NetPerTradeBp, 0, replay.Trades, enough && equal && replay.NetProfit > 0,
            $"net {replay.NetProfit:0.00} after all costs in {replay.Trades} trades and {replay.Fills} fills (at least {minFills} needed), "
            + $"{replay.NetPerTradeBp:0.0} bp per trade; {replay.RowsEqual} of {replay.RowsCompared} decisions equal to research bit for bit");
    }
}

using TicketBot.Tickets;

namespace TicketBot.Research.Gates;

/// <summary>Are there enough out-of-sample trades to judge?</summary>
/// <param name="minTrades">Least number of trades.</param>
public sealed class TradesGate(int minTrades) : Gate
{
    /// <inheritdoc/>
    public override string Name => "trades";

    /// <inheritdoc/>
    public override double Threshold(TicketEvidence evidence) => minTrades;

    /// <inheritdoc/>
    public override GateJudgement Judge(TicketEvidence evidence)
    {
        var trades = evidence.Trades();
        return GateJudgement.Of(
            Name, trades.Count, minTrades, evidence.Rows.Count, trades.Count >= minTrades,
            $"{trades.Count} trades on {evidence.Rows.Count} out-of-sample rows; at least {minTrades} are needed");
    }
}

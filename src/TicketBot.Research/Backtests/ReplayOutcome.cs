namespace TicketBot.Research.Backtests;

/// <summary>What a replay through the real trading loop says about one ticket.</summary>
/// <param name="Trades">Positions the ticket opened and closed.</param>
/// <param name="Fills">Fills of those positions.</param>
/// <param name="NetProfit">Profit after fees and funding in settlement coin.</param>
/// <param name="NetPerTradeBp">Mean net return per trade in basis points of the entry's notional.</param>
/// <param name="RowsCompared">Rows on which the replay asked this ticket.</param>
/// <param name="RowsEqual">Rows of those on which the replay's probability equals the research's, bit for bit.</param>
public sealed record ReplayOutcome(int Trades, int Fills, decimal NetProfit, double NetPerTradeBp, int RowsCompared, int RowsEqual);

namespace TicketBot.Market.Regimes;

/// <summary>A set in force over a stretch of history.</summary>
/// <param name="FirstCandle">Index of the first candle it is in force for; it was fitted on candles before that one only.</param>
/// <param name="Set">The set.</param>
public sealed record RegimeFit(int FirstCandle, RegimeSet Set);

namespace TicketBot.Market.Features;

/// <summary>What <see cref="Indicators.Averages"/> says of the last close.</summary>
/// <param name="Fast">Fast exponential average, the MACD's.</param>
/// <param name="Long">Longer exponential average.</param>
/// <param name="Macd">Its lines.</param>
/// <param name="Strength">Relative strength index, -1..1.</param>
public readonly record struct CloseAverages(double Fast, double Long, Macd Macd, double Strength);

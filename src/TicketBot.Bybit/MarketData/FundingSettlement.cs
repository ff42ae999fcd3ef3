using TicketBot.Domain;

namespace TicketBot.Bybit.MarketData;

/// <summary>A settled funding rate: longs pay shorts where it is above zero.</summary>
/// <param name="Time">Time of the settlement.</param>
/// <param name="Rate">Rate as a fraction of the position's value at mark price.</param>
public readonly record struct FundingSettlement(Instant Time, double Rate);

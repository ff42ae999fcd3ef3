using TicketBot.Domain;

namespace TicketBot.Storage.Csv;

/// <summary>A funding settlement that took place.</summary>
/// <param name="Time">Market time of the settlement.</param>
/// <param name="Rate">What longs pay to shorts, as a fraction of notional; negative when shorts pay.</param>
public readonly record struct FundingRate(Instant Time, decimal Rate);

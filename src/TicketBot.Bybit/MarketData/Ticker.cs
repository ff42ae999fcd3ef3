using TicketBot.Domain;

namespace TicketBot.Bybit.MarketData;

/// <summary>A contract's prices of this moment.</summary>
/// <param name="Symbol">The contract.</param>
/// <param name="Last">Last traded price.</param>
/// <param name="Mark">Mark price: what profit, liquidation and stops by mark price go by.</param>
/// <param name="Index">Index price.</param>
/// <param name="Bid">Best bid, or <c>null</c> where the book is empty.</param>
/// <param name="Ask">Best ask, or <c>null</c> where the book is empty.</param>
/// <param name="TurnoverOfDay">Quote coin traded in 24 hours.</param>
/// <param name="FundingRate">Rate of the coming settlement as a fraction, or <c>null</c>.</param>
/// <param name="NextFunding">Time of the coming settlement, or <c>null</c>.</param>
public sealed record Ticker(
    Symbol Symbol, Price Last, Price Mark, Price Index, Price? Bid, Price? Ask, decimal TurnoverOfDay, double? FundingRate, Instant? NextFunding);

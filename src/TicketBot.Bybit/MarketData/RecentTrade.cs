using TicketBot.Domain;

namespace TicketBot.Bybit.MarketData;

/// <summary>A public trade.</summary>
/// <param name="Id">The venue's id.</param>
/// <param name="TakerSide">Side of who took liquidity.</param>
/// <param name="Price">Traded price.</param>
/// <param name="Size">Base coin.</param>
/// <param name="Time">Venue time.</param>
public sealed record RecentTrade(string Id, Side TakerSide, Price Price, Quantity Size, Instant Time);

using TicketBot.Domain;

namespace TicketBot.Simulator.Matching;

/// <summary>One price of an order book.</summary>
/// <param name="Price">The price, on the tick grid.</param>
/// <param name="Size">Base coin offered or wanted there, above zero.</param>
public readonly record struct BookLevel(decimal Price, decimal Size);

/// <summary>An order book as it stands at a market time.</summary>
/// <param name="Symbol">The contract.</param>
/// <param name="Bids">Who buys, best (highest) first.</param>
/// <param name="Asks">Who sells, best (lowest) first.</param>
/// <param name="UpdateId">Rises by one with each step of the contract; 1 at the start.</param>
/// <param name="Sequence">Ascending number shared with the public trades.</param>
/// <param name="Time">Market time.</param>
public sealed record BookView(
    Symbol Symbol, IReadOnlyList<BookLevel> Bids, IReadOnlyList<BookLevel> Asks, long UpdateId, long Sequence, Instant Time);

/// <summary>A trade as everybody sees it.</summary>
/// <param name="Id">The venue's id; unique for ever.</param>
/// <param name="Time">Market time.</param>
/// <param name="TakerSide">Side of the taker.</param>
/// <param name="Price">The price, on the tick grid.</param>
/// <param name="Size">Base coin, above zero.</param>
/// <param name="Sequence">Ascending number shared with the book.</param>
public sealed record PublicTrade(string Id, Instant Time, Side TakerSide, decimal Price, decimal Size, long Sequence);

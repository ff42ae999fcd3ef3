using TicketBot.Domain;

namespace TicketBot.Bybit.MarketData;

/// <summary>An order book as REST gives it. Its update number belongs to the 1,000-level stream, not to the one that is followed.</summary>
/// <param name="Symbol">The contract.</param>
/// <param name="Bids">Price and size, best (highest) first.</param>
/// <param name="Asks">Price and size, best (lowest) first.</param>
/// <param name="Time">Venue time.</param>
public sealed record BookSnapshot(
    Symbol Symbol, IReadOnlyList<(Price Price, Quantity Size)> Bids, IReadOnlyList<(Price Price, Quantity Size)> Asks, Instant Time)
{
    /// <summary>Best ask minus best bid over the mid price in basis points, or <c>null</c> when a side is empty.</summary>
    public double? SpreadBp => Bids.Count > 0 && Asks.Count > 0
        ? (double)((Asks[0].Price.Value - Bids[0].Price.Value) / ((Asks[0].Price.Value + Bids[0].Price.Value) / 2) * 10_000)
        : null;
}

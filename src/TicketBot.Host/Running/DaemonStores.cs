using TicketBot.Market.Candles;
using TicketBot.Tickets;

namespace TicketBot.Host.Running;

/// <summary>The stores that trading and research share.</summary>
/// <param name="Candles">Closed candles.</param>
/// <param name="Registry">Regime sets and tickets.</param>
public sealed record DaemonStores(ICandleStore Candles, ITicketRegistry Registry);

/// <summary>Which market a run trades.</summary>
/// <param name="Simulated">The simulated market, or <c>null</c> at a real venue.</param>
public sealed record MarketChoice(SimulatedMarket? Simulated);

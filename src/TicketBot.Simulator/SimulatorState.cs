using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator;

/// <summary>One account of a running simulator, for reconciliation.</summary>
/// <param name="MarketTimeMs">Market time in Unix milliseconds.</param>
/// <param name="Step">Steps played.</param>
/// <param name="HasEnded">Whether the market is at its end.</param>
/// <param name="InitialBalance">Settlement coin at the opening.</param>
/// <param name="Wallet">The wallet.</param>
/// <param name="Realised">Realised profit before fees and funding.</param>
/// <param name="Fees">Fees paid.</param>
/// <param name="Funding">Funding paid.</param>
/// <param name="FillCount">Fills.</param>
/// <param name="FundingCount">Funding settlements.</param>
/// <param name="OrderCount">Orders accepted, attached stops among them.</param>
/// <param name="Positions">Positions that are not flat.</param>
/// <param name="OpenOrders">Orders that are not final, oldest first.</param>
public sealed record SimulatorState(
    long MarketTimeMs, long Step, bool HasEnded, decimal InitialBalance, VenueWallet Wallet, decimal Realised, decimal Fees, decimal Funding,
    long FillCount, long FundingCount, long OrderCount, IReadOnlyList<VenuePosition> Positions, IReadOnlyList<VenueOrder> OpenOrders);

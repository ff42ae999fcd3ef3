using TicketBot.Domain;
using TicketBot.Simulator;
using TicketBot.Simulator.Matching;
using TicketBot.Trading;

namespace TicketBot.Host.Tests.Running;

/// <summary>An account on which simulator and journal agree, but for trailing zeros.</summary>
internal static class AgreedAccount
{
    public static readonly SimulatorState Venue = new(1_000, 1, false, 100, new VenueWallet(99.5m, 0, 0, 0, 0, default), 1, 1.5m, 0, 2, 0, 4, [], []);

    public static readonly TradingStatus Journal = new()
    {
        MarketTime = new Instant(1_000), State = TradingState.Active, WalletBalance = new Money(99.50m), Realised = new Money(1.0m), Fees = new Money(1.50m),
        Counts = new TradingCounts(0, 0, 0, 0, 0, 2, 0, 0),
    };
}

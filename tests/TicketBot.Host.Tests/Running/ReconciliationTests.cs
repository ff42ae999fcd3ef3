using TicketBot.Domain;
using TicketBot.Host.Running;
using TicketBot.Simulator;
using TicketBot.Simulator.Matching;
using TicketBot.Trading;

namespace TicketBot.Host.Tests.Running;

public sealed class ReconciliationTests
{
    private static readonly SimulatorState Venue = new(
        0, 1, false, 100, new VenueWallet(99.5m, 0, 0, 0, 0, default), 1, 1.5m, 0, 2, 0, 4, [], []);

    private static readonly TradingStatus Journal = new()
    {
        WalletBalance = new Money(99.50m), Realised = new Money(1.0m), Fees = new Money(1.50m), Counts = new TradingCounts(0, 0, 0, 0, 0, 2, 0, 0),
    };

    [Fact]
    public void Equal_accounts_agree_in_every_figure_whatever_their_trailing_zeros() => Assert.All(Reconciliation.Of(Venue, Journal), f => Assert.True(f.Agrees, f.What));

    [Fact]
    public void The_last_digit_counts()
    {
        var differing = Reconciliation.Of(Venue, Journal with { WalletBalance = new Money(99.5000000001m) }).Where(f => !f.Agrees);
        Assert.Equal(("wallet", "99.5", "99.5000000001"), (differing.Single().What, differing.Single().Venue, differing.Single().Journal));
    }

    [Fact]
    public void A_missing_fill_is_named() =>
        Assert.Contains(Reconciliation.Of(Venue, Journal with { Counts = Journal.Counts with { Fills = 1 } }), f => f is { What: "fills", Agrees: false });
}

using TicketBot.Domain;
using TicketBot.Host.Running;

namespace TicketBot.Host.Tests.Running;

public sealed class ReconciliationTests
{
    [Fact]
    public void Equal_accounts_agree_in_every_figure_whatever_their_trailing_zeros() => Assert.All(Reconciliation.Of(AgreedAccount.Venue, AgreedAccount.Journal), f => Assert.True(f.Agrees, f.What));

    [Fact]
    public void The_last_digit_counts()
    {
        var differing = Reconciliation.Of(AgreedAccount.Venue, AgreedAccount.Journal with { WalletBalance = new Money(99.5000000001m) }).Where(f => !f.Agrees);
        Assert.Equal(("wallet", "99.5", "99.5000000001"), (differing.Single().What, differing.Single().Venue, differing.Single().Journal));
    }

    [Fact]
    public void A_missing_fill_is_named() =>
        Assert.Contains(Reconciliation.Of(AgreedAccount.Venue, AgreedAccount.Journal with { Counts = AgreedAccount.Journal.Counts with { Fills = 1 } }), f => f is { What: "fills", Agrees: false });
}

using TicketBot.Domain;
using TicketBot.Host.Running;

namespace TicketBot.Host.Tests.Running;

public sealed class ConcordTests
{
    private readonly Concord _concord = new();

    [Fact]
    public void Agreement_is_dated_by_market_time()
    {
        _concord.Look(AgreedAccount.Venue, AgreedAccount.Journal);

        Assert.Equal(new Instant(1_000), _concord.AgreedAt);
        Assert.False(_concord.IsBroken);
    }

    [Fact]
    public void A_disagreement_that_stays_is_not_excused_by_a_stop_inside_a_step()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.False(_concord.IsBroken);
            _concord.Look(AgreedAccount.Venue, AgreedAccount.Journal with { WalletBalance = new Money(99.4m) });
        }

        Assert.True(_concord.IsBroken);
        Assert.Contains(_concord.Newest, f => f is { What: "wallet", Agrees: false });
    }

    [Fact]
    public void Pictures_of_different_times_are_not_compared()
    {
        for (var i = 0; i < 5; i++)
        {
            _concord.Look(AgreedAccount.Venue with { MarketTimeMs = 2_000 }, AgreedAccount.Journal with { WalletBalance = new Money(1m) });
        }

        Assert.False(_concord.IsBroken);
        Assert.Null(_concord.AgreedAt);
        Assert.Empty(_concord.Newest);
    }
}

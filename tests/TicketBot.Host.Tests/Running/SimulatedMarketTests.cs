using TicketBot.Domain;
using TicketBot.Host.Running;
using TicketBot.Simulator;
using TicketBot.Testing;
using TicketBot.Trading;

namespace TicketBot.Host.Tests.Running;

public sealed class SimulatedMarketTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Equal_options_are_one_account_and_different_markets_or_costs_are_others()
    {
        var first = Open(new SimulatorOptions(), new CostOptions());
        Assert.Equal(first.Slug, Open(new SimulatorOptions { Speed = 5 }, new CostOptions()).Slug);
        Assert.NotEqual(first.Slug, Open(new SimulatorOptions { Seed = 2 }, new CostOptions()).Slug);
        Assert.NotEqual(first.Slug, Open(new SimulatorOptions { InitialBalance = 5 }, new CostOptions()).Slug);
        Assert.NotEqual(first.Slug, Open(new SimulatorOptions(), new CostOptions { TakerFeeBp = 6 }).Slug);
    }

    [Fact]
    public void At_the_pace_of_the_clock_a_market_begins_now_and_later_where_it_once_began()
    {
        var options = new SimulatorOptions { Speed = 1 };
        var first = Open(options, new CostOptions());
        Assert.Equal(Interval.FifteenMinutes.OpenOf(Instant.From(_clock.GetUtcNow())), first.Source.LiveFrom);
        _clock.Advance(TimeSpan.FromDays(3));
        var again = SimulatedMarket.Open(new RunRequest(), options, Trading(new CostOptions()), slug => slug == first.Slug ? first.Source.LiveFrom : null, _clock);
        Assert.Equal((first.Slug, first.Source.LiveFrom, first.Source.Fingerprint), (again.Slug, again.Source.LiveFrom, again.Source.Fingerprint));
    }

    private SimulatedMarket Open(SimulatorOptions options, CostOptions costs) => SimulatedMarket.Open(new RunRequest(), options, Trading(costs), _ => null, _clock);

    private static TradingOptions Trading(CostOptions costs) => new() { Symbols = ["BTCUSDT"], Costs = costs };
}

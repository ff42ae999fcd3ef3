using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using TicketBot.Domain;
using TicketBot.Host.Running;
using TicketBot.Testing;
using TicketBot.Tickets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;

namespace TicketBot.Host.Tests.Running;

public sealed class ShadowWatchTests
{
    private static readonly SeriesKey Series = new(TestTickets.Symbol, Interval.FifteenMinutes);
    private static readonly Instant Since = new(1_700_000_100_000);
    private readonly ITicketRegistry _registry = Substitute.For<ITicketRegistry>();
    private readonly MemoryJournal _journal = new();
    private readonly Ticket _shadow = TestTickets.Direction("calm-bull");

    [Fact]
    public async Task A_ticket_goes_live_after_the_set_number_of_decisions_when_its_regime_has_no_champion()
    {
        Registry([]);
        Decide(3, Since.Plus(1));
        await LookAsync(3);
        await _registry.DidNotReceiveWithAnyArgs().ChangeStateAsync(default, default, default!, default, default);

        Decide(1, Since.Plus(2));
        await LookAsync(4);

        await _registry.Received(1).ChangeStateAsync(_shadow.Id, TicketState.Live, Arg.Any<string>(), Arg.Any<Instant>(), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task Decisions_before_it_came_into_shadow_do_not_count()
    {
        Registry([]);
        Decide(10, Since.Plus(-1));

        await LookAsync(1);

        await _registry.DidNotReceiveWithAnyArgs().ChangeStateAsync(default, default, default!, default, default);
    }

    [Fact]
    public async Task Beside_a_champion_it_stays_in_shadow()
    {
        Registry([TestTickets.Direction("calm-bull", seed: 2)]);
        Decide(10, Since.Plus(1));

        await LookAsync(1);

        await _registry.DidNotReceiveWithAnyArgs().ChangeStateAsync(default, default, default!, default, default);
    }

    private void Registry(IReadOnlyList<Ticket> live)
    {
        _registry.ActiveSetAsync(Series.Symbol, Series.Interval, Arg.Any<CancellationToken>())
            .Returns(new TicketSet(Series.Symbol, Series.Interval, TestTickets.Regimes(), live));
        _registry.ListAsync(Series.Symbol, Series.Interval, TicketState.Shadow, Arg.Any<CancellationToken>())
            .Returns([new RegistryEntry(_shadow, TicketState.Shadow, Since, "passed")]);
    }

    private void Decide(int count, Instant at)
    {
        for (var i = 0; i < count; i++)
        {
            _journal.Append(new JournalEntry(at, FactJson.DecisionKind, Series.Symbol.Value, "{}", null));
        }

        _journal.Commit();
    }

    private Task LookAsync(int candle) => new ShadowWatch(_registry, _journal, 4, NullLogger<ShadowWatch>.Instance).LookAsync(
        new TradingStatus
        {
            MarketTime = Since.Plus(candle),
            Series = [new SeriesStatus(Series, Since.Plus(candle), 1, null, new Dictionary<string, double>(), null, new Dictionary<string, string>(), null, null)],
        },
        CancellationToken.None);
}

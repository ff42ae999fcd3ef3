using NSubstitute;
using TicketBot.Domain;
using TicketBot.Host.Alerts;
using TicketBot.Testing;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Tests.Alerts;

public sealed class TicketNewsTests
{
    private static readonly SeriesKey Series = new(TestTickets.Symbol, Interval.FifteenMinutes);
    private static readonly Instant Since = new(1_700_000_100_000);
    private readonly ITicketRegistry _registry = Substitute.For<ITicketRegistry>();
    private readonly TicketNews _news;
    private readonly Ticket _first = TestTickets.Direction();
    private readonly Ticket _second = TestTickets.Direction(seed: 2);
    private long _revision;

    public TicketNewsTests() => _news = new TicketNews(_registry);

    [Fact]
    public async Task What_stood_there_before_is_no_news()
    {
        Assert.Empty(await LookAsync((_first, TicketState.Live), (_second, TicketState.Candidate)));
        Assert.Equal([_first], _news.Live);
    }

    [Fact]
    public async Task A_ticket_that_goes_live_is_told_once()
    {
        await LookAsync((_first, TicketState.Shadow));
        var told = Assert.Single(await LookAsync((_first, TicketState.Live)));
        Assert.Equal((AlertCodes.TicketPromoted, _first.Id.Short, AlertSeverity.Warning), (told.Code, told.Subject, told.Severity));
        Assert.Contains("because", told.Text, StringComparison.Ordinal);
        Assert.Empty(await LookAsync((_first, TicketState.Live)));
    }

    [Fact]
    public async Task A_new_ticket_that_a_gate_refused_is_told_with_the_gate()
    {
        await LookAsync();
        var refused = TestTickets.Direction(seed: 3, passed: false);
        var told = Assert.Single(await LookAsync((refused, TicketState.Candidate), (_first, TicketState.Candidate)));
        Assert.Equal((AlertCodes.TicketRejected, AlertSeverity.Info), (told.Code, told.Severity));
        Assert.Contains(refused.Gates.FirstRefusal!.Name, told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ticket_that_retires_is_told_only_when_none_takes_its_place()
    {
        await LookAsync((_first, TicketState.Live));
        Assert.Equal([AlertCodes.TicketPromoted], (await LookAsync((_first, TicketState.Retired), (_second, TicketState.Live))).Select(a => a.Code));
        var told = Assert.Single(await LookAsync((_first, TicketState.Retired), (_second, TicketState.Retired)));
        Assert.Equal((AlertCodes.TicketRetired, _second.Id.Short), (told.Code, told.Subject));
    }

    [Fact]
    public async Task A_registry_that_fails_once_loses_no_news()
    {
        await LookAsync((_first, TicketState.Shadow));
        _registry.RevisionAsync(Arg.Any<CancellationToken>()).Returns(++_revision);
        _registry.ListAsync(Series.Symbol, Series.Interval, null, Arg.Any<CancellationToken>()).Returns<IReadOnlyList<RegistryEntry>>(_ => throw new IOException("locked"));
        await Assert.ThrowsAsync<IOException>(() => _news.LookAsync([Series], CancellationToken.None));
        Assert.Single(await LookAsync((_first, TicketState.Live)));
    }

    private Task<IReadOnlyList<Alert>> LookAsync(params (Ticket Ticket, TicketState State)[] entries)
    {
        _registry.RevisionAsync(Arg.Any<CancellationToken>()).Returns(++_revision);
        _registry.ListAsync(Series.Symbol, Series.Interval, null, Arg.Any<CancellationToken>())
            .Returns([.. entries.Select(e => new RegistryEntry(e.Ticket, e.State, Since, "because"))]);
        return _news.LookAsync([Series], CancellationToken.None);
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using TicketBot.Domain;
using TicketBot.Market;
using TicketBot.Market.Regimes;
using TicketBot.Research.Admission;
using TicketBot.Research.Stages;
using TicketBot.Tickets;

namespace TicketBot.Research.Tests.Admission;

/// <summary>Tickets found on the first 10,000 candles of a planted market trade in shadow on the 3,000 after them.</summary>
public sealed class ShadowTrialTests
{
    private static readonly SearchInput Whole = Markets.Input("planted:0.8", 1, 13_000);
    private static readonly SearchInput Past = Whole with { Candles = [.. Whole.Candles.Take(10_000)], AsOf = Markets.Interval.CloseOf(Whole.Candles[9_999].OpenTime) };
    private static readonly Lazy<Task<FactoryResult>> Found = new(() => Markets.Factory(Markets.Options()).IdentifyAsync(
        Past, new MemoryRunStore(), new MemoryTrialLedger(), null, default));

    private readonly ITicketRegistry _registry = Substitute.For<ITicketRegistry>();

    [Fact]
    public async Task A_challenger_that_earns_where_the_champion_is_silent_takes_over_after_its_decisions_and_not_before()
    {
        var (regimes, sound) = await SoundAsync();
        var silent = Ticket.Seal(sound with { Temperature = 1e6 });
        var trial = Assert.Single(await TrialAsync(regimes, [silent], [(sound, Past.AsOf)]));
        Assert.Equal(ShadowVerdict.Promote, trial.Verdict);
        await _registry.Received(1).ChangeStateAsync(sound.Id, TicketState.Live, Arg.Any<string>(), Whole.AsOf, Arg.Any<CancellationToken>());

        var late = Assert.Single(await TrialAsync(regimes, [silent], [(sound, Markets.Interval.Shift(Whole.AsOf, -150))]));
        Assert.Equal(ShadowVerdict.Stay, late.Verdict);
        Assert.Contains("too few for a look", late.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_challenger_that_does_what_the_champion_does_stays_in_shadow_and_so_does_one_that_is_silent()
    {
        var (regimes, sound) = await SoundAsync();
        var twin = Ticket.Seal(sound with { Temperature = sound.Temperature * (1 + 1e-9) });
        var silent = Ticket.Seal(sound with { Temperature = 1e6 });
        var trials = await TrialAsync(regimes, [sound], [(twin, Past.AsOf), (silent, Past.AsOf)]);
        Assert.Equal([ShadowVerdict.Stay, ShadowVerdict.Stay], trials.Select(t => t.Verdict));
        await _registry.DidNotReceiveWithAnyArgs().ChangeStateAsync(default, default, default!, default, default);
    }

    [Fact]
    public async Task A_shadow_that_says_more_than_it_holds_or_has_expired_is_retired_although_it_earns()
    {
        var (regimes, sound) = await SoundAsync();
        var boaster = Ticket.Seal(sound with { Temperature = sound.Temperature / 4 });
        var old = Ticket.Seal(sound with { ExpiresAt = Whole.AsOf });
        var trials = await TrialAsync(regimes, [Ticket.Seal(sound with { Temperature = 1e6 })], [(boaster, Past.AsOf), (old, Past.AsOf)]);
        Assert.Equal([ShadowVerdict.Retire, ShadowVerdict.Retire], trials.Select(t => t.Verdict));
        Assert.Contains("statedConfidence", trials[0].Reason, StringComparison.Ordinal);
        Assert.Contains("expired", trials[1].Reason, StringComparison.Ordinal);
        await _registry.Received(1).ChangeStateAsync(boaster.Id, TicketState.Retired, Arg.Any<string>(), Whole.AsOf, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task Where_the_champion_has_expired_a_set_in_shadow_is_activated_as_a_whole_after_its_decisions()
    {
        var found = await Found.Value;
        var passed = found.Tickets.Where(t => t.Gates.Passed).ToList();
        var other = new RegimeSet(
            found.Regimes.Window, found.Regimes.MeasureCandles, found.Regimes.Hysteresis + 0.01, found.Regimes.States, found.Regimes.Transitions);
        var champion = Ticket.Seal(passed[0] with { RegimeSetId = other.Id, ExpiresAt = Whole.AsOf });
        var trial = Assert.Single(await TrialAsync(other, [champion], [.. passed.Select(t => (t, Past.AsOf))], found.Regimes));
        Assert.Equal((ShadowVerdict.Promote, passed.Count), (trial.Verdict, trial.Tickets.Count));
        await _registry.Received(1).ActivateAsync(
            Markets.Symbol, Markets.Interval, found.Regimes.Id, Arg.Is<IReadOnlyDictionary<TicketId, TicketState>>(s => s.Count == passed.Count), Arg.Any<string>(), Whole.AsOf,
            Arg.Any<CancellationToken>());
    }

    private static async Task<(RegimeSet Regimes, Ticket Sound)> SoundAsync()
    {
        var found = await Found.Value;
        return (found.Regimes, found.Tickets.First(t => t.Gates.Passed));
    }

    private async Task<IReadOnlyList<ShadowTrial>> TrialAsync(
        RegimeSet inForce, IReadOnlyList<Ticket> live, IReadOnlyList<(Ticket Ticket, Instant Since)> shadows, RegimeSet? ofShadows = null)
    {
        _registry.ActiveSetAsync(Markets.Symbol, Markets.Interval, Arg.Any<CancellationToken>()).Returns(new TicketSet(Markets.Symbol, Markets.Interval, inForce, live));
        _registry.ListAsync(Markets.Symbol, Markets.Interval, TicketState.Shadow, Arg.Any<CancellationToken>())
            .Returns([.. shadows.Select(s => new RegistryEntry(s.Ticket, TicketState.Shadow, s.Since, "passed"))]);
        _registry.FindRegimesAsync(Arg.Any<RegimeSetId>(), Arg.Any<CancellationToken>()).Returns(ofShadows ?? inForce);
        var admission = new TicketAdmission(_registry, Markets.Options(), Markets.Trading(), NullLogger<TicketAdmission>.Instance);
        return await admission.ChallengeAsync(Whole, new MarketOptions(), default);
    }
}

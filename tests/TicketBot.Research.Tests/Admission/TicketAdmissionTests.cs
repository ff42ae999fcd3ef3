using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using TicketBot.Domain;
using TicketBot.Market;
using TicketBot.Market.Regimes;
using TicketBot.Research.Admission;
using TicketBot.Research.Stages;
using TicketBot.Tickets;

namespace TicketBot.Research.Tests.Admission;

public sealed class TicketAdmissionTests
{
    private static readonly SearchInput Input = Markets.Input("planted:0.8", 1, 10_000);
    private static readonly Lazy<Task<FactoryResult>> Found = new(() => Markets.Factory(Markets.Options()).IdentifyAsync(
        Input, new MemoryRunStore(), new MemoryTrialLedger(), null, default));

    [Theory]
    [InlineData(true, TicketState.Live)]
    [InlineData(false, TicketState.Shadow)]
    public async Task Without_a_champion_passed_tickets_go_live_only_where_that_is_allowed(bool liveAtOnce, TicketState expected)
    {
        var found = await Found.Value;
        var registry = Registry(null);
        var outcome = await Admission(registry).AdmitAsync(Input, found, liveAtOnce, default);

        Assert.NotEmpty(outcome.States);
        Assert.All(outcome.States.Values, s => Assert.Equal(expected, s));
        Assert.Equal(found.Tickets.Count(t => t.Gates.Passed), outcome.States.Count);
        await registry.Received(1).ActivateAsync(
            Markets.Symbol, Markets.Interval, found.Regimes.Id, Arg.Any<IReadOnlyDictionary<TicketId, TicketState>>(), Arg.Any<string>(), Input.AsOf,
            Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task An_equal_challenger_does_not_replace_the_champion()
    {
        var found = await Found.Value;
        var passed = found.Tickets.Where(t => t.Gates.Passed).ToList();
        var champion = new TicketSet(Markets.Symbol, Markets.Interval, found.Regimes, passed);
        var contest = ChampionContest.Of(Input, champion, champion, Markets.Options(), Markets.Trading());

        Assert.False(contest.ChallengerWins);
        Assert.Equal(contest.ChampionLowBp, contest.ChallengerLowBp);
        Assert.InRange(contest.Rows, 500, 10_000);
    }

    [Fact]
    public async Task A_ticket_that_no_longer_holds_is_retired_and_others_are_left()
    {
        var found = await Found.Value;
        var live = new TicketSet(Markets.Symbol, Markets.Interval, found.Regimes, [found.Tickets[0], found.Tickets[1]]);
        var registry = Registry(live);
        var none = new GateReport([]);
        var retired = await Admission(registry).DemoteAsync(
            live,
            [
                new ReEvaluation(live.Tickets[0].Id, 900, 200, -5, none, true, "netExpectancy: below zero"),
                new ReEvaluation(live.Tickets[1].Id, 900, 20, -5, none, false, "too few to judge"),
            ],
            Input.AsOf, default);

        Assert.Equal(1, retired);
        await registry.Received(1).ChangeStateAsync(live.Tickets[0].Id, TicketState.Retired, Arg.Any<string>(), Input.AsOf, Arg.Any<CancellationToken>());
        await registry.DidNotReceive().ChangeStateAsync(
            live.Tickets[1].Id, Arg.Any<TicketState>(), Arg.Any<string>(), Arg.Any<Instant>(), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_sound_ticket_still_holds_when_its_gates_are_run_again()
    {
        var found = await Found.Value;
        var live = new TicketSet(Markets.Symbol, Markets.Interval, found.Regimes, [found.Tickets.First(t => t.Gates.Passed)]);
        var options = Markets.Options();
        options.MinTrades = 10;
        var evaluation = Markets.Factory(options).ReEvaluate(Input, live, default)[0];

        Assert.False(evaluation.Demote);
        Assert.True(evaluation.Trades >= 10);
    }

    [Fact]
    public async Task A_ticket_that_earns_but_says_more_than_it_holds_is_not_left_live()
    {
        // A quarter of the temperature: the same sides, stated with far more confidence.
        var found = await Found.Value;
        var sound = found.Tickets.First(t => t.Gates.Passed);
        var boaster = Ticket.Seal(sound with { Temperature = sound.Temperature / 4 });
        var options = Markets.Options();
        options.MinTrades = 100_000;
        var kept = Markets.Factory(options).ReEvaluate(Input, new TicketSet(Markets.Symbol, Markets.Interval, found.Regimes, [sound]), default)[0];
        var refused = Markets.Factory(options).ReEvaluate(Input, new TicketSet(Markets.Symbol, Markets.Interval, found.Regimes, [boaster]), default)[0];

        Assert.False(kept.Demote, kept.Reason);
        Assert.True(refused.Demote && refused.NetPerTradeBp > 0, refused.Reason);
        Assert.Equal("statedConfidence", refused.Gates.FirstRefusal!.Name);
        Assert.All(refused.Gates.Judgements.Skip(1), j => Assert.Null(j.Passed));
    }

    [Fact]
    public async Task A_record_begins_with_the_out_of_sample_signals_that_the_judgement_on_candles_counts()
    {
        var found = await Found.Value;
        var sound = found.Tickets.First(t => t.Gates.Passed);
        var (research, market, trading) = (Markets.Options(), new MarketOptions(), Markets.Trading());
        var (from, until) = OutOfSampleSignals.Range(sound, found.Regimes, market);
        var narrow = Input with { Candles = [.. Input.Candles.Where(c => c.OpenTime >= from && c.OpenTime < until)], AsOf = until };
        var known = OutOfSampleSignals.Of(narrow, found.Regimes, sound, research, market, trading);

        var evidence = ReEvaluation.EvidenceOf(Input, found.Regimes, sound, research, market, trading);
        Assert.Equal(StatedConfidence.Signals(evidence, sound.Lineage.TestedUntil).Known, known);
        Assert.InRange(known.Count, 50, 3_000);
        Assert.False(new TrackRecord(sound, until, known).IsRefuted);
    }

    private static ITicketRegistry Registry(TicketSet? champion)
    {
        var registry = Substitute.For<ITicketRegistry>();
        registry.ActiveSetAsync(Markets.Symbol, Markets.Interval, Arg.Any<CancellationToken>()).Returns(champion);
        registry.FindRegimesAsync(Arg.Any<RegimeSetId>(), Arg.Any<CancellationToken>()).Returns((RegimeSet?)null);
        return registry;
    }

    private static TicketAdmission Admission(ITicketRegistry registry) =>
        new(registry, Markets.Options(), Markets.Trading(), NullLogger<TicketAdmission>.Instance);
}

using TicketBot.Research.Stages;
using TicketBot.Tickets;

namespace TicketBot.Research.Tests;

public sealed class TicketFactoryTests
{
    [Fact]
    public async Task Admits_tickets_of_a_market_with_a_planted_edge_and_replays_them_bit_for_bit()
    {
        var result = await Markets.Factory(Markets.Options()).IdentifyAsync(
            Markets.Input("planted:0.8", 1, 10_000), new MemoryRunStore(), new MemoryTrialLedger(), null, default);

        Assert.Equal("eligible", result.Report.Verdict);
        var passed = result.Tickets.First(t => t.Gates.Passed);
        Assert.Equal(
            ["calibrationCeiling", "trades", "netExpectancy", "betterThanReversal", "betterThanBaselines", "betterThanRandomMask", "maskStability", "winningTicket", "replay"],
            passed.Gates.Judgements.Select(j => j.Name));
        var controls = passed.Gates.Judgements.Single(j => j.Name == "winningTicket");
        Assert.Equal(controls.Value < controls.Threshold ? "winning ticket" : "sparse network", passed.Label);
        Assert.Contains("over 6 seeds, reinit", controls.Reason, StringComparison.Ordinal);
        Assert.True(result.Report.Combined.NetExpectancyLowBp > 0);
        Assert.All(result.Tickets, t => Assert.Equal(t.Id, TicketFile.IdOf(t)));
        Assert.True(result.Report.Selection.Superiority.Consistent < 0.01);
        Assert.InRange(result.Report.Selection.Candidates, 2, 10);
        Assert.NotNull(result.Report.Selection.Overfitting);
        Assert.All(result.Report.Tickets, t => Assert.InRange(t.Calibration!.ExpectedError, 0, 0.1));
    }

    // Convolution, recurrence and attention: masks on every matrix that is pruned, and the replay decides what research decided.
    [Theory]
    [InlineData("conv1d:8x3/relu,flatten,dense:8")]
    [InlineData("gru:8")]
    [InlineData("lstm:6")]
    [InlineData("attention:8x2")]
    public async Task Draws_tickets_of_networks_that_read_a_window_and_replays_them_bit_for_bit(string genes)
    {
        var options = Markets.Options(2);
        (options.Architecture, options.Window, options.Folds, options.Densities, options.Epochs) = (genes, 4, 1, "0.3", 5);
        (options.RandomMaskDraws, options.ControlSeeds, options.StabilityDraws) = (1, 6, 20);
        var result = await Markets.Factory(options).IdentifyAsync(
            Markets.Input("planted:0.9", 1, 3_500) with { AsksEveryGate = true }, new MemoryRunStore(), new MemoryTrialLedger(), null, default);

        Assert.All(result.Tickets, ticket =>
        {
            Assert.Equal(4, ticket.Architecture.Window);
            Assert.All(ticket.Architecture.Parameters.Zip(ticket.Mask), p => Assert.Equal(p.First.IsPrunable, p.Second is { } mask && mask.Contains(true) && mask.Contains(false)));
            Assert.Equal(ticket.Id, TicketFile.IdOf(ticket));
            var replay = ticket.Gates.Judgements.Single(j => j.Name == "replay");
            Assert.Matches("([1-9][0-9]*) of \\1 decisions equal to research bit for bit", replay.Reason);
        });
    }

    [Fact]
    public async Task Refuses_every_ticket_of_a_random_walk_and_runs_no_gate_after_the_refusal()
    {
        var result = await Markets.Factory(Markets.Options()).IdentifyAsync(
            Markets.Input("random", 2, 8_000), new MemoryRunStore(), new MemoryTrialLedger(), null, default);

        Assert.Equal("notEligible", result.Report.Verdict);
        Assert.True(result.Report.Selection.Superiority.Consistent > 0.05);
        Assert.All(result.Tickets, t =>
        {
            var refused = t.Gates.Judgements.ToList().FindIndex(j => j.Passed == false);
            Assert.True(refused >= 0);
            Assert.All(t.Gates.Judgements.Skip(refused + 1), j => Assert.Equal("notRun", j.Reason));
        });
    }

    [Fact]
    public async Task Threads_change_no_bit_of_a_ticket()
    {
        var input = Markets.Input("planted:0.8", 3, 6_000);
        var one = await Markets.Factory(Markets.Options(1)).IdentifyAsync(input, new MemoryRunStore(), new MemoryTrialLedger(), null, default);
        var two = await Markets.Factory(Markets.Options(2)).IdentifyAsync(input, new MemoryRunStore(), new MemoryTrialLedger(), null, default);

        Assert.Equal(one.Tickets.Select(t => t.Id), two.Tickets.Select(t => t.Id));
        Assert.Equal(one.Regimes.Id, two.Regimes.Id);
        Assert.Equal(one.Report.Selection, two.Report.Selection);
    }

    [Fact]
    public async Task A_cancelled_search_resumes_and_ends_at_the_same_tickets()
    {
        var input = Markets.Input("planted:0.8", 4, 6_000);
        var whole = await Markets.Factory(Markets.Options()).IdentifyAsync(input, new MemoryRunStore(), new MemoryTrialLedger(), null, default);
        var store = new MemoryRunStore();
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Markets.Factory(Markets.Options()).IdentifyAsync(
            input, store, new MemoryTrialLedger(), p => (p.Stage == "pooled" ? stop : new CancellationTokenSource()).Cancel(), stop.Token));
        var finishedBefore = store.Count;
        var resumed = await Markets.Factory(Markets.Options()).IdentifyAsync(input, store, new MemoryTrialLedger(), null, default);

        Assert.InRange(finishedBefore, 1, resumed.Report.Trials - 1);
        Assert.Equal(finishedBefore + whole.Report.StagesReused, resumed.Report.StagesReused); // A search reads some of its own stages back too.
        Assert.Equal(whole.Tickets.Select(t => t.Id), resumed.Tickets.Select(t => t.Id));
    }

    [Fact]
    public async Task Too_few_candles_are_refused_with_the_numbers_and_the_remedy()
    {
        var refusal = await Assert.ThrowsAsync<ResearchRefusedException>(() => Markets.Factory(Markets.Options()).IdentifyAsync(
            Markets.Input("random", 1, 700), new MemoryRunStore(), new MemoryTrialLedger(), null, default));

        Assert.Contains("there are 700", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("more history", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Candles_after_the_market_time_change_nothing()
    {
        var input = Markets.Input("planted:0.8", 5, 6_000);
        var later = input.Candles[^1] with { OpenTime = Markets.Interval.CloseOf(input.Candles[^1].OpenTime), Close = 1, Low = 0.5 };
        var plain = await Markets.Factory(Markets.Options()).IdentifyAsync(input, new MemoryRunStore(), new MemoryTrialLedger(), null, default);
        var fed = await Markets.Factory(Markets.Options()).IdentifyAsync(
            input with { Candles = [.. input.Candles, later] }, new MemoryRunStore(), new MemoryTrialLedger(), null, default);

        Assert.Equal(plain.Tickets.Select(t => t.Id), fed.Tickets.Select(t => t.Id));
    }

    [Fact]
    public async Task The_best_of_a_call_is_tested_among_everything_the_ledger_knows_of_these_candles()
    {
        var options = Markets.Options();
        (options.Epochs, options.Folds) = (5, 1);
        var (runs, ledger) = (new MemoryRunStore(), new MemoryTrialLedger());
        var input = Markets.Input("random", 6, 6_000);
        var first = (await Markets.Factory(options).IdentifyAsync(input, runs, ledger, null, default)).Report;
        var second = (await Markets.Factory(options).IdentifyAsync(input with { Seed = 7 }, runs, ledger, null, default)).Report;
        var again = (await Markets.Factory(options).IdentifyAsync(input with { Seed = 7 }, runs, ledger, null, default)).Report;

        var tried = first.Tickets.Select(t => t.IsPooled ? "pooled" : t.Regime).Distinct().Count();
        Assert.Equal(0, first.Selection.FromLedger);
        Assert.Equal(tried, second.Selection.FromLedger);
        Assert.Equal(second.Selection.Candidates, again.Selection.Candidates); // The same call is no further trial.
        Assert.Equal(second.Selection.Superiority.Consistent, again.Selection.Superiority.Consistent);
    }

    [Fact]
    public async Task What_is_fitted_ends_before_the_test_rows_begin()
    {
        var options = Markets.Options();
        options.Folds = 1;
        var result = await Markets.Factory(options).IdentifyAsync(
            Markets.Input("random", 6, 6_000), new MemoryRunStore(), new MemoryTrialLedger(), null, default);

        var ticket = result.Tickets[0];
        var testCandles = result.Report.TestRows * Markets.Interval.NominalMilliseconds;
        Assert.True(ticket.Lineage.TrainedUntil < ticket.Lineage.TestedUntil.Plus(-testCandles));
        Assert.True(ticket.ExpiresAt > ticket.Lineage.TestedUntil);
    }

    [Fact]
    public async Task Fine_tuning_keeps_the_mask_and_refuses_rows_the_ticket_was_trained_on()
    {
        var input = Markets.Input("planted:0.8", 1, 10_000);
        var factory = Markets.Factory(Markets.Options());
        var old = await factory.IdentifyAsync(
            input with { Candles = [.. input.Candles.Take(8_000)] }, new MemoryRunStore(), new MemoryTrialLedger(), null, default);
        var live = new TicketSet(Markets.Symbol, Markets.Interval, old.Regimes, [old.Tickets[0]]);
        var tuned = await factory.FineTuneAsync(input, live, new MemoryRunStore(), new MemoryTrialLedger(), null, default);

        Assert.Equal(live.Tickets[0].Mask.Select(m => m?.Count(b => b)), tuned.Tickets[0].Mask.Select(m => m?.Count(b => b)));
        Assert.NotEqual(live.Tickets[0].Id, tuned.Tickets[0].Id);
        Assert.Equal(old.Regimes.Id, tuned.Regimes.Id);
        Assert.Equal(live.Tickets[0].Id, tuned.Tickets[0].Lineage.Parent);
        var derived = await TicketDerivation.RunAsync(tuned.Tickets[0], live.Tickets[0], old.Regimes, input, 2, null, default);
        Assert.All(derived, part => Assert.True(part.IsEqual, $"{part.Name}: {part.Text}"));
        await Assert.ThrowsAsync<ResearchRefusedException>(() => factory.FineTuneAsync(
            input with { Candles = [.. input.Candles.Take(5_000)] }, live, new MemoryRunStore(), new MemoryTrialLedger(), null, default));
    }

    [Fact]
    public async Task A_pooled_ticket_is_trained_on_once_and_stays_pooled_and_another_market_may_start_from_it()
    {
        var options = Markets.Options();
        (options.Epochs, options.Folds, options.MinRegimeRows, options.Densities) = (12, 1, 100_000, "0.2");
        var input = Markets.Input("planted:0.8", 1, 8_000);
        var factory = Markets.Factory(options);
        var old = await factory.IdentifyAsync(input with { Candles = [.. input.Candles.Take(6_500)] }, new MemoryRunStore(), new MemoryTrialLedger(), null, default);
        var live = new TicketSet(Markets.Symbol, Markets.Interval, old.Regimes, old.Tickets);
        var tuned = await factory.FineTuneAsync(input, live, new MemoryRunStore(), new MemoryTrialLedger(), null, default);

        Assert.All(tuned.Tickets, ticket => Assert.True(ticket.IsPooled));
        Assert.All(tuned.Tickets, ticket => Assert.Equal(tuned.Tickets[0].Weights, ticket.Weights));
        Assert.Equal(live.Tickets.Select(t => t.Id), tuned.Tickets.Select(t => t.Lineage.Parent!.Value));
        Assert.All(tuned.Tickets, ticket => Assert.Contains(ticket.Gates.Judgements, j => j.Name == "betterThanParent"));
        Assert.All(old.Tickets, ticket => Assert.DoesNotContain(ticket.Gates.Judgements, j => j.Name == "betterThanParent"));
        var adaptation = Assert.Single(tuned.Adaptations);
        Assert.Equal(old.Regimes.Names, adaptation.Regimes);
        Assert.Equal((2_000, true), (adaptation.WindowRows, adaptation.RehearsedRows is > 100 and < 400));
        Assert.Equal(adaptation.Looks.Min(look => look.NewLoss), adaptation.Looks.Single(look => look.Update == adaptation.Best).NewLoss);
        Assert.All(adaptation.Forgotten, regime => Assert.InRange(regime.LossAfter - regime.LossBefore, -0.2, 0.2));

        var young = Markets.Input("planted:0.8", 2, 2_000) with { Symbol = new Domain.Symbol("NEWUSDT") };
        Assert.Contains("needs at least", (await Assert.ThrowsAsync<ResearchRefusedException>(
            () => factory.IdentifyAsync(young, new MemoryRunStore(), new MemoryTrialLedger(), null, default))).Message, StringComparison.Ordinal);
        var started = await factory.ColdStartAsync(young, live, new MemoryRunStore(), new MemoryTrialLedger(), null, default);
        Assert.All(started.Tickets, ticket =>
        {
            Assert.Equal((young.Symbol, "coldStart.pooled", live.Tickets[0].Similarity), (ticket.Symbol, ticket.Lineage.Method, ticket.Similarity));
            Assert.Equal(live.Tickets[0].Mask.Select(m => m?.Count(b => b)), ticket.Mask.Select(m => m?.Count(b => b)));
            Assert.Contains(ticket.Gates.Judgements, j => j.Name == "betterThanScratch");
        });
        var derived = await TicketDerivation.RunAsync(started.Tickets[0], live.Tickets[0], old.Regimes, young, 2, null, default);
        Assert.All(derived, part => Assert.True(part.IsEqual, $"{part.Name}: {part.Text}"));
    }
}

using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;
using TicketBot.Trading.Risk;

namespace TicketBot.Trading.Tests;

/// <summary>The regular readings of the account, and what protects a position that they find.</summary>
public sealed class TradingCoreCheckTests
{
    private static readonly Symbol Bitcoin = CoreHarness.Bitcoin;

    [Fact]
    public void A_reading_that_agrees_changes_nothing_and_is_not_journalled()
    {
        var h = Held(out _);
        var before = h.Journal.All.Count;

        for (var i = 0; i < 5; i++)
        {
            h.Send(Routine(Venue(h)));
        }

        Assert.Equal(before, h.Journal.All.Count);
        Assert.Equal(new CheckFindings(5, 0, "", null), h.Core.Findings);
    }

    [Fact]
    public void A_transient_difference_is_looked_at_again_and_denies_nothing()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8));
        var before = h.Journal.All.Count;
        h.Send(Routine(h.Snapshot(10_050m)));
        Assert.True(h.Core.Account.IsReconciled);
        h.Tick(0);
        Assert.IsType<TradingEffect.Check>(h.Others[^1]);
        h.Send(Routine(h.Snapshot(10_000m)));
        h.Tick(0);

        Assert.Equal(before, h.Journal.All.Count);
        Assert.Single(h.Others.OfType<TradingEffect.Check>());
        Assert.Equal((2L, 1L), (h.Core.Findings.Readings, h.Core.Findings.Differences));
        h.Step();
        Assert.Equal(DenialCode.None, h.LastDecision().Denial);
    }

    [Fact]
    public void A_difference_that_stands_for_as_long_as_readings_may_lag_is_taken_in_without_denying_entries()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8));
        h.Send(Routine(h.Snapshot(10_050m)));
        Assert.Empty(h.Core.Picture().Reconcile.Standing);
        h.Tick(AccountState.ReadingLagMs - 1);
        h.Send(Routine(h.Snapshot(10_050m)));
        Assert.Equal((10_000m, true), (h.Core.Account.Wallet.Value, h.Core.Account.IsReconciled));
        h.Tick(1);
        h.Send(Routine(h.Snapshot(10_050m)));
        Assert.NotEmpty(h.Core.Picture().Reconcile.Standing);

        Assert.Equal(10_050m, h.Core.Account.Wallet.Value);
        Assert.True(h.Core.Account.IsReconciled);
        Assert.Equal(Reading.Confirmed, h.Journal.All.Select(FactOf).OfType<Fact.Reconciled>().Last().Reading);
        h.Send(Routine(h.Snapshot(10_050m)));
        Assert.Empty(h.Core.Picture().Reconcile.Standing); // The venue's word was taken, and it still says so.
    }

    [Fact]
    public void Two_different_differences_are_no_confirmation()
    {
        var h = new CoreHarness().StartReconciled();
        h.Send(Routine(h.Snapshot(10_050m)));
        h.Tick(AccountState.ReadingLagMs);
        h.Send(Routine(h.Snapshot(10_060m)));

        Assert.Equal(10_000m, h.Core.Account.Wallet.Value);
    }

    [Fact]
    public void The_account_is_read_again_when_readings_have_caught_up_with_a_lost_private_stream()
    {
        var h = new CoreHarness().StartReconciled();
        h.Tick(60_000); // What the start asked for is over.
        h.Others.Clear();
        h.Send(new Fact.StreamInterrupted(StreamNames.Private, "cut"));
        h.Send(new Fact.StreamRestored(StreamNames.Private));
        Assert.Single(h.Others.OfType<TradingEffect.Reconcile>());
        h.Send(new Fact.Reconciled(h.Snapshot(10_000m)));
        h.Tick(AccountState.ReadingLagMs - 1);
        Assert.DoesNotContain(h.Others, e => e is TradingEffect.Check);
        h.Tick(1);
        Assert.Single(h.Others.OfType<TradingEffect.Check>());
    }

    [Fact]
    public void A_reading_that_does_not_know_a_fill_yet_takes_no_position_away()
    {
        var h = Held(out _);
        var owner = h.Core.Account.HoldingOf(Bitcoin).Owner;
        var lagging = h.Snapshot(h.Core.Account.Wallet.Value) with { Positions = [new PositionReport(Bitcoin, 0, 0, null, h.Now, 1)] };
        h.Send(new Fact.Reconciled(lagging));
        h.Send(new Fact.Reconciled(lagging));
        h.Send(Routine(lagging));
        h.Send(Routine(lagging));
        Assert.NotEqual(0, h.Core.Account.HoldingOf(Bitcoin).Position.SignedQuantity);
        Assert.False(h.Core.Account.IsReconciled);
        h.Tick(1_000);
        Assert.Single(h.Others.OfType<TradingEffect.Reconcile>());
        h.Send(new Fact.Reconciled(Venue(h)));

        Assert.True(h.Core.Account.IsReconciled);
        Assert.Equal(owner, h.Core.Account.HoldingOf(Bitcoin).Owner);
        Assert.DoesNotContain(h.Journal.All, r => r.Entry.Kind == "adopted");
        Assert.Single(h.Journal.All, r => r.Entry.Kind == "cash");
    }

    [Fact]
    public void A_reading_that_still_shows_what_was_closed_brings_nothing_back()
    {
        var h = Held(out var entry);
        var lagging = Venue(h) with { Wallet = h.Snapshot(h.Core.Account.Wallet.Value).Wallet };
        h.Fill(entry with { Side = entry.Side.Opposite(), Id = new ClientOrderId("stop"), ReduceOnly = true, StopLoss = null }, 100m, h.Now);
        var cash = new WalletReport(h.Core.Account.Wallet, h.Core.Account.Wallet, h.Now);
        h.Send(new Fact.Reconciled(lagging with { Wallet = cash }));
        h.Send(new Fact.Reconciled(lagging with { Wallet = cash }));
        Assert.True(h.Core.Account.HoldingOf(Bitcoin).Position.IsFlat);
        h.Tick(1_000);
        h.Send(new Fact.Reconciled(Venue(h)));

        Assert.True(h.Core.Account.IsReconciled);
        Assert.True(h.Core.Account.HoldingOf(Bitcoin).Position.IsFlat);
        Assert.DoesNotContain(h.Journal.All, r => r.Entry.Kind == "adopted");
    }

    [Fact]
    public void An_execution_the_stream_never_told_is_found()
    {
        var h = new CoreHarness { FillOrders = false }.StartReconciled(set: CoreHarness.Set(0.8, horizon: 50));
        h.Step();
        var entry = h.Submitted[^1];
        var execution = Fill(h, entry);
        var venue = h.Snapshot(10_000m - execution.Fee.Value) with
        {
            Positions = [new PositionReport(Bitcoin, entry.Quantity.Value, 100m, entry.StopLoss, h.Now)],
            Executions = [execution],
        };

        h.Send(Routine(venue));
        h.Send(Routine(venue));

        var holding = h.Core.Account.HoldingOf(Bitcoin);
        Assert.Equal(entry.Quantity.Value, holding.Position.SignedQuantity);
        Assert.NotNull(holding.Owner);
        Assert.True(holding.StopConfirmed);
        Assert.Empty(h.Core.Account.SymbolHalts);
        Assert.DoesNotContain(h.Journal.All, r => r.Entry.Kind == "adopted");
    }

    [Fact]
    public void A_reading_waits_until_orders_that_left_are_answered_for()
    {
        var h = new CoreHarness { FillOrders = false, AnswerOrders = false }.StartReconciled(set: CoreHarness.Set(0.8));
        h.Core.CheckDue = true;
        h.Step();
        h.Tick(1_000);
        Assert.DoesNotContain(h.Others, e => e is TradingEffect.Check);

        h.Send(new Fact.Answered(Assert.Single(h.Submitted).Id, AnswerOutcome.Accepted, "v", ""));
        h.Tick(500);

        Assert.Single(h.Others.OfType<TradingEffect.Check>());
    }

    [Fact]
    public void A_stop_taken_away_from_outside_is_set_again_and_the_position_kept()
    {
        var h = Held(out var entry);
        var without = Venue(h, stop: false);
        h.Send(Routine(without));
        h.Send(Routine(without));
        Assert.False(h.Core.Account.HoldingOf(Bitcoin).StopConfirmed);

        h.Tick(0);
        Assert.Equal(new TradingEffect.SetStop(Bitcoin, entry.StopLoss!.Value, false), h.Others[^1]);
        h.Send(new Fact.StopAnswered(Bitcoin, entry.StopLoss.Value, AnswerOutcome.Accepted, ""));
        h.Tick(10_000);
        h.Send(Routine(without));
        h.Send(Routine(without));
        h.Tick(0);

        Assert.Equal(2, h.Others.OfType<TradingEffect.SetStop>().Count());
        Assert.Single(h.Submitted); // A second loss of the stop is no reason to close what can be protected.
    }

    [Theory]
    [InlineData("10001 StopLoss should lower than base_price")]
    [InlineData("110092 expect rising")]
    [InlineData("110093 expect falling")]
    public void A_stop_that_the_market_is_through_already_closes_at_once(string refusal)
    {
        var h = Held(out var entry);
        Lose(h);
        h.Send(new Fact.StopAnswered(Bitcoin, entry.StopLoss!.Value, AnswerOutcome.Refused, refusal));

        Assert.True(h.Submitted[^1].ReduceOnly);
        Assert.Equal(entry.Quantity, h.Submitted[^1].Quantity);
    }

    [Fact]
    public void A_stop_whose_request_was_lost_is_asked_for_again_and_closes_only_when_time_is_up()
    {
        var h = Held(out var entry);
        Lose(h);
        h.Send(new Fact.StopAnswered(Bitcoin, entry.StopLoss!.Value, AnswerOutcome.Unknown, "timeout"));
        h.Tick(500);
        Assert.Single(h.Others.OfType<TradingEffect.SetStop>());
        h.Tick(500);
        Assert.Equal(2, h.Others.OfType<TradingEffect.SetStop>().Count());
        Assert.Single(h.Submitted);

        h.Tick(2_000);

        Assert.True(h.Submitted[^1].ReduceOnly);
    }

    [Fact]
    public void The_stop_of_an_entry_partly_filled_and_cancelled_covers_what_was_filled()
    {
        var h = new CoreHarness { FillOrders = false }.StartReconciled(set: CoreHarness.Set(0.8, horizon: 50));
        h.Step();
        var entry = h.Submitted[^1];
        var part = entry with { Quantity = new Quantity(0.001m) };
        h.Fill(part, 100m, h.Now);
        h.Send(new Fact.OrderChanged(entry.Report(OrderStatus.Cancelled, part.Quantity, h.Now)));
        h.Send(Routine(Venue(h)));
        h.Tick(10_000);

        // The venue's stop is of the whole position, whatever that is: nothing is left to ask for.
        Assert.True(h.Core.Account.HoldingOf(Bitcoin).StopConfirmed);
        Assert.DoesNotContain(h.Others, e => e is TradingEffect.SetStop);
        Assert.Empty(h.Core.Account.SymbolHalts);
    }

    [Fact]
    public void What_is_left_below_the_minimum_is_tried_three_times_and_then_told_once()
    {
        var h = new CoreHarness().StartReconciled();
        var dust = h.Snapshot(10_000m) with { Positions = [new PositionReport(Bitcoin, 0.0004m, 100m, null, h.Now)] };
        h.Send(new Fact.Reconciled(dust));
        h.Tick(AccountState.ReadingLagMs);
        h.Send(new Fact.Reconciled(dust));
        h.AnswerOrders = false;
        for (var i = 0; i < 200; i++)
        {
            h.Tick(1_000);
            if (h.Core.Account.OpenOrders.Count > 0)
            {
                h.Send(new Fact.Answered(h.Submitted[^1].Id, AnswerOutcome.Refused, "", "10001 qty below minimum"));
            }

            if (h.Others.OfType<TradingEffect.SetStop>().Any() && !h.Core.Account.HoldingOf(Bitcoin).StopFailed)
            {
                h.Send(new Fact.StopAnswered(Bitcoin, new Price(98m), AnswerOutcome.Refused, "110017 too small"));
            }
        }

        Assert.Equal(3, h.Submitted.Count);
        Assert.All(h.Submitted, r => Assert.Equal((true, 0.0004m), (r.ReduceOnly, r.Quantity.Value)));
        Assert.Single(h.Journal.All.Select(FactOf).OfType<Fact.SymbolHalted>(), f => f.Code == HaltCode.Dust);
    }

    [Fact]
    public void An_exit_that_is_cancelled_half_filled_is_followed_by_one_for_the_rest()
    {
        var h = Held(out var entry);
        h.Send(new Fact.Commanded(OperatorCommand.Flatten, "now"));
        var exit = h.Submitted[^1];
        h.Waiting.Clear();
        h.Fill(exit with { Quantity = new Quantity(0.001m), StopLoss = null }, 100m, h.Now);
        h.Send(new Fact.OrderChanged(exit.Report(OrderStatus.Cancelled, new Quantity(0.001m), h.Now)));
        h.Tick(30_000);

        Assert.Equal(3, h.Submitted.Count);
        Assert.Equal(entry.Quantity.Value - 0.001m, h.Submitted[^1].Quantity.Value);
        Assert.NotEqual(exit.Id, h.Submitted[^1].Id);
    }

    [Fact]
    public void An_exit_that_nobody_knows_is_sent_again_a_few_times_only_until_time_passes()
    {
        var h = Held(out _);
        h.AnswerOrders = false;
        h.Send(new Fact.Commanded(OperatorCommand.Flatten, "now"));
        var exit = h.Submitted[^1];
        for (var i = 0; i < 50; i++)
        {
            h.Send(new Fact.Answered(exit.Id, AnswerOutcome.Unknown, "", "502"));
            h.Send(new Fact.LookedUp(exit.Id, null));
        }

        Assert.Equal(4, h.Submitted.Count(r => r.Id == exit.Id)); // Once, and three times more.
        h.Tick(3_000);
        h.Send(new Fact.LookedUp(exit.Id, null));
        Assert.Equal(5, h.Submitted.Count(r => r.Id == exit.Id));
    }

    [Fact]
    public void A_cancel_refused_because_the_order_was_filled_leads_to_one_question_and_three_cancels_at_most()
    {
        var h = new CoreHarness { FillOrders = false }.StartReconciled(set: CoreHarness.Set(0.8));
        var request = new OrderRequest
        {
            Id = new ClientOrderId("resting"),
            Symbol = Bitcoin,
            Side = Side.Buy,
            Type = OrderType.Limit,
            Quantity = new Quantity(1m),
            LimitPrice = new Price(90m),
            CausedAt = h.Now,
        };
        h.Core.Restore(new Fact.Intended(new OrderIntent(request, IntentKind.Entry, ExitReason.None, null, null, 0)), h.Now, 1);
        var open = request.Report(OrderStatus.Open, Quantity.Zero, h.Now);
        h.Send(new Fact.OrderChanged(open));
        h.Send(new Fact.Commanded(OperatorCommand.Halt, "now"));
        for (var i = 0; i < 10; i++)
        {
            h.Send(new Fact.CancelAnswered(request.Id, AnswerOutcome.Refused, "110001 too late to cancel"));
            Assert.Equal(i + 1, h.Others.OfType<TradingEffect.LookUp>().Count());
            h.Send(new Fact.LookedUp(request.Id, open));
        }

        Assert.Equal(3, h.Others.OfType<TradingEffect.Cancel>().Count());
    }

    private static CoreHarness Held(out OrderRequest entry)
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8, horizon: 500));
        h.Step();
        h.Step();
        entry = h.Submitted.Single();
        Assert.True(h.Core.Account.HoldingOf(Bitcoin).StopConfirmed);
        return h;
    }

    private static void Lose(CoreHarness h)
    {
        h.Send(Routine(Venue(h, stop: false)));
        h.Send(Routine(Venue(h, stop: false)));
        h.Tick(0);
        Assert.Single(h.Others.OfType<TradingEffect.SetStop>());
    }

    private static ExchangeSnapshot Venue(CoreHarness h, bool stop = true)
    {
        var holding = h.Core.Account.HoldingOf(Bitcoin);
        return h.Snapshot(h.Core.Account.Wallet.Value) with
        {
            Positions = [new PositionReport(Bitcoin, holding.Position.SignedQuantity, holding.Position.AverageEntry, stop ? holding.Stop : null, h.Now, 1)],
        };
    }

    private static Fact.Reconciled Routine(ExchangeSnapshot snapshot) => new(snapshot, Reading.Routine);

    private static Fact FactOf(JournalRecord record) => FactJson.FromEntry(record)!;

    private static Execution Fill(CoreHarness h, OrderRequest request) => request.Report(OrderStatus.Filled, request.Quantity, h.Now)
        .Trade("silent", new Price(100m), request.Quantity, new Money(0.11m), h.Now.Plus(50));
}

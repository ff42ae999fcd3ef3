using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;
using TicketBot.Trading.Risk;

namespace TicketBot.Trading.Tests;

// Each test is named after what once went wrong or nearly did.
public sealed class TradingCoreFaultTests
{
    private static readonly Symbol Bitcoin = CoreHarness.Bitcoin;

    [Fact]
    public void An_entry_that_fills_after_a_flatten_is_closed_too()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8, horizon: 50));
        h.Step();
        var entry = Assert.Single(h.Submitted);
        h.Send(new Fact.Commanded(OperatorCommand.Flatten, "now"));
        h.Fill(entry, 100m, h.Now.Plus(50));
        h.Waiting.Clear();

        h.Tick(1_000);

        Assert.Equal(2, h.Submitted.Count);
        Assert.True(h.Submitted[^1].ReduceOnly);
    }

    [Fact]
    public void An_entry_that_fills_after_a_halt_is_closed_too()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8, horizon: 50));
        h.Step();
        h.Send(new Fact.Commanded(OperatorCommand.Halt, "now"));
        h.Fill(Assert.Single(h.Submitted), 100m, h.Now.Plus(50));
        h.Waiting.Clear();

        h.Tick(1_000);

        Assert.True(h.Submitted[^1].ReduceOnly);
    }

    [Fact]
    public void A_refused_exit_asks_the_venue_and_is_not_repeated_at_every_tick()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8, horizon: 50));
        h.Step();
        h.Step();
        h.AnswerOrders = false;
        h.Send(new Fact.Commanded(OperatorCommand.Halt, "now"));
        for (var i = 0; i < 60; i++)
        {
            if (h.Core.Account.OpenOrders.Count > 0)
            {
                h.Send(new Fact.Answered(h.Submitted[^1].Id, AnswerOutcome.Refused, "", "110017 current position is zero"));
            }

            h.Tick(1_000);
        }

        Assert.Contains(h.Others, e => e is TradingEffect.Reconcile);
        Assert.InRange(h.Submitted.Count(r => r.ReduceOnly), 3, 8);
        Assert.Equal(h.Submitted.Count, h.Submitted.Select(r => r.Id).Distinct().Count());
    }

    [Fact]
    public void A_stop_reported_before_its_execution_counts()
    {
        var h = new CoreHarness { ReportStops = false }.StartReconciled(set: CoreHarness.Set(0.8, horizon: 50));
        h.Step();
        var entry = h.Submitted[^1];
        h.Send(new Fact.PositionChanged(new PositionReport(Bitcoin, entry.Quantity.Value, 100m, entry.StopLoss, h.Now.Plus(60))));
        h.Fill(entry, 100m, h.Now.Plus(50));
        h.Waiting.Clear();

        h.Tick(3_000);

        Assert.True(h.Core.Account.HoldingOf(Bitcoin).StopConfirmed);
        Assert.DoesNotContain(h.Others, e => e is TradingEffect.SetStop);
    }

    [Fact]
    public void A_stop_that_the_venue_accepted_again_does_not_close_the_position()
    {
        var h = new CoreHarness { ReportStops = false }.StartReconciled(set: CoreHarness.Set(0.8, horizon: 50));
        h.Step();
        h.Fill(h.Submitted[^1], 100m, h.Now);
        h.Waiting.Clear();
        h.Tick(2_500);
        var (_, stop, _) = Assert.IsType<TradingEffect.SetStop>(Assert.Single(h.Others));
        h.Send(new Fact.StopAnswered(Bitcoin, stop, AnswerOutcome.Accepted, ""));

        h.Tick(10_000);

        Assert.Single(h.Submitted);
    }

    [Fact]
    public void A_fill_after_the_proof_of_absence_still_belongs_to_its_ticket()
    {
        var h = new CoreHarness { AnswerOrders = false }.StartReconciled(set: CoreHarness.Set(0.8, horizon: 3));
        h.Step();
        var entry = Assert.Single(h.Submitted);
        h.Send(new Fact.Answered(entry.Id, AnswerOutcome.Unknown, "", "timeout"));
        Assert.Equal(new UnknownOrder(entry.Id, Bitcoin, false), Assert.Single(h.Core.Picture().UnknownOrders));
        h.Send(new Fact.LookedUp(entry.Id, null));
        h.Tick(3_500);
        h.Send(new Fact.LookedUp(entry.Id, null));
        Assert.Empty(h.Core.Account.OpenOrders);
        Assert.Empty(h.Core.Picture().UnknownOrders);

        h.Fill(entry, 100m, h.Now);

        var holding = h.Core.Account.HoldingOf(Bitcoin);
        Assert.NotNull(holding.Owner);
        Assert.NotNull(holding.ExitDue);
        Assert.Empty(h.Core.Account.OpenOrders);
    }

    [Fact]
    public void An_order_that_is_filled_without_its_execution_does_not_block_the_symbol_for_ever()
    {
        var h = new CoreHarness { FillOrders = false }.StartReconciled(set: CoreHarness.Set(0.8));
        h.Step();
        var entry = h.Submitted[^1];
        h.Send(new Fact.OrderChanged(entry.Report(OrderStatus.Filled, entry.Quantity, h.Now)));
        h.Tick(11_000);
        Assert.Single(h.Others.OfType<TradingEffect.Reconcile>());
        Assert.DoesNotContain(h.Others, e => e is TradingEffect.LookUp);

        h.Send(new Fact.Reconciled(h.Snapshot(10_000m)));
        h.Send(new Fact.Reconciled(h.Snapshot(10_000m)));
        Assert.Single(h.Core.Account.OpenOrders); // Its execution may lag behind.
        h.Tick(AccountState.ReadingLagMs);
        h.Send(new Fact.Reconciled(h.Snapshot(10_000m)));

        Assert.Empty(h.Core.Account.OpenOrders);
    }

    [Fact]
    public void An_execution_between_the_parts_of_a_snapshot_is_not_adopted_and_counted_again()
    {
        var h = new CoreHarness { FillOrders = false }.StartReconciled(set: CoreHarness.Set(0.8));
        h.Step();
        var entry = h.Submitted[^1];
        h.Waiting.Clear();
        var early = h.Snapshot(10_000m) with
        {
            Positions = [new PositionReport(Bitcoin, entry.Quantity.Value, 100m, entry.StopLoss, h.Now)],
        };

        h.Send(new Fact.Reconciled(early)); // It knows the position, not yet the execution.
        Assert.False(h.Core.Account.IsReconciled);
        h.Tick(1_000);
        Assert.Contains(h.Others, e => e is TradingEffect.Reconcile);
        h.Fill(entry, 100m, h.Now);
        h.Send(new Fact.Reconciled(h.Snapshot(h.Core.Account.Wallet.Value)));

        Assert.True(h.Core.Account.IsReconciled);
        Assert.Equal(entry.Quantity.Value, h.Core.Account.HoldingOf(Bitcoin).Position.SignedQuantity);
        Assert.DoesNotContain(h.Journal.All, r => r.Entry.Kind == "adopted");
        Assert.Single(h.Journal.All, r => r.Entry.Kind == "cash");
    }

    [Fact]
    public void A_position_of_the_venue_is_adopted_when_it_stands_for_as_long_as_readings_may_lag_and_gets_a_stop()
    {
        var h = new CoreHarness().StartReconciled();
        var strange = h.Snapshot(10_000m) with { Positions = [new PositionReport(Bitcoin, -0.5m, 100m, null, h.Now)] };

        h.Send(new Fact.Reconciled(strange));
        Assert.True(h.Core.Account.HoldingOf(Bitcoin).Position.IsFlat);
        h.Tick(AccountState.ReadingLagMs - 1);
        h.Send(new Fact.Reconciled(strange));
        Assert.True(h.Core.Account.HoldingOf(Bitcoin).Position.IsFlat);
        h.Tick(1);
        h.Send(new Fact.Reconciled(strange));
        Assert.Equal(-0.5m, h.Core.Account.HoldingOf(Bitcoin).Position.SignedQuantity);
        Assert.Null(h.Core.Account.HoldingOf(Bitcoin).Owner);
        h.Tick(2_500);

        var set = Assert.Single(h.Others.OfType<TradingEffect.SetStop>());
        Assert.Equal(101.5m, set.Stop.Value);
    }

    [Fact]
    public void Executions_from_before_the_first_balance_are_not_counted_again()
    {
        var h = new CoreHarness().StartReconciled();
        Assert.Equal(h.Now, h.Core.Account.ExecutionsSince);
        var old = new Execution
        {
            Id = new ExecutionId("old"),
            Symbol = Bitcoin,
            Kind = ExecutionKind.Trade,
            OrderId = new VenueOrderId("v"),
            Side = Side.Buy,
            Price = new Price(100m),
            Quantity = new Quantity(1m),
            Fee = new Money(0.1m),
            Time = h.Now.Plus(-1),
        };

        h.Send(new Fact.Reconciled(h.Snapshot(10_000m) with { Executions = [old] }));

        Assert.Equal(10_000m, h.Core.Account.Wallet.Value);
        Assert.True(h.Core.Account.HoldingOf(Bitcoin).Position.IsFlat);
    }

    [Fact]
    public void An_execution_missed_in_one_symbol_is_asked_for_although_another_symbol_executed_later()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8));
        h.Step();
        h.Step();

        Assert.True(h.Core.Account.ExecutionsSince < h.Core.Account.LastExecution);
        Assert.True(h.Core.Account.ExecutionsSince >= h.Core.Account.CashSince);
    }

    [Fact]
    public void The_loss_limit_of_the_day_is_not_lifted_by_a_resume_or_a_pause()
    {
        var h = new CoreHarness(o => (o.MaxPositionFraction, o.MaxGrossFraction) = (1, 1)).StartReconciled(set: CoreHarness.Set(0.8, horizon: 90));
        h.Step();
        h.Step(-0.04);
        var until = h.Core.Account.StateUntil;
        Assert.NotNull(until);

        h.Send(new Fact.Commanded(OperatorCommand.Pause, "hm"));
        h.Send(new Fact.Commanded(OperatorCommand.Resume, "go on"));

        Assert.Equal(TradingState.Halted, h.Core.Account.State);
        Assert.Equal(until, h.Core.Account.StateUntil);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_pause_outlasts_the_halt_of_the_day_whichever_came_first(bool isPausedFirst)
    {
        var h = new CoreHarness(o => (o.MaxPositionFraction, o.MaxGrossFraction) = (1, 1)).StartReconciled(set: CoreHarness.Set(0.8, horizon: 90));
        h.Step();
        if (isPausedFirst)
        {
            h.Send(new Fact.Commanded(OperatorCommand.Pause, "holiday"));
        }

        h.Step(-0.04);
        Assert.Equal(TradingState.Halted, h.Core.Account.State);
        if (!isPausedFirst)
        {
            h.Send(new Fact.Commanded(OperatorCommand.Pause, "holiday"));
        }

        h.Tick(Instant.MillisecondsPerDay);

        Assert.Equal(TradingState.Paused, h.Core.Account.State);
        Assert.Contains("holiday", h.Core.Account.StateReason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exit_that_was_acknowledged_and_then_lost_by_the_venue_is_followed_by_another()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8, horizon: 50));
        h.Step();
        h.Step();
        h.FillOrders = false;
        h.Send(new Fact.Commanded(OperatorCommand.Flatten, "now"));
        var exit = h.Submitted[^1];
        Assert.Equal(OrderStatus.Acknowledged, h.Core.Account.OpenOrders[exit.Id].Order.Status);

        h.Tick(3_000);
        h.Send(new Fact.LookedUp(exit.Id, null));
        h.Tick(3_000);
        h.Send(new Fact.LookedUp(exit.Id, null));
        Assert.Equal(exit, h.Submitted[^1]);
        h.Tick(7_000);
        h.Send(new Fact.LookedUp(exit.Id, null));
        h.Tick(1_000);

        Assert.NotEqual(exit.Id, h.Submitted[^1].Id);
        Assert.True(h.Submitted[^1].ReduceOnly);
        h.Fill(exit, 100m, h.Now); // Heard of after all: it is open no more, and the position it closed is flat.
        Assert.True(h.Core.Account.HoldingOf(Bitcoin).Position.IsFlat);
    }

    [Fact]
    public void An_entry_that_was_acknowledged_and_then_lost_by_the_venue_waits_for_the_operator()
    {
        var h = new CoreHarness { FillOrders = false }.StartReconciled(set: CoreHarness.Set(0.8, horizon: 50));
        h.Step();
        var entry = Assert.Single(h.Submitted);
        for (var i = 0; i < 12; i++)
        {
            h.Tick(3_000);
            h.Send(new Fact.LookedUp(entry.Id, null));
        }

        Assert.True(h.Core.Account.OpenOrders.ContainsKey(entry.Id));
        Assert.Single(h.Core.Account.HaltsOf(Bitcoin));

        h.Send(new Fact.Commanded(OperatorCommand.Resume, "the venue's page shows nothing", Bitcoin));

        Assert.Empty(h.Core.Account.OpenOrders);
        Assert.Empty(h.Core.Account.HaltsOf(Bitcoin));
    }

    [Fact]
    public void A_snapshot_from_before_a_second_interruption_does_not_allow_entries_after_it()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8));
        h.Send(new Fact.StreamInterrupted("private", "cut"));
        h.Send(new Fact.StreamRestored("private"));
        h.Send(new Fact.StreamInterrupted("private", "cut again"));
        h.Send(new Fact.Reconciled(h.Snapshot(10_000m)));
        h.Send(new Fact.StreamRestored("private"));

        h.Step();

        Assert.Equal(DenialCode.NotReconciled, h.LastDecision().Denial);
    }

    [Fact]
    public void A_horizon_exit_leaves_while_the_private_stream_is_away()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8, horizon: 2));
        h.Step();
        h.Step();
        h.Send(new Fact.StreamInterrupted("private", "cut"));

        h.Tick(900_000 + h.Options.ReferenceWaitMs); // No candle came, only time.

        Assert.True(h.Submitted[^1].ReduceOnly);
    }

    [Fact]
    public void A_candle_that_comes_late_but_in_time_closes_the_position_itself_and_opens_no_other()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8, horizon: 2));
        h.Step();
        h.Step();
        var entries = h.Submitted.Count(o => !o.ReduceOnly);
        h.Tick(900_000 + 2_000); // The horizon is over; its candle is on its way.
        Assert.DoesNotContain(h.Submitted, o => o.ReduceOnly);

        var series = h.Core.Series.Single();
        var price = h.Core.Account.LastCloseOf(Bitcoin)!.Value;
        h.Send(new Fact.CandleClosed(series, new Candle(h.Now.Plus(-902_000), price, price, price, price, 1, price)));

        Assert.True(h.Submitted[^1].ReduceOnly);
        Assert.Equal(entries, h.Submitted.Count(o => !o.ReduceOnly));
    }

    [Fact]
    public void An_exit_caused_by_time_names_the_tick_as_its_cause()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8, horizon: 2));
        h.Step();
        h.Step();
        h.Tick(900_000 + h.Options.ReferenceWaitMs);

        var intent = h.Journal.All.Last(r => r.Entry.Kind == FactJson.IntentKind);

        Assert.Equal("event.time", h.Journal.All.Single(r => r.Sequence == intent.Entry.Cause).Entry.Kind);
    }

    [Fact]
    public void A_close_still_waiting_when_the_next_one_comes_is_decided_and_not_passed_over()
    {
        var h = new CoreHarness(null, null, "BTCUSDT", "ETHUSDT").StartReconciled(set: CoreHarness.Set(0.6));
        var bitcoin = h.Core.Series.Single(s => s.Symbol == Bitcoin);
        var price = h.Core.Account.LastCloseOf(Bitcoin)!.Value;

        h.Send(new Fact.CandleClosed(bitcoin, new Candle(h.Now, price, price, price, price, 1, price)));
        h.Send(new Fact.CandleClosed(bitcoin, new Candle(h.Now.Plus(900_000), price, price, price, price, 1, price)));
        h.Tick(1_800_000 + 5_000);

        Assert.Equal([h.Now.Plus(-905_000), h.Now.Plus(-5_000)], h.Decisions().Select(d => d.Time));
    }

    [Fact]
    public void A_start_on_a_new_day_takes_the_peak_at_the_prices_of_that_day()
    {
        var h = new CoreHarness(o => (o.MaxPositionFraction, o.MaxGrossFraction) = (1, 1)).StartReconciled(set: CoreHarness.Set(0.8, horizon: 500));
        h.Step();
        h.Step();
        h.Journal.Commit();
        var price = h.Core.Account.LastCloseOf(Bitcoin)!.Value;
        var account = new AccountState();
        foreach (var record in h.Journal.Committed)
        {
            account.Apply(FactJson.FromEntry(record)!, record.Entry.Time, record.Sequence);
        }

        var tomorrow = h.Now.Plus(Instant.MillisecondsPerDay);
        account.Apply(new Fact.Started(tomorrow, [], [new WarmupRange(h.Core.Series[0], h.Now, tomorrow, price * 0.9)]), tomorrow, 0);

        Assert.Equal(0, account.DayLoss);
        Assert.True(account.Equity.Value < 9_500m);
        Assert.Equal(account.Equity, account.DayPeak);
    }

    [Fact]
    public void Tickets_that_own_nothing_are_forgotten_when_others_take_over()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8, horizon: 50));
        h.Step();
        h.Step();
        var owner = h.Core.Account.HoldingOf(Bitcoin).Owner!.Value;
        var passing = CoreHarness.Set(0.7);
        h.Activate(passing);
        h.Activate(CoreHarness.Set(0.6));

        var pipeline = h.Core.PipelineOf(h.Core.Series[0]);

        Assert.NotNull(pipeline.FindTicket(owner));
        Assert.All(passing.Tickets, t => Assert.Null(pipeline.FindTicket(t.Id)));
    }

    [Fact]
    public void An_entry_partly_filled_and_then_cancelled_is_a_position_with_an_owner()
    {
        var h = new CoreHarness { FillOrders = false }.StartReconciled(set: CoreHarness.Set(0.8, horizon: 2));
        h.Step();
        var entry = h.Submitted[^1];
        var part = entry with { Quantity = new Quantity(0.001m) };
        h.Fill(part, 100m, h.Now); // Its report says filled; the rest was never there.

        Assert.NotNull(h.Core.Account.HoldingOf(Bitcoin).Owner);
        h.Waiting.Clear();
        h.Step();
        h.Step();
        Assert.Equal(0.001m, h.Submitted[^1].Quantity.Value);
    }
}

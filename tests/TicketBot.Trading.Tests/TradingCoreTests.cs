using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Tickets;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;
using TicketBot.Trading.Risk;

namespace TicketBot.Trading.Tests;

public sealed class TradingCoreTests
{
    [Fact]
    public void A_confident_signal_becomes_one_entry_with_its_stop()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8));

        h.Step();

        var request = Assert.Single(h.Submitted);
        Assert.Equal(Side.Buy, request.Side);
        Assert.False(request.ReduceOnly);
        Assert.NotNull(request.StopLoss);
        Assert.True(request.Quantity.Value * (decimal)h.Core.Account.LastCloseOf(CoreHarness.Bitcoin)!.Value <= 200m);
        Assert.Equal(request.Id, h.LastDecision().Order);
    }

    [Fact]
    public void The_intent_is_journalled_with_the_decision_as_its_cause()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.2));
        h.Step();

        var intent = h.Journal.All.Single(r => r.Entry.Kind == FactJson.IntentKind);
        var decision = h.Journal.All.Single(r => r.Sequence == intent.Entry.Cause);
        var candle = h.Journal.All.Single(r => r.Sequence == decision.Entry.Cause);

        Assert.Equal(FactJson.DecisionKind, decision.Entry.Kind);
        Assert.Equal("event.candle", candle.Entry.Kind);
        Assert.Equal(Side.Sell, Assert.Single(h.Submitted).Side);
    }

    [Fact]
    public void A_position_closes_at_its_horizon_reduce_only_and_not_before()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8, horizon: 3));
        h.Step(); // decides and sends
        h.Step(); // fills
        h.Step();
        Assert.Single(h.Submitted);
        Assert.Equal(DenialCode.PositionOpen, h.LastDecision().Denial);

        h.Step(); // three candles after the decision

        Assert.Equal(2, h.Submitted.Count);
        Assert.True(h.Submitted[1].ReduceOnly);
        Assert.Equal(h.Submitted[0].Quantity, h.Submitted[1].Quantity);
        h.Step();
        Assert.True(h.Core.Account.HoldingOf(CoreHarness.Bitcoin).Position.IsFlat);
    }

    [Fact]
    public void Below_the_threshold_nothing_is_signalled()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.6));

        h.Step();

        Assert.Empty(h.Submitted);
        Assert.Equal(DenialCode.BelowConfidence, h.LastDecision().Denial);
        Assert.Null(h.LastDecision().Signal);
        Assert.Equal(0.6, h.LastDecision().Confidence!.Value, 1e-6);
    }

    [Fact]
    public void Without_a_regime_set_or_a_ticket_nothing_is_traded()
    {
        var none = new CoreHarness().StartReconciled();
        none.Step();
        Assert.Equal(DenialCode.NoRegimeSet, none.LastDecision().Denial);

        var empty = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.9) with { Tickets = [] });
        empty.Step();
        Assert.Equal(DenialCode.NoTicketForRegime, empty.LastDecision().Denial);
    }

    [Fact]
    public void A_regime_without_a_ticket_is_traded_by_the_network_of_all_regimes_only_when_that_is_allowed()
    {
        var whole = CoreHarness.Set(0.9);
        // Every regime of the set but one has lost its ticket; the one that is left is the pooled network or not.
        TicketSet Left(string method) => whole with
        {
            Tickets = [.. whole.Tickets.Select(t => t with { Regime = "elsewhere", Lineage = t.Lineage with { Method = method } }).Take(1)],
        };

        foreach (var (allowed, method, trades) in new[] { (false, "earlyBird.pooled", false), (true, "earlyBird.pooled", true), (true, "earlyBird", false) })
        {
            var h = new CoreHarness(o => o.AllWeather = allowed).StartReconciled(set: Left(method));
            h.Step();
            Assert.Equal(trades ? 1 : 0, h.Submitted.Count);
            Assert.Equal(trades ? DenialCode.None : DenialCode.NoTicketForRegime, h.LastDecision().Denial);
        }
    }

    [Fact]
    public void An_expired_ticket_opens_nothing()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.9, expires: CoreHarness.Begin.Plus(900_000)));

        h.Step();

        Assert.Equal(DenialCode.TicketExpired, h.LastDecision().Denial);
    }

    [Fact]
    public void A_pause_stops_entries_only_and_a_resume_ends_it()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8));
        h.Step();
        h.Send(new Fact.Commanded(OperatorCommand.Pause, "lunch"));
        h.Step(); // fills, and the horizon is over: the exit goes out all the same
        Assert.True(h.Submitted[^1].ReduceOnly);
        h.Step();
        Assert.Equal(DenialCode.Paused, h.LastDecision().Denial);

        h.Send(new Fact.Commanded(OperatorCommand.Resume, "back"));
        h.Step();

        Assert.False(h.Submitted[^1].ReduceOnly);
    }

    [Fact]
    public void Nothing_is_opened_before_account_and_venue_agree()
    {
        var h = new CoreHarness();
        h.Core.Start(h.Now, [CoreHarness.InstrumentOf(CoreHarness.Bitcoin)], []);
        h.Activate(CoreHarness.Set(0.9));

        h.Step();

        Assert.Equal(DenialCode.NotReconciled, h.LastDecision().Denial);
    }

    [Fact]
    public void A_lost_stream_blocks_entries_until_a_snapshot_was_taken()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8));
        h.Send(new Fact.StreamInterrupted("private", "cut"));
        h.Step();
        Assert.Equal(DenialCode.NotReconciled, h.LastDecision().Denial);

        h.Send(new Fact.StreamRestored("private"));
        Assert.Contains(h.Others, e => e is TradingEffect.Reconcile);
        h.Send(new Fact.Reconciled(h.Snapshot(10_000m)));
        h.Step();

        Assert.Equal(DenialCode.None, h.LastDecision().Denial);
    }

    [Fact]
    public void A_repaired_candle_is_history_and_opens_nothing()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8));
        h.Tick(900_000 + 120_000); // The candle's close passed two minutes ago and it arrives only now.
        var price = h.Core.Account.LastCloseOf(CoreHarness.Bitcoin)!.Value;

        h.Send(new Fact.CandleClosed(h.Core.Series[0], new Candle(CoreHarness.Begin, price, price, price, price, 1, price)));

        Assert.Equal(DenialCode.StaleCandle, h.LastDecision().Denial);
    }

    [Fact]
    public void The_daily_drawdown_halts_closes_and_ends_with_the_utc_day()
    {
        var h = new CoreHarness(o =>
        {
            o.MaxPositionFraction = 1;
            o.MaxGrossFraction = 1;
        }).StartReconciled(set: CoreHarness.Set(0.8, horizon: 90));
        h.Step();
        h.Step(-0.04); // filled at the open, 4 % down at the close

        Assert.Equal(TradingState.Halted, h.Core.Account.State);
        Assert.True(h.Submitted[^1].ReduceOnly);
        h.Step();
        Assert.True(h.Core.Account.HoldingOf(CoreHarness.Bitcoin).Position.IsFlat);
        Assert.Equal(DenialCode.Halted, h.LastDecision().Denial);

        var midnight = CoreHarness.Begin.Plus(Instant.MillisecondsPerDay);
        while (h.Now < midnight)
        {
            Assert.Equal(TradingState.Halted, h.Core.Account.State);
            h.Step();
        }

        Assert.Equal(TradingState.Active, h.Core.Account.State);
        Assert.Equal(1, h.Core.Account.Counts.Halts);
    }

    [Fact]
    public void A_halt_outlives_a_kill()
    {
        var h = new CoreHarness(o => (o.MaxPositionFraction, o.MaxGrossFraction) = (1, 1)).StartReconciled(set: CoreHarness.Set(0.8, horizon: 90));
        h.Step();
        h.Step(-0.04);
        h.Journal.Commit();

        var again = new CoreHarness(o => (o.MaxPositionFraction, o.MaxGrossFraction) = (1, 1), new MemoryJournal(h.Journal.Committed));

        Assert.Equal(TradingState.Halted, again.Core.Account.State);
        Assert.Equal(h.Core.Account.StateUntil, again.Core.Account.StateUntil);
        Assert.Equal(h.Core.Account.Equity, again.Core.Account.Equity);
        Assert.Equal(h.Core.Account.DayPeak, again.Core.Account.DayPeak);
    }

    [Fact]
    public void An_entry_without_an_answer_is_looked_up_and_never_sent_again()
    {
        var h = new CoreHarness { AnswerOrders = false }.StartReconciled(set: CoreHarness.Set(0.8));
        h.Step();
        var id = Assert.Single(h.Submitted).Id;

        h.Send(new Fact.Answered(id, AnswerOutcome.Unknown, "", "timeout"));
        Assert.Equal(new TradingEffect.LookUp(CoreHarness.Bitcoin, id), Assert.Single(h.Others));
        h.Send(new Fact.LookedUp(id, null));
        h.Tick(1_000);
        Assert.Single(h.Others);
        h.Tick(2_500);
        Assert.Equal(2, h.Others.Count);
        h.Send(new Fact.LookedUp(id, null));

        Assert.Empty(h.Core.Account.OpenOrders);
        Assert.Single(h.Submitted);
        Assert.Contains(h.Journal.All, r => r.Entry.Kind == "absent");
    }

    [Fact]
    public void An_exit_without_an_answer_is_sent_again_with_the_same_id_after_one_look_up()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8));
        h.Step();
        h.AnswerOrders = false;
        h.Step();
        var exit = h.Submitted[^1];
        Assert.True(exit.ReduceOnly);

        h.Send(new Fact.Answered(exit.Id, AnswerOutcome.Unknown, "", "timeout"));
        h.Send(new Fact.LookedUp(exit.Id, null));

        Assert.Equal(3, h.Submitted.Count);
        Assert.Equal(exit, h.Submitted[^1]);
    }

    [Fact]
    public void A_missing_stop_is_set_and_then_the_position_closed()
    {
        var h = new CoreHarness { ReportStops = false }.StartReconciled(set: CoreHarness.Set(0.8, horizon: 50));
        h.Step();
        var entry = h.Submitted[^1];
        h.Fill(entry, 100m, h.Now);
        h.Waiting.Clear();
        h.Tick(1_000);
        Assert.Empty(h.Others);
        h.Tick(1_500);
        Assert.Equal(new TradingEffect.SetStop(CoreHarness.Bitcoin, entry.StopLoss!.Value, false), Assert.Single(h.Others));

        h.Tick(3_500);

        Assert.True(h.Submitted[^1].ReduceOnly);
        Assert.Contains("Unprotected", h.Journal.All.Last(r => r.Entry.Kind == FactJson.IntentKind).Entry.Payload, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kill_between_intent_and_answer_leads_to_a_look_up_after_the_restart()
    {
        var h = new CoreHarness { AnswerOrders = false }.StartReconciled(set: CoreHarness.Set(0.8));
        h.Step();
        h.Journal.Commit();

        var again = new CoreHarness(journal: new MemoryJournal(h.Journal.Committed)) { AnswerOrders = false }.StartReconciled(set: CoreHarness.Set(0.8));

        Assert.Contains(new TradingEffect.LookUp(CoreHarness.Bitcoin, h.Submitted[0].Id), again.Others);
        Assert.Empty(again.Submitted);
    }

    [Fact]
    public void The_order_in_which_equal_closes_arrive_changes_no_decision()
    {
        var forward = Run(reverse: false);
        var backward = Run(reverse: true);

        Assert.Equal(forward, backward);
        Assert.Contains(forward, d => d.Contains("approved", StringComparison.Ordinal));

        static List<string> Run(bool reverse)
        {
            var h = new CoreHarness(o => (o.MaxPositionFraction, o.MaxGrossFraction) = (0.02m, 0.03m), null, "BTCUSDT", "ETHUSDT")
                .StartReconciled(set: CoreHarness.Set(0.8));
            h.Activate(CoreHarness.Set(0.8, symbol: "ETHUSDT"));
            for (var i = 0; i < 20; i++)
            {
                h.Step(i % 2 == 0 ? 0.002 : -0.003, reverse ? h.Core.Series.Reverse() : null);
            }

            return [.. h.Core.Picture().Decisions.Select(d => $"{d.Time} {d.Series} {d.Verdict} {d.Detail} {d.OrderId}")];
        }
    }

    [Fact]
    public void A_close_that_one_series_misses_is_decided_after_the_wait()
    {
        var h = new CoreHarness(null, null, "BTCUSDT", "ETHUSDT").StartReconciled(set: CoreHarness.Set(0.8));
        var bitcoin = h.Core.Series.Single(s => s.Symbol == CoreHarness.Bitcoin);
        h.Step(order: [bitcoin]);
        Assert.Empty(h.Decisions());

        h.Tick(5_000);

        Assert.Single(h.Decisions());
        Assert.Single(h.Submitted);
    }

    [Fact]
    public void Flatten_closes_every_position_and_trading_goes_on()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8, horizon: 50));
        h.Step();
        h.Step();

        h.Send(new Fact.Commanded(OperatorCommand.Flatten, "now"));

        Assert.True(h.Submitted[^1].ReduceOnly);
        Assert.Equal(TradingState.Active, h.Core.Account.State);
    }

    [Fact]
    public void Folding_the_journal_gives_the_account_of_the_living_core()
    {
        var h = new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8, horizon: 2));
        for (var i = 0; i < 40; i++)
        {
            h.Step((i % 7 - 3) * 0.001);
        }

        h.Journal.Commit();
        var again = new CoreHarness(journal: new MemoryJournal(h.Journal.Committed)).Core.Account;

        Assert.True(h.Core.Account.Counts.Fills > 10);
        Assert.Equal(h.Core.Account.Counts, again.Counts);
        Assert.Equal(h.Core.Account.Wallet, again.Wallet);
        Assert.Equal(h.Core.Account.Equity, again.Equity);
        Assert.Equal(h.Core.Account.DayPeak, again.DayPeak);
        Assert.Equal(h.Core.Account.OpenOrders.Keys.Order(Comparer<ClientOrderId>.Create((a, b) => string.CompareOrdinal(a.Value, b.Value))), again.OpenOrders.Keys);
        Assert.Equal(
            h.Core.Account.HoldingOf(CoreHarness.Bitcoin).Position.SignedQuantity, again.HoldingOf(CoreHarness.Bitcoin).Position.SignedQuantity);
    }
}

using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;
using TicketBot.Trading.Risk;

namespace TicketBot.Trading.Tests;

/// <summary>What halts the entries of one symbol and of all, and that it never halts an exit.</summary>
public sealed class TradingCoreHaltTests
{
    private static readonly Symbol Bitcoin = CoreHarness.Bitcoin;
    private static readonly Symbol Ether = new("ETHUSDT");

    [Fact]
    public void A_fill_beyond_the_order_halts_the_symbol_and_no_other()
    {
        var h = Two();
        h.Step();
        var entry = h.Submitted.Single(r => r.Symbol == Bitcoin);
        h.Fill(entry with { Quantity = new Quantity(entry.Quantity.Value * 2) }, 100m, h.Now);
        h.Waiting.RemoveAll(r => r.Symbol == Bitcoin);

        Assert.Equal([HaltCode.Overfilled], Codes(h, Bitcoin));
        Assert.Empty(Codes(h, Ether));
        h.Step();
        h.Step();
        Assert.True(h.Submitted.Exists(r => r.Symbol == Bitcoin && r.ReduceOnly && r.Quantity.Value == entry.Quantity.Value * 2));
        h.Step();
        Assert.Equal(DenialCode.SymbolHalted, h.Decisions().Last(d => d.Series.Symbol == Bitcoin).Denial);
        Assert.NotEqual(DenialCode.SymbolHalted, h.Decisions().Last(d => d.Series.Symbol == Ether).Denial);
    }

    [Fact]
    public void A_report_of_the_other_side_halts_the_symbol()
    {
        var h = One();
        h.Step();
        var entry = h.Submitted[^1];
        h.Send(new Fact.OrderChanged(Report(entry, OrderStatus.Open) with { Side = entry.Side.Opposite() }));

        Assert.Equal([HaltCode.Contradiction], Codes(h, Bitcoin));
    }

    [Theory]
    [InlineData(ExecutionKind.Forced, false, HaltCode.ForcedExecution)]
    [InlineData(ExecutionKind.Trade, false, HaltCode.OutsideTrade)]
    [InlineData(ExecutionKind.Trade, true, HaltCode.None)]
    [InlineData(ExecutionKind.Funding, false, HaltCode.None)]
    public void What_the_venue_executes_without_an_order_of_ours_halts_unless_it_was_the_stop(ExecutionKind kind, bool isStop, HaltCode expected)
    {
        var h = One(horizon: 50);
        h.Step();
        h.Step();
        var held = h.Core.Account.HoldingOf(Bitcoin).Position;
        h.Send(new Fact.Executed(Outside(h, held.Side!.Value.Opposite(), held.Quantity.Value) with { Kind = kind, IsStopLoss = isStop }));

        Assert.Equal(expected == HaltCode.None ? [] : [expected], Codes(h, Bitcoin));
        Assert.Equal(kind != ExecutionKind.Funding, held.IsFlat);
    }

    [Fact]
    public void A_manual_trade_is_adopted_gets_a_stop_and_is_never_added_to()
    {
        var h = One(horizon: 50);
        h.Send(new Fact.Executed(Outside(h, Side.Buy, 0.5m)));
        Assert.True(h.Core.Picture().Positions.Single().IsForeign);

        h.Tick(1_000);
        Assert.Equal(new TradingEffect.SetStop(Bitcoin, new Price(98.5m), false), Assert.Single(h.Others));
        h.Send(new Fact.StopAnswered(Bitcoin, new Price(98.5m), AnswerOutcome.Accepted, ""));
        h.Tick(899_000);
        h.Step();
        h.Step();

        Assert.Empty(h.Submitted);
        Assert.Equal(DenialCode.PositionOpen, h.LastDecision().Denial);
        Assert.Equal([HaltCode.OutsideTrade], Codes(h, Bitcoin));
    }

    [Fact]
    public void Wrong_leverage_and_hedge_mode_halt_until_a_snapshot_shows_them_right_again()
    {
        var h = One();
        h.Send(Snapshot(h, r => r with { Leverage = 10, IsHedged = true }));
        Assert.Equal([HaltCode.Leverage, HaltCode.HedgeMode], Codes(h, Bitcoin));
        h.Step();
        Assert.Equal(DenialCode.SymbolHalted, h.LastDecision().Denial);
        Assert.Contains("leverage is 10", h.LastDecision().Detail, StringComparison.Ordinal);

        h.Send(Snapshot(h, r => r with { Leverage = 1 }));
        h.Step();

        Assert.Empty(Codes(h, Bitcoin));
        Assert.Equal(DenialCode.None, h.LastDecision().Denial);
        Assert.Equal(2, h.Journal.All.Count(r => r.Entry.Kind == "symbol.resumed"));
    }

    [Fact]
    public void An_order_unknown_for_too_long_halts_its_own_symbol_and_knowing_its_end_lifts_that()
    {
        var h = Two();
        h.AnswerOrders = false;
        h.Step();
        var entry = h.Submitted.Single(r => r.Symbol == Bitcoin);
        h.Send(new Fact.Answered(entry.Id, AnswerOutcome.Unknown, "", "timeout"));
        h.Send(new Fact.Answered(h.Submitted.Single(r => r.Symbol == Ether).Id, AnswerOutcome.Refused, "", "110007 no margin"));
        h.Send(new Fact.LookUpFailed(entry.Id, "503"));
        h.Tick(29_000);
        Assert.Empty(Codes(h, Bitcoin));
        h.Tick(1_000);
        Assert.Equal([HaltCode.OrderUnknown], Codes(h, Bitcoin));
        Assert.Empty(Codes(h, Ether));
        var asked = h.Others.OfType<TradingEffect.LookUp>().Count();
        h.Send(new Fact.LookUpFailed(entry.Id, "503"));
        h.Tick(3_000);
        Assert.True(h.Others.OfType<TradingEffect.LookUp>().Count() > asked);

        h.Send(new Fact.LookedUp(entry.Id, Report(entry, OrderStatus.Rejected)));
        h.Tick(1_000);

        Assert.Empty(Codes(h, Bitcoin));
    }

    [Fact]
    public void A_resume_lifts_the_halts_of_the_symbol_it_names_or_of_all()
    {
        var h = Two();
        h.Send(new Fact.Executed(Outside(h, Side.Buy, 0.5m)));
        h.Send(new Fact.Executed(Outside(h, Side.Buy, 0.5m) with { Symbol = Ether, Id = new ExecutionId("e") }));
        h.Send(new Fact.Commanded(OperatorCommand.Resume, "looked", Ether));
        Assert.Equal([HaltCode.OutsideTrade], Codes(h, Bitcoin));
        Assert.Empty(Codes(h, Ether));

        h.Send(new Fact.Commanded(OperatorCommand.Resume, "looked"));

        Assert.Empty(h.Core.Account.SymbolHalts);
        Assert.Equal(TradingState.Active, h.Core.Account.State);
    }

    [Fact]
    public void A_halt_of_a_symbol_outlives_a_kill()
    {
        var h = One();
        h.Send(new Fact.Executed(Outside(h, Side.Buy, 0.5m)));
        h.Journal.Commit();

        var again = new CoreHarness(journal: new MemoryJournal(h.Journal.Committed)).StartReconciled(h.Core.Account.Wallet.Value, CoreHarness.Set(0.8));

        Assert.Equal(h.Core.Account.SymbolHalts, again.Core.Account.SymbolHalts);
    }

    [Theory]
    [InlineData(StreamNames.Journal, DenialCode.JournalNotDurable)]
    [InlineData(StreamNames.Clock, DenialCode.ClockOffset)]
    [InlineData(StreamNames.Account, DenialCode.AccountRefused)]
    [InlineData(StreamNames.Public, DenialCode.StreamInterrupted)]
    [InlineData("candles BTCUSDT/15m", DenialCode.CandlesInterrupted)]
    [InlineData("candles ETHUSDT/15m", DenialCode.None)]
    [InlineData("candles BTCUSDT/1h", DenialCode.None)]
    public void An_interruption_denies_entries_with_a_code_of_its_own_and_no_exit(string stream, DenialCode expected)
    {
        var h = One(horizon: 2);
        h.Send(new Fact.StreamInterrupted(stream, "for a test"));
        h.Step();
        Assert.Equal(expected, h.LastDecision().Denial);
        Assert.Equal(expected == DenialCode.None ? 1 : 0, h.Submitted.Count);

        h.Send(new Fact.StreamRestored(stream));
        h.Step();
        h.Send(new Fact.StreamInterrupted(stream, "again"));
        h.Step();
        h.Step();

        Assert.Contains(h.Submitted, r => r.ReduceOnly);
    }

    [Fact]
    public void A_late_candle_of_the_reference_denies_entries_too()
    {
        var h = new CoreHarness(null, null, Bitcoin, "BTCUSDT", "ETHUSDT").StartReconciled(set: CoreHarness.Set(0.8));
        h.Activate(CoreHarness.Set(0.8, symbol: "ETHUSDT"));
        h.Send(new Fact.StreamInterrupted("candles BTCUSDT/15m", "late"));

        h.Step();

        Assert.All(h.Decisions(), d => Assert.Equal(DenialCode.CandlesInterrupted, d.Denial));
        Assert.Equal(2, h.Decisions().Count);
    }

    private static CoreHarness One(int horizon = 1) => new CoreHarness().StartReconciled(set: CoreHarness.Set(0.8, horizon));

    private static CoreHarness Two()
    {
        var h = new CoreHarness(null, null, "BTCUSDT", "ETHUSDT").StartReconciled(set: CoreHarness.Set(0.8));
        h.Activate(CoreHarness.Set(0.8, symbol: "ETHUSDT"));
        return h;
    }

    private static HaltCode[] Codes(CoreHarness h, Symbol symbol) => [.. h.Core.Account.HaltsOf(symbol).Select(halt => halt.Code)];

    private static Fact.Reconciled Snapshot(CoreHarness h, Func<PositionReport, PositionReport> change)
    {
        var snapshot = h.Snapshot(h.Core.Account.Wallet.Value);
        return new Fact.Reconciled(snapshot with { Positions = [.. snapshot.Positions.Select(change)] });
    }

    private static Execution Outside(CoreHarness h, Side side, decimal quantity) => new()
    {
        Id = new ExecutionId($"outside-{h.Journal.All.Count}"),
        Symbol = Bitcoin,
        Kind = ExecutionKind.Trade,
        OrderId = new VenueOrderId("v-outside"),
        Side = side,
        Price = new Price(100m),
        Quantity = new Quantity(quantity),
        Fee = new Money(0.01m),
        Time = h.Now,
    };

    private static OrderReport Report(OrderRequest request, OrderStatus status) => new()
    {
        VenueId = new VenueOrderId("v-" + request.Id),
        ClientOrderId = request.Id,
        Symbol = request.Symbol,
        Side = request.Side,
        Status = status,
        Quantity = request.Quantity,
        FilledQuantity = Quantity.Zero,
        Time = CoreHarness.Begin.Plus(1),
    };
}

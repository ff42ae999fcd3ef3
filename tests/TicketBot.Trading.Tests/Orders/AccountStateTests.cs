using TicketBot.Domain;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;
using TicketBot.Trading.Risk;
using TicketBot.Trading.Signals;

namespace TicketBot.Trading.Tests.Orders;

public sealed class AccountStateTests
{
    private static readonly Symbol Bitcoin = new("BTCUSDT");
    private static readonly SeriesKey Series = new(Bitcoin, Interval.FifteenMinutes);
    private static readonly Instant Noon = new(1_700_049_600_000); // 2023-11-15T12:00:00Z
    private static readonly ClientOrderId EntryId = new("tb-entry");
    private readonly AccountState _account = new();
    private long _sequence;

    public AccountStateTests() => Apply(new Fact.CashChanged(new Money(10_000m), true));

    [Fact]
    public void Wallet_is_cash_and_realised_less_fees_and_funding()
    {
        Enter();
        Apply(Execution("e1", Side.Buy, 100m, 2m, fee: 0.11m));
        Apply(Execution("f1", Side.Buy, 101m, 2m, fee: 0.02m, ExecutionKind.Funding));
        Apply(Execution("e2", Side.Sell, 103m, 2m, fee: 0.1133m));

        Assert.Equal(10_000m + 6m - 0.11m - 0.02m - 0.1133m, _account.Wallet.Value);
        Assert.Equal(_account.Wallet, _account.Equity);
        Assert.Equal(2, _account.Counts.Fills);
        Assert.Equal(1, _account.Counts.FundingPayments);
    }

    [Fact]
    public void The_same_execution_counts_once()
    {
        Enter();
        Apply(Execution("e1", Side.Buy, 100m, 2m));
        Apply(Execution("e1", Side.Buy, 100m, 2m));

        Assert.Equal(2m, _account.HoldingOf(Bitcoin).Position.SignedQuantity);
    }

    [Fact]
    public void A_position_belongs_to_the_ticket_of_its_entry_until_it_is_flat()
    {
        Enter();
        Apply(Execution("e1", Side.Buy, 100m, 2m));
        var holding = _account.HoldingOf(Bitcoin);
        Assert.Equal(new TicketId("t"), holding.Owner);
        Assert.Equal(Noon.Plus(900_000), holding.ExitDue);

        Apply(Execution("e2", Side.Sell, 101m, 2m) with { Execution = Execution("e2", Side.Sell, 101m, 2m).Execution with { ClientOrderId = default } });

        Assert.Null(holding.Owner);
        Assert.Null(holding.ExitDue);
    }

    [Fact]
    public void A_final_order_stays_known_until_its_executions_have_arrived()
    {
        Enter();
        Apply(new Fact.OrderChanged(Report(OrderStatus.Filled, 2m)));
        Assert.True(_account.OpenOrders.ContainsKey(EntryId));

        Apply(Execution("e1", Side.Buy, 100m, 2m));

        Assert.Empty(_account.OpenOrders);
        Assert.Equal(new TicketId("t"), _account.HoldingOf(Bitcoin).Owner);
    }

    [Fact]
    public void An_order_whose_answer_did_not_come_before_a_restart_is_unknown()
    {
        Enter();

        Apply(new Fact.Started(Noon, [], []));

        Assert.Equal(OrderStatus.Unknown, _account.OpenOrders[EntryId].Order.Status);
    }

    [Fact]
    public void A_halt_survives_a_restart_and_an_active_trader_recovers_first()
    {
        Apply(new Fact.StateChanged(TradingState.Active, "go", null));
        Apply(new Fact.Started(Noon, [], []));
        Assert.Equal(TradingState.Starting, _account.State);

        Apply(new Fact.StateChanged(TradingState.Halted, "loss", Noon.Plus(1)));
        Apply(new Fact.Started(Noon, [], []));
        Assert.Equal(TradingState.Halted, _account.State);
    }

    [Fact]
    public void Day_loss_is_measured_from_the_peak_of_the_utc_day_and_starts_anew_at_midnight()
    {
        Enter();
        Apply(Execution("e1", Side.Buy, 100m, 2m));
        Close(150, Noon.Plus(900_000)); // equity 10,100
        Close(50, Noon.Plus(1_800_000)); // equity 9,900
        Assert.Equal(200m / 10_100m, _account.DayLoss);

        Apply(new Fact.TimePassed(Noon.Plus(12 * 3_600_000)), Noon.Plus(12 * 3_600_000));

        Assert.Equal(0m, _account.DayLoss);
        Assert.Equal(9_900m, _account.DayPeak.Value);
    }

    [Fact]
    public void A_day_that_is_over_is_reported_with_what_it_brought_and_the_next_counts_anew()
    {
        Assert.Null(_account.LastDay);
        Enter();
        Apply(Execution("e1", Side.Buy, 100m, 2m, fee: 0.5m));
        Close(110, Noon.Plus(900_000), DenialCode.PositionOpen);
        Apply(new Fact.CashChanged(new Money(-4_000m), false));
        var midnight = Noon.Plus(12 * 3_600_000);
        Apply(new Fact.TimePassed(midnight), midnight);

        var first = _account.LastDay!;
        Assert.Equal((Noon.StartOfUtcDay(), 1, 1, 1), (first.Day, first.Decisions, first.Orders, first.Fills));
        Assert.Equal((19.5m, 6_019.5m), (first.Profit.Value, first.Equity.Value)); // The withdrawal is no loss.
        Assert.Equal([new(DenialCode.PositionOpen, 1)], first.Denials);

        Close(105, midnight.Plus(900_000), DenialCode.BelowConfidence);
        Apply(new Fact.TimePassed(midnight.Plus(Instant.MillisecondsPerDay)), midnight.Plus(Instant.MillisecondsPerDay));

        var second = _account.LastDay!;
        Assert.Equal((midnight, 1, 0, 0, -10m), (second.Day, second.Decisions, second.Orders, second.Fills, second.Profit.Value));
        Assert.Equal([new(DenialCode.BelowConfidence, 1)], second.Denials);
        Assert.Equal([new(DenialCode.PositionOpen, 1)], first.Denials);
    }

    [Fact]
    public void A_withdrawal_moves_the_peak_and_is_no_loss()
    {
        Close(100, Noon);
        Apply(new Fact.CashChanged(new Money(-4_000m), false));

        Assert.Equal(0m, _account.DayLoss);
        Assert.Equal(6_000m, _account.Wallet.Value);
    }

    [Fact]
    public void A_venue_quantity_that_executions_do_not_explain_is_taken_over_without_an_owner()
    {
        Apply(new Fact.Adopted(new PositionReport(Bitcoin, -3m, 100m, new Price(101m), Noon), 0m));

        var holding = _account.HoldingOf(Bitcoin);
        Assert.Equal(-3m, holding.Position.SignedQuantity);
        Assert.Null(holding.Owner);
        Assert.True(holding.StopConfirmed);
    }

    [Fact]
    public void A_private_interruption_ends_the_agreement_until_a_snapshot()
    {
        Apply(new Fact.Reconciled(Snapshot()));
        Assert.True(_account.IsReconciled);

        Apply(new Fact.StreamInterrupted("private", "cut"));
        Apply(new Fact.StreamRestored("private"));
        Assert.False(_account.IsReconciled);

        Apply(new Fact.Reconciled(Snapshot()));
        Assert.True(_account.IsReconciled);
    }

    [Fact]
    public void Entries_under_way_count_towards_the_gross_notional()
    {
        Close(100, Noon);
        Enter();
        Assert.Equal(200m, _account.GrossNotional.Value);

        Apply(Execution("e1", Side.Buy, 100m, 2m));
        Assert.Equal(200m, _account.GrossNotional.Value);
    }

    private static ExchangeSnapshot Snapshot() =>
        new(new WalletReport(new Money(10_000m), new Money(10_000m), Noon), [], [], [], Noon);

    private static OrderReport Report(OrderStatus status, decimal filled) => new()
    {
        VenueId = new VenueOrderId("v"),
        ClientOrderId = EntryId,
        Symbol = Bitcoin,
        Side = Side.Buy,
        Status = status,
        Quantity = new Quantity(2m),
        FilledQuantity = new Quantity(filled),
        Time = Noon,
    };

    private static Fact.Executed Execution(string id, Side side, decimal price, decimal quantity, decimal fee = 0m, ExecutionKind kind = ExecutionKind.Trade) =>
        new(new Execution
        {
            Id = new ExecutionId(id),
            Symbol = Bitcoin,
            Kind = kind,
            OrderId = new VenueOrderId("v"),
            ClientOrderId = side == Side.Buy && kind == ExecutionKind.Trade ? EntryId : default,
            Side = side,
            Price = new Price(price),
            Quantity = new Quantity(quantity),
            Fee = new Money(fee),
            Time = Noon,
        });

    private void Enter() => Apply(new Fact.Intended(new OrderIntent(
        new OrderRequest { Id = EntryId, Symbol = Bitcoin, Side = Side.Buy, Type = OrderType.Market, Quantity = new Quantity(2m), CausedAt = Noon },
        IntentKind.Entry, ExitReason.None, new TicketId("t"), Noon.Plus(900_000), 0)));

    private void Close(double price, Instant time, DenialCode denial = DenialCode.None)
    {
        Apply(new Fact.CandleClosed(Series, new Candle(time.Plus(-900_000), price, price, price, price, 1, price)), time);
        Apply(new Fact.Decided(new Decision { Series = Series, Time = time, Denial = denial }), time);
    }

    private void Apply(Fact fact) => Apply(fact, Noon);

    private void Apply(Fact fact, Instant time) => _account.Apply(fact, time, ++_sequence);
}

using FsCheck;
using FsCheck.Fluent;
using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;

namespace TicketBot.Trading.Tests.Orders;

/// <summary>Invariants: what the venue tells of an order leads to the same account in whatever order and however often it arrives; and
/// what it did not tell, its snapshots restore.</summary>
public sealed class OrderLifeTests
{
    private static readonly Symbol Bitcoin = CoreHarness.Bitcoin;

    [Fact]
    public void Events_in_any_order_and_repeated_lead_to_the_same_account() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var expected = Live(new SeededRandom((ulong)seed), (life, _) => life);
            var actual = Live(new SeededRandom((ulong)seed), (life, random) => Shuffled([.. life, .. life.Where(_ => random.NextDouble() < 0.5)], random));

            Assert.Equal(expected, actual);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Snapshots_restore_what_dropped_events_would_have_told() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var expected = Live(new SeededRandom((ulong)seed), (life, _) => life);
            var actual = Live(
                new SeededRandom((ulong)seed),
                (life, random) => Shuffled([.. life.Where(f => f is Fact.Answered || random.NextDouble() < 0.5)], random),
                reconcile: true);

            Assert.Equal(expected, actual);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Without_a_snapshot_a_dropped_execution_is_missing()
    {
        // The other two tests would prove nothing if the account did not depend on what is told.
        var expected = Live(new SeededRandom(1), (life, _) => life);
        var actual = Live(new SeededRandom(1), (life, _) => life.Where(f => f is not Fact.Executed));

        Assert.NotEqual(expected.Fills, actual.Fills);
    }

    // An entry filled in parts or cancelled on the way, then a flatten whose exit is filled in parts; the story of each reaches the
    // trader as told by 'tell'. The venue's part draws the same numbers whatever is told.
    private static Outcome Live(SeededRandom venue, Func<IReadOnlyList<Fact>, SeededRandom, IEnumerable<Fact>> tell, bool reconcile = false)
    {
        var h = new CoreHarness { FillOrders = false, AnswerOrders = false }
            .StartReconciled(set: CoreHarness.Set(venue.NextDouble() < 0.5 ? 0.8 : 0.2, horizon: 50));
        var telling = new SeededRandom((ulong)(venue.NextDouble() * 1e9));
        var truth = new Position(Bitcoin);
        List<Execution> executions = [];
        h.Step();
        Play(h.Submitted[^1], mayBeCancelled: true);
        var held = Observe(h);
        if (held.Quantity != 0)
        {
            h.Send(new Fact.Commanded(OperatorCommand.Flatten, "enough"));
            Assert.True(h.Submitted[^1].ReduceOnly);
            Play(h.Submitted[^1], mayBeCancelled: false);
        }

        return Observe(h) with { Held = $"{held}" };

        void Play(OrderRequest request, bool mayBeCancelled)
        {
            var (life, last) = LifeOf(request, mayBeCancelled, venue, truth, executions, h.Now);
            foreach (var fact in tell(life, telling))
            {
                h.Send(fact);
            }

            if (reconcile)
            {
                Reconcile(h, truth, executions, last, executionsComeLate: telling.NextDouble() < 0.5);
            }
        }
    }

    private static (List<Fact> Life, OrderReport Last) LifeOf(
        OrderRequest request, bool mayBeCancelled, SeededRandom random, Position truth, List<Execution> executions, Instant now)
    {
        var report = request.Report(OrderStatus.Open, Quantity.Zero, now);
        var lost = random.NextDouble() < 0.3;
        List<Fact> life =
        [
            new Fact.Answered(request.Id, lost ? AnswerOutcome.Unknown : AnswerOutcome.Accepted, lost ? "" : report.VenueId.Value, lost ? "timeout" : ""),
            new Fact.OrderChanged(report),
        ];
        var parts = 1 + (int)(random.NextDouble() * 4);
        var rest = request.Quantity.Value;
        for (var i = 1; i <= parts && rest > 0; i++)
        {
            if (mayBeCancelled && random.NextDouble() < 0.2)
            {
                report = report with { Status = OrderStatus.Cancelled, Reason = "no more liquidity", Time = now.Plus(i) };
                life.Add(new Fact.OrderChanged(report));
                break;
            }

            var quantity = i == parts || rest <= 0.002m ? rest : Math.Max(0.001m, decimal.Round(rest * (decimal)random.NextDouble() * 0.8m, 3));
            rest -= quantity;
            var price = new Price(100m + decimal.Round((decimal)random.NextDouble(), 2));
            var execution = report.Trade($"x{executions.Count}", price, new Quantity(quantity), new Money(price.Value * quantity * 0.00055m), now.Plus(i));
            truth.Apply(execution);
            executions.Add(execution);
            report = report with
            {
                Status = rest == 0 ? OrderStatus.Filled : OrderStatus.PartiallyFilled,
                FilledQuantity = new Quantity(request.Quantity.Value - rest),
                Time = now.Plus(i),
            };
            life.Add(new Fact.Executed(execution));
            life.Add(new Fact.OrderChanged(report));
            life.Add(new Fact.PositionChanged(ReportOf(truth, request.StopLoss, now.Plus(i))));
        }

        return (life, report);
    }

    // A snapshot is read piece by piece: its executions may lag behind its positions, and then a second one is needed.
    private static void Reconcile(CoreHarness h, Position truth, List<Execution> executions, OrderReport last, bool executionsComeLate)
    {
        var balance = new Money(10_000m) + truth.Realised - truth.Fees;
        var snapshot = new ExchangeSnapshot(new WalletReport(balance, balance, h.Now), [ReportOf(truth, null, h.Now)], [], executions, h.Now);
        if (executionsComeLate)
        {
            h.Send(new Fact.Reconciled(snapshot with { Executions = [] }));
        }

        h.Send(new Fact.Reconciled(snapshot));
        if (h.Others.Exists(e => e is TradingEffect.LookUp(_, var id) && id == last.ClientOrderId))
        {
            h.Send(new Fact.LookedUp(last.ClientOrderId, last));
        }

        Assert.True(h.Core.Account.IsReconciled);
    }

    private static PositionReport ReportOf(Position truth, Price? stop, Instant at) =>
        new(Bitcoin, truth.SignedQuantity, truth.IsFlat ? 0 : truth.AverageEntry, truth.IsFlat ? null : stop, at);

    private static Outcome Observe(CoreHarness h)
    {
        var account = h.Core.Account;
        var holding = account.HoldingOf(Bitcoin);
        Assert.DoesNotContain(h.Journal.All, r => r.Entry.Kind == "adopted");
        return new Outcome(
            holding.Position.SignedQuantity, holding.Position.SignedCost, decimal.Round(account.Wallet.Value, 12), account.Fees.Value,
            account.OpenOrders.Count, account.Counts.Fills, account.Counts.Orders, holding.Owner, holding.ExitDue);
    }

    private static List<Fact> Shuffled(List<Fact> facts, SeededRandom random)
    {
        for (var i = facts.Count - 1; i > 0; i--)
        {
            var j = (int)(random.NextDouble() * (i + 1));
            (facts[i], facts[j]) = (facts[j], facts[i]);
        }

        return facts;
    }

    private sealed record Outcome(
        decimal Quantity, decimal Cost, decimal Wallet, decimal Fees, int OpenOrders, long Fills, long Orders, TicketId? Owner, Instant? ExitDue)
    {
        public string Held { get; init; } = "";
    }
}

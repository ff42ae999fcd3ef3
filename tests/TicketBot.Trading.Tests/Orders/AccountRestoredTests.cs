using System.Globalization;
using TicketBot.Domain;
using TicketBot.Testing;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;

namespace TicketBot.Trading.Tests.Orders;

/// <summary>Invariants: what an account is told of its orders leads to one state in every order of arrival and with repetitions; after lost
/// events one snapshot of the venue with the answers to its questions restores it.</summary>
public sealed class AccountRestoredTests
{
    private const int Cases = 10_000;
    private static readonly Symbol Bitcoin = new("BTCUSDT");
    private static readonly Instant Noon = new(1_700_049_600_000);

    [Theory]
    [InlineData(20261124)]
    public void Permuted_and_repeated_events_lead_to_the_same_account(int seed)
    {
        for (var i = 0; i < Cases; i++)
        {
            var random = new Random(seed + i);
            var story = Story(random);
            var expected = Observe(Told(story, story.Life));
            Fact[] life = [.. story.Life, .. story.Life.Where(_ => random.Next(2) == 0)];
            random.Shuffle(life);

            var actual = Observe(Told(story, life));

            Assert.True(expected == actual, $"seed {seed}, case {i}: expected {expected}, was {actual}");
        }
    }

    [Theory]
    [InlineData(20261125)]
    public void One_snapshot_restores_what_lost_events_would_have_told(int seed)
    {
        var lacked = 0;
        for (var i = 0; i < Cases; i++)
        {
            var random = new Random(seed + i);
            var story = Story(random);
            var expected = Observe(Told(story, story.Life));
            Fact[] life = [.. story.Life.Where(_ => random.Next(2) == 0)];
            random.Shuffle(life);
            var account = Told(story, life);
            lacked += Observe(account) == expected ? 0 : 1;

            Reconcile(account, story);

            var actual = Observe(account);
            Assert.True(expected == actual, $"seed {seed}, case {i}: expected {expected}, was {actual}");
            Assert.True(account.IsReconciled, $"seed {seed}, case {i}: a second snapshot was needed");
        }

        Assert.True(lacked > Cases / 4, $"seed {seed}: only {lacked} of {Cases} accounts lacked anything");
    }

    // An entry in parts, cancelled on the way or not, and mostly an exit of all that it filled: what is realised by closing a part
    // depends on the order of the fills, by the nature of an average price.
    private static Tale Story(Random random)
    {
        var truth = new Position(Bitcoin);
        var tale = new Tale([], [], [], truth);
        var side = random.Next(2) == 0 ? Side.Buy : Side.Sell;
        Play(tale, random, Request("entry", side, 1m, false), IntentKind.Entry);
        if (!truth.IsFlat && random.Next(4) > 0)
        {
            Play(tale, random, Request("exit", side.Opposite(), truth.Quantity.Value, true), IntentKind.Exit);
        }

        return tale;
    }

    private static void Play(Tale tale, Random random, OrderRequest request, IntentKind kind)
    {
        tale.Intents.Add(new OrderIntent(request, kind, kind == IntentKind.Exit ? ExitReason.Horizon : ExitReason.None, null, Noon.Plus(900_000), 0));
        var report = request.Report(OrderStatus.Open, Quantity.Zero, Next(tale));
        var lost = random.Next(3) == 0;
        tale.Life.Add(new Fact.Answered(request.Id, lost ? AnswerOutcome.Unknown : AnswerOutcome.Accepted, lost ? "" : report.VenueId.Value, ""));
        tale.Life.Add(new Fact.OrderChanged(report));
        var (filled, parts) = (0m, 1 + random.Next(3));
        for (var i = 1; i <= parts; i++)
        {
            if (kind == IntentKind.Entry && random.Next(5) == 0)
            {
                break;
            }

            var quantity = i == parts ? request.Quantity.Value - filled : decimal.Round((request.Quantity.Value - filled) / 2, 3);
            filled += quantity;
            var execution = report.Trade($"x-{request.Id}-{i}", new Price(100m + i), new Quantity(quantity), new Money(quantity * 0.055m), Next(tale));
            tale.Truth.Apply(execution);
            tale.Executions.Add(execution);
            tale.Life.Add(new Fact.Executed(execution));
            report = report with { Status = filled == request.Quantity.Value ? OrderStatus.Filled : OrderStatus.PartiallyFilled, FilledQuantity = new Quantity(filled), Time = Next(tale) };
            tale.Life.Add(new Fact.OrderChanged(report));
            tale.Life.Add(new Fact.PositionChanged(PositionOf(tale, Next(tale))));
        }

        if (report.Status != OrderStatus.Filled)
        {
            report = report with { Status = OrderStatus.Cancelled, Reason = "no more liquidity", Time = Next(tale) };
            tale.Life.Add(new Fact.OrderChanged(report));
        }

        tale.Ends[request.Id] = report;
    }

    private static AccountState Told(Tale tale, IEnumerable<Fact> life)
    {
        var account = new AccountState();
        account.Apply(new Fact.Reconciled(new ExchangeSnapshot(new WalletReport(new Money(1_000m), new Money(1_000m), Noon), [], [], [], Noon)), Noon, 1);
        account.Apply(new Fact.CashChanged(new Money(1_000m), true), Noon, 2);
        foreach (var intent in tale.Intents)
        {
            account.Apply(new Fact.Intended(intent), Noon, 3);
        }

        foreach (var fact in life)
        {
            account.Apply(fact, Noon.Plus(1), 4);
        }

        return account;
    }

    private static void Reconcile(AccountState account, Tale tale)
    {
        var at = Next(tale);
        var balance = new Money(1_000m) + tale.Truth.Realised - tale.Truth.Fees;
        var snapshot = new ExchangeSnapshot(new WalletReport(balance, balance, at), [PositionOf(tale, at)], [], tale.Executions, at);
        List<TradingEffect> effects = [];
        long Record(Fact fact, Instant time, long? cause)
        {
            account.Apply(fact, time, 5);
            return 5;
        }

        Record(new Fact.Reconciled(snapshot), at, null);
        new Reconciler(account, Record, effects.Add).Agree(snapshot, 5);

        // Whose bytes left and whose answer was lost is looked up as well; what the process had not sent yet is not in these stories.
        foreach (var tracked in account.OpenOrders.Values.Where(t => !t.Order.IsFinal).ToList())
        {
            Record(new Fact.LookedUp(tracked.Order.Id, tale.Ends[tracked.Order.Id]), at, null);
        }
    }

    private static string Observe(AccountState account)
    {
        var holding = account.HoldingOf(Bitcoin);
        var orders = new[] { "entry", "exit" }.Select(id => account.FindOrder(new ClientOrderId(id))?.Order)
            .Select(o => o is null ? "-" : $"{o.Status} {Text(o.FilledQuantity.Value)} {Text(o.ExecutedQuantity.Value)} '{o.Reason}'");
        return $"{Text(holding.Position.SignedQuantity)} cost {Text(holding.Position.SignedCost)} stop {(holding.Position.IsFlat ? "-" : $"{holding.StopConfirmed}")} due {holding.ExitDue} "
            + $"wallet {Text(account.Wallet.Value)} fills {account.Counts.Fills} open {account.OpenOrders.Count} {string.Join(" | ", orders)}";
    }

    // Sums made in another order may carry other trailing zeros.
    private static string Text(decimal value) => (value / 1.000000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);

    private static PositionReport PositionOf(Tale tale, Instant at) => new(
        Bitcoin, tale.Truth.SignedQuantity, tale.Truth.AverageEntry, tale.Truth.IsFlat ? null : new Price(50m), at);

    private static OrderRequest Request(string id, Side side, decimal quantity, bool reduceOnly) => new()
    {
        Id = new ClientOrderId(id),
        Symbol = Bitcoin,
        Side = side,
        Type = OrderType.Market,
        Quantity = new Quantity(quantity),
        StopLoss = reduceOnly ? null : new Price(50m),
        ReduceOnly = reduceOnly,
        CausedAt = Noon,
    };

    private static Instant Next(Tale tale) => Noon.Plus(10 + tale.Life.Count + tale.Executions.Count);

    private sealed record Tale(List<OrderIntent> Intents, List<Fact> Life, List<Execution> Executions, Position Truth)
    {
        public Dictionary<ClientOrderId, OrderReport> Ends { get; } = [];
    }
}

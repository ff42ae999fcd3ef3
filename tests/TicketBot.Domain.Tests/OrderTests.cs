using FsCheck;
using FsCheck.Fluent;

namespace TicketBot.Domain.Tests;

/// <summary>Invariants: events of one venue history reach one final state in every order of arrival and with repetitions; the
/// filled quantity only grows; a final status stays final, but for evidence that the venue has the order and for late fills.</summary>
public sealed class OrderTests
{
    private static readonly VenueOrderId VenueId = new("v-1");

    private static Order New(decimal quantity = 1m) =>
        new(new ClientOrderId("id-1"), new Symbol("BTCUSDT"), Side.Buy, OrderType.Market, new Quantity(quantity), false);

    private static OrderEvent.Reported Report(OrderStatus status, decimal filled, string reason = "") =>
        new OrderEvent.Reported(VenueId, status, new Quantity(filled), reason);

    private static OrderEvent.Filled Fill(decimal quantity) => new OrderEvent.Filled(new Quantity(quantity));

    private static readonly OrderEvent.Acknowledged Acknowledged = new OrderEvent.Acknowledged(VenueId);

    private static (OrderStatus Status, Quantity Filled, string Reason, VenueOrderId? Id) StateAfter(IEnumerable<OrderEvent> events)
    {
        var order = New();
        foreach (var happened in events)
        {
            order.Apply(happened);
        }

        return (order.Status, order.FilledQuantity, order.Reason, order.VenueId);
    }

    /// <summary>Every history a venue can produce for an order of quantity one, with the state it must end in.</summary>
    private static readonly (string Name, OrderEvent[] Events, OrderStatus Status, decimal Filled)[] Histories =
    [
        ("filled at once", [Acknowledged, Report(OrderStatus.Filled, 1m), Fill(1m)], OrderStatus.Filled, 1m),
        ("filled in three parts",
            [Acknowledged, Report(OrderStatus.Open, 0m), Fill(0.2m), Report(OrderStatus.PartiallyFilled, 0.2m), Fill(0.3m), Fill(0.5m),
                Report(OrderStatus.Filled, 1m)],
            OrderStatus.Filled, 1m),
        ("answer lost, then filled", [new OrderEvent.AnswerLost(), Report(OrderStatus.Filled, 1m, "text"), Fill(0.4m), Fill(0.6m)], OrderStatus.Filled, 1m),
        ("cancelled with a part filled",
            [Acknowledged, Fill(0.4m), Report(OrderStatus.PartiallyFilled, 0.4m), Report(OrderStatus.Cancelled, 0.4m, "by the user")],
            OrderStatus.Cancelled, 0.4m),
        ("cancelled while the last fill was on its way", [Acknowledged, Fill(0.4m), Report(OrderStatus.Cancelled, 0.4m, "late"), Fill(0.6m)], OrderStatus.Filled, 1m),
        ("refused by the stream", [Acknowledged, Report(OrderStatus.Rejected, 0m, "no margin")], OrderStatus.Rejected, 0m),
        ("refused by the answer", [new OrderEvent.AnswerLost(), new OrderEvent.Rejected("110007 no margin")], OrderStatus.Rejected, 0m),
        ("taken as never sent, yet refused", [new OrderEvent.ProvedAbsent(), new OrderEvent.Rejected("110007 no margin")], OrderStatus.Rejected, 0m),
        ("never sent", [new OrderEvent.AnswerLost(), new OrderEvent.ProvedAbsent()], OrderStatus.NotSent, 0m),
        ("taken as never sent, yet open", [new OrderEvent.ProvedAbsent(), Report(OrderStatus.Open, 0m)], OrderStatus.Open, 0m),
        ("taken as never sent, yet a part filled", [new OrderEvent.AnswerLost(), new OrderEvent.ProvedAbsent(), Fill(0.4m)], OrderStatus.PartiallyFilled, 0.4m),
        ("sent twice: the second refused, the first filled",
            [new OrderEvent.AnswerLost(), new OrderEvent.Rejected("110017 nothing to reduce"), Report(OrderStatus.Filled, 1m), Fill(1m)], OrderStatus.Filled, 1m),
        ("sent twice: the second refused, the first open", [new OrderEvent.Rejected("110072 used"), Report(OrderStatus.Open, 0m)], OrderStatus.Open, 0m),
        ("sent twice: the second refused, the first a part filled", [new OrderEvent.Rejected("110017"), Fill(0.5m)], OrderStatus.PartiallyFilled, 0.5m),
        ("sent twice: the second refused, the first acknowledged", [new OrderEvent.Rejected("110072 used"), Acknowledged], OrderStatus.Acknowledged, 0m),
    ];

    [Fact]
    public void Every_history_ends_in_one_state_whatever_the_order_of_arrival()
    {
        foreach (var (name, events, status, filled) in Histories)
        {
            var ends = Permutations(events).Select(StateAfter).Distinct().ToList();
            Assert.True(ends.Count == 1, $"'{name}' ends in {string.Join(" or ", ends)}");
            Assert.Equal((status, filled), (ends[0].Status, ends[0].Filled.Value));
        }
    }

    [Fact]
    public void Repeated_events_change_nothing()
    {
        var arrivals =
            from history in Gen.Elements(Histories)
            from seed in Gen.Choose(0, int.MaxValue)
            select (history, seed);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(arrivals.ToArbitrary(), arrival =>
        {
            // Executions are told apart by their ids before they reach the order; all else may come twice.
            var events = arrival.history.Events.Concat(arrival.history.Events.Where(e => e is not OrderEvent.Filled)).ToArray();
            new Random(arrival.seed).Shuffle(events);
            var end = StateAfter(events);
            return end.Status == arrival.history.Status && end.Filled.Value == arrival.history.Filled;
        }));
    }

    [Fact]
    public void The_filled_quantity_never_shrinks_and_a_final_status_only_yields_to_the_venue()
    {
        var any = Gen.OneOf(
            Gen.Constant<OrderEvent>(Acknowledged),
            Gen.Constant<OrderEvent>(new OrderEvent.AnswerLost()),
            Gen.Constant<OrderEvent>(new OrderEvent.ProvedAbsent()),
            Gen.Constant<OrderEvent>(new OrderEvent.Rejected("no")),
            from tenths in Gen.Choose(1, 4) select (OrderEvent)Fill(tenths / 10m),
            from tenths in Gen.Choose(0, 10)
            from status in Gen.Elements(OrderStatus.Open, OrderStatus.PartiallyFilled, OrderStatus.Filled, OrderStatus.Cancelled, OrderStatus.Rejected, OrderStatus.Unknown)
            select (OrderEvent)Report(status, tenths / 10m));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(Gen.ArrayOf(any, 12).ToArbitrary(), events =>
        {
            var order = New();
            var finalFromVenue = false;
            foreach (var happened in events)
            {
                var (status, filled, known) = (order.Status, order.FilledQuantity, order.VenueId is not null || !order.FilledQuantity.IsZero);
                var changed = order.Apply(happened);
                Assert.True(order.FilledQuantity >= filled);
                Assert.Equal(changed, status != order.Status || filled != order.FilledQuantity);
                if (finalFromVenue)
                {
                    Assert.True(order.Status == status || order.Status == OrderStatus.Filled, $"{status} became {order.Status} by {happened}");
                }

                finalFromVenue |= order.IsFinal && (known || order.VenueId is not null);
            }
        }));
    }

    [Fact]
    public void A_fill_beyond_the_ordered_quantity_is_kept_and_fills_the_order()
    {
        var order = New();
        order.Apply(Fill(1.5m));
        Assert.Equal(OrderStatus.Filled, order.Status);
        Assert.Equal(1.5m, order.FilledQuantity.Value);
    }

    [Fact]
    public void Executions_that_run_behind_the_report_are_not_counted_twice()
    {
        var order = New();
        order.Apply(Report(OrderStatus.PartiallyFilled, 0.6m));
        order.Apply(Fill(0.4m));
        order.Apply(Fill(0.2m));
        Assert.Equal((0.6m, 0.6m, OrderStatus.PartiallyFilled), (order.FilledQuantity.Value, order.ExecutedQuantity.Value, order.Status));
    }

    [Fact]
    public void A_status_that_the_version_does_not_know_changes_nothing()
    {
        var order = New();
        order.Apply(Report(OrderStatus.Open, 0m));
        Assert.False(order.Apply(Report(OrderStatus.Unknown, 0m)));
        Assert.Equal(OrderStatus.Open, order.Status);
    }

    [Fact]
    public void Refuses_an_order_without_id_symbol_or_quantity()
    {
        Assert.Throws<ArgumentException>(() => New(0m));
        Assert.Throws<ArgumentException>(() => new Order(default, new Symbol("BTCUSDT"), Side.Buy, OrderType.Market, new Quantity(1), false));
        Assert.Throws<ArgumentException>(() => new Order(new ClientOrderId("a"), default, Side.Buy, OrderType.Market, new Quantity(1), false));
    }

    private static IEnumerable<OrderEvent[]> Permutations(OrderEvent[] items)
    {
        if (items.Length <= 1)
        {
            yield return items;
            yield break;
        }

        for (var i = 0; i < items.Length; i++)
        {
            OrderEvent[] rest = [.. items[..i], .. items[(i + 1)..]];
            foreach (var tail in Permutations(rest))
            {
                yield return [items[i], .. tail];
            }
        }
    }
}

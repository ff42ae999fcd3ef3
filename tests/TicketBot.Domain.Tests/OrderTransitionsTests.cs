namespace TicketBot.Domain.Tests;

/// <summary>Invariants: every status has a row for every kind of event; the permutations and repetitions of what a venue told lead to one
/// state; and after events were lost, the venue's present word alone restores all that it can tell.</summary>
public sealed class OrderTransitionsTests
{
    private const int Cases = 10_000;
    private static readonly VenueOrderId Given = new("v-1");
    private static readonly Quantity Ordered = new(1m);

    // Per row: what is known of the venue (no id, id), then the status each event leads to, in the order of Happenings.
    private static readonly (OrderStatus From, string IdUnknown, string IdKnown)[] Table =
    [
        (OrderStatus.Intended, "A R U N O P F C R U P F", "A I U I O P F C R U P F"),
        (OrderStatus.Unknown, "A R U N O P F C R U P F", "A U U U O P F C R U P F"),
        (OrderStatus.Acknowledged, "A R A N O P F C R A P F", "A A A A O P F C R A P F"),
        (OrderStatus.Open, "O R O N O P F C R O P F", "O O O O O P F C R O P F"),
        (OrderStatus.PartiallyFilled, "P P P P P P F C R P P F", "P P P P P P F C R P P F"),
        (OrderStatus.Filled, "F F F F F F F F F F F F", "F F F F F F F F F F F F"),
        (OrderStatus.Cancelled, "C C C C C C F C C C C F", "C C C C C C F C C C C F"),
        (OrderStatus.Rejected, "A R R R O P F C R U P F", "R R R R R R F R R R R F"),
        (OrderStatus.NotSent, "A R N N O P F C R U P F", "N N N N N N F N N N N F"),
    ];

    private static readonly (string Name, OrderEvent Happened)[] Happenings =
    [
        ("acknowledged", new OrderEvent.Acknowledged(Given)),
        ("rejected by the answer", new OrderEvent.Rejected("110007 no margin")),
        ("answer lost", new OrderEvent.AnswerLost()),
        ("proved absent", new OrderEvent.ProvedAbsent()),
        ("reported open", Report(OrderStatus.Open, 0m)),
        ("reported partly filled", Report(OrderStatus.PartiallyFilled, 0.4m)),
        ("reported filled", Report(OrderStatus.Filled, 1m)),
        ("reported cancelled", Report(OrderStatus.Cancelled, 0m)),
        ("reported rejected", Report(OrderStatus.Rejected, 0m)),
        ("reported with a status that is not known", Report(OrderStatus.Unknown, 0m)),
        ("a part executed", new OrderEvent.Filled(new Quantity(0.4m))),
        ("all executed", new OrderEvent.Filled(Ordered)),
    ];

    public static TheoryData<OrderStatus, int, bool, char> Rows()
    {
        var rows = new TheoryData<OrderStatus, int, bool, char>();
        foreach (var (from, unknown, known) in Table)
        {
            for (var i = 0; i < Happenings.Length; i++)
            {
                rows.Add(from, i, false, unknown[2 * i]);
                rows.Add(from, i, true, known[2 * i]);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_status_has_a_row_for_every_event(OrderStatus from, int happening, bool idKnown, char expected)
    {
        var filled = new Quantity(from switch { OrderStatus.PartiallyFilled => 0.4m, OrderStatus.Filled => 1m, _ => 0m });
        var before = new OrderState(from, filled, filled, idKnown ? Given : null, "");

        var after = OrderTransitions.Next(before, Ordered, Happenings[happening].Happened);

        Assert.True(expected == Letter(after.Status), $"{from} ({(idKnown ? "" : "no ")}venue id), {Happenings[happening].Name}: expected {expected}, was {after.Status}");
        Assert.True(after.Filled >= before.Filled);
        Assert.True(after.Executed >= before.Executed);
        Assert.True(before.VenueId is null || after.VenueId == before.VenueId);
    }

    [Fact]
    public void The_table_names_every_status_and_every_kind_of_event()
    {
        Assert.Equal(Enum.GetValues<OrderStatus>(), Table.Select(row => row.From).Order());
        var kinds = typeof(OrderEvent).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(OrderEvent))).ToHashSet();
        Assert.Equal(kinds, Happenings.Select(h => h.Happened.GetType()).ToHashSet());
    }

    [Theory]
    [InlineData(20261121)]
    public void Events_in_any_order_and_repeated_lead_to_one_state(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < Cases; i++)
        {
            var life = Life(random);
            var expected = StateAfter(life);

            // Executions are told apart by their ids before they reach the order; all else may come twice.
            OrderEvent[] told = [.. life, .. life.Where(e => e is not OrderEvent.Filled && random.Next(2) == 0)];
            random.Shuffle(told);
            var actual = StateAfter(told);

            Assert.True(expected == actual, $"seed {seed}, case {i}: told as it happened {expected}, told as {string.Join(", ", told.Select(e => e.ToString()))} {actual}");
        }
    }

    [Theory]
    [InlineData(20261122)]
    public void After_lost_events_the_word_of_the_venue_restores_the_state(int seed)
    {
        var random = new Random(seed);
        var changed = 0;
        for (var i = 0; i < Cases; i++)
        {
            var life = Life(random);
            var expected = StateAfter(life);
            OrderEvent[] told = [.. life.Where(_ => random.Next(2) == 0)];
            random.Shuffle(told);
            var before = StateAfter(told);
            var now = (OrderEvent.Reported)life.Last(e => e is OrderEvent.Reported);

            var actual = OrderTransitions.Next(before, Ordered, now);

            Assert.True(
                (expected.Status, expected.Filled, expected.VenueId, expected.Reason) == (actual.Status, actual.Filled, actual.VenueId, actual.Reason),
                $"seed {seed}, case {i}: {expected} was expected, {before} became {actual}");
            changed += before == actual ? 0 : 1;
        }

        Assert.True(changed > Cases / 4, $"seed {seed}: only {changed} of {Cases} cases had lost anything");
    }

    // What a venue may tell of an order: an answer or none, its opening, fills with reports, and an end.
    private static List<OrderEvent> Life(Random random)
    {
        List<OrderEvent> life = [random.Next(4) == 0 ? new OrderEvent.AnswerLost() : new OrderEvent.Acknowledged(Given), Report(OrderStatus.Open, 0m)];
        if (random.Next(8) == 0)
        {
            return [life[0], Report(OrderStatus.Rejected, 0m, "no margin")];
        }

        var (filled, parts) = (0m, 1 + random.Next(4));
        for (var i = 1; i <= parts; i++)
        {
            if (random.Next(5) == 0)
            {
                life.Add(Report(OrderStatus.Cancelled, filled, "no more liquidity"));
                return life;
            }

            var quantity = i == parts ? 1m - filled : decimal.Round((1m - filled) * random.Next(1, 9) / 10, 3);
            filled += quantity;
            life.Add(new OrderEvent.Filled(new Quantity(quantity)));
            life.Add(Report(i == parts ? OrderStatus.Filled : OrderStatus.PartiallyFilled, filled));
        }

        return life;
    }

    private static OrderState StateAfter(IEnumerable<OrderEvent> events) =>
        events.Aggregate(default(OrderState) with { Reason = "" }, (state, happened) => OrderTransitions.Next(state, Ordered, happened));

    private static OrderEvent.Reported Report(OrderStatus status, decimal filled, string reason = "") =>
        new(Given, status, new Quantity(filled), reason);

    private static char Letter(OrderStatus status) => status switch
    {
        OrderStatus.Intended => 'I',
        OrderStatus.Unknown => 'U',
        OrderStatus.Acknowledged => 'A',
        OrderStatus.Open => 'O',
        OrderStatus.PartiallyFilled => 'P',
        OrderStatus.Filled => 'F',
        OrderStatus.Cancelled => 'C',
        OrderStatus.Rejected => 'R',
        OrderStatus.NotSent => 'N',
        _ => '?',
    };
}

using TicketBot.Domain;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Tests.Matching;

public class LinkIdTests
{
    private const int OrdersKept = 20_000;
    private const int CandlesOfADay = 96;

    [Fact]
    public void A_link_id_is_taken_while_its_order_is_known_and_for_a_day_after_its_end()
    {
        var desk = new Desk(0, [.. Enumerable.Repeat((50_000d, 50_100d, 49_900d, 50_000d), (2 * CandlesOfADay) + 10)]);
        var resting = desk.Take(Order("resting"));
        End(desk, "first");
        for (var i = 0; i < OrdersKept; i++)
        {
            End(desk, $"day-{i}");
        }

        Assert.Null(desk.Account.OrderByLink("first"));
        Assert.Equal(110072, Again(desk, "first"));
        Pass(desk, CandlesOfADay);
        Assert.Equal(110072, Again(desk, "first"));
        Pass(desk, 1);
        Assert.Equal(0, Again(desk, "first"));

        // Orders that are still known keep theirs, however old they are.
        Assert.Equal(110072, Again(desk, "resting"));
        Assert.Equal(110072, Again(desk, $"day-{OrdersKept - 1}"));
        Assert.Equal(VenueOrderStatus.New, desk.Now(resting).Status);
        for (var i = 0; i < OrdersKept; i++)
        {
            End(desk, $"next-{i}");
        }

        Pass(desk, CandlesOfADay + 1);
        Assert.InRange(desk.Account.LinkCount, OrdersKept, OrdersKept + 10);
    }

    private static NewOrder Order(string link) => Flat.Limit(Side.Buy, 0.001m, 30_000) with { LinkId = link };

    private static void End(Desk desk, string link) =>
        Assert.Equal(0, desk.Venue.Cancel(desk.Account, Flat.Btc, desk.Take(Order(link)).Id, null).Code);

    private static int Again(Desk desk, string link) => desk.Venue.Submit(desk.Account, Order(link)).Code;

    // Ids are released when an order ends.
    private static void Pass(Desk desk, int candles)
    {
        for (var i = 0; i < candles; i++)
        {
            desk.Candle();
        }

        End(desk, $"at-{desk.Venue.Time}");
    }
}

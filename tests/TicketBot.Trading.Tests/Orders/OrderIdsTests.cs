using TicketBot.Domain;
using TicketBot.Trading.Orders;

namespace TicketBot.Trading.Tests.Orders;

public sealed class OrderIdsTests
{
    private static readonly Symbol Bitcoin = new("BTCUSDT");
    private static readonly Instant Noon = new(1_700_049_600_000);

    [Fact]
    public void The_same_purpose_has_the_same_id() => Assert.Equal(
        OrderIds.For("0123456789abcdef", Bitcoin, Noon, IntentKind.Entry, 0), OrderIds.For("0123456789abcdef", Bitcoin, Noon, IntentKind.Entry, 0));

    [Fact]
    public void Any_other_purpose_has_another_id()
    {
        ClientOrderId[] ids =
        [
            OrderIds.For("0123456789abcdef", Bitcoin, Noon, IntentKind.Entry, 0),
            OrderIds.For("0123456789abcdee", Bitcoin, Noon, IntentKind.Entry, 0),
            OrderIds.For("0123456789abcdef", new Symbol("ETHUSDT"), Noon, IntentKind.Entry, 0),
            OrderIds.For("0123456789abcdef", Bitcoin, Noon.Plus(1), IntentKind.Entry, 0),
            OrderIds.For("0123456789abcdef", Bitcoin, Noon, IntentKind.Exit, 0),
            OrderIds.For("0123456789abcdef", Bitcoin, Noon, IntentKind.Entry, 1),
        ];

        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.InRange(id.Value.Length, 1, 36));
    }
}

using TicketBot.Domain;
using TicketBot.Host.Running;

namespace TicketBot.Host.Tests.Running;

public sealed class FillsHashTests
{
    [Fact]
    public void Ids_zeros_behind_the_point_and_order_of_arrival_play_no_part()
    {
        var hash = FillsHash.Of([Fill("a", 1, 100.50m), Fill("b", 2, 101m)]);
        Assert.Equal(hash, FillsHash.Of([Fill("x", 2, 101.0m), Fill("y", 1, 100.5m)]));
        Assert.Equal(hash, FillsHash.Of([Fill("a", 1, 100.50m), Fill("f", 1, 7m) with { Kind = ExecutionKind.Funding }, Fill("b", 2, 101m)]));
    }

    [Fact]
    public void Every_part_of_a_fill_plays_a_part()
    {
        var fill = Fill("a", 1, 100m);
        Execution[] others =
        [
            fill with { Side = Side.Sell }, fill with { Time = new Instant(2) }, fill with { Price = new Price(100.01m) }, fill with { Quantity = new Quantity(2) },
            fill with { Symbol = new Symbol("ETHUSDT") },
        ];
        Assert.Equal(others.Length + 1, others.Append(fill).Select(f => FillsHash.Of([f])).Distinct().Count());
    }

    private static Execution Fill(string id, long time, decimal price) => new()
    {
        Id = new ExecutionId(id), Symbol = new Symbol("BTCUSDT"), Kind = ExecutionKind.Trade, OrderId = new VenueOrderId("v" + id), Side = Side.Buy,
        Price = new Price(price), Quantity = new Quantity(1), Fee = new Money(0.1m), Time = new Instant(time),
    };
}

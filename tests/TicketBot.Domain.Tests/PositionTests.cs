using FsCheck;
using FsCheck.Fluent;

namespace TicketBot.Domain.Tests;

/// <summary>Invariants: realised profit less cost is the cash of all fills, exactly; what is held is the signed sum of the fills; a
/// flat position has no cost; the cost has the sign of what is held; sums do not depend on the order of adding.</summary>
public sealed class PositionTests
{
    private static readonly Symbol Btc = new("BTCUSDT");

    private static Execution Trade(Side side, decimal quantity, decimal price, decimal fee = 0m, ExecutionKind kind = ExecutionKind.Trade) => new()
    {
        Id = new ExecutionId("e"),
        Symbol = Btc,
        Kind = kind,
        OrderId = new VenueOrderId("o"),
        Side = side,
        Price = new Price(price),
        Quantity = new Quantity(quantity),
        Fee = new Money(fee),
        Time = new Instant(0),
    };

    private static Position After(params Execution[] executions)
    {
        var position = new Position(Btc);
        foreach (var execution in executions)
        {
            position.Apply(execution);
        }

        return position;
    }

    private static readonly Gen<Execution[]> Fills =
        from step in Gen.Elements(0.001m, 0.1m, 1m, 0.00000001m)
        from tick in Gen.Elements(0.1m, 0.0001m, 0.00000001m, 0.5m)
        from count in Gen.Choose(1, 60)
        from fills in Gen.ListOf(
            from side in Gen.Elements(Side.Buy, Side.Sell)
            from lots in Gen.Choose(1, 997)
            from ticks in Gen.Choose(1, 1_000_003)
            from forced in Gen.Choose(0, 20)
            select Trade(side, lots * step, ticks * tick, lots * step * ticks * tick * 0.00055m, forced == 0 ? ExecutionKind.Forced : ExecutionKind.Trade),
            count)
        select fills.ToArray();

    [Fact]
    public void The_cash_of_all_fills_is_realised_less_cost_to_the_last_digit()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Fills.ToArbitrary(), fills =>
        {
            var position = new Position(Btc);
            decimal cash = 0, held = 0, fees = 0;
            foreach (var fill in fills)
            {
                position.Apply(fill);
                held += fill.Side.Sign() * fill.Quantity.Value;
                cash -= fill.Side.Sign() * fill.Quantity.Value * fill.Price.Value;
                fees += fill.Fee.Value;
                Assert.Equal(cash, position.Realised.Value - position.SignedCost);
                Assert.Equal(held, position.SignedQuantity);
                Assert.Equal(fees, position.Fees.Value);
                Assert.Equal(Math.Sign(held), Math.Sign(position.SignedCost));
            }
        }));
    }

    [Fact]
    public void Parts_added_backwards_give_the_same_sum()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Fills.ToArbitrary(), fills =>
        {
            var position = new Position(Btc);
            var parts = new List<decimal>();
            foreach (var fill in fills)
            {
                var before = position.Realised;
                position.Apply(fill);
                parts.Add((position.Realised - before).Value);
            }

            Assert.Equal(position.Realised.Value, 10_000m + Enumerable.Reverse(parts).Aggregate(0m, (sum, part) => sum + part) - 10_000m);
        }));
    }

    [Fact]
    public void A_position_closed_in_parts_realises_what_it_realises_at_once()
    {
        var parts = After(Trade(Side.Buy, 3m, 100m), Trade(Side.Buy, 4m, 103m), Trade(Side.Sell, 1m, 110m), Trade(Side.Sell, 2m, 110m), Trade(Side.Sell, 4m, 110m));
        var once = After(Trade(Side.Buy, 3m, 100m), Trade(Side.Buy, 4m, 103m), Trade(Side.Sell, 7m, 110m));
        Assert.True(parts.IsFlat && once.IsFlat);
        Assert.Equal(58m, once.Realised.Value);
        Assert.Equal(once.Realised, parts.Realised);
        Assert.Equal(0m, parts.SignedCost);
    }

    [Fact]
    public void A_third_of_a_cost_and_two_thirds_of_it_are_the_cost()
    {
        var position = After(Trade(Side.Buy, 3m, 0.1m), Trade(Side.Sell, 1m, 0.1m));
        Assert.Equal((0m, 0.2m), (position.Realised.Value, position.SignedCost));
    }

    [Fact]
    public void A_fill_through_zero_closes_and_opens_the_other_side_at_its_price()
    {
        var position = After(Trade(Side.Buy, 2m, 100m), Trade(Side.Sell, 5m, 90m));
        Assert.Equal((-3m, -270m, -20m), (position.SignedQuantity, position.SignedCost, position.Realised.Value));
        Assert.Equal((Side.Sell, 3m, 90m), (position.Side, position.Quantity.Value, position.AverageEntry));
        Assert.Equal(30m, position.Unrealised(80m).Value);
    }

    [Fact]
    public void A_short_earns_when_the_price_falls()
    {
        var position = After(Trade(Side.Sell, 2m, 100m), Trade(Side.Buy, 1m, 90m));
        Assert.Equal((10m, -1m, 100m), (position.Realised.Value, position.SignedQuantity, position.AverageEntry));
    }

    [Fact]
    public void Funding_changes_funding_alone_and_an_unknown_kind_nothing()
    {
        var position = After(Trade(Side.Buy, 1m, 100m, 0.055m), Trade(Side.Buy, 1m, 100m, 0.01m, ExecutionKind.Funding), Trade(Side.Sell, 1m, 100m, 9m, ExecutionKind.Unknown));
        Assert.Equal((1m, 100m, 0m), (position.SignedQuantity, position.SignedCost, position.Realised.Value));
        Assert.Equal((0.055m, 0.01m), (position.Fees.Value, position.Funding.Value));
    }

    [Fact]
    public void Refuses_an_execution_of_another_contract()
    {
        var position = new Position(new Symbol("ETHUSDT"));
        Assert.Throws<ArgumentException>(() => position.Apply(Trade(Side.Buy, 1m, 1m)));
        Assert.Throws<ArgumentException>(() => new Position(default));
    }
}

using FsCheck;
using FsCheck.Fluent;

namespace TicketBot.Domain.Tests;

/// <summary>Invariants: rounding lands on the grid, less than one step away, on the named side, and is idempotent.</summary>
public sealed class InstrumentTests
{
    private static Instrument With(decimal tick, decimal step) => new()
    {
        Symbol = new Symbol("BTCUSDT"),
        TickSize = tick,
        QuantityStep = step,
        MinQuantity = step,
        MaxMarketQuantity = 100m,
        MaxQuantity = 1_000m,
        MinNotional = 5m,
    };

    private static readonly Gen<decimal> Steps = Gen.Elements(0.1m, 0.5m, 0.01m, 0.25m, 0.0001m, 0.0000001m, 1m, 3m, 10m, 0.15m);

    private static readonly Gen<decimal> Values =
        from whole in Gen.Choose(0, 200_000)
        from part in Gen.Choose(0, 999_999_999)
        from scale in Gen.Elements(1m, 0.001m, 0.000000000000000001m)
        select whole + (part * 0.000000001m * scale);

    [Fact]
    public void Floors_to_the_lot_below()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(Steps.ToArbitrary(), Values.ToArbitrary(), (step, value) =>
        {
            var instrument = With(1m, step);
            var floored = instrument.FloorToLot(value).Value;
            return floored <= value && value - floored < step && instrument.IsOnLot(floored) && instrument.FloorToLot(floored).Value == floored;
        }));
    }

    [Fact]
    public void Rounds_a_buy_down_and_a_sell_up_by_less_than_a_tick()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(Steps.ToArbitrary(), Values.ToArbitrary(), (tick, value) =>
        {
            var (instrument, price) = (With(tick, 1m), value + tick);
            var (buy, sell) = (instrument.RoundToTick(price, Side.Buy).Value, instrument.RoundToTick(price, Side.Sell).Value);
            return buy <= price && price <= sell && price - buy < tick && sell - price < tick
                && instrument.IsOnTick(buy) && instrument.IsOnTick(sell) && instrument.RoundToTick(buy, Side.Sell).Value == buy;
        }));
    }

    [Fact]
    public void A_quotient_that_rounds_up_does_not_lift_a_quantity()
    {
        const decimal JustBelow = 2.9999999999999999999999999999m;
        Assert.Equal(0m, With(1m, 3m).FloorToLot(JustBelow).Value);
        Assert.Throws<ArgumentOutOfRangeException>(() => With(3m, 1m).RoundToTick(JustBelow, Side.Buy));
        Assert.Equal(3m, With(3m, 1m).RoundToTick(JustBelow, Side.Sell).Value);
    }

    [Theory]
    [InlineData(100.04, 100.0)]
    [InlineData(100.05, 100.1)]
    [InlineData(99.96, 100.0)]
    public void Takes_the_nearest_tick_of_an_observed_price(double price, double expected) =>
        Assert.Equal((decimal)expected, With(0.1m, 1m).NearestTick(price).Value);

    [Fact]
    public void Equal_values_have_equal_texts()
    {
        var instrument = With(0.10m, 0.0010m);
        Assert.Equal("0.5", instrument.FloorToLot(0.50009m).ToString());
        Assert.Equal("70000", instrument.RoundToTick(70_000.000m, Side.Buy).ToString());
    }

    [Fact]
    public void Refuses_a_price_that_rounds_to_nothing()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => With(1m, 1m).RoundToTick(0.4m, Side.Buy));
        Assert.Throws<ArgumentOutOfRangeException>(() => With(1m, 1m).RoundToTick(-3m, Side.Sell));
        Assert.Throws<ArgumentOutOfRangeException>(() => With(1m, 1m).NearestTick(0.2));
        Assert.Throws<OverflowException>(() => With(1m, 1m).NearestTick(double.NaN));
    }

    [Fact]
    public void A_negative_amount_floors_to_no_quantity() => Assert.True(With(1m, 1m).FloorToLot(-5m).IsZero);
}

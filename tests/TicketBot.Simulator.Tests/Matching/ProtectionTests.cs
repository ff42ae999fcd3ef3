using TicketBot.Domain;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Tests.Matching;

public class ProtectionTests
{
    private static readonly (double, double, double, double) Still = (50_000, 50_100, 49_900, 50_000);

    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(500, true)]
    [InlineData(500, false)]
    public void One_of_a_pair_ends_the_other(int tickMs, bool stopFirst)
    {
        var desk = new Desk(tickMs, Still, stopFirst ? (50_000, 50_050, 48_800, 48_900) : (50_000, 51_200, 49_950, 51_100));
        desk.Take(Flat.Order(Side.Buy, 0.01m, stop: 49_000m) with { TakeProfit = 51_000m });
        desk.Candle();
        var stop = desk.Account.OpenOrders.Single(o => o.Kind == StopKind.StopLoss);
        var target = desk.Account.OpenOrders.Single(o => o.Kind == StopKind.TakeProfit);
        Assert.Equal((49_000m, 51_000m), (desk.Venue.PositionOf(desk.Account, Flat.Btc).StopLoss, desk.Venue.PositionOf(desk.Account, Flat.Btc).TakeProfit));
        desk.Candle();
        Assert.Equal(0, desk.Held);
        Assert.Equal(VenueOrderStatus.Filled, desk.Now(stopFirst ? stop : target).Status);
        Assert.Equal(
            stopFirst ? "CancelByOCOTpCanceledBySlTriggered" : "CancelByOCOSlCanceledByTpTriggered", desk.Now(stopFirst ? target : stop).CancelType);
    }

    [Fact]
    public void Closing_by_an_order_clears_the_whole_family()
    {
        var desk = new Desk(0, Still, Still);
        desk.Take(Flat.Order(Side.Buy, 0.02m, stop: 49_000m) with { TakeProfit = 51_000m });
        desk.Candle();
        Assert.Equal(0, desk.Venue.Protect(desk.Account, Flat.Btc, new ProtectionChange { Trailing = 800m }).Code);
        Assert.Equal(0, desk.Venue.Protect(desk.Account, Flat.Btc, new ProtectionChange { IsPartial = true, Size = 0.01m, TakeProfit = 50_800m, TakeProfitLimit = 50_810m }).Code);
        var family = desk.Account.OpenOrders.ToList();
        Assert.Equal(
            [StopKind.StopLoss, StopKind.TakeProfit, StopKind.TrailingStop, StopKind.PartialTakeProfit], family.Select(o => o.Kind));
        desk.Take(Flat.Order(Side.Sell, 0.02m, reduceOnly: true));
        desk.Candle();
        Assert.All(family, o => Assert.Equal("CancelByTpSlTsClear", desk.Now(o).CancelType));
    }

    [Fact]
    public void A_full_stop_follows_the_size_of_the_position()
    {
        var desk = new Desk(0, Still, Still, Still);
        desk.Take(Flat.Order(Side.Buy, 0.02m, stop: 49_000m) with { TakeProfit = 51_000m });
        desk.Candle();
        desk.Take(Flat.Order(Side.Buy, 0.03m));
        desk.Candle();
        Assert.All(desk.Account.OpenOrders, o => Assert.Equal(0.05m, o.Quantity));
        desk.Take(Flat.Order(Side.Sell, 0.04m, reduceOnly: true));
        desk.Candle();
        Assert.Equal(2, desk.Account.OpenOrders.Count());
        Assert.All(desk.Account.OpenOrders, o => Assert.Equal(0.01m, o.Quantity));
    }

    [Fact]
    public void Partial_protections_take_the_quantity_that_their_order_filled_and_their_limit()
    {
        var desk = new Desk(0, Still, Still, (50_000, 50_600, 49_950, 50_500), (50_500, 50_650, 50_400, 50_600));
        desk.Take(Flat.Order(Side.Buy, 0.05m));
        desk.Candle();
        desk.Take(Flat.Order(Side.Buy, 0.02m, stop: 49_000m) with { TakeProfit = 50_500m, IsPartialProtection = true, TakeProfitLimit = 50_550m });
        desk.Candle();
        Assert.Equal([StopKind.PartialStopLoss, StopKind.PartialTakeProfit], desk.Account.OpenOrders.Select(o => o.Kind));
        Assert.All(desk.Account.OpenOrders, o => Assert.Equal(0.02m, o.Quantity));
        var stop = desk.Account.OpenOrders.First();
        desk.Candle();
        Assert.Equal("CancelByOCOSlCanceledByTpTriggered", desk.Now(stop).CancelType);
        desk.Candle();
        var last = desk.Account.Executions[^1];
        Assert.Equal((50_550m, 0.02m, true), (last.Execution.Price.Value, last.Execution.Quantity.Value, last.Execution.IsMaker));
        Assert.Equal(0.05m, desk.Held);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    public void A_trailing_stop_follows_the_price_up_and_stays_when_it_falls(int tickMs)
    {
        var desk = new Desk(tickMs, Still, (50_000, 51_000, 49_990, 50_980), (50_980, 50_990, 50_300, 50_400));
        desk.Take(Flat.Order(Side.Buy, 0.01m));
        desk.Candle();
        Assert.Equal(0, desk.Venue.Protect(desk.Account, Flat.Btc, new ProtectionChange { Trailing = 500m }).Code);
        Assert.Equal(500m, desk.Venue.PositionOf(desk.Account, Flat.Btc).TrailingStop);
        desk.Candle();
        Assert.Equal(50_500m, desk.Account.OpenOrders.Single().Trigger);
        desk.Candle();
        Assert.Equal(0, desk.Held);
        var fill = desk.Account.Executions[^1];
        Assert.Equal(StopKind.TrailingStop, fill.Order!.Kind);
        Assert.InRange(fill.Execution.Price.Value, tickMs == 0 ? 50_494.9m : 50_300m, 50_494.9m);
    }

    [Fact]
    public void A_trailing_stop_with_an_active_price_waits_for_it()
    {
        var desk = new Desk(0, Still, (50_000, 50_200, 49_000, 49_100), (49_100, 51_200, 49_090, 51_100));
        desk.Take(Flat.Order(Side.Buy, 0.01m));
        desk.Candle();
        Assert.Equal(0, desk.Venue.Protect(desk.Account, Flat.Btc, new ProtectionChange { Trailing = 300m, ActivePrice = 51_000m }).Code);
        desk.Candle();
        Assert.Equal(0.01m, desk.Held); // It fell far more than 300 before it was active.
        desk.Candle();
        Assert.Equal(50_900m, desk.Account.OpenOrders.Single().Trigger);
    }

    [Theory]
    [InlineData(50_500, 0, false, 10001)] // A long's stop above the price.
    [InlineData(0, 49_500, false, 10001)] // A long's target below the price.
    [InlineData(49_000.05, 0, false, 10001)]
    [InlineData(0, 0, false, 34040)]
    [InlineData(0, 0, true, 10001)]
    public void A_protection_that_cannot_stand_is_refused(double stop, double target, bool isPartial, int code)
    {
        var desk = new Desk(0, Still);
        Assert.Equal(10001, desk.Venue.SetStop(desk.Account, Flat.Btc, 49_000m).Code); // Flat.
        desk.Take(Flat.Order(Side.Buy, 0.01m));
        desk.Candle();
        Assert.Equal(code, desk.Venue.Protect(
            desk.Account, Flat.Btc, new ProtectionChange { StopLoss = (decimal)stop, TakeProfit = (decimal)target, IsPartial = isPartial }).Code);
    }

    [Fact]
    public void A_limit_price_needs_the_partial_mode_and_reduce_only_takes_no_protection()
    {
        var desk = new Desk(0, Still);
        Assert.Equal(10001, desk.Venue.Submit(desk.Account, Flat.Order(Side.Buy, 0.01m, stop: 49_000m) with { StopLossLimit = 48_900m }).Code);
        desk.Take(Flat.Order(Side.Buy, 0.01m));
        desk.Candle();
        Assert.Equal(10001, desk.Venue.Submit(desk.Account, Flat.Order(Side.Sell, 0.01m, reduceOnly: true) with { TakeProfit = 49_000m }).Code);
    }

    [Fact]
    public void A_short_is_protected_the_other_way_round()
    {
        var desk = new Desk(0, Still, (50_000, 50_050, 48_800, 48_900));
        desk.Take(Flat.Order(Side.Sell, 0.01m, stop: 51_000m) with { TakeProfit = 49_000m });
        desk.Candle();
        Assert.Equal(
            [TriggerDirection.Rise, TriggerDirection.Fall], desk.Account.OpenOrders.Select(o => o.TriggerDirection));
        desk.Candle();
        Assert.Equal(0, desk.Held);
        Assert.True(desk.Account.Realised > 9);
    }
}

using TicketBot.Domain;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Tests.Matching;

public class ConditionalOrderTests
{
    private static readonly (double, double, double, double) Still = (50_000, 50_100, 49_900, 50_000);
    private static readonly (double, double, double, double) Rises = (50_000, 51_000, 49_990, 50_900);

    [Theory]
    [InlineData(0)]
    [InlineData(1_000)]
    public void A_condition_waits_triggers_and_fills_at_market(int tickMs)
    {
        var desk = new Desk(tickMs, Still, Rises);
        var order = desk.Take(Conditional(Side.Buy, 50_500m, TriggerDirection.Rise));
        desk.Candle();
        Assert.Equal(VenueOrderStatus.Untriggered, desk.Now(order).Status);
        Assert.Equal(0, desk.Venue.WalletOf(desk.Account).OrderMargin);
        desk.Candle();
        Assert.Equal(
            [VenueOrderStatus.Untriggered, VenueOrderStatus.Triggered, VenueOrderStatus.Filled],
            desk.OrdersTold(order.Id).Select(o => o.Status));
        var price = desk.Account.Executions.Single().Execution.Price.Value;
        Assert.InRange(price, 50_505.1m, tickMs == 0 ? 50_505.1m : 50_700m); // 50,500 + 1 bp, up to the tick; a tick may overshoot.
    }

    [Fact]
    public void A_triggered_limit_order_rests_and_fills_as_maker()
    {
        var desk = new Desk(0, Still, Rises, (50_900, 50_950, 50_300, 50_400));
        var order = desk.Take(Conditional(Side.Buy, 50_500m, TriggerDirection.Rise) with { Type = OrderType.Limit, Price = 50_400m });
        desk.Candle();
        desk.Candle();
        Assert.Equal(
            [VenueOrderStatus.Untriggered, VenueOrderStatus.Triggered, VenueOrderStatus.New], desk.OrdersTold(order.Id).Select(o => o.Status));
        desk.Candle();
        Assert.True(desk.Account.Executions.Single().Execution.IsMaker);
        Assert.Equal(50_400m, desk.Account.Executions.Single().Execution.Price.Value);
    }

    [Theory]
    [InlineData(TriggerDirection.Rise, 49_000, 110092)]
    [InlineData(TriggerDirection.Fall, 51_000, 110093)]
    [InlineData(TriggerDirection.None, 51_000, 10001)]
    [InlineData(TriggerDirection.Rise, 51_000.05, 10001)]
    [InlineData(TriggerDirection.Rise, -1, 10001)]
    public void A_condition_that_cannot_wait_is_refused_with_its_code(TriggerDirection direction, double trigger, int code)
    {
        var desk = new Desk(0, Still);
        Assert.Equal(code, desk.Venue.Submit(desk.Account, Conditional(Side.Buy, (decimal)trigger, direction)).Code);
    }

    [Fact]
    public void Margin_is_judged_when_a_condition_triggers()
    {
        var desk = new Desk(0, Still, Rises);
        var order = desk.Take(Conditional(Side.Buy, 50_500m, TriggerDirection.Rise) with { Quantity = 0.9m }); // 45,000 with 10,000 at leverage 1.
        desk.Candle();
        desk.Candle();
        Assert.Equal((VenueOrderStatus.Cancelled, "CancelByCannotAffordOrderCost"), (desk.Now(order).Status, desk.Now(order).CancelType));
        Assert.Equal(0, desk.Held);
    }

    [Fact]
    public void A_reduce_only_condition_that_finds_nothing_to_reduce_ends()
    {
        var desk = new Desk(0, Still, Rises);
        var order = desk.Take(Conditional(Side.Sell, 50_500m, TriggerDirection.Rise) with { ReduceOnly = true });
        desk.Candle();
        desk.Candle();
        Assert.Equal("CancelByReduceOnly", desk.Now(order).CancelType);
    }

    [Fact]
    public void An_order_for_all_there_is_closes_the_position()
    {
        var desk = new Desk(0, Still, Still, Rises);
        desk.Take(Flat.Order(Side.Buy, 0.03m));
        desk.Candle();
        var whole = Conditional(Side.Sell, 50_500m, TriggerDirection.Rise) with { Quantity = 0, ReduceOnly = true, CloseOnTrigger = true };
        Assert.Equal(10001, desk.Venue.Submit(desk.Account, whole with { ReduceOnly = false, CloseOnTrigger = false }).Code);
        var order = desk.Take(whole);
        desk.Take(Flat.Order(Side.Buy, 0.02m));
        desk.Candle();
        desk.Candle();
        Assert.Equal(0, desk.Held);
        Assert.Equal(0.05m, desk.Now(order).Filled);
    }

    [Fact]
    public void More_conditions_active_orders_or_partial_stops_than_the_venue_takes_are_refused()
    {
        var desk = new Desk(0, 1_000_000m, Flat.Settings(), Flat.Market(Still, Still));
        for (var i = 0; i < OrderRules.MaxConditional; i++)
        {
            desk.Take(Conditional(Side.Buy, 52_000m + i, TriggerDirection.Rise));
        }

        Assert.Equal(110009, desk.Venue.Submit(desk.Account, Conditional(Side.Buy, 53_000m, TriggerDirection.Rise)).Code);
        for (var i = 0; i < OrderRules.MaxActive; i++)
        {
            desk.Take(Flat.Limit(Side.Buy, 0.001m, 40_000m));
        }

        Assert.Equal(110020, desk.Venue.Submit(desk.Account, Flat.Limit(Side.Buy, 0.001m, 40_000m)).Code);
        desk.Venue.CancelAll(desk.Account, null, _ => true);
        desk.Take(Flat.Order(Side.Buy, 0.1m));
        desk.Candle();
        for (var i = 0; i < OrderRules.MaxParts; i++)
        {
            Assert.Equal(0, desk.Venue.Protect(desk.Account, Flat.Btc, new ProtectionChange { IsPartial = true, Size = 0.001m, StopLoss = 49_000m - i }).Code);
        }

        Assert.Equal(110061, desk.Venue.Protect(desk.Account, Flat.Btc, new ProtectionChange { IsPartial = true, Size = 0.001m, StopLoss = 48_000m }).Code);
    }

    [Fact]
    public void A_condition_cancelled_before_its_trigger_is_deactivated()
    {
        var desk = new Desk(0, Still);
        var order = desk.Take(Conditional(Side.Buy, 50_500m, TriggerDirection.Rise));
        Assert.Equal(0, desk.Venue.Cancel(desk.Account, Flat.Btc, order.Id, null).Code);
        Assert.Equal((VenueOrderStatus.Deactivated, "CancelByUser"), (desk.Now(order).Status, desk.Now(order).CancelType));
        Assert.Equal(110001, desk.Venue.Cancel(desk.Account, Flat.Btc, order.Id, null).Code);
    }

    [Fact]
    public void With_ticks_a_stop_by_mark_price_triggers_later_than_one_by_last_price()
    {
        var byLast = TriggeredAt(TriggerSource.LastPrice);
        var byMark = TriggeredAt(TriggerSource.MarkPrice);
        var byIndex = TriggeredAt(TriggerSource.IndexPrice);
        Assert.True(byLast < byMark, $"last {byLast}, mark {byMark}");
        Assert.True(byMark < byIndex, $"mark {byMark}, index {byIndex}");
    }

    private static Instant TriggeredAt(TriggerSource source)
    {
        var desk = new Desk(250, (50_000, 50_000, 47_000, 47_000), (47_000, 47_000, 47_000, 47_000));
        desk.Take(Flat.Order(Side.Buy, 0.01m, stop: 48_500m) with { StopTrigger = source });
        desk.Until(() => desk.Account.Executions.Count == 2);
        Assert.True(desk.Account.Executions[1].Order!.IsStopLoss);
        return desk.Account.Executions[1].Execution.Time;
    }

    private static NewOrder Conditional(Side side, decimal trigger, TriggerDirection direction) =>
        Flat.Order(side, 0.01m) with { Trigger = trigger, TriggerDirection = direction };
}

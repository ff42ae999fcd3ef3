using TicketBot.Domain;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Tests.Matching;

/// <summary>Amends and cancels, at once without ticks and travelling with them.</summary>
public class RequestTests
{
    private static readonly (double, double, double, double) Still = (50_000, 50_100, 49_900, 50_000);

    [Theory]
    [InlineData(0)]
    [InlineData(250)]
    public void An_amend_keeps_the_id_and_changes_quantity_and_price(int tickMs)
    {
        var desk = new Desk(tickMs, Still, Still, Still);
        var order = desk.Take(Flat.Limit(Side.Buy, 0.01m, 49_000m));
        desk.Candle();
        Assert.Equal(0, desk.Venue.Amend(desk.Account, Flat.Btc, order.Id, null, new Amendment { Quantity = 0.02m, Price = 49_100m }).Code);
        desk.Step();
        desk.Candle();
        var now = desk.Now(order);
        Assert.Equal((VenueOrderStatus.New, 0.02m, 49_100m), (now.Status, now.Quantity, now.Request.Price));
    }

    [Fact]
    public void An_amend_to_a_price_that_crosses_takes()
    {
        var desk = new Desk(0, Still, Still);
        var order = desk.Take(Flat.Limit(Side.Buy, 0.01m, 49_000m));
        desk.Candle();
        desk.Venue.Amend(desk.Account, Flat.Btc, order.Id, null, new Amendment { Price = 50_500m });
        desk.Candle();
        var fill = desk.Account.Executions.Single().Execution;
        Assert.Equal((50_005m, false), (fill.Price.Value, fill.IsMaker));
    }

    [Theory]
    [InlineData(0.0105, 0, 0, 10001)] // Off the step.
    [InlineData(0, 49_000.05, 0, 10001)]
    [InlineData(0, 60_000, 0, 30208)]
    [InlineData(0.01, 49_000, 0, 10001)] // As it is.
    [InlineData(5, 0, 0, 110007)]
    [InlineData(0, 0, 48_000, 10001)] // It has no trigger.
    public void An_amend_that_cannot_stand_is_refused_with_its_code(double quantity, double price, double trigger, int code)
    {
        var desk = new Desk(0, Still);
        var order = desk.Take(Flat.Limit(Side.Buy, 0.01m, 49_000m));
        decimal? Given(double value) => value == 0 ? null : (decimal)value;
        Assert.Equal(code, desk.Venue.Amend(desk.Account, Flat.Btc, order.Id, null, new Amendment
        {
            Quantity = Given(quantity), Price = Given(price), Trigger = Given(trigger),
        }).Code);
    }

    [Fact]
    public void An_unknown_or_final_order_cannot_be_amended_or_cancelled()
    {
        var desk = new Desk(0, Still);
        Assert.Equal(110001, desk.Venue.Amend(desk.Account, Flat.Btc, "nothing", null, new Amendment { Quantity = 1 }).Code);
        var order = desk.Take(Flat.Order(Side.Buy, 0.01m, "link"));
        desk.Candle();
        Assert.Equal(110001, desk.Venue.Amend(desk.Account, Flat.Btc, null, "link", new Amendment { Quantity = 0.02m }).Code);
        Assert.Equal(110001, desk.Venue.Cancel(desk.Account, Flat.Btc, order.Id, null).Code);
        Assert.Equal(110001, desk.Venue.Cancel(desk.Account, new Symbol("ETHUSDT"), order.Id, null).Code);
    }

    [Fact]
    public void A_quantity_below_what_is_filled_is_refused()
    {
        var desk = new Desk(0, 50_000_000m, Flat.Settings(), Flat.Market((50_000, 50_100, 50_000, 50_050)));
        var order = desk.Take(Flat.Limit(Side.Buy, 30m, 50_000m));
        desk.Candle();
        var filled = desk.Now(order).Filled;
        Assert.Equal(VenueOrderStatus.PartiallyFilled, desk.Now(order).Status);
        Assert.Equal(110064, desk.Venue.Amend(desk.Account, Flat.Btc, order.Id, null, new Amendment { Quantity = filled }).Code);
        Assert.Equal(0, desk.Venue.Amend(desk.Account, Flat.Btc, order.Id, null, new Amendment { Quantity = filled + 0.001m }).Code);
    }

    [Fact]
    public void A_trigger_can_be_moved_but_not_to_the_wrong_side()
    {
        var desk = new Desk(0, Still);
        var order = desk.Take(Flat.Order(Side.Buy, 0.01m) with { Trigger = 51_000m, TriggerDirection = TriggerDirection.Rise });
        Assert.Equal(110092, desk.Venue.Amend(desk.Account, Flat.Btc, order.Id, null, new Amendment { Trigger = 49_000m }).Code);
        Assert.Equal(0, desk.Venue.Amend(desk.Account, Flat.Btc, order.Id, null, new Amendment { Trigger = 52_000m }).Code);
        Assert.Equal(52_000m, desk.Now(order).Trigger);
    }

    [Fact]
    public void With_ticks_a_cancel_is_acknowledged_at_once_and_takes_effect_when_it_arrives()
    {
        var desk = new Desk(250, Still, Still);
        var order = desk.Take(Flat.Limit(Side.Buy, 0.01m, 49_000m));
        desk.Step();
        Assert.Equal(0, desk.Venue.Cancel(desk.Account, Flat.Btc, order.Id, null).Code);
        Assert.Equal(VenueOrderStatus.New, desk.Now(order).Status);
        Assert.Empty(desk.Account.Events);
        desk.Step();
        Assert.Equal((VenueOrderStatus.Cancelled, "CancelByUser"), (desk.Now(order).Status, desk.Now(order).CancelType));
    }

    [Fact]
    public void A_cancel_that_loses_the_race_is_told_as_a_second_Filled()
    {
        var desk = new Desk(250, 10_000m, Flat.Settings() with { MinLatencyMs = 400, MaxLatencyMs = 400 }, Flat.Market(Still));
        var order = desk.Take(Flat.Order(Side.Buy, 0.01m));
        desk.Step();
        Assert.Equal(0, desk.Venue.Cancel(desk.Account, Flat.Btc, order.Id, null).Code);
        desk.Step();
        var filled = desk.Now(order);
        Assert.Equal(VenueOrderStatus.Filled, filled.Status);
        desk.Step();
        desk.Step();
        var told = desk.OrdersTold(order.Id).ToList();
        Assert.Equal([VenueOrderStatus.Filled, VenueOrderStatus.Filled], told.Select(o => o.Status));
        Assert.Equal(("CancelByUser", "EC_OrigClOrdIDDoesNotExist"), (told[1].CancelType, told[1].RejectReason));
        Assert.Equal(filled, desk.Now(order)); // A final order never changes.
    }

    [Fact]
    public void A_cancel_cannot_overtake_its_order()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            var desk = new Desk(250, 10_000m, Flat.Settings() with { Seed = seed, MinLatencyMs = 0, MaxLatencyMs = 2_000 }, Flat.Market(Still));
            var order = desk.Take(Flat.Limit(Side.Buy, 0.01m, 49_000m));
            desk.Venue.Cancel(desk.Account, Flat.Btc, order.Id, null);
            desk.Candle();
            Assert.Equal([VenueOrderStatus.New, VenueOrderStatus.Cancelled], desk.OrdersTold(order.Id).Select(o => o.Status));
        }
    }
}

using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Simulator.Matching;
using TicketBot.Simulator.Wire;

namespace TicketBot.Simulator.Tests.Matching;

public class VenueActTests
{
    private static readonly (double, double, double, double) Still = (50_000, 50_100, 49_900, 50_000);

    public static TheoryData<VenueAct> Acts => new(
        new VenueAct.ManualTrade(Flat.Btc, Side.Sell, 0.003m),
        new VenueAct.SwitchMode(Flat.Btc, true),
        new VenueAct.SetLeverage(Flat.Btc, 7.5m),
        new VenueAct.Liquidate(Flat.Btc),
        new VenueAct.Deleverage(Flat.Btc, 0.004m),
        new VenueAct.Deleverage(Flat.Btc, null),
        new VenueAct.Transfer(-12.5m),
        new VenueAct.RemoveStop(Flat.Btc),
        new VenueAct.CancelOrder(Flat.Btc, "id", "CancelByAdmin"),
        new VenueAct.ForgetClosedOrders());

    [Theory]
    [MemberData(nameof(Acts))]
    public void An_act_reads_back_from_its_text(VenueAct act)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            ActText.Write(writer, act);
        }

        using var document = JsonDocument.Parse(buffer.ToArray());
        Assert.Equal(act, ActText.Read(document.RootElement));
    }

    [Fact]
    public void A_trade_by_hand_has_no_link_id_and_comes_with_the_next_step()
    {
        var desk = new Desk(0, Still);
        Assert.Equal(0, desk.Venue.ManualTrade(desk.Account, Flat.Btc, Side.Sell, 0.02m).Code);
        Assert.Empty(desk.Account.Executions);
        desk.Candle();
        Assert.Equal("", desk.Account.Executions.Single().Order!.Request.LinkId);
        Assert.Equal(-0.02m, desk.Held);
    }

    [Fact]
    public void A_liquidation_ends_orders_and_position_of_the_contract()
    {
        var desk = Holding();
        var orders = desk.Account.OpenOrders.ToList();
        Assert.Equal(0, desk.Venue.Liquidate(desk.Account, Flat.Btc).Code);
        Assert.Equal(0, desk.Held);
        Assert.All(orders, o => Assert.Equal("CancelByPrepareLiq", desk.Now(o).CancelType));
        Assert.Equal("BustTrade", desk.Account.Executions[^1].Type);
        Assert.Equal(10001, desk.Venue.Liquidate(desk.Account, Flat.Btc).Code);
    }

    [Fact]
    public void A_deleveraging_takes_a_part_and_its_stops_shrink_with_the_position()
    {
        var desk = Holding();
        var resting = desk.Account.OpenOrders.Single(o => !o.IsProtection);
        Assert.Equal(10001, desk.Venue.Deleverage(desk.Account, Flat.Btc, 1m).Code);
        Assert.Equal(0, desk.Venue.Deleverage(desk.Account, Flat.Btc).Code);
        Assert.Equal(0.01m, desk.Held);
        Assert.Equal("CancelByPrepareAdl", desk.Now(resting).CancelType);
        Assert.Equal(("AdlTrade", "CreateByAdl_PassThrough"), (desk.Account.Executions[^1].Type, desk.Account.Executions[^1].Order!.CreateType));
        Assert.Equal(0.01m, desk.Account.OpenOrders.Single().Quantity);
        Assert.Contains(desk.Account.Events.OfType<VenueEvent.PositionChanged>(), p => p.Position.Status == "Adl");
    }

    [Fact]
    public void Transfers_move_the_wallet_and_nothing_else()
    {
        var desk = Holding();
        var before = desk.Account.Balance;
        Assert.Equal(0, desk.Venue.Transfer(desk.Account, 250.5m).Code);
        Assert.Equal(0, desk.Venue.Transfer(desk.Account, -50m).Code);
        Assert.Equal(before + 200.5m, desk.Account.Balance);
        Assert.Equal(200.5m, desk.Venue.WalletOf(desk.Account).Transfers);
        Assert.Equal(131212, desk.Venue.Transfer(desk.Account, -100_000m).Code);
        Assert.Equal(before + 200.5m, desk.Account.Events.OfType<VenueEvent.WalletChanged>().Last().Wallet.Balance);
    }

    [Fact]
    public void A_stop_can_be_removed_and_an_order_cancelled_from_outside()
    {
        var desk = Holding();
        var stop = desk.Account.OpenOrders.Single(o => o.IsStopLoss);
        var resting = desk.Account.OpenOrders.Single(o => !o.IsProtection);
        Assert.Equal(0, desk.Venue.RemoveStop(desk.Account, Flat.Btc).Code);
        Assert.Null(desk.Venue.PositionOf(desk.Account, Flat.Btc).StopLoss);
        Assert.Equal("CancelByUser", desk.Now(stop).CancelType);
        Assert.Equal(0, desk.Venue.CancelOrder(desk.Account, Flat.Btc, resting.Id, "CancelByAdmin").Code);
        Assert.Equal("CancelByAdmin", desk.Now(resting).CancelType);
    }

    [Fact]
    public void A_restart_of_the_matching_forgets_recently_closed_orders_only()
    {
        var desk = Holding();
        Assert.NotEmpty(desk.Account.RecentlyClosed);
        var executions = desk.Account.Executions.Count;
        desk.Venue.ForgetClosedOrders(desk.Account);
        Assert.Empty(desk.Account.RecentlyClosed);
        Assert.Equal(executions, desk.Account.Executions.Count);
        Assert.Contains(desk.Account.Orders, o => o.IsFinal);
    }

    private static Desk Holding()
    {
        var desk = new Desk(0, Still, Still);
        desk.Take(Flat.Order(Side.Buy, 0.02m, stop: 49_000m));
        desk.Take(Flat.Limit(Side.Buy, 0.01m, 48_000m));
        desk.Candle();
        return desk;
    }
}

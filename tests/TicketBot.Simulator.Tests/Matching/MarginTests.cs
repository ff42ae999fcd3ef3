using TicketBot.Domain;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Tests.Matching;

public class MarginTests
{
    private static readonly (double, double, double, double) Still = (50_000, 50_100, 49_900, 50_000);
    private static readonly (double, double, double, double) Crash = (50_000, 50_000, 40_000, 41_000);

    [Theory]
    [InlineData(0, Side.Buy)]
    [InlineData(0, Side.Sell)]
    [InlineData(500, Side.Buy)]
    public void An_account_that_equity_no_longer_carries_is_liquidated(int tickMs, Side side)
    {
        var desk = new Desk(tickMs, Still, side == Side.Buy ? Crash : (50_000, 60_000, 50_000, 59_000), Still);
        Assert.Equal(0, desk.Venue.SetLeverage(desk.Account, Flat.Btc, 10).Code);
        desk.Take(Flat.Order(side, 1.5m)); // 75,000 on 10,000.
        var resting = desk.Take(Flat.Limit(side, 0.01m, side == Side.Buy ? 30_000 : 70_000));
        desk.Candle();
        var price = desk.Venue.PositionOf(desk.Account, Flat.Btc).LiquidationPrice!.Value;
        Assert.InRange(price, side == Side.Buy ? 43_300m : 56_200m, side == Side.Buy ? 43_800m : 56_700m);
        desk.Candle();
        Assert.Equal(0, desk.Held);
        Assert.Equal("CancelByPrepareLiq", desk.Now(resting).CancelType);
        var bust = desk.Account.Executions[^1];
        Assert.Equal(("BustTrade", ExecutionKind.Forced, "CreateByLiq"), (bust.Type, bust.Execution.Kind, bust.Order!.CreateType));
        Assert.Contains(desk.Told.OfType<VenueEvent.PositionChanged>(), p => p.Position is { Status: "Liq", SignedQuantity: not 0 });
        Assert.Equal((0m, "Normal"), (desk.Told.OfType<VenueEvent.PositionChanged>().Last().Position.SignedQuantity, "Normal"));
        Assert.InRange(desk.Account.Balance, 0, 1_000);
    }

    [Fact]
    public void A_gap_beyond_bankruptcy_leaves_the_wallet_at_zero()
    {
        var desk = new Desk(0, Still, (30_000, 30_000, 29_000, 29_500));
        desk.Venue.SetLeverage(desk.Account, Flat.Btc, 10);
        desk.Take(Flat.Order(Side.Buy, 1.5m));
        desk.Candle();
        desk.Candle();
        Assert.Equal(0, desk.Held);
        Assert.InRange(desk.Account.Balance, 0, 5);
    }

    [Fact]
    public void At_leverage_one_a_long_is_out_of_reach()
    {
        var desk = new Desk(0, Still, Crash);
        desk.Take(Flat.Order(Side.Buy, 0.19m));
        desk.Candle();
        Assert.Null(desk.Venue.PositionOf(desk.Account, Flat.Btc).LiquidationPrice);
        desk.Candle();
        Assert.Equal(0.19m, desk.Held);
    }

    [Fact]
    public void Leverage_decides_what_an_order_reserves_and_can_only_fall_as_far_as_the_wallet_carries()
    {
        var desk = new Desk(0, Still);
        Assert.Equal(110007, desk.Venue.Submit(desk.Account, Flat.Order(Side.Buy, 0.5m)).Code);
        Assert.Equal(0, desk.Venue.SetLeverage(desk.Account, Flat.Btc, 5).Code);
        Assert.Equal(110043, desk.Venue.SetLeverage(desk.Account, Flat.Btc, 5).Code);
        Assert.Equal(10001, desk.Venue.SetLeverage(desk.Account, Flat.Btc, 101).Code);
        desk.Take(Flat.Order(Side.Buy, 0.5m));
        desk.Candle();
        var wallet = desk.Venue.WalletOf(desk.Account);
        Assert.Equal((5_000m, 125m), (wallet.PositionMargin, wallet.MaintenanceMargin));
        Assert.Equal(110007, desk.Venue.SetLeverage(desk.Account, Flat.Btc, 1).Code);
        Assert.Equal(5, desk.Venue.PositionOf(desk.Account, Flat.Btc).Leverage);
    }

    // 10,000 of equity, 0.15 held at 50,000 without leverage: 7,500 are used, what turns the position round opens what exceeds 0.15.
    [Theory]
    [InlineData(Side.Buy, 0.15, 0, 0)]
    [InlineData(Side.Buy, 0.25, 0, 0)] // Opens 0.1, which 7,500 freed carry.
    [InlineData(Side.Buy, 0.34, 0, 0)] // Opens 0.19: 9,500 less 7,500 freed are needed.
    [InlineData(Side.Buy, 0.36, 110007, 0)] // Opens 0.21: 10,500 less 7,500 are more than there are.
    [InlineData(Side.Sell, 0.34, 0, 0)]
    [InlineData(Side.Sell, 0.36, 110007, 0)]
    public void An_order_that_turns_a_position_round_reserves_only_for_what_remains_after_closing(Side held, decimal quantity, int code, int reserved)
    {
        var desk = new Desk(0, Still, Still, Still);
        desk.Take(Flat.Order(held, 0.15m));
        desk.Candle();
        Assert.Equal(code, desk.Venue.Submit(desk.Account, Flat.Order(held.Opposite(), quantity)).Code);
        desk.Candle();
        Assert.Equal(held.Sign() * (code == 0 ? 0.15m - quantity : 0.15m), desk.Held);
        Assert.Equal(reserved, desk.Venue.WalletOf(desk.Account).OrderMargin);
    }

    [Fact]
    public void What_is_held_is_closed_once_whatever_number_of_orders_would_close_it()
    {
        var desk = new Desk(0, Still, Still);
        desk.Take(Flat.Order(Side.Buy, 0.1m));
        desk.Candle();
        desk.Take(Flat.Limit(Side.Sell, 0.1m, 60_000));
        Assert.Equal(0, desk.Venue.WalletOf(desk.Account).OrderMargin);
        desk.Take(Flat.Limit(Side.Sell, 0.1m, 60_000));

        // 6,000 to be opened, 5,000 freed before it, and the taker fee on the 6,000.
        var fee = 6_000m * Flat.Settings().Costs.TakerFeeBp / 10_000m;
        Assert.Equal(1_000m + fee, desk.Venue.WalletOf(desk.Account).OrderMargin);
        Assert.Equal(110007, desk.Venue.Submit(desk.Account, Flat.Limit(Side.Sell, 0.1m, 60_000)).Code);
    }

    [Fact]
    public void A_contract_switches_to_hedge_mode_only_when_nothing_stands_and_then_takes_no_orders()
    {
        var desk = new Desk(0, Still, Still);
        Symbol[] btc = [Flat.Btc];
        Assert.Equal(110025, desk.Venue.SwitchMode(desk.Account, btc, hedged: false).Code);
        var order = desk.Take(Flat.Limit(Side.Buy, 0.01m, 49_000m));
        Assert.Equal(110028, desk.Venue.SwitchMode(desk.Account, btc, hedged: true).Code);
        desk.Venue.Cancel(desk.Account, Flat.Btc, order.Id, null);
        desk.Take(Flat.Order(Side.Buy, 0.01m));
        desk.Candle();
        Assert.Equal(110024, desk.Venue.SwitchMode(desk.Account, btc, hedged: true).Code);
        desk.Take(Flat.Order(Side.Sell, 0.01m, reduceOnly: true));
        desk.Candle();
        Assert.Equal(0, desk.Venue.SwitchMode(desk.Account, btc, hedged: true).Code);
        Assert.True(desk.Venue.PositionOf(desk.Account, Flat.Btc).IsHedged);
        Assert.Equal(10001, desk.Venue.Submit(desk.Account, Flat.Order(Side.Buy, 0.01m)).Code);
        Assert.Contains("hedge", desk.Venue.Submit(desk.Account, Flat.Order(Side.Buy, 0.01m) with { PositionIndex = 1 }).Text, StringComparison.Ordinal);
    }
}

using TicketBot.Domain;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Tests.Matching;

public class VenueTests
{
    [Fact]
    public void A_market_order_fills_at_the_next_open_worsened_by_slippage()
    {
        var (venue, account, play) = Open((50_100, 50_200, 50_000, 50_150));
        var answer = venue.Submit(account, Flat.Order(Side.Buy, 0.01m, "a"));
        Assert.Equal(0, answer.Code);
        play();
        var fill = Assert.Single(account.Executions);
        Assert.Equal(50_105.1m, fill.Execution.Price.Value); // 50,100 + 1 bp = 50,105.01, up to the tick.
        Assert.Equal(0.01m * 50_105.1m * 0.00055m, fill.Execution.Fee.Value);
        Assert.InRange(fill.Execution.Time.Since(Flat.Start), 20, 120);
    }

    [Fact]
    public void An_attached_stop_becomes_an_untriggered_order_after_the_fill()
    {
        var (venue, account, play) = Open((50_000, 50_100, 49_900, 50_000), (50_000, 50_050, 49_000, 49_500));
        venue.Submit(account, Flat.Order(Side.Buy, 0.01m, "a", stop: 49_250m));
        play();
        var stop = Assert.Single(account.OpenOrders);
        Assert.True(stop.IsStopLoss);
        Assert.Equal(VenueOrderStatus.Untriggered, stop.Status);
        Assert.Equal(49_250m, venue.PositionOf(account, Flat.Btc).StopLoss);
        play();
        Assert.Empty(account.OpenOrders);
        Assert.Equal(0, venue.PositionOf(account, Flat.Btc).SignedQuantity);
        Assert.Equal(49_245m, account.Executions[^1].Execution.Price.Value); // 49,250 - 1 bp = 49,245.075, down to the tick.
    }

    [Theory]
    [InlineData(Side.Buy, 49_500, 50_600)]
    [InlineData(Side.Sell, 50_500, 49_400)]
    public void The_stop_is_hit_before_the_favourable_extreme(Side side, int stop, int target)
    {
        var (venue, account, play) = Open((50_000, 50_700, 49_300, 50_000));
        venue.Submit(account, Flat.Order(side, 0.01m, "entry", stop));
        venue.Submit(account, Flat.Limit(side.Opposite(), 0.01m, target));
        play();
        Assert.Equal(2, account.Executions.Count(e => e.Execution.Time <= Flat.Start.Plus(900_000 / 4)));
        Assert.True(account.Executions[1].Order!.IsStopLoss);
    }

    [Fact]
    public void A_stop_that_was_gapped_through_fills_at_the_open()
    {
        var (venue, account, play) = Open((50_000, 50_100, 49_900, 50_000), (48_000, 48_500, 47_900, 48_000));
        venue.Submit(account, Flat.Order(Side.Buy, 0.01m, "a", stop: 49_500m));
        play();
        play();
        Assert.Equal(47_995.2m, account.Executions[^1].Execution.Price.Value);
    }

    [Fact]
    public void A_reduce_only_order_never_reverses_and_ends_when_nothing_is_left()
    {
        var (venue, account, play) = Open((50_000, 50_100, 49_900, 50_000), (50_000, 50_100, 49_900, 50_000));
        Assert.Equal(110017, venue.Submit(account, Flat.Order(Side.Sell, 0.01m, reduceOnly: true)).Code);
        venue.Submit(account, Flat.Order(Side.Buy, 0.01m));
        play();
        venue.Submit(account, Flat.Order(Side.Sell, 0.05m, "big", reduceOnly: true));
        venue.Submit(account, Flat.Order(Side.Sell, 0.01m, "second", reduceOnly: true));
        play();
        Assert.Equal(0, venue.PositionOf(account, Flat.Btc).SignedQuantity);
        Assert.Equal(VenueOrderStatus.Filled, account.OrderByLink("big")!.Status);
        Assert.Equal(0.01m, account.OrderByLink("big")!.Filled);
        Assert.Equal("CancelByReduceOnly", account.OrderByLink("second")!.CancelType);
    }

    [Fact]
    public void Closing_by_an_order_clears_the_stop()
    {
        var (venue, account, play) = Open((50_000, 50_100, 49_900, 50_000), (50_000, 50_100, 49_900, 50_000));
        venue.Submit(account, Flat.Order(Side.Buy, 0.01m, stop: 49_000m));
        play();
        var stop = account.OpenOrders.Single();
        venue.Submit(account, Flat.Order(Side.Sell, 0.01m, reduceOnly: true));
        play();
        Assert.Equal("CancelByTpSlTsClear", account.OrderById(stop.Id)!.CancelType);
    }

    [Fact]
    public void A_repeated_link_id_is_refused_even_after_its_order_is_done()
    {
        var (venue, account, play) = Open((50_000, 50_100, 49_900, 50_000));
        Assert.Equal(0, venue.Submit(account, Flat.Order(Side.Buy, 0.01m, "once")).Code);
        Assert.Equal(110072, venue.Submit(account, Flat.Order(Side.Sell, 0.02m, "once")).Code);
        play();
        Assert.Equal(110072, venue.Submit(account, Flat.Order(Side.Buy, 0.01m, "once")).Code);
        Assert.Single(account.Executions);
    }

    [Theory]
    [InlineData(0.0015, 10001)]
    [InlineData(0.0004, 110017)]
    [InlineData(0, 10001)]
    [InlineData(101, 10001)]
    [InlineData(0.5, 110007)]
    public void Sizes_the_venue_cannot_take_are_refused_with_their_code(decimal quantity, int code)
    {
        var (venue, account, _) = Open((50_000, 50_100, 49_900, 50_000));
        Assert.Equal(code, venue.Submit(account, Flat.Order(Side.Buy, quantity)).Code);
        Assert.Empty(account.Orders);
    }

    [Fact]
    public void A_notional_below_the_minimum_is_refused()
    {
        var (venue, account, _) = Open((50_000, 50_100, 49_900, 50_000));
        Assert.Equal(110094, venue.Submit(account, Flat.Limit(Side.Buy, 0.001m, 4_000m)).Code);
    }

    [Theory]
    [InlineData(Side.Buy, 50_000)]
    [InlineData(Side.Sell, 49_000)]
    public void A_stop_on_the_wrong_side_is_refused(Side side, int stop)
    {
        var (venue, account, _) = Open((50_000, 50_100, 49_900, 50_000));
        Assert.Equal(10001, venue.Submit(account, Flat.Order(side, 0.01m, stop: stop)).Code);
    }

    [Fact]
    public void Limit_orders_rest_fill_as_maker_or_end_by_their_time_in_force()
    {
        var (venue, account, play) = Open((50_000, 50_100, 49_900, 50_000), (50_000, 50_010, 49_800, 49_900), (49_900, 50_000, 49_700, 49_900));
        var rests = venue.Submit(account, Flat.Limit(Side.Buy, 0.01m, 49_800m)).Order!;
        var gone = venue.Submit(account, Flat.Limit(Side.Buy, 0.01m, 49_000m, TimeInForce.IOC)).Order!;
        var posted = venue.Submit(account, Flat.Limit(Side.Buy, 0.01m, 50_500m, TimeInForce.PostOnly)).Order!;
        play();
        Assert.Equal("EC_NoImmediateQtyToFill", account.OrderById(gone.Id)!.RejectReason);
        Assert.Equal("EC_PostOnlyWillTakeLiquidity", account.OrderById(posted.Id)!.RejectReason);
        var told = account.Events.SkipWhile(e => e is not VenueEvent.OrderChanged(var order) || order.Id != posted.Id).Skip(1).First();
        Assert.IsType<VenueEvent.PositionChanged>(told); // A position is told after every order.
        play();
        Assert.Equal(VenueOrderStatus.New, account.OrderById(rests.Id)!.Status); // Touched at 49,800 but not traded through.
        play();
        var fill = Assert.Single(account.Executions).Execution;
        Assert.True(fill.IsMaker);
        Assert.Equal(49_800m, fill.Price.Value);
        Assert.Equal(0.01m * 49_800m * 0.0002m, fill.Fee.Value);
    }

    [Fact]
    public void Funding_is_paid_by_longs_at_a_positive_rate_at_each_settlement()
    {
        var rows = Enumerable.Repeat((50_000.0, 50_010.0, 49_990.0, 50_000.0), 64).ToArray();
        var (venue, account, play) = Open(rows);
        venue.Submit(account, Flat.Order(Side.Buy, 0.01m));
        for (var i = 0; i < 64; i++)
        {
            play();
        }

        var funding = account.Executions.Where(e => e.Execution.Kind == ExecutionKind.Funding).ToList();
        Assert.Equal([Flat.Start.Plus(8 * 3_600_000), Flat.Start.Plus(16 * 3_600_000)], funding.Select(f => f.Execution.Time));
        Assert.All(funding, f => Assert.Equal(0.01m * 50_000m * 0.0001m, f.Execution.Fee.Value));
        Assert.Equal(0.1m, account.Funding);
    }

    [Fact]
    public void The_stop_of_a_position_can_be_set_moved_and_removed()
    {
        var (venue, account, play) = Open((50_000, 50_100, 49_900, 50_000));
        Assert.Equal(10001, venue.SetStop(account, Flat.Btc, 49_000m).Code);
        venue.Submit(account, Flat.Order(Side.Buy, 0.01m));
        play();
        Assert.Equal(0, venue.SetStop(account, Flat.Btc, 49_000m).Code);
        Assert.Equal(34040, venue.SetStop(account, Flat.Btc, 49_000m).Code);
        Assert.Equal(0, venue.SetStop(account, Flat.Btc, 49_500m).Code);
        Assert.Equal(49_500m, Assert.Single(account.OpenOrders).Trigger);
        Assert.Equal(10001, venue.SetStop(account, Flat.Btc, 51_000m).Code);
        Assert.Equal(0, venue.SetStop(account, Flat.Btc, 0).Code);
        Assert.Empty(account.OpenOrders);
    }

    [Fact]
    public void An_order_sent_inside_a_longer_candle_meets_its_close()
    {
        var hourly = new SeriesKey(new Symbol("ETHUSDT"), Interval.OneHour);
        var series = new Dictionary<SeriesKey, IReadOnlyList<Candle>>
        {
            [Flat.Series] = [.. Enumerable.Range(-4, 12).Select(i => new Candle(Flat.Start.Plus(i * 900_000L), 100, 100, 100, 100, 1, 1))],
            [hourly] = [.. Enumerable.Range(-1, 3).Select(i => new Candle(Flat.Start.Plus(i * 3_600_000L), 3_000, 3_100, 2_900, 3_050, 1, 1))],
        };
        var market = new ReplayMarket(series, Flat.Start);
        var venue = new Venue(Flat.Settings(), market);
        var account = venue.OpenAccount("k", 10_000);
        using var steps = market.Steps().GetEnumerator();
        steps.MoveNext();
        venue.Advance(steps.Current); // 00:15
        venue.Submit(account, Flat.Order(Side.Buy, 0.01m) with { Symbol = hourly.Symbol });
        while (account.Executions.Count == 0 && steps.MoveNext())
        {
            venue.Advance(steps.Current);
        }

        var fill = Assert.Single(account.Executions).Execution;
        Assert.Equal(3_050.31m, fill.Price.Value);
        Assert.Equal(Flat.Start.Plus(3_600_000), venue.Time);
        Assert.True(fill.Time > Flat.Start.Plus(900_000) && fill.Time < venue.Time);
    }

    private static (Venue Venue, Account Account, Action Play) Open(params (double, double, double, double)[] rows)
    {
        var market = Flat.Market(rows);
        var venue = new Venue(Flat.Settings(), market);
        var steps = market.Steps().GetEnumerator();
        return (venue, venue.OpenAccount("key", 10_000m), () =>
        {
            Assert.True(steps.MoveNext());
            venue.Advance(steps.Current);
        });
    }
}

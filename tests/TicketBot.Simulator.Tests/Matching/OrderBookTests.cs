using TicketBot.Domain;
using TicketBot.Simulator.Matching;
using TicketBot.Trading;

namespace TicketBot.Simulator.Tests.Matching;

public class OrderBookTests
{
    private static readonly (double, double, double, double) Still = (50_000, 50_100, 49_900, 50_000);

    [Fact]
    public void The_best_levels_are_the_price_of_the_cost_model_and_the_rest_lies_behind_them()
    {
        var desk = new Desk(0, Still);
        var book = desk.Venue.BookOf(Flat.Btc, 50);
        Assert.Equal((50_005m, 49_995m), (book.Asks[0].Price, book.Bids[0].Price));
        Assert.Equal((50, 50), (book.Asks.Count, book.Bids.Count));
        Assert.All(book.Asks.Zip(book.Asks.Skip(1)), p => Assert.True(p.First.Price < p.Second.Price));
        Assert.All(book.Bids.Zip(book.Bids.Skip(1)), p => Assert.True(p.First.Price > p.Second.Price));
        Assert.All(book.Asks.Concat(book.Bids), l => Assert.True(l.Size > 0 && l.Price % 0.1m == 0 && l.Size % 0.001m == 0));
        Assert.InRange(book.Asks[0].Size * book.Asks[0].Price, 199_000m, 500_000m);
        desk.Candle();
        Assert.Equal(book.UpdateId + 1, desk.Venue.BookOf(Flat.Btc, 1).UpdateId);
    }

    [Fact]
    public void The_book_is_the_same_for_the_same_seed_and_another_for_another()
    {
        BookView Book(ulong seed) => new Desk(0, 10_000m, Flat.Settings() with { Seed = seed }, Flat.Market(Still)).Venue.BookOf(Flat.Btc, 50);
        Assert.Equal(Book(1).Asks, Book(1).Asks);
        Assert.NotEqual(Book(1).Asks, Book(2).Asks);
    }

    [Fact]
    public void Without_slippage_the_book_is_not_crossed()
    {
        var desk = new Desk(0, 10_000m, new VenueSettings { Costs = new CostOptions { SlippageBp = 0 } }, Flat.Market(Still));
        var book = desk.Venue.BookOf(Flat.Btc, 5);
        Assert.Equal((50_000m, 49_999.9m), (book.Asks[0].Price, book.Bids[0].Price));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(250)]
    public void A_large_market_order_walks_the_levels_and_what_the_band_leaves_is_cancelled(int tickMs)
    {
        var desk = new Desk(tickMs, 50_000_000m, Flat.Settings(), Flat.Market(Still, Still));
        var order = desk.Take(Flat.Order(Side.Buy, 100m)); // Five million, more than lies within the band.
        desk.Candle();
        var fills = desk.Account.Executions.Select(e => e.Execution).ToList();
        Assert.True(fills.Count > 20);
        Assert.All(fills.Zip(fills.Skip(1)), p => Assert.True(p.First.Price.Value < p.Second.Price.Value));
        Assert.Equal(50_005m, fills[0].Price.Value);
        Assert.True(fills[^1].Price.Value <= 52_500m);
        var ended = desk.Now(order);
        Assert.Equal((VenueOrderStatus.Cancelled, "EC_NoImmediateQtyToFill"), (ended.Status, ended.RejectReason));
        Assert.Equal(fills.Sum(f => f.Quantity.Value), ended.Filled);
        Assert.InRange(ended.Filled, 1m, 99m);
        Assert.Equal(desk.Held, ended.Filled);
        Assert.All(desk.OrdersTold(order.Id).SkipLast(1), o => Assert.Equal(VenueOrderStatus.PartiallyFilled, o.Status));
    }

    [Fact]
    public void Ticks_and_whole_candles_meet_the_same_book()
    {
        List<(decimal, decimal)> Fills(int tickMs)
        {
            var desk = new Desk(tickMs, 50_000_000m, Flat.Settings(), Flat.Market((50_100, 50_200, 50_000, 50_150)));
            desk.Take(Flat.Order(Side.Buy, 20m));
            desk.Candle();
            return [.. desk.Account.Executions.Select(e => (e.Execution.Price.Value, e.Execution.Quantity.Value))];
        }

        Assert.True(Fills(0).Count > 3);
        Assert.Equal(Fills(0), Fills(250));
    }

    [Theory]
    [InlineData(TimeInForce.IOC, "EC_NoImmediateQtyToFill", true)]
    [InlineData(TimeInForce.FOK, "EC_CancelForNoFullFill", false)]
    public void A_limit_that_the_book_cannot_fill_ends_by_its_time_in_force(TimeInForce time, string reason, bool fillsSome)
    {
        var desk = new Desk(0, 50_000_000m, Flat.Settings(), Flat.Market(Still));
        var order = desk.Take(Flat.Limit(Side.Buy, 30m, 50_006m, time));
        desk.Candle();
        Assert.Equal((VenueOrderStatus.Cancelled, reason), (desk.Now(order).Status, desk.Now(order).RejectReason));
        Assert.Equal(fillsSome, desk.Now(order).Filled > 0);
    }

    [Fact]
    public void A_limit_that_the_book_fills_in_part_rests_with_the_rest()
    {
        var desk = new Desk(0, 50_000_000m, Flat.Settings(), Flat.Market((50_000, 50_100, 49_999, 50_050), (50_050, 50_060, 49_990, 50_000)));
        var order = desk.Take(Flat.Limit(Side.Buy, 30m, 50_000m));
        desk.Candle();
        Assert.Equal(VenueOrderStatus.Filled, desk.Now(order).Status); // The worst-case path goes through 50,000 afterwards.
        Assert.Equal([false, true], desk.Account.Executions.Select(e => e.Execution.IsMaker));
        Assert.Equal([VenueOrderStatus.PartiallyFilled, VenueOrderStatus.Filled], desk.OrdersTold(order.Id).Select(o => o.Status));
    }

    [Fact]
    public void A_slippage_tolerance_bounds_a_market_order()
    {
        var desk = new Desk(0, 50_000_000m, Flat.Settings(), Flat.Market(Still));
        desk.Take(Flat.Order(Side.Buy, 100m) with { MaxSlippage = 0.001m });
        desk.Candle();
        Assert.All(desk.Account.Executions, e => Assert.True(e.Execution.Price.Value <= 50_005m * 1.001m));
    }

    [Theory]
    [InlineData(Side.Buy, 53_000, 30208)]
    [InlineData(Side.Sell, 47_000, 30209)]
    [InlineData(Side.Buy, 47_000, 0)]
    [InlineData(Side.Sell, 53_000, 0)]
    public void A_price_beyond_the_band_is_refused_on_the_side_that_takes(Side side, int price, int code)
    {
        var desk = new Desk(0, Still);
        Assert.Equal(code, desk.Venue.Submit(desk.Account, Flat.Limit(side, 0.01m, price)).Code);
    }
}

using TicketBot.Domain;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Tests.Matching;

public class TickTests
{
    private static readonly (double, double, double, double) Still = (50_000, 50_100, 49_900, 50_000);
    private static readonly (double, double, double, double) Gap = (50_300, 50_400, 50_200, 50_350);

    [Theory]
    [InlineData(250)]
    [InlineData(1_000)]
    [InlineData(60_000)]
    public void An_order_sent_after_a_close_fills_as_without_ticks(int tickMs)
    {
        Execution Fill(int ms)
        {
            var desk = new Desk(ms, Still, Gap);
            desk.Candle();
            desk.Take(Flat.Order(Side.Buy, 0.01m, "a"));
            desk.Candle();
            return desk.Account.Executions.Single().Execution;
        }

        Assert.Equal(Fill(0), Fill(tickMs));
    }

    [Fact]
    public void Events_are_told_at_the_tick_at_which_they_happen()
    {
        var desk = new Desk(250, Still);
        desk.Take(Flat.Order(Side.Buy, 0.01m));
        Assert.Empty(desk.Account.Events);
        desk.Step();
        Assert.Equal(Flat.Start.Plus(250), desk.Venue.Time);
        Assert.Single(desk.Told.OfType<VenueEvent.Executed>());
    }

    [Fact]
    public void Public_trades_sum_to_the_volume_and_their_side_is_their_direction()
    {
        var rows = new List<Candle>
        {
            new(Flat.Start.Plus(-900_000), 50_000, 50_000, 50_000, 50_000, 1, 50_000), new(Flat.Start, 50_000, 50_400, 49_700, 50_100, 123.4567, 6_000_000),
        };
        var market = new ReplayMarket(new Dictionary<SeriesKey, IReadOnlyList<Candle>> { [Flat.Series] = rows }, Flat.Start);
        foreach (var tickMs in (int[])[0, 5_000])
        {
            var desk = new Desk(tickMs, 10_000m, Flat.Settings(), market);
            desk.Candle();
            var trades = desk.Venue.TradesOf(Flat.Btc);
            Assert.Equal(123.4567m, trades.Sum(t => t.Size));
            Assert.Equal(trades.Count, trades.Select(t => t.Id).Distinct().Count());
            Assert.All(trades.Zip(trades.Skip(1)), p =>
            {
                Assert.True(p.First.Sequence < p.Second.Sequence && p.First.Time <= p.Second.Time);
                Assert.True(p.First.Price == p.Second.Price || tickMs != 0 || p.Second.TakerSide == (p.Second.Price > p.First.Price ? Side.Buy : Side.Sell));
            });
            Assert.True(trades[^1].Sequence < desk.Venue.BookOf(Flat.Btc, 1).Sequence);
        }
    }

    [Fact]
    public void The_open_candle_grows_with_the_ticks_and_ends_as_its_candle()
    {
        var desk = new Desk(1_000, (50_000, 50_400, 49_700, 50_100), Still);
        var flat = desk.Venue.OpenCandleOf(Flat.Series);
        Assert.Equal((50_000, 50_000, 0), (flat.High, flat.Low, flat.Volume));
        var (high, low, volume) = (0.0, double.MaxValue, 0.0);
        for (var i = 0; i < 899; i++)
        {
            desk.Step();
            var open = desk.Venue.OpenCandleOf(Flat.Series);
            Assert.Equal(Flat.Start, open.OpenTime);
            Assert.Equal((double)desk.Venue.LastPrice(Flat.Btc), open.Close);
            Assert.True(open.High >= high && open.Low <= low && open.Volume >= volume);
            (high, low, volume) = (open.High, open.Low, open.Volume);
        }

        Assert.Equal((50_400, 49_700), (high, low));
        desk.Step();
        Assert.Equal(Flat.Start.Plus(900_000), desk.Venue.OpenCandleOf(Flat.Series).OpenTime);
        Assert.Equal(50_100m, desk.Venue.LastPrice(Flat.Btc));
    }

    [Fact]
    public void A_price_that_touches_a_resting_order_fills_a_part_and_one_that_goes_through_fills_the_rest()
    {
        var parts = 0;
        for (ulong seed = 0; seed < 12; seed++)
        {
            var desk = new Desk(1_000, 10_000m, Flat.Settings() with { Seed = seed }, Flat.Market((50_000, 50_000, 49_990, 49_995), (49_995, 50_000, 49_900, 49_950)));
            var order = desk.Take(Flat.Limit(Side.Buy, 0.15m, 49_990m)); // The low of the first candle.
            desk.Candle();
            var touched = desk.Now(order);
            Assert.True(touched.Filled < 0.15m);
            parts += touched.Status == VenueOrderStatus.PartiallyFilled ? 1 : 0;
            desk.Candle();
            Assert.Equal((VenueOrderStatus.Filled, 0.15m), (desk.Now(order).Status, desk.Now(order).Filled));
            Assert.All(desk.Account.Executions, e => Assert.True(e.Execution is { IsMaker: true, Price.Value: 49_990m }));
        }

        Assert.InRange(parts, 6, 12);
    }

    [Fact]
    public void Mark_and_index_follow_the_last_price_slowly_and_are_it_without_ticks()
    {
        var desk = new Desk(250, (50_000, 50_000, 48_000, 48_000), (48_000, 48_000, 48_000, 48_000));
        var apart = 0m;
        for (var i = 0; i < 3_600; i++)
        {
            desk.Step();
            apart = Math.Max(apart, Math.Abs(desk.Venue.MarkPrice(Flat.Btc) - desk.Venue.LastPrice(Flat.Btc)));
        }

        Assert.True(apart > 20, $"mark and last should differ on a fall of 2,000, differed by {apart}");
        desk.Candle();
        Assert.InRange(desk.Venue.MarkPrice(Flat.Btc), 47_990m, 48_010m);
        Assert.Equal(48_000m, desk.Venue.IndexPrice(Flat.Btc));
        var whole = new Desk(0, Still);
        whole.Candle();
        Assert.Equal((50_000m, 50_000m), (whole.Venue.MarkPrice(Flat.Btc), whole.Venue.IndexPrice(Flat.Btc)));
    }

    [Fact]
    public void Funding_is_settled_once_with_ticks_too()
    {
        var desk = new Desk(60_000, [.. Enumerable.Repeat((50_000.0, 50_010.0, 49_990.0, 50_000.0), 64)]);
        desk.Take(Flat.Order(Side.Buy, 0.01m));
        while (desk.Step())
        {
        }

        var funding = desk.Account.Executions.Where(e => e.Execution.Kind == ExecutionKind.Funding).Select(e => e.Execution).ToList();
        Assert.Equal([Flat.Start.Plus(8 * 3_600_000), Flat.Start.Plus(16 * 3_600_000)], funding.Select(f => f.Time));
        Assert.All(funding, f => Assert.InRange(f.Fee.Value, 0.0499m, 0.0501m));
    }
}

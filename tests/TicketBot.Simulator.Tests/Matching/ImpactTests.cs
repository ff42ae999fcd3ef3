using TicketBot.Domain;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;
using TicketBot.Trading;

namespace TicketBot.Simulator.Tests.Matching;

public class ImpactTests
{
    // Two candles of history with ranges of 200 and 100 about 50,000, turnover 40 million each. numpy: sqrt((0.004**2 + 0.002**2)/2/(4*log(2)))*1e4 = 18.99141 bp.
    private static readonly CostOptions Sized = new() { ImpactFreeNotional = 0 };
    private const double VolatilityBp = 18.99141280216511;

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(0, 2)]
    [InlineData(250, 2)]
    public void A_market_order_fills_worse_by_slippage_and_the_impact_of_its_size(int tickMs, double quantity)
    {
        var price = FillOf(tickMs, Sized, 1, Flat.Order(Side.Buy, (decimal)quantity));
        var impact = VolatilityBp * Math.Sqrt(quantity * 50_000 / 40_000_000);
        var exact = 50_000 * (1 + ((1 + impact) / 10_000));
        Assert.InRange((double)price, exact, exact + 0.1); // To the next tick against the taker.
        var sold = FillOf(tickMs, Sized, 1, Flat.Order(Side.Sell, (decimal)quantity));
        Assert.InRange((double)sold, 100_000 - exact - 0.1, 100_000 - exact);
    }

    [Fact]
    public void A_tiny_order_and_a_coefficient_of_zero_cost_the_slippage_alone()
    {
        Assert.Equal(50_005m, FillOf(0, new CostOptions { ImpactCoefficient = 0 }, 1, Flat.Order(Side.Buy, 2m)));

        Assert.Equal(50_005m, FillOf(0, new CostOptions(), 1, Flat.Order(Side.Buy, 0.02m))); // 1,000 USDT.
        Assert.True(FillOf(0, new CostOptions(), 1, Flat.Order(Side.Buy, 0.03m)) > 50_005m);

        // The part beyond pays the law: 2 BTC are 99,000 USDT beyond.
        var exact = 50_000 * (1 + ((1 + (VolatilityBp * Math.Sqrt(99_000 / 40_000_000.0))) / 10_000));
        Assert.InRange((double)FillOf(0, new CostOptions(), 1, Flat.Order(Side.Buy, 2m)), exact, exact + 0.1);
    }

    [Fact]
    public void An_account_that_stands_for_a_smaller_one_moves_the_price_as_that_one_does()
    {
        var small = FillOf(0, new CostOptions(), 1, Flat.Order(Side.Buy, 0.2m));
        Assert.Equal(small, FillOf(0, new CostOptions(), 0.1m, Flat.Order(Side.Buy, 2m)));
        Assert.NotEqual(small, FillOf(0, new CostOptions(), 1, Flat.Order(Side.Buy, 2m)));
        Assert.NotEqual(new VenueSettings().Fingerprint, new VenueSettings { ImpactShare = 0.01m }.Fingerprint);
        Assert.NotEqual(new VenueSettings().Fingerprint, new VenueSettings { Costs = new CostOptions { ImpactCoefficient = 2 } }.Fingerprint);
    }

    [Fact]
    public void Impact_stays_within_the_owners_limits()
    {
        var most = new CostOptions { ImpactCoefficient = 10 }; // 9.4 bp at 2 BTC.
        Assert.Equal(50_010m, FillOf(0, most, 1, Flat.Limit(Side.Buy, 2m, 50_010m)));
        Assert.InRange(FillOf(0, most, 1, Flat.Order(Side.Buy, 2m) with { MaxSlippage = 0.0005m }), 50_029m, 50_005m * 1.0005m);
        Assert.InRange(FillOf(0, most, 1, Flat.Order(Side.Buy, 2m)), 50_052m, 50_053m);
    }

    [Fact]
    public void A_closed_candle_counts_for_orders_after_it_and_for_none_before()
    {
        // The second live candle is twenty times as wide: the order at its open does not know it, the one after it does.
        decimal[] fills = [.. new[] { 0, 250 }.SelectMany(tickMs =>
        {
            var desk = new Desk(tickMs, 10_000_000m, new VenueSettings(), Market((50_000, 50_050, 49_950, 50_000), (50_000, 51_000, 49_000, 50_000), (50_000, 50_050, 49_950, 50_000)));
            desk.Candle();
            desk.Take(Flat.Order(Side.Buy, 2m));
            desk.Candle();
            desk.Take(Flat.Order(Side.Buy, 2m));
            desk.Candle();
            return desk.Account.Executions.Select(e => e.Execution.Price.Value).ToArray();
        })];
        Assert.Equal(4, fills.Length);
        Assert.Equal(fills[0], fills[2]);
        Assert.True(fills[1] > fills[0] + 10m);
        Assert.Equal(fills[1], fills[3]);
    }

    private static ReplayMarket Market(params (double Open, double High, double Low, double Close)[] rows)
    {
        List<Candle> candles =
        [
            new(Flat.Start.Plus(-1_800_000), 50_000, 50_100, 49_900, 50_000, 800, 40_000_000), new(Flat.Start.Plus(-900_000), 50_000, 50_050, 49_950, 50_000, 800, 40_000_000),
            .. rows.Select((r, i) => new Candle(Flat.Start.Plus(i * 900_000L), r.Open, r.High, r.Low, r.Close, 800, 40_000_000)),
        ];
        return new ReplayMarket(new Dictionary<Trading.Exchange.SeriesKey, IReadOnlyList<Candle>> { [Flat.Series] = candles }, Flat.Start);
    }

    private static decimal FillOf(int tickMs, CostOptions costs, decimal share, NewOrder order)
    {
        var desk = new Desk(tickMs, 10_000_000m, new VenueSettings { Costs = costs, ImpactShare = share }, Market((50_000, 50_000, 50_000, 50_000)));
        desk.Take(order);
        desk.Candle();
        return desk.Account.Executions[0].Execution.Price.Value;
    }
}

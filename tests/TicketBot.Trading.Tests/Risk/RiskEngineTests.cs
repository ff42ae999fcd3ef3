using FsCheck;
using FsCheck.Fluent;
using TicketBot.Domain;
using TicketBot.Trading.Risk;

namespace TicketBot.Trading.Tests.Risk;

// Invariants: an approved notional never exceeds the position cap scaled by similarity nor the room under the gross cap, taken at
// the price worsened by slippage; quantity lies on the lot grid and reaches the venue's minimum; the planned loss of the stop
// never exceeds its limit; a smaller similarity never gives a larger size.
public sealed class RiskEngineTests
{
    private static readonly Instrument Bitcoin = new()
    {
        Symbol = new Symbol("BTCUSDT"),
        TickSize = 0.1m,
        QuantityStep = 0.001m,
        MinQuantity = 0.001m,
        MaxMarketQuantity = 100m,
        MaxQuantity = 500m,
        MinNotional = 5m,
    };

    [Fact]
    public void Sizes_two_percent_of_equity_rounded_down_to_the_lot()
    {
        var verdict = RiskEngine.Judge(Input(equity: 10_000m, price: 30_000), Options());

        var approved = Assert.IsType<RiskVerdict.Approved>(verdict);
        Assert.Equal(0.006m, approved.Quantity.Value); // 200 / 30,003 = 0.00666..
        Assert.Equal(29_550m, approved.Stop.Value);
    }

    [Fact]
    public void Puts_the_stop_of_a_short_above_the_price()
    {
        var approved = Assert.IsType<RiskVerdict.Approved>(RiskEngine.Judge(Input(side: Side.Sell, price: 30_000), Options()));

        Assert.Equal(30_450m, approved.Stop.Value);
    }

    [Fact]
    public void Denies_what_the_venue_cannot_take()
    {
        var denied = Assert.IsType<RiskVerdict.Denied>(RiskEngine.Judge(Input(equity: 1_000m, price: 60_000), Options()));

        Assert.Equal(DenialCode.BelowMinimumQuantity, denied.Code);
        Assert.Contains("minimum 0.001", denied.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Denies_a_notional_below_the_minimum()
    {
        var cheap = Bitcoin with { MinQuantity = 0.001m, MinNotional = 500m };

        var denied = Assert.IsType<RiskVerdict.Denied>(RiskEngine.Judge(Input() with { Instrument = cheap }, Options()));

        Assert.Equal(DenialCode.BelowMinimumNotional, denied.Code);
    }

    [Fact]
    public void Denies_when_the_gross_cap_is_used_up()
    {
        var denied = Assert.IsType<RiskVerdict.Denied>(RiskEngine.Judge(Input(gross: 2_000m), Options()));

        Assert.Equal(DenialCode.GrossCapReached, denied.Code);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.0)]
    [InlineData(0.24)]
    public void Denies_an_unknown_or_dissimilar_market(double? similarity)
    {
        var denied = Assert.IsType<RiskVerdict.Denied>(RiskEngine.Judge(Input() with { Similarity = similarity }, Options()));

        Assert.Equal(DenialCode.SimilarityTooLow, denied.Code);
    }

    [Fact]
    public void Denies_a_side_that_is_switched_off()
    {
        var options = Options();
        options.AllowShort = false;

        Assert.IsType<RiskVerdict.Approved>(RiskEngine.Judge(Input(side: Side.Buy), options));
        Assert.Equal(DenialCode.SideNotAllowed, Assert.IsType<RiskVerdict.Denied>(RiskEngine.Judge(Input(side: Side.Sell), options)).Code);
    }

    [Fact]
    public void Denies_without_equity() =>
        Assert.Equal(DenialCode.NoEquity, Assert.IsType<RiskVerdict.Denied>(RiskEngine.Judge(Input(equity: -1m), Options())).Code);

    [Fact]
    public void Keeps_every_limit_over_random_inputs()
    {
        var inputs =
            from equity in Gen.Choose(100, 1_000_000)
            from price in Gen.Choose(1, 200_000)
            from gross in Gen.Choose(0, 100_000)
            from similarity in Gen.Choose(0, 100)
            from buy in Gen.Elements(true, false)
            select (Equity: (decimal)equity, Price: price * 0.5, Gross: (decimal)gross, Similarity: similarity / 100.0, Side: buy ? Side.Buy : Side.Sell);

        Prop.ForAll(inputs.ToArbitrary(), i =>
        {
            var options = Options();
            var input = new RiskInput(Bitcoin, i.Side, i.Price, new Money(i.Equity), new Money(i.Gross), i.Similarity);
            if (RiskEngine.Judge(input, options) is not RiskVerdict.Approved approved)
            {
                return true;
            }

            var worst = (decimal)i.Price * (1 + (options.Costs.SlippageBp / 10_000m));
            var notional = approved.Quantity.Value * worst;
            var distance = Math.Abs(approved.Stop.Value - (decimal)i.Price) / (decimal)i.Price;
            var smaller = RiskEngine.Judge(input with { Similarity = i.Similarity * 0.5 }, options) as RiskVerdict.Approved;
            return notional <= i.Equity * options.MaxPositionFraction * (decimal)i.Similarity
                && i.Gross + notional <= i.Equity * options.MaxGrossFraction
                && Bitcoin.IsOnLot(approved.Quantity.Value) && approved.Quantity.Value >= Bitcoin.MinQuantity
                && Bitcoin.IsOnTick(approved.Stop.Value) && distance <= options.StopLossFraction
                && (smaller is null || smaller.Quantity <= approved.Quantity);
        }).QuickCheckThrowOnFailure();
    }

    private static TradingOptions Options() => new() { Symbols = { "BTCUSDT" } };

    private static RiskInput Input(decimal equity = 10_000m, double price = 30_000, decimal gross = 0m, Side side = Side.Buy) =>
        new(Bitcoin, side, price, new Money(equity), new Money(gross), 1);
}

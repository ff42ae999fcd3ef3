using TicketBot.Domain;
using TicketBot.Host.Checks;
using TicketBot.Trading;

namespace TicketBot.Host.Tests.Checks;

public sealed class SizeCheckTests
{
    private static readonly Instrument Bitcoin = new()
    {
        Symbol = new Symbol("BTCUSDT"), TickSize = 0.1m, QuantityStep = 0.001m, MinQuantity = 0.001m, MaxMarketQuantity = 100, MaxQuantity = 1_000, MinNotional = 5,
    };

    [Fact]
    public void Refuses_an_account_too_small_for_the_smallest_order_and_says_how_much_is_needed()
    {
        var finding = SizeCheck.Of(Bitcoin, 100_000m, 1_000m, new TradingOptions());
        Assert.False(finding.Passed);
        Assert.Contains("equity of at least 5000 USDT", finding.Text, StringComparison.Ordinal);
        Assert.Contains("Trading:MaxPositionFraction of at least 0.1,", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_the_equity_that_it_asked_for()
    {
        Assert.True(SizeCheck.Of(Bitcoin, 100_000m, 5_000m, new TradingOptions()).Passed);
        Assert.False(SizeCheck.Of(Bitcoin, 100_000m, 4_999m, new TradingOptions()).Passed);
    }

    [Fact]
    public void Counts_the_smallest_notional_where_it_is_more_than_the_smallest_quantity()
    {
        var cheap = Bitcoin with { QuantityStep = 1, MinQuantity = 1, MinNotional = 5 };
        Assert.False(SizeCheck.Of(cheap, 0.3m, 200m, new TradingOptions()).Passed); // 17 x 0.3 = 5.1 above 2 % of 200 = 4.
        Assert.True(SizeCheck.Of(cheap, 0.3m, 255m, new TradingOptions()).Passed);
    }
}

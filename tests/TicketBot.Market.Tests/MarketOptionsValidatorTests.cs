namespace TicketBot.Market.Tests;

public sealed class MarketOptionsValidatorTests
{
    [Fact]
    public void The_defaults_are_valid() =>
        Assert.True(new MarketOptionsValidator().Validate(null, new MarketOptions()).Succeeded);

    [Fact]
    public void All_faults_are_named_at_once_also_nested_ones()
    {
        var options = new MarketOptions { ReferenceSymbol = "btc usdt" };
        options.Regimes.States = 1;
        options.Regimes.Window = 10;
        options.Regimes.Hysteresis = 1.5;
        var failures = new MarketOptionsValidator().Validate(null, options).Failures!.ToList();
        Assert.Equal(4, failures.Count);
        foreach (var name in (string[])["ReferenceSymbol", "States", "Window", "Hysteresis"])
        {
            Assert.Contains(failures, f => f.Contains(name, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void An_empty_reference_is_refused_and_a_symbol_accepted()
    {
        Assert.True(new MarketOptionsValidator().Validate(null, new MarketOptions { ReferenceSymbol = "" }).Failed);
        Assert.True(new MarketOptionsValidator().Validate(null, new MarketOptions { ReferenceSymbol = "BTCUSDT" }).Succeeded);
    }
}

using TicketBot.Market.Candles;
using TicketBot.Market.Regimes;

namespace TicketBot.Market.Tests.Regimes;

public sealed class RegimeSetTests
{
    private static readonly RegimeState Calm = new("calm-sideways", 0, 0.01, -6, 0.3);
    private static readonly RegimeState Turbulent = new("turbulent-bear", -0.02, 0.03, -5, 0.4);
    private static readonly RegimeSet Set = new(256, 24, 0.2, [Calm, Turbulent], [0.99, 0.01, 0.02, 0.98]);

    [Fact]
    public void Reading_its_json_gives_the_same_bits()
    {
        var series = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, MarketData.Walk(8, 1_000));
        var set = RegimeFitter.Fit(series, 1_000, new RegimeOptions { States = 4 });
        var copy = RegimeSet.FromJson(set.ToJson());
        Assert.Equal(set, copy);
        Assert.Equal(set.States, copy.States);
        Assert.Equal(set.Transitions.Select(BitConverter.DoubleToInt64Bits), copy.Transitions.Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(set.ToJson(), copy.ToJson());
    }

    [Fact]
    public void The_id_changes_with_every_parameter()
    {
        RegimeSet[] sets =
        [
            Set,
            new(257, 24, 0.2, [Calm, Turbulent], [0.99, 0.01, 0.02, 0.98]),
            new(256, 25, 0.2, [Calm, Turbulent], [0.99, 0.01, 0.02, 0.98]),
            new(256, 24, 0.3, [Calm, Turbulent], [0.99, 0.01, 0.02, 0.98]),
            new(256, 24, 0.2, [Calm with { Name = "calm-bull" }, Turbulent], [0.99, 0.01, 0.02, 0.98]),
            new(256, 24, 0.2, [Calm with { TrendMean = 1e-300 }, Turbulent], [0.99, 0.01, 0.02, 0.98]),
            new(256, 24, 0.2, [Calm, Turbulent], [0.98, 0.02, 0.02, 0.98]),
        ];
        Assert.Equal(sets.Length, sets.Select(s => s.Id).Distinct().Count());
        Assert.Equal(64, Set.Id.Value.Length);
    }

    [Fact]
    public void Altered_text_is_refused()
    {
        Assert.Contains("altered", Assert.Throws<FormatException>(() => RegimeSet.FromJson(Set.ToJson().Replace("0.99", "0.991", StringComparison.Ordinal).Replace("0.01,", "0.009,", StringComparison.Ordinal))).Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => RegimeSet.FromJson("{}"));
        Assert.Throws<FormatException>(() => RegimeSet.FromJson("null"));
        Assert.Throws<FormatException>(() => RegimeSet.FromJson("[1"));
        Assert.Throws<FormatException>(() => RegimeSet.FromJson(Set.ToJson().Replace("\"states\":[", "\"states\":[null,", StringComparison.Ordinal)));
    }

    [Fact]
    public void Refuses_impossible_parameters()
    {
        Assert.Throws<ArgumentException>(() => new RegimeSet(24, 24, 0.2, [Calm, Turbulent], [0.99, 0.01, 0.02, 0.98]));
        Assert.Throws<ArgumentException>(() => new RegimeSet(256, 24, 1, [Calm, Turbulent], [0.99, 0.01, 0.02, 0.98]));
        Assert.Throws<ArgumentException>(() => new RegimeSet(256, 24, 0.2, [Calm, Calm], [0.99, 0.01, 0.02, 0.98]));
        Assert.Throws<ArgumentException>(() => new RegimeSet(256, 24, 0.2, [Calm, Turbulent with { TrendDeviation = 0 }], [0.99, 0.01, 0.02, 0.98]));
        Assert.Throws<ArgumentException>(() => new RegimeSet(256, 24, 0.2, [Calm, Turbulent], [0.99, 0.02, 0.02, 0.98]));
        Assert.Throws<ArgumentException>(() => new RegimeSet(256, 24, 0.2, [Calm, Turbulent], [1, 0, 0.02, 0.98]));
    }

    [Fact]
    public void A_state_lasts_as_long_as_its_transition_says() => Assert.Equal(100, Set.MeanStay(0), 1e-9);
}

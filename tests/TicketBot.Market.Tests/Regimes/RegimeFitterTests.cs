using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using TicketBot.Market.Candles;
using TicketBot.Market.Regimes;
using Xunit.Abstractions;

namespace TicketBot.Market.Tests.Regimes;

/// <summary>Invariants: a fit reads nothing at or after its end and depends on nothing but its input; planted regimes are found.</summary>
public sealed class RegimeFitterTests(ITestOutputHelper output)
{
    private static readonly RegimeOptions Options = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Finds_the_planted_regimes_and_names_them(int seed)
    {
        var (candles, planted) = PlantedRegimes.Make((ulong)seed, 12_000);
        var series = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, candles);
        var set = RegimeFitter.Fit(series, 8_000, Options);
        Assert.Equal(["calm-sideways", "turbulent-bear", "turbulent-bull"], set.Names.Order(StringComparer.Ordinal));

        // Candles after the fit; the first of a new regime cannot be told apart from the last of the old one.
        string[] names = ["calm-sideways", "turbulent-bear", "turbulent-bull"];
        var filter = new RegimeFilter(set);
        var probabilities = new double[3];
        int seen = 0, right = 0;
        for (var i = 8_000; i < candles.Count; i++)
        {
            if (Enumerable.Range(0, set.MeasureCandles).Any(n => planted[i - n] != planted[i]))
            {
                continue;
            }

            Assert.True(filter.TryEstimate(series, i, probabilities, out var estimate));
            seen++;
            right += estimate.Name == names[planted[i]] ? 1 : 0;
        }

        output.WriteLine($"{right} of {seen} candles right, states {string.Join("; ", set.States)}");
        Assert.True(right > 0.9 * seen, $"{right} of {seen} candles right");
    }

    [Fact]
    public void Two_fits_of_the_same_candles_are_the_same_set()
    {
        var candles = PlantedRegimes.Make(7, 3_000).Candles;
        var longer = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, candles);
        var cut = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, candles.GetRange(0, 2_000));
        Assert.Equal(RegimeFitter.Fit(longer, 2_000, Options).Id, RegimeFitter.Fit(cut, 2_000, Options).Id);
        Assert.NotEqual(RegimeFitter.Fit(longer, 2_000, Options).Id, RegimeFitter.Fit(longer, 2_001, Options).Id);
    }

    [Fact]
    public void A_warm_refit_keeps_the_names_in_their_places()
    {
        var series = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, PlantedRegimes.Make(9, 10_000).Candles);
        var set = RegimeFitter.Fit(series, 5_000, Options);
        for (var end = 5_500; end <= 10_000; end += 500)
        {
            var refit = RegimeFitter.Fit(series, end, Options, set);
            Assert.Equal(set.Names, refit.Names);
            Assert.NotEqual(set.Id, refit.Id);
            set = refit;
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    public void Any_number_of_states_has_distinct_names_in_order_of_volatility(int states)
    {
        var series = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, MarketData.Walk((ulong)states, 3_000));
        var set = RegimeFitter.Fit(series, 3_000, new RegimeOptions { States = states });
        Assert.Equal(states, set.Names.Distinct().Count());
        Assert.Equal(set.States.Select(s => s.VolatilityMean).Order(), set.States.Select(s => s.VolatilityMean));
        Assert.All(set.Names, n => Assert.Matches("^(calm|turbulent)-(bull|bear|sideways)(-[2-9])?$", n));
    }

    [Fact]
    public void A_market_that_never_moves_is_fitted_all_the_same()
    {
        var series = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, [.. Enumerable.Range(0, 500).Select(i => MarketData.At(i))]);
        var set = RegimeFitter.Fit(series, 500, Options);
        var probabilities = new double[3];
        Assert.True(new RegimeFilter(set).TryEstimate(series, 499, probabilities, out _));
        Assert.Equal(1, probabilities.Sum(), 1e-12);
    }

    [Fact]
    public void Candles_across_a_gap_are_not_joined()
    {
        var candles = MarketData.Walk(4, 2_000);

        // After the gap the price is elsewhere: were the jump taken for a return, some state would be as volatile as the jump.
        var jumped = candles.Take(1_000).Concat(candles.Skip(1_010).Select(c => c with { Open = c.Open * 9, High = c.High * 9, Low = c.Low * 9, Close = c.Close * 9 })).ToList();
        var set = RegimeFitter.Fit(CandleSeries.Of(MarketData.Btc, MarketData.Quarter, jumped), jumped.Count, Options);
        Assert.All(set.States, s => Assert.True(s.VolatilityMean + (3 * s.VolatilityDeviation) < Math.Log(0.1), s.ToString()));
    }

    [Fact]
    public void Refuses_too_little_history_and_says_so_beforehand()
    {
        var series = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, MarketData.Walk(4, 200));
        Assert.False(RegimeFitter.CanFit(series, 98, Options));
        Assert.True(RegimeFitter.CanFit(series, 99, Options));
        Assert.Contains("75", Assert.Throws<ArgumentException>(() => RegimeFitter.Fit(series, 98, Options)).Message, StringComparison.Ordinal);
        Assert.Equal(3, RegimeFitter.Fit(series, 99, Options).Names.Count);
    }

    [Fact]
    public void Later_candles_never_change_a_fit() =>
        Prop.ForAll(Gen.Choose(400, 700).Zip(Gen.Choose(0, 99)).ToArbitrary(), input =>
        {
            var candles = MarketData.Walk(21, 800);
            var before = RegimeFitter.Fit(CandleSeries.Of(MarketData.Btc, MarketData.Quarter, candles), input.Item1, Options);
            var changed = input.Item1 + input.Item2;
            candles[changed] = MarketData.At(changed, price: 7);
            Assert.Equal(before.Id, RegimeFitter.Fit(CandleSeries.Of(MarketData.Btc, MarketData.Quarter, candles), input.Item1, Options).Id);
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(20));

    [Fact]
    public void Reports_what_a_large_fit_takes()
    {
        var series = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, PlantedRegimes.Make(5, 20_000).Candles);
        var clock = Stopwatch.StartNew();
        var set = RegimeFitter.Fit(series, 20_000, Options);
        output.WriteLine($"fit of 20,000 candles: {clock.ElapsedMilliseconds} ms");
        clock.Restart();
        var history = RegimeHistory.Of(series, Options, CancellationToken.None);
        output.WriteLine($"history of 20,000 candles, {history.Fits.Count} fits: {clock.ElapsedMilliseconds} ms");
        Assert.Equal(38, history.Fits.Count);
        Assert.Equal(3, set.Names.Count);
    }
}

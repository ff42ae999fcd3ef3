using FsCheck;
using FsCheck.Fluent;
using TicketBot.Market.Candles;
using TicketBot.Market.Regimes;

namespace TicketBot.Market.Tests.Regimes;

/// <summary>Invariants: each estimate comes from a set fitted on earlier candles only, and no later candle changes it.</summary>
public sealed class RegimeHistoryTests
{
    private static readonly RegimeOptions Options = new() { FirstFitRows = 400, RefitRows = 150, Window = 100 };
    private static readonly List<TicketBot.Domain.Candle> Candles = PlantedRegimes.Make(41, 1_000).Candles;
    private static readonly CandleSeries Series = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, Candles);
    private static readonly RegimeHistory History = RegimeHistory.Of(Series, Options, CancellationToken.None);

    [Fact]
    public void Fits_at_the_refit_points_on_earlier_candles_only()
    {
        Assert.Equal([400, 550, 700, 850], History.Fits.Select(f => f.FirstCandle));
        RegimeSet? set = null;
        foreach (var fit in History.Fits)
        {
            set = RegimeFitter.Fit(Series, fit.FirstCandle, Options, set);
            Assert.Equal(set, fit.Set);
        }
    }

    [Fact]
    public void Is_empty_before_the_first_fit_and_agrees_with_the_filter_after_it()
    {
        Assert.Equal(1_000, History.Count);
        for (var i = 0; i < 400; i++)
        {
            Assert.Null(History.At(i));
            Assert.Null(History.SetAt(i));
            Assert.True(History.ProbabilitiesAt(i).IsEmpty);
        }

        var probabilities = new double[3];
        for (var i = 400; i < 1_000; i++)
        {
            Assert.Equal(History.Fits.Last(f => f.FirstCandle <= i).Set, History.SetAt(i));
            Assert.True(new RegimeFilter(History.SetAt(i)!).TryEstimate(Series, i, probabilities, out var estimate));
            Assert.Equal(estimate, History.At(i));
            Assert.True(History.ProbabilitiesAt(i).SequenceEqual(probabilities));
        }
    }

    [Fact]
    public void No_later_candle_changes_an_earlier_estimate() =>
        Prop.ForAll(Gen.Choose(401, 999).ToArbitrary(), changed =>
        {
            var candles = Candles.ToList();
            candles[changed] = MarketData.At(changed, price: 5);
            var history = RegimeHistory.Of(CandleSeries.Of(MarketData.Btc, MarketData.Quarter, candles), Options, CancellationToken.None);
            for (var i = 0; i < changed; i++)
            {
                Assert.Equal(History.At(i), history.At(i));
                Assert.True(History.ProbabilitiesAt(i).SequenceEqual(history.ProbabilitiesAt(i)));
            }
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(25));

    [Fact]
    public void A_gap_leaves_candles_without_an_estimate_and_never_joins_both_sides()
    {
        var candles = Candles.Where((_, i) => i != 600).ToList();
        var history = RegimeHistory.Of(CandleSeries.Of(MarketData.Btc, MarketData.Quarter, candles), Options, CancellationToken.None);
        Assert.NotNull(history.At(599));
        Assert.Null(history.At(600));
        Assert.Null(history.At(600 + Options.Window - 2));
        Assert.NotNull(history.At(600 + Options.Window - 1));
    }

    [Fact]
    public void Stops_when_cancelled() =>
        Assert.Throws<OperationCanceledException>(() => RegimeHistory.Of(Series, Options, new CancellationToken(canceled: true)));
}

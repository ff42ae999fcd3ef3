using FsCheck;
using FsCheck.Fluent;
using TicketBot.Market.Candles;
using TicketBot.Market.Regimes;
using TicketBot.Testing;

namespace TicketBot.Market.Tests.Regimes;

/// <summary>Invariants: an estimate is a function of its window alone: the same bits from any start and capacity and from a new filter,
/// and no later candle changes it; probabilities sum to one; nothing is allocated.</summary>
public sealed class RegimeFilterTests
{
    private const int Total = 1_500;
    private static readonly List<TicketBot.Domain.Candle> Candles = PlantedRegimes.Make(31, Total).Candles;
    private static readonly CandleSeries Series = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, Candles);
    private static readonly RegimeSet Set = RegimeFitter.Fit(Series, 1_000, new RegimeOptions());

    [Fact]
    public void Same_bits_after_a_restart_from_any_start_and_capacity()
    {
        var running = new RegimeFilter(Set);
        Prop.ForAll(
            Gen.Choose(Set.Window - 1, Total - 1).SelectMany(
                index => Gen.Choose(0, index - Set.Window + 1).Zip(Gen.Choose(Set.Window, Total)), (index, p) => (index, start: p.Item1, capacity: p.Item2)).ToArbitrary(),
            input =>
            {
                var series = new CandleSeries(MarketData.Btc, MarketData.Quarter, input.capacity);
                for (var i = input.start; i <= input.index; i++)
                {
                    series.Append(Candles[i]);
                }

                Assert.Equal(At(running, Series, input.index), At(new RegimeFilter(RegimeSet.FromJson(Set.ToJson())), series, series.Count - 1));
            }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Windows_one_after_the_other_have_the_bits_of_a_new_filter()
    {
        var running = new RegimeFilter(Set);
        for (var i = Set.Window - 1; i < Total; i++)
        {
            var kept = At(running, Series, i);
            if (i % 13 == 0)
            {
                Assert.Equal(At(new RegimeFilter(Set), Series, i), kept);
            }
        }
    }

    [Fact]
    public void A_candle_of_the_past_that_changes_between_two_windows_is_seen()
    {
        var running = new RegimeFilter(Set);
        At(running, Series, 700);
        var changed = Candles.ToList();
        changed[690] = MarketData.At(690, price: 3);
        var other = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, changed);
        Assert.Equal(At(new RegimeFilter(Set), other, 701), At(running, other, 701));
        Assert.Equal(At(new RegimeFilter(Set), Series, 701), At(running, Series, 701));
    }

    [Fact]
    public void No_later_candle_changes_an_earlier_estimate() =>
        Prop.ForAll(
            Gen.Choose(Set.Window - 1, Total - 2).SelectMany(index => Gen.Choose(index + 1, Total - 1), (index, later) => (index, later)).ToArbitrary(),
            input =>
            {
                var changed = Candles.ToList();
                changed[input.later] = MarketData.At(input.later, price: 3);
                Assert.Equal(
                    At(new RegimeFilter(Set), Series, input.index),
                    At(new RegimeFilter(Set), CandleSeries.Of(MarketData.Btc, MarketData.Quarter, changed), input.index));
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_candle_itself_does_change_its_estimate()
    {
        var changed = Candles.ToList();
        changed[700] = MarketData.At(700, price: 3);
        Assert.NotEqual(
            At(new RegimeFilter(Set), Series, 700).Probabilities,
            At(new RegimeFilter(Set), CandleSeries.Of(MarketData.Btc, MarketData.Quarter, changed), 700).Probabilities);
    }

    [Fact]
    public void Probabilities_sum_to_one_and_name_the_estimate()
    {
        var filter = new RegimeFilter(Set);
        var probabilities = new double[3];
        for (var i = Set.Window - 1; i < Total; i += 7)
        {
            Assert.True(filter.TryEstimate(Series, i, probabilities, out var estimate));
            Assert.Equal(1, probabilities.Sum(), 1e-12);
            Assert.All(probabilities, p => Assert.InRange(p, 0, 1));
            Assert.Equal(Set.Names[estimate.State], estimate.Name);
            Assert.Equal(probabilities[estimate.State], estimate.Probability);
            Assert.True(probabilities.Max() - estimate.Probability <= Set.Hysteresis);
        }
    }

    [Fact]
    public void Hysteresis_makes_the_regime_change_less_often()
    {
        int Changes(double hysteresis)
        {
            var filter = new RegimeFilter(new RegimeSet(Set.Window, Set.MeasureCandles, hysteresis, Set.States, Set.Transitions));
            var probabilities = new double[3];
            var changes = 0;
            var last = -1;
            for (var i = Set.Window - 1; i < Total; i++)
            {
                filter.TryEstimate(Series, i, probabilities, out var estimate);
                changes += last >= 0 && last != estimate.State ? 1 : 0;
                last = estimate.State;
            }

            return changes;
        }

        Assert.InRange(Changes(0.9), 1, Changes(0) - 1);
    }

    [Fact]
    public void A_short_window_or_one_with_a_gap_has_no_estimate()
    {
        var gapped = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, [.. Candles.Where((_, i) => i != 600)]);
        var filter = new RegimeFilter(Set);
        var probabilities = new double[3];
        Assert.False(filter.TryEstimate(Series, Set.Window - 2, probabilities, out _));
        Assert.False(filter.TryEstimate(gapped, 700, probabilities, out _));
        Assert.True(filter.TryEstimate(gapped, 600 + Set.Window - 1, probabilities, out _));
        Assert.Throws<ArgumentException>(() => filter.TryEstimate(Series, 700, new double[2], out _));
    }

    [Fact]
    public void An_extreme_candle_leaves_the_probabilities_finite()
    {
        var changed = Candles.ToList();
        changed[700] = MarketData.At(700, price: 1e-12);
        var (probabilities, _) = At(new RegimeFilter(Set), CandleSeries.Of(MarketData.Btc, MarketData.Quarter, changed), 705);
        Assert.Equal(1, probabilities.Split(' ').Sum(p => BitConverter.Int64BitsToDouble(long.Parse(p, null))), 1e-12);
    }

    [Fact]
    public void Allocates_nothing_per_estimate()
    {
        var filter = new RegimeFilter(Set);
        var probabilities = new double[3];
        filter.TryEstimate(Series, 700, probabilities, out _);
        Assert.Equal(0, AllocatedBytes.LeastOf(() =>
        {
            for (var i = 700; i < 800; i++)
            {
                filter.TryEstimate(Series, i, probabilities, out _);
            }
        }));
    }

    private static (string Probabilities, RegimeEstimate Estimate) At(RegimeFilter filter, CandleSeries series, int index)
    {
        var probabilities = new double[3];
        Assert.True(filter.TryEstimate(series, index, probabilities, out var estimate));
        return (string.Join(' ', probabilities.Select(BitConverter.DoubleToInt64Bits)), estimate);
    }
}

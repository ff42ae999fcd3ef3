using FsCheck;
using FsCheck.Fluent;
using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Testing;

namespace TicketBot.Market.Tests.Candles;

/// <summary>Invariants: columns equal a plain sorted list of the newest candles whatever arrives in whatever order; nothing is
/// allocated once the series is full.</summary>
public sealed class CandleSeriesTests
{
    [Fact]
    public void Agrees_with_a_plain_sorted_list_over_any_arrivals() =>
        Prop.ForAll(
            Gen.Choose(0, int.MaxValue).Zip(Gen.Choose(1, 40)).ToArbitrary(),
            input => Compare((ulong)input.Item1, input.Item2)).QuickCheckThrowOnFailure();

    [Fact]
    public void Says_what_became_of_each_candle()
    {
        var series = new CandleSeries(MarketData.Btc, MarketData.Quarter, 10);
        Assert.Equal(AppendResult.Appended, series.Append(MarketData.At(0)));
        Assert.Equal(AppendResult.Appended, series.Append(MarketData.At(1)));
        Assert.Equal(AppendResult.Duplicate, series.Append(MarketData.At(1)));
        Assert.Equal(AppendResult.Revised, series.Append(MarketData.At(1, price: 101)));
        Assert.Equal(AppendResult.AppendedAfterGap, series.Append(MarketData.At(4)));
        Assert.False(series.IsContiguous(2, 2));
        Assert.Equal(AppendResult.FilledGap, series.Append(MarketData.At(3)));
        Assert.Equal(AppendResult.FilledGap, series.Append(MarketData.At(2)));
        Assert.Equal(AppendResult.TooOld, series.Append(MarketData.At(-1)));
        Assert.True(series.IsContiguous(4, 5));
        Assert.Equal([.. Enumerable.Range(0, 5).Select(i => MarketData.TimeOf(i).UnixMilliseconds)], series.OpenTimes.ToArray());
        Assert.Equal(101, series.Close[1]);
    }

    [Fact]
    public void Returns_the_candle_that_was_given_with_its_missing_observations()
    {
        var candle = MarketData.At(0) with { Observations = new Observations(1.5, null, -0.25, null) };
        var series = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, [candle]);
        Assert.Equal(candle, series[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => series[1]);
    }

    [Fact]
    public void An_observation_not_made_again_does_not_erase_the_one_known()
    {
        var series = new CandleSeries(MarketData.Btc, MarketData.Quarter, 4);
        series.Append(MarketData.At(0) with { Observations = new Observations(2, 0.5, null, null) });
        Assert.Equal(AppendResult.Duplicate, series.Append(MarketData.At(0)));
        Assert.Equal(2, series.SpreadBp[0]);
        Assert.Equal(AppendResult.Revised, series.Append(MarketData.At(0) with { Observations = new Observations(null, null, 0.1, null) }));
        Assert.Equal(0.1, series.SignedFlow[0]);
        Assert.Equal(0.5, series.BookImbalance[0]);
    }

    [Fact]
    public void Refuses_an_impossible_candle_and_one_off_the_grid_and_changes_nothing()
    {
        var series = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, [MarketData.At(0)]);
        Assert.Contains("high and low", Assert.Throws<ArgumentException>(() => series.Append(MarketData.At(1) with { High = 1 })).Message, StringComparison.Ordinal);
        Assert.Contains("finite", Assert.Throws<ArgumentException>(() => series.Append(MarketData.At(1) with { Close = double.NaN })).Message, StringComparison.Ordinal);
        Assert.Contains("grid", Assert.Throws<ArgumentException>(() => series.Append(MarketData.At(1) with { OpenTime = MarketData.TimeOf(1).Plus(1) })).Message, StringComparison.Ordinal);
        Assert.Equal(1, series.Count);
    }

    [Fact]
    public void Months_of_different_length_are_contiguous()
    {
        var month = TicketBot.Domain.Interval.Parse("1M");
        var series = new CandleSeries(MarketData.Btc, month, 10);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(AppendResult.Appended, series.Append(MarketData.At(0) with { OpenTime = month.Shift(MarketData.Epoch, i) }));
        }

        Assert.True(series.IsContiguous(4, 5));
        Assert.Equal(AppendResult.AppendedAfterGap, series.Append(MarketData.At(0) with { OpenTime = month.Shift(MarketData.Epoch, 6) }));
        Assert.False(series.IsContiguous(5, 2));
    }

    [Fact]
    public void Finds_candles_by_open_time()
    {
        var series = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, [MarketData.At(0), MarketData.At(1), MarketData.At(3)]);
        Assert.Equal(1, series.IndexOf(MarketData.TimeOf(1)));
        Assert.Equal(2, series.IndexOf(MarketData.TimeOf(3)));
        Assert.Equal(-1, series.IndexOf(MarketData.TimeOf(2)));
        Assert.Equal(-1, new CandleSeries(MarketData.Btc, MarketData.Quarter, 1).IndexOf(MarketData.TimeOf(0)));
    }

    [Fact]
    public void Allocates_nothing_once_full()
    {
        var series = new CandleSeries(MarketData.Btc, MarketData.Quarter, 50);
        var candles = MarketData.Walk(1, 2_000);
        for (var i = 0; i < 500; i++)
        {
            series.Append(candles[i]);
        }

        var next = 500;
        Assert.Equal(0, AllocatedBytes.LeastOf(() =>
        {
            for (var last = next + 300; next < last; next++)
            {
                series.Append(candles[next]);
            }
        }));
        Assert.Equal(50, series.Count);
    }

    private static bool Compare(ulong seed, int capacity)
    {
        var chance = new Chance(seed);
        var series = new CandleSeries(MarketData.Btc, MarketData.Quarter, capacity);
        var expected = new SortedList<long, Candle>();
        var newest = 0;
        for (var n = 0; n < 400; n++)
        {
            newest += chance.Below(3);
            var candle = MarketData.At(newest - chance.Below(chance.Below(2) == 0 ? 1 : capacity + 5), price: 100 + chance.Below(3));
            var time = candle.OpenTime.UnixMilliseconds;
            var result = series.Append(candle);
            if (expected.Count > 0 && time < expected.Keys[0])
            {
                Assert.Equal(AppendResult.TooOld, result);
            }
            else
            {
                var known = expected.TryGetValue(time, out var before);
                var last = expected.Count > 0 ? expected.Keys[^1] : time;
                Assert.Equal(
                    known ? before == candle ? AppendResult.Duplicate : AppendResult.Revised
                    : time < last ? AppendResult.FilledGap
                    : time > last + MarketData.Quarter.NominalMilliseconds ? AppendResult.AppendedAfterGap
                    : AppendResult.Appended,
                    result);
                expected[time] = candle;
                if (expected.Count > capacity)
                {
                    expected.RemoveAt(0);
                }
            }

            Assert.Equal(expected.Count, series.Count);
            for (var i = 0; i < series.Count; i++)
            {
                Assert.Equal(expected.Values[i], series[i]);
            }

            var length = 1 + chance.Below(series.Count);
            Assert.Equal(
                expected.Keys[^1] - expected.Keys[^length] == (length - 1) * MarketData.Quarter.NominalMilliseconds,
                series.IsContiguous(series.Count - 1, length));
        }

        return true;
    }
}

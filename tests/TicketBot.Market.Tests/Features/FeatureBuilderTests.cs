using FsCheck;
using FsCheck.Fluent;
using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Market.Features;
using TicketBot.Testing;

namespace TicketBot.Market.Tests.Features;

/// <summary>Invariants: a row has the same bits whatever the start, the capacity or the order of arrival of the series; no later candle
/// changes an earlier row; every feature equals its textbook definition; nothing is allocated per row.</summary>
public sealed class FeatureBuilderTests
{
    private const int Total = 600;
    private static readonly FeatureSchema Full = FeatureSchema.Default(MarketData.Eth, observations: true);
    private static readonly FeatureSchema Bare = FeatureSchema.Default();
    private static readonly List<Candle> Candles = MarketData.Walk(11, Total);
    private static readonly List<Candle> Others = MarketData.Walk(12, Total);
    private static readonly CandleSeries Series = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, Candles);
    private static readonly CandleSeries Reference = CandleSeries.Of(MarketData.Eth, MarketData.Quarter, Others);

    [Fact]
    public void Every_feature_equals_its_plain_definition()
    {
        for (var index = Full.Window - 1; index < Total; index += 37)
        {
            var row = RowAt(Series, Reference, index);
            var first = index - Full.Window + 1;
            var plain = PlainFeatures.Of(Candles.GetRange(first, Full.Window), Others.GetRange(first, Full.Window));
            Assert.Equal(Full.Names.Order(), plain.Keys.Order());
            for (var f = 0; f < row.Length; f++)
            {
                var expected = plain[Full.Names[f]];
                Assert.True(
                    Math.Abs(row[f] - expected) <= 1e-6 * Math.Max(1e-3, Math.Abs(expected)),
                    $"{Full.Names[f]} at {index}: expected {expected}, was {row[f]}");
            }
        }
    }

    [Fact]
    public void Same_bits_from_any_start_and_any_capacity() =>
        Prop.ForAll(
            Gen.Choose(Full.Window - 1, Total - 1).SelectMany(
                index => Gen.Choose(0, index - Full.Window + 1).Zip(Gen.Choose(Full.Window, Total)), (index, p) => (index, start: p.Item1, capacity: p.Item2)).ToArbitrary(),
            input =>
            {
                var series = Part(MarketData.Btc, Candles, input.start, input.index, input.capacity);
                var reference = Part(MarketData.Eth, Others, Math.Max(0, input.start - 5), Math.Min(input.index + 5, Total - 1), input.capacity + 5);
                Assert.Equal(Bits(RowAt(Series, Reference, input.index)), Bits(RowAt(series, reference, series.Count - 1)));
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Same_bits_whatever_the_order_of_arrival() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var chance = new Chance((ulong)seed);
            var order = Enumerable.Range(1, Full.Window - 1).OrderBy(_ => chance.Bits()).Prepend(0);
            var series = new CandleSeries(MarketData.Btc, MarketData.Quarter, Full.Window);
            foreach (var i in order)
            {
                series.Append(Candles[i]);
            }

            Assert.Equal(Bits(RowAt(Series, Reference, Full.Window - 1)), Bits(RowAt(series, Reference, series.Count - 1)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_later_candle_changes_an_earlier_row() =>
        Prop.ForAll(
            Gen.Choose(Full.Window - 1, Total - 2).SelectMany(
                index => Gen.Choose(index + 1, Total - 1).Zip(Gen.Choose(1, 300)), (index, p) => (index, changed: p.Item1, factor: p.Item2 / 100.0)).ToArbitrary(),
            input =>
            {
                var series = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, Changed(Candles, input.changed, input.factor));
                var reference = CandleSeries.Of(MarketData.Eth, MarketData.Quarter, Changed(Others, input.changed, input.factor));
                Assert.Equal(Bits(RowAt(Series, Reference, input.index)), Bits(RowAt(series, reference, input.index)));
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_candle_of_the_row_and_the_first_of_its_window_do_change_it()
    {
        const int index = 300;
        var row = Bits(RowAt(Series, Reference, index));
        foreach (var changed in (int[])[index, index - Full.Window + 1])
        {
            var series = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, Changed(Candles, changed, 1.3));
            Assert.NotEqual(row, Bits(RowAt(series, Reference, index)));
        }

        var before = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, Changed(Candles, index - Full.Window, 1.3));
        Assert.Equal(row, Bits(RowAt(before, Reference, index)));
    }

    [Fact]
    public void A_market_without_volume_or_without_movement_stays_finite()
    {
        var silent = Candles.Select(c => c with { Volume = 0, Turnover = 0 }).ToList();
        var still = Enumerable.Range(0, Bare.Window + 1).Select(i => MarketData.At(i) with { High = 100, Low = 100, Volume = 0, Turnover = 0 }).ToList();
        still[^1] = still[^1] with { Close = 101, High = 101, Volume = 3 };
        foreach (var candles in (List<Candle>[])[silent, still])
        {
            var table = FeatureTable.Build(Bare, MarketData.Btc, MarketData.Quarter, candles);
            Assert.Equal(candles.Count - Bare.Window + 1, table.Rows);
        }

        var flat = new float[Bare.Names.Count];
        new FeatureBuilder(Bare).Build(CandleSeries.Of(MarketData.Btc, MarketData.Quarter, still), null, Bare.Window - 1, flat);
        Assert.Equal(0, flat[NameAt(Bare, "rsi_14")]);
        Assert.Equal(0, flat[NameAt(Bare, "volume_ratio_4_64")]);
        Assert.Equal(0, flat[NameAt(Bare, "return_shock_32")]);
    }

    [Fact]
    public void A_volume_burst_with_a_directional_close_stands_out()
    {
        var price = Candles[^1].Close;
        var burst = new Candle(MarketData.TimeOf(Total), price, price * 1.02, price * 0.999, price * 1.018, 300, 300 * price);
        var series = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, [.. Candles, burst]);
        var table = FeatureTable.Build(Bare, series);
        var column = NameAt(Bare, "burst_shock");
        var usual = Enumerable.Range(0, table.Rows - 1).Select(r => Math.Abs(table.Row(r)[column])).Order().ToList();
        Assert.True(table.Row(table.Rows - 1)[column] > 1.2 * usual[^1], $"{table.Row(table.Rows - 1)[column]} against {usual[^1]}");
    }

    [Fact]
    public void Says_why_a_row_cannot_be_built()
    {
        var row = new float[Full.Names.Count];
        var builder = new FeatureBuilder(Full);
        var withGap = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, [.. Candles.Where((_, i) => i != 200)]);
        var unseen = Candles.ToList();
        unseen[200] = unseen[200] with { Observations = new Observations(1, null, 0, null) };
        var unobserved = CandleSeries.Of(MarketData.Btc, MarketData.Quarter, unseen);
        var late = CandleSeries.Of(MarketData.Eth, MarketData.Quarter, Others.GetRange(0, 300));

        Assert.Equal(FeatureStatus.TooFewCandles, builder.Build(Series, Reference, Full.Window - 2, row));
        Assert.Equal(FeatureStatus.Ready, builder.Build(Series, Reference, Full.Window - 1, row));
        Assert.Equal(FeatureStatus.GapInWindow, builder.Build(withGap, Reference, 250, row));
        Assert.Equal(FeatureStatus.Ready, builder.Build(withGap, Reference, 200 + Full.Window - 1, row));
        Assert.Equal(FeatureStatus.ReferenceMissing, builder.Build(Series, null, 300, row));
        Assert.Equal(FeatureStatus.ReferenceMissing, builder.Build(Series, late, 300, row));
        Assert.Equal(FeatureStatus.Ready, builder.Build(Series, late, 299, row));
        Assert.Equal(FeatureStatus.ObservationMissing, builder.Build(unobserved, Reference, 200, row));
        Assert.Equal(FeatureStatus.ObservationMissing, builder.Build(unobserved, Reference, 207, row));
        Assert.Equal(FeatureStatus.Ready, builder.Build(unobserved, Reference, 208, row));
    }

    [Fact]
    public void Prices_beyond_the_range_of_doubles_are_not_finite()
    {
        var candles = Candles.Select(c => c with { Open = 1e308, High = 1e308, Low = 1e308, Close = 1e308 }).ToList();
        var status = new FeatureBuilder(Bare).Build(
            CandleSeries.Of(MarketData.Btc, MarketData.Quarter, candles), null, 300, new float[Bare.Names.Count]);
        Assert.Equal(FeatureStatus.NotFinite, status);
    }

    [Fact]
    public void Refuses_a_reference_of_another_symbol() =>
        Assert.Throws<ArgumentException>(() => new FeatureBuilder(Full).Build(Series, Series, 300, new float[Full.Names.Count]));

    [Fact]
    public void Allocates_nothing_per_row()
    {
        var builder = new FeatureBuilder(Full);
        var row = new float[Full.Names.Count];
        builder.Build(Series, Reference, 300, row);
        Assert.Equal(0, AllocatedBytes.LeastOf(() =>
        {
            for (var i = Full.Window - 1; i < Total; i++)
            {
                builder.Build(Series, Reference, i, row);
            }
        }));
    }

    [Fact]
    public void The_hash_of_a_row_changes_with_any_bit()
    {
        var row = RowAt(Series, Reference, 300);
        var hash = FeatureBuilder.HashOf(row);
        Assert.Equal(16, hash.Length);
        Assert.Equal(hash, FeatureBuilder.HashOf(RowAt(Series, Reference, 300)));
        row[3] = MathF.BitIncrement(row[3]);
        Assert.NotEqual(hash, FeatureBuilder.HashOf(row));
    }

    private static float[] RowAt(CandleSeries series, CandleSeries reference, int index)
    {
        var row = new float[Full.Names.Count];
        Assert.Equal(FeatureStatus.Ready, new FeatureBuilder(Full).Build(series, reference, index, row));
        return row;
    }

    private static int NameAt(FeatureSchema schema, string name) => schema.Names.ToList().IndexOf(name);

    private static int[] Bits(float[] row) => Array.ConvertAll(row, BitConverter.SingleToInt32Bits);

    private static CandleSeries Part(Symbol symbol, List<Candle> candles, int start, int last, int capacity)
    {
        var series = new CandleSeries(symbol, MarketData.Quarter, capacity);
        for (var i = start; i <= last; i++)
        {
            series.Append(candles[i]);
        }

        return series;
    }

    private static List<Candle> Changed(List<Candle> candles, int index, double factor)
    {
        var changed = candles.ToList();
        var c = changed[index];
        changed[index] = new Candle(
            c.OpenTime, c.Open * factor, c.High * factor * 1.01, c.Low * factor, c.Close * factor, c.Volume * (factor + 1), c.Turnover,
            new Observations(c.Observations.SpreadBp * factor, -c.Observations.BookImbalance, -c.Observations.SignedFlow, 0));
        return changed;
    }
}

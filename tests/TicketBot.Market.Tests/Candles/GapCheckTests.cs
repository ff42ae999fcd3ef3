using FsCheck;
using FsCheck.Fluent;
using TicketBot.Domain;
using TicketBot.Market.Candles;

namespace TicketBot.Market.Tests.Candles;

/// <summary>Invariant: the candles kept and the gaps found together are exactly the expected open times.</summary>
public sealed class GapCheckTests
{
    [Fact]
    public void Candles_and_gaps_together_cover_the_range_once() =>
        Prop.ForAll(Gen.Elements(true, true, true, false).ListOf(60).ToArbitrary(), kept =>
        {
            var candles = kept.Select((k, i) => (k, i)).Where(p => p.k).Select(p => MarketData.At(p.i)).ToList();
            var gaps = GapCheck.Find(MarketData.Quarter, candles, MarketData.TimeOf(0), MarketData.TimeOf(kept.Count));
            var covered = candles.Select(c => c.OpenTime)
                .Concat(gaps.SelectMany(g => Enumerable.Range(0, g.Count).Select(n => MarketData.Quarter.Shift(g.From, n))))
                .Order().ToList();
            Assert.Equal([.. Enumerable.Range(0, kept.Count).Select(MarketData.TimeOf)], covered);
            Assert.All(gaps, g => Assert.Equal(g.Until, MarketData.Quarter.Shift(g.From, g.Count)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Between_first_and_last_only_when_no_range_is_given()
    {
        Candle[] candles = [MarketData.At(2), MarketData.At(3), MarketData.At(6)];
        Assert.Equal([new CandleGap(MarketData.TimeOf(4), MarketData.TimeOf(6), 2)], GapCheck.Find(MarketData.Quarter, candles));
        Assert.Empty(GapCheck.Find(MarketData.Quarter, []));
    }

    [Fact]
    public void A_range_that_starts_between_two_candles_expects_the_later_one()
    {
        var gaps = GapCheck.Find(MarketData.Quarter, [MarketData.At(2)], MarketData.TimeOf(0).Plus(1), MarketData.TimeOf(3));
        Assert.Equal([new CandleGap(MarketData.TimeOf(1), MarketData.TimeOf(2), 1)], gaps);
    }

    [Fact]
    public void Refuses_candles_out_of_order() =>
        Assert.Throws<ArgumentException>(() => GapCheck.Find(MarketData.Quarter, [MarketData.At(2), MarketData.At(1)]));
}

using System.Security.Cryptography;
using System.Text;
using TicketBot.Domain;
using TicketBot.Simulator.Markets;

namespace TicketBot.Simulator.Tests.Markets;

public class GeneratedMarketTests
{
    private static readonly Instant Start = new(1_700_006_400_000);
    private static readonly Symbol Btc = new("BTCUSDT");
    private static readonly Symbol Eth = new("ETHUSDT");

    [Theory]
    [InlineData("planted:0.7", "8732504c605932ae")]
    [InlineData("regimes", "7ead318bff2902be")]
    [InlineData("random", "2f1f02de3f311e0f")]
    public void A_seed_gives_the_same_bits_for_ever(string spec, string golden)
    {
        var candles = Candles(Make(spec, 7, 1), 2_000);
        var text = new StringBuilder();
        foreach (var c in candles)
        {
            text.Append(FormattableString.Invariant($"{c.OpenTime.UnixMilliseconds},{c.Open:R},{c.High:R},{c.Low:R},{c.Close:R},{c.Volume:R},{c.Turnover:R}\n"));
        }

        Assert.Equal(golden, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16]);
    }

    [Fact]
    public void The_split_into_history_and_live_changes_no_candle()
    {
        // The first candle opens at the same time in both.
        var early = new GeneratedMarket(MarketSpec.Default, [Btc, Eth], Interval.FifteenMinutes, 3, 10, Start.Plus(10 * 900_000L));
        var late = new GeneratedMarket(MarketSpec.Default, [Btc, Eth], Interval.FifteenMinutes, 3, 500, Start.Plus(500 * 900_000L));
        var eth = early.Series[1];
        var first = early.History(eth).Concat(early.Steps().Take(990).Select(s => s.Candles[1].Candle)).ToList();
        var second = late.History(eth).Concat(late.Steps().Take(500).Select(s => s.Candles[1].Candle)).ToList();
        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void A_planted_burst_announces_the_next_direction_with_its_probability(ulong seed)
    {
        var (count, share, after, otherwise) = AfterBursts(Candles(Make("planted:0.7", seed, 1), 40_000));
        Assert.InRange(share, 0.085, 0.115);
        Assert.InRange(after, 0.7 - (4 * Math.Sqrt(0.21 / count)), 0.7 + (4 * Math.Sqrt(0.21 / count)));
        Assert.InRange(otherwise, 0.485, 0.515);
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    public void A_random_burst_says_nothing(ulong seed)
    {
        var (count, share, after, _) = AfterBursts(Candles(Make("random", seed, 1), 40_000));
        Assert.InRange(share, 0.085, 0.115);
        Assert.InRange(after, 0.5 - (4 * Math.Sqrt(0.25 / count)), 0.5 + (4 * Math.Sqrt(0.25 / count)));
    }

    [Fact]
    public void A_planted_move_is_about_a_hundred_basis_points()
    {
        var candles = Candles(Make("planted:0.7", 5, 1), 20_000);
        var moves = Enumerable.Range(1, candles.Count - 1).Where(i => IsBurst(candles, i - 1)).Select(i => Math.Abs((candles[i].Close / candles[i].Open) - 1) * 10_000).Order().ToList();
        Assert.InRange(moves[moves.Count / 2], 90, 110);
    }

    [Fact]
    public void Returns_have_fat_tails_and_clustered_volatility_and_symbols_move_together()
    {
        var market = new GeneratedMarket(MarketSpec.Parse("random"), [Btc, Eth], Interval.FifteenMinutes, 11, 1, Start);
        var steps = market.Steps().Take(40_000).ToList();
        var btc = steps.Select(s => Return(s.Candles[0].Candle)).ToArray();
        var eth = steps.Select(s => Return(s.Candles[1].Candle)).ToArray();
        Assert.True(Moment(btc, 4) / Math.Pow(Moment(btc, 2), 2) > 4.5);
        Assert.True(Correlation(btc[..^1].Select(Math.Abs).ToArray(), btc[1..].Select(Math.Abs).ToArray()) > 0.08);
        Assert.InRange(Correlation(btc[..^1], btc[1..]), -0.03, 0.03);
        Assert.True(Correlation(btc, eth) > 0.3);
    }

    [Fact]
    public void Regimes_jump_now_and_then_all_symbols_together_and_the_other_markets_never()
    {
        // Both markets draw the same chance, so that what differs is the drift, well below a jump, and the jumps.
        double[][] Returns(string spec)
        {
            var steps = new GeneratedMarket(MarketSpec.Parse(spec), [Btc, Eth], Interval.FifteenMinutes, 11, 1, Start).Steps().Take(40_000).ToList();
            return [[.. steps.Select(s => Return(s.Candles[0].Candle))], [.. steps.Select(s => Return(s.Candles[1].Candle))]];
        }

        var (calm, jumpy) = (Returns("random"), Returns("regimes"));
        var jumps = Enumerable.Range(0, 40_000)
            .Select(i => (Btc: jumpy[0][i] - calm[0][i], Eth: jumpy[1][i] - calm[1][i]))
            .Where(d => Math.Abs(d.Btc) > 0.004).ToList();
        Assert.InRange(jumps.Count, 15, 70);
        Assert.All(jumps, j => Assert.True(Math.Sign(j.Btc) == Math.Sign(j.Eth) && Math.Abs(j.Btc) is > 0.009 and < 0.036));
    }

    [Fact]
    public void Every_candle_is_possible_and_on_the_tick_grid()
    {
        var rules = new InstrumentRules();
        foreach (var name in (string[])["BTCUSDT", "DOGEUSDT", "1000PEPEUSDT", "OTHERUSDT"])
        {
            var market = new GeneratedMarket(MarketSpec.Parse("regimes"), [new Symbol(name)], Interval.OneMinute, 1, 1, Start);
            var instrument = rules.RulesOf(new Symbol(name), InstrumentRules.TypicalPrice(new Symbol(name)));
            foreach (var candle in Candles(market, 3_000))
            {
                Assert.Null(candle.Fault());
                Assert.Equal(candle.High, (double)instrument.NearestTick(candle.High).Value);
                Assert.Equal(candle.Low, (double)instrument.NearestTick(candle.Low).Value);
            }
        }
    }

    [Theory]
    [InlineData("planted:0.7", MarketKind.Planted, 0.7)]
    [InlineData("planted:1", MarketKind.Planted, 1)]
    [InlineData("random", MarketKind.Random, 0.5)]
    public void A_market_is_read_from_its_text(string text, MarketKind kind, double probability) =>
        Assert.Equal(new MarketSpec(kind, probability), MarketSpec.Parse(text));

    [Theory]
    [InlineData("planted:0.4")]
    [InlineData("planted:x")]
    [InlineData("Random")]
    [InlineData("")]
    public void Another_text_is_refused(string text) => Assert.Throws<FormatException>(() => MarketSpec.Parse(text));

    private static GeneratedMarket Make(string spec, ulong seed, int history) =>
        new(MarketSpec.Parse(spec), [Btc], Interval.FifteenMinutes, seed, history, Start);

    private static List<Candle> Candles(GeneratedMarket market, int count) => [.. market.Steps().Take(count).Select(s => s.Candles[0].Candle)];

    // A burst as an outsider sees it: volume above 3.3 times the median of the 30 candles before it.
    private static bool IsBurst(List<Candle> candles, int i) => i >= 30
        && candles[i].Volume > 3.3 * candles.GetRange(i - 30, 30).Select(c => c.Volume).Order().ElementAt(15);

    private static (int Count, double Share, double After, double Otherwise) AfterBursts(List<Candle> candles)
    {
        var (bursts, same, others, ups) = (0, 0, 0, 0);
        for (var i = 30; i + 1 < candles.Count; i++)
        {
            var next = Math.Sign(candles[i + 1].Close - candles[i + 1].Open);
            if (next == 0)
            {
                continue;
            }

            if (IsBurst(candles, i))
            {
                bursts++;
                same += next == Math.Sign(candles[i].Close - candles[i].Open) ? 1 : 0;
            }
            else
            {
                others++;
                ups += next == Math.Sign(candles[i].Close - candles[i].Open) ? 1 : 0;
            }
        }

        return (bursts, bursts / (double)(bursts + others), same / (double)bursts, ups / (double)others);
    }

    private static double Return(Candle candle) => Math.Log(candle.Close / candle.Open);

    private static double Moment(double[] values, int order)
    {
        var mean = values.Average();
        return values.Average(v => Math.Pow(v - mean, order));
    }

    private static double Correlation(double[] x, double[] y)
    {
        var (mx, my) = (x.Average(), y.Average());
        return x.Zip(y, (a, b) => (a - mx) * (b - my)).Average() / Math.Sqrt(Moment(x, 2) * Moment(y, 2));
    }
}

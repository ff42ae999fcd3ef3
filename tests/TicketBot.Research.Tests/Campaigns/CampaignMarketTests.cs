using TicketBot.Domain;
using TicketBot.Research.Campaigns;

namespace TicketBot.Research.Tests.Campaigns;

public sealed class CampaignMarketTests
{
    private const int Count = 20_000;
    private static readonly Instant End = new(1_750_000_500_000);

    [Theory]
    [InlineData("walk")]
    [InlineData("garch")]
    public void The_next_direction_of_a_market_without_an_edge_is_even_whatever_came_before(string text)
    {
        var moves = MovesOf(Of(text).Make(7, Count, End));
        var bound = 4 / Math.Sqrt(Count);
        Assert.InRange(moves.Average(m => Math.Sign(m)), -bound, bound);
        for (var lag = 1; lag <= 5; lag++)
        {
            Assert.InRange(moves.Skip(lag).Zip(moves, (a, b) => Math.Sign(a) * Math.Sign(b)).Average(), -bound, bound);
        }
    }

    [Fact]
    public void Only_clusters_make_the_sizes_of_neighbours_alike_and_the_tails_fat()
    {
        var (walk, garch) = (MovesOf(Of("walk").Make(7, Count, End)), MovesOf(Of("garch").Make(7, Count, End)));
        Assert.InRange(KurtosisOf(walk), 2.8, 3.2);
        Assert.True(KurtosisOf(garch) > 5);
        Assert.InRange(Alike(walk), -0.03, 0.03);
        Assert.True(Alike(garch) > 0.06);

        static double KurtosisOf(double[] moves) => moves.Average(m => Math.Pow(m, 4)) / Math.Pow(moves.Average(m => m * m), 2);

        static double Alike(double[] moves)
        {
            var sizes = moves.Select(Math.Abs).ToArray();
            var mean = sizes.Average();
            return sizes.Skip(1).Zip(sizes, (a, b) => (a - mean) * (b - mean)).Average() / sizes.Average(s => (s - mean) * (s - mean));
        }
    }

    [Theory]
    [InlineData(0.7, 100)]
    [InlineData(0.6, 25)]
    public void After_five_closes_in_one_direction_the_other_comes_as_often_and_as_far_as_stated(double probability, double moveBp)
    {
        var moves = MovesOf(Of(FormattableString.Invariant($"edge:streak:{probability}:{moveBp}")).Make(7, Count, End));
        int announced = 0, kept = 0;
        double size = 0;
        for (var i = 5; i < moves.Length; i++)
        {
            var direction = Math.Sign(moves[i - 1]);
            if (direction != 0 && Enumerable.Range(2, 4).All(back => Math.Sign(moves[i - back]) == direction))
            {
                announced++;
                kept += Math.Sign(moves[i]) == -direction ? 1 : 0;
                size += Math.Abs(moves[i]) * 10_000;
            }
        }

        Assert.InRange((double)announced / moves.Length, 0.03, 0.12);
        Assert.InRange((double)kept / announced, probability - (4 * Math.Sqrt(0.25 / announced)), probability + (4 * Math.Sqrt(0.25 / announced)));
        Assert.InRange(size / announced, 0.95 * moveBp, 1.05 * moveBp);
    }

    [Fact]
    public void A_burst_announces_its_own_direction_as_often_as_stated()
    {
        var candles = Of("edge:burst:0.7:100").Make(7, Count, End);
        var usual = candles.Select(c => c.Volume).Order().ElementAt(Count / 2);
        int announced = 0, kept = 0;
        for (var i = 1; i < candles.Count; i++)
        {
            if (candles[i - 1].Volume > 4 * usual && Math.Sign(candles[i - 1].Close - candles[i - 1].Open) is var direction and not 0)
            {
                announced++;
                kept += Math.Sign(candles[i].Close - candles[i].Open) == direction ? 1 : 0;
            }
        }

        Assert.InRange((double)announced / Count, 0.08, 0.12);
        Assert.InRange((double)kept / announced, 0.66, 0.74);
    }

    [Theory]
    [InlineData("volume", 0.05, 0.2)]
    [InlineData("lag", 0.05, 0.2)]
    [InlineData("breakout", 0.05, 0.2)]
    [InlineData("drift", 0.05, 0.2)]
    [InlineData("product", 0.08, 0.3)]
    [InlineData("hour", 0.08, 0.085)]
    public void Every_rule_announces_a_stated_share_of_candles_and_keeps_its_word_as_often_as_stated(string name, double least, double most)
    {
        var rule = PlantedRule.Parse($"{name}:0.7:100");
        var candles = Of($"edge:{name}:0.7:100").Make(7, Count, End);
        int announced = 0, kept = 0;
        for (var i = PlantedRule.Memory; i < candles.Count; i++)
        {
            // The rule is asked of the candles as they came out, ticks and all.
            if (rule.Announced([.. candles.Skip(i - PlantedRule.Memory).Take(PlantedRule.Memory)]) is var direction and not 0)
            {
                announced++;
                kept += Math.Sign(candles[i].Close - candles[i].Open) == direction ? 1 : 0;
            }
        }

        Assert.InRange((double)announced / Count, least, most);
        Assert.InRange((double)kept / announced, 0.65, 0.75);
    }

    [Fact]
    public void A_shuffled_file_keeps_the_size_of_every_candle_and_forgets_their_directions()
    {
        var real = new NoiseWalk(3, hasClusters: true, null);
        Candle[] source = [.. Enumerable.Range(0, 2_400).Select(i => real.Next(new Instant(900_000L * i)))];
        var market = CampaignMarket.Parse("shuffled:some.csv", Interval.OneHour, path => new CampaignMarket.RealSeries(new Symbol("ETHUSDT"), Interval.FifteenMinutes, source));
        var shuffled = market.Make(7, source.Length, End);
        Assert.Equal((new Symbol("ETHUSDT"), Interval.FifteenMinutes), (market.Symbol, market.Interval));
        var (before, after) = (SizesOf(source), SizesOf(shuffled));
        Assert.All(before.Zip(after), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
        Assert.InRange(shuffled.Count(c => c.Close > c.Open), 1_100, 1_300);
        Assert.NotEqual(MovesOf(source)[..24].Select(Math.Abs), MovesOf(shuffled)[..24].Select(Math.Abs));
        Assert.Throws<ArgumentException>(() => market.Make(7, source.Length + 1, End));

        static double[] SizesOf(IEnumerable<Candle> candles) => [.. candles.Select(c => Math.Abs(Math.Log(c.Close / c.Open))).Order()];
    }

    [Theory]
    [InlineData("walk")]
    [InlineData("edge:burst:0.7:100")]
    [InlineData("planted:0.7")]
    public void Equal_seeds_give_equal_candles_that_end_at_the_asked_time(string text)
    {
        var candles = Of(text).Make(7, 300, End);
        Assert.Equal(candles, Of(text).Make(7, 300, End));
        Assert.NotEqual(candles, Of(text).Make(8, 300, End));
        Assert.Equal(Interval.FifteenMinutes.OpenOf(End), Interval.FifteenMinutes.CloseOf(candles[^1].OpenTime));
        Assert.All(candles, c => Assert.True(c.Low <= Math.Min(c.Open, c.Close) && c.High >= Math.Max(c.Open, c.Close) && c.Low > 0));
    }

    [Theory]
    [InlineData("noise")]
    [InlineData("edge:burst")]
    [InlineData("edge:hammer:0.7:100")]
    [InlineData("edge:burst:0.3:100")]
    [InlineData("edge:burst:0.7:0")]
    [InlineData("planted:2")]
    public void A_text_of_another_form_is_refused_with_the_forms_there_are(string text) =>
        Assert.Contains(text.Split(':')[^1], Assert.Throws<FormatException>(() => Of(text)).Message, StringComparison.Ordinal);

    private static CampaignMarket Of(string text) => CampaignMarket.Parse(text, Interval.FifteenMinutes, _ => throw new NotSupportedException());

    private static double[] MovesOf(IReadOnlyList<Candle> candles) => [.. candles.Select(c => Math.Log(c.Close / c.Open))];
}

using FsCheck;
using FsCheck.Fluent;
using TicketBot.Domain;
using TicketBot.Simulator.Markets;

namespace TicketBot.Simulator.Tests.Markets;

/// <summary>For any candle and tick length: the path begins at the open and stands there for seconds, touches both extremes and never leaves
/// them, ends at the close, its sizes sum to the volume, its points follow one another in time.</summary>
public class PricePathTests
{
    private static readonly Instant Open = new(1_700_006_400_000);
    private static readonly Instrument Btc = new InstrumentRules().RulesOf(new Symbol("BTCUSDT"), 60_000);

    [Fact]
    public void A_path_is_its_candle_for_any_candle() =>
        Prop.ForAll<int, int, int>((a, b, c) => Check(new Random(HashCode.Combine(a, b, c)))).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    [Fact]
    public void Equal_inputs_give_equal_paths_and_another_seed_another()
    {
        var candle = new Candle(Open, 50_000, 50_400, 49_800, 50_100, 12.5, 625_000);
        PricePath Of(ulong seed) => PricePath.Of(seed, Btc, candle, Open.Plus(900_000), 250);
        Assert.Equal(Prices(Of(1)), Prices(Of(1)));
        Assert.NotEqual(Prices(Of(1)), Prices(Of(2)));
        Assert.All(Prices(Of(1)).Take(20), p => Assert.Equal(50_000m, p)); // Five seconds at the open.
    }

    private static void Check(Random chance)
    {
        var lengthMs = (int[])[60_000, 300_000, 900_000, 3_600_000];
        var ticks = (int[])[250, 1_000, 5_000, 60_000];
        var (length, tickMs) = (lengthMs[chance.Next(4)], ticks[chance.Next(4)]);
        double Price(double around, double spread) => Math.Round(around + (spread * chance.NextDouble()), 1);
        var (open, close) = (Price(50_000, 200), chance.Next(5) == 0 ? 50_000 : Price(50_000, 200));
        var high = chance.Next(4) == 0 ? Math.Max(open, close) : Price(Math.Max(open, close), 100);
        var low = chance.Next(4) == 0 ? Math.Min(open, close) : Math.Round(Math.Min(open, close) - Math.Round(100 * chance.NextDouble(), 1), 1);
        var volume = chance.Next(6) == 0 ? 0 : Math.Round(500 * chance.NextDouble(), chance.Next(2) == 0 ? 3 : 8);
        var candle = new Candle(Open, open, high, low, close, volume, 0);
        var path = PricePath.Of((ulong)chance.Next(), Btc, candle, Open.Plus(length), tickMs);
        var prices = Prices(path);
        Assert.Equal((decimal)open, prices[0]);
        Assert.Equal((decimal)close, prices[^1]);
        Assert.Equal((decimal)high, prices.Max());
        Assert.Equal((decimal)low, prices.Min());
        Assert.Equal((decimal)open, prices[1]);
        Assert.All(prices, p => Assert.Equal(0, p % 0.1m));
        Assert.Equal((decimal)volume, Enumerable.Range(1, path.Last).Sum(path.SizeAt));
        Assert.All(Enumerable.Range(1, path.Last), i => Assert.True(path.SizeAt(i) >= 0 && path.TimeAt(i) > path.TimeAt(i - 1)));
        Assert.Equal(Open.Plus(length), path.TimeAt(path.Last));
        Assert.Equal(path.Last, path.PointAt(Open.Plus(length)));
        Assert.Equal(length / tickMs * path.PerTick, path.Last);
    }

    private static List<decimal> Prices(PricePath path) => [.. Enumerable.Range(0, path.Last + 1).Select(path.PriceAt)];
}

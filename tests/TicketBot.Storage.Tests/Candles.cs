using TicketBot.Domain;

namespace TicketBot.Storage.Tests;

/// <summary>Candles for tests.</summary>
internal static class Candles
{
    public static readonly Symbol Btc = new("BTCUSDT");
    public static readonly Instant Start = new(1_700_000_100_000); // On the grid of 15 minutes.

    public static List<Candle> Make(int count, int seed = 1)
    {
        var candles = new List<Candle>(count);
        var random = new Random(seed);
        var price = 30_000.0;
        for (var i = 0; i < count; i++)
        {
            var close = price * Math.Exp((random.NextDouble() - 0.5) / 100);
            var (high, low) = (Math.Max(price, close) * 1.001, Math.Min(price, close) * 0.999);
            var volume = random.NextDouble() * 100;
            candles.Add(new Candle(Interval.FifteenMinutes.Shift(Start, i), price, high, low, close, volume, volume * close));
            price = close;
        }

        return candles;
    }
}

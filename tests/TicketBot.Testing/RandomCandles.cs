using TicketBot.Domain;

namespace TicketBot.Testing;

/// <summary>Seeded candles for tests: the same arguments give the same candles on every machine.</summary>
public static class RandomCandles
{
    /// <summary>Returns <paramref name="count"/> candles of a random walk without drift, on the interval's grid, with wicks and volume.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="interval">Candle length; 15 minutes unless given.</param>
    /// <param name="start">Any time inside the first candle; 2025-01-01 UTC unless given.</param>
    /// <param name="price">First open price.</param>
    /// <param name="volatility">Standard deviation of a candle's log return.</param>
    public static Candle[] Walk(
        int count, ulong seed, Interval? interval = null, Instant? start = null, double price = 100, double volatility = 0.004)
    {
        var length = interval ?? Interval.FifteenMinutes;
        var open = length.OpenOf(start ?? new Instant(1_735_689_600_000));
        var random = new SeededRandom(seed);
        var candles = new Candle[count];
        for (var i = 0; i < count; i++)
        {
            var close = price * Math.Exp(volatility * random.NextGaussian());
            var high = Math.Max(price, close) * (1 + (volatility * 0.5 * random.NextDouble()));
            var low = Math.Min(price, close) * (1 - (volatility * 0.5 * random.NextDouble()));
            var volume = 10 * Math.Exp(0.5 * random.NextGaussian());
            candles[i] = new Candle(open, price, high, low, close, volume, volume * (high + low + close) / 3);
            (price, open) = (close, length.CloseOf(open));
        }

        return candles;
    }

    /// <summary>Returns the candles without a random <paramref name="fraction"/> of them; the first and the last stay.</summary>
    public static Candle[] WithGaps(IReadOnlyList<Candle> candles, ulong seed, double fraction)
    {
        var random = new SeededRandom(seed);
        return [.. candles.Where((_, i) => random.NextDouble() >= fraction || i == 0 || i == candles.Count - 1)];
    }

    /// <summary>Returns the candles in a random order in which each also comes <paramref name="copies"/> times.</summary>
    public static Candle[] Disordered(IReadOnlyList<Candle> candles, ulong seed, int copies = 1)
    {
        var random = new SeededRandom(seed);
        var result = Enumerable.Repeat(candles, copies).SelectMany(c => c).ToArray();
        for (var i = result.Length - 1; i > 0; i--)
        {
            var j = (int)(random.NextDouble() * (i + 1));
            (result[i], result[j]) = (result[j], result[i]);
        }

        return result;
    }
}

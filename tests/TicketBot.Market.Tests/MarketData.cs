using TicketBot.Domain;

namespace TicketBot.Market.Tests;

/// <summary>Seeded candles for tests.</summary>
internal static class MarketData
{
    public static readonly Symbol Btc = new("BTCUSDT");
    public static readonly Symbol Eth = new("ETHUSDT");
    public static readonly Interval Quarter = Interval.FifteenMinutes;
    public static readonly Instant Epoch = Instant.From(new DateTimeOffset(2024, 3, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>Returns the open time of candle <paramref name="index"/>.</summary>
    public static Instant TimeOf(int index) => Quarter.Shift(Epoch, index);

    /// <summary>Returns a candle with plain values that depend on the index and the price.</summary>
    public static Candle At(int index, double price = 100, double volume = 5) =>
        new(TimeOf(index), price, price * 1.001, price * 0.999, price, volume, volume * price);

    /// <summary>Returns a random walk with all observations.</summary>
    public static List<Candle> Walk(ulong seed, int count, double volatility = 0.004, bool observed = true)
    {
        var chance = new Chance(seed);
        var candles = new List<Candle>(count);
        var price = 100.0;
        for (var i = 0; i < count; i++)
        {
            candles.Add(Next(chance, i, ref price, volatility * chance.Normal(), volatility, observed));
        }

        return candles;
    }

    /// <summary>Returns a candle that moves the price by <paramref name="change"/> (a log return).</summary>
    public static Candle Next(Chance chance, int index, ref double price, double change, double volatility, bool observed)
    {
        var open = price;
        price = open * Math.Exp(change);
        var high = Math.Max(open, price) * (1 + (volatility * 0.5 * chance.Uniform()));
        var low = Math.Min(open, price) * (1 - (volatility * 0.5 * chance.Uniform()));
        var volume = 10 * Math.Exp(chance.Normal());
        return new Candle(
            TimeOf(index), open, high, low, price, volume, volume * (open + price) / 2,
            observed
                ? new Observations(1 + chance.Uniform(), (2 * chance.Uniform()) - 1, (2 * chance.Uniform()) - 1, 0.0001)
                : default);
    }
}

/// <summary>A seeded generator for tests (splitmix64, Steele et al. 2014).</summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    public ulong Bits()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public double Uniform() => (Bits() >> 11) * (1.0 / (1UL << 53));

    public int Below(int end) => (int)(Bits() % (ulong)end);

    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());
}

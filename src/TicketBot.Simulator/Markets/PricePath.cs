using TicketBot.Domain;

namespace TicketBot.Simulator.Markets;

/// <summary>The way of a price through one candle, point by point: it stands at the open for a few seconds, touches both extremes and ends at
/// the close; the traded sizes sum to the candle's volume. A function of seed, contract, candle and tick length alone.</summary>
/// <remarks>Between its four prices the path is a random walk tied at both ends and kept within the candle. A candle of few ticks has several
/// points per tick, at least sixteen in all. The extreme nearer to the open comes first more often, as it does for a random walk.</remarks>
internal sealed class PricePath
{
    private const int FewestPoints = 16;
    private const int HoldMs = 5_000;
    private readonly decimal[] _prices;
    private readonly long[] _lots;
    private readonly decimal _lot;
    private readonly decimal _rest;
    private readonly long _openMs;
    private readonly int _tickMs;

    private PricePath(decimal[] prices, long[] lots, decimal lot, decimal rest, Instant open, int tickMs, int perTick) =>
        (_prices, _lots, _lot, _rest, _openMs, _tickMs, PerTick) = (prices, lots, lot, rest, open.UnixMilliseconds, tickMs, perTick);

    /// <summary>Points per tick.</summary>
    internal int PerTick { get; }

    /// <summary>Index of the last point; point 0 is the open itself.</summary>
    internal int Last => _prices.Length - 1;

    /// <summary>Returns the path of a candle.</summary>
    /// <param name="seed">Seed of the venue.</param>
    /// <param name="instrument">Tick and lot rules.</param>
    /// <param name="candle">The candle.</param>
    /// <param name="close">When it closes.</param>
    /// <param name="tickMs">Milliseconds of a tick; they divide the candle.</param>
    internal static PricePath Of(ulong seed, Instrument instrument, in Candle candle, Instant close, int tickMs)
    {
        var ticks = (int)(close.Since(candle.OpenTime) / tickMs);
        var perTick = Math.Max(1, (FewestPoints + ticks - 1) / ticks);
        var count = ticks * perTick;
        var chance = new Chance(seed ^ Chance.Mix((ulong)candle.OpenTime.UnixMilliseconds), instrument.Symbol.Value.Aggregate(2UL, (h, c) => Chance.Mix(h ^ c)));
        var size = instrument.TickSize;
        var (open, high, low, last) = (
            instrument.NearestTick(candle.Open).Value, instrument.NearestTick(candle.High).Value,
            instrument.NearestTick(candle.Low).Value, instrument.NearestTick(candle.Close).Value);
        var range = (double)((high - low) / size);
        var lowFirst = chance.NextDouble() * (double)(high - low) < (double)(high - open);
        var hold = (int)Math.Clamp(HoldMs * (long)perTick / tickMs, 1, count / 8);
        var first = hold + 1 + (int)((0.1 + (0.35 * chance.NextDouble())) * (count - hold - 2));
        var second = first + 1 + (int)((0.1 + (0.8 * chance.NextDouble())) * (count - first - 2));
        var prices = new decimal[count + 1];
        Array.Fill(prices, open, 0, hold + 1);
        prices[first] = lowFirst ? low : high;
        prices[second] = lowFirst ? high : low;
        prices[count] = last;
        var noise = range * 0.6 / Math.Sqrt(count);
        Tie(prices, hold, first, low, high, size, noise, ref chance);
        Tie(prices, first, second, low, high, size, noise, ref chance);
        Tie(prices, second, count, low, high, size, noise, ref chance);
        var volume = (decimal)candle.Volume;
        var whole = decimal.Floor(volume / instrument.QuantityStep);
        return new PricePath(
            prices, Spread((long)whole, count, ref chance), instrument.QuantityStep, volume - (whole * instrument.QuantityStep), candle.OpenTime, tickMs, perTick);
    }

    /// <summary>Returns the price at a point.</summary>
    internal decimal PriceAt(int point) => _prices[point];

    /// <summary>Returns the base coin traded on the way to a point; zero for none.</summary>
    internal decimal SizeAt(int point) => ((_lots[point] - _lots[point - 1]) * _lot) + (point == Last ? _rest : 0);

    /// <summary>Returns the time of a point.</summary>
    internal Instant TimeAt(int point) => new(_openMs + ((long)(point / PerTick) * _tickMs) + (point % PerTick * (long)_tickMs / PerTick));

    /// <summary>Returns the last point at or before a time, within the path.</summary>
    internal int PointAt(Instant time) =>
        (int)Math.Clamp((time.UnixMilliseconds - _openMs) / _tickMs * PerTick, 0, Last);

    /// <summary>Returns the candles of a shorter length that the path makes, ascending; of the last one, if it is under way, what has been played.</summary>
    /// <param name="lengthMs">Milliseconds of such a candle; they divide the whole one.</param>
    /// <param name="until">Up to when the path has been played.</param>
    internal List<Candle> Parts(long lengthMs, Instant until)
    {
        var parts = new List<Candle>();
        var last = _prices[0];
        var point = 1;
        var end = Math.Min(until.UnixMilliseconds, TimeAt(Last).UnixMilliseconds);
        for (var from = _openMs; from < end; from += lengthMs)
        {
            var (open, high, low, volume, turnover) = (last, last, last, 0m, 0m);
            for (; point <= Last && TimeAt(point).UnixMilliseconds <= Math.Min(from + lengthMs, end); point++)
            {
                last = _prices[point];
                (high, low) = (Math.Max(high, last), Math.Min(low, last));
                var size = SizeAt(point);
                (volume, turnover) = (volume + size, turnover + (size * last));
            }

            parts.Add(new Candle(new Instant(from), (double)open, (double)high, (double)low, (double)last, (double)volume, (double)turnover));
        }

        return parts;
    }

    // A random walk from one fixed point to another, off the straight line by what it has gained less its share of the whole gain.
    private static void Tie(decimal[] prices, int from, int to, decimal low, decimal high, decimal size, double noise, ref Chance chance)
    {
        var length = to - from;
        if (length < 2)
        {
            return;
        }

        var walk = new double[length + 1];
        for (var i = 1; i <= length; i++)
        {
            walk[i] = walk[i - 1] + ((chance.NextDouble() - 0.5) * 3.46 * noise); // Of variance noise squared.
        }

        var (start, end) = (prices[from], prices[to]);
        var slope = (double)((end - start) / size) / length;
        for (var i = 1; i < length; i++)
        {
            var ticks = (slope * i) + walk[i] - (walk[length] * i / length);
            prices[from + i] = Math.Clamp(start + ((long)Math.Round(ticks) * size), low, high);
        }
    }

    // Cumulative lots by point: every share is drawn, and the last point has all.
    private static long[] Spread(long lots, int count, ref Chance chance)
    {
        var weights = new double[count + 1];
        for (var i = 1; i <= count; i++)
        {
            var draw = chance.NextDouble();
            weights[i] = weights[i - 1] + 0.05 + (draw * draw);
        }

        var sums = new long[count + 1];
        for (var i = 1; i < count; i++)
        {
            sums[i] = Math.Clamp((long)(lots * (weights[i] / weights[count])), sums[i - 1], lots);
        }

        sums[count] = lots;
        return sums;
    }
}

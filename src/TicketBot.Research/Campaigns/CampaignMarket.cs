using TicketBot.Domain;
using TicketBot.Learning;
using TicketBot.Simulator.Markets;
using TicketBot.Trading.Exchange;

namespace TicketBot.Research.Campaigns;

/// <summary>A kind of market that a campaign searches, by its text form; each seed gives one market of the kind.</summary>
/// <remarks><list type="bullet">
/// <item><c>walk</c>: a random walk with independent normal returns.</item>
/// <item><c>garch</c>: GARCH(1,1) volatility (Bollerslev 1986) with Student-t innovations of four degrees of freedom; the direction is even.</item>
/// <item><c>shuffled:FILE</c>: a real candle file, its blocks of 24 candles in random order, each candle turned upside down with probability one half.</item>
/// <item><c>edge:RULE:P:BP</c>: <c>garch</c> in which some candles announce the next one's direction with probability P; the announced candle
/// moves BP basis points, give or take a fifth. RULE is <c>burst</c> (a tenth of the candles: seven times the volume, closing near the extreme; announces its own
/// direction), <c>streak</c> (five closes in one direction announce the other), <c>volume</c> (1.4 times the usual volume announces its own direction), <c>lag</c> (the same two candles
/// later), <c>breakout</c> (a close beyond the extremes of 30 candles goes on), <c>drift</c> (a large move over three candles goes on), <c>product</c> (of loud candles: up after two of one
/// direction, else down) or <c>hour</c> (up after 14:00 UTC, down after 02:00).</item>
/// <item><c>random</c>, <c>regimes</c>, <c>planted:P</c>: the simulator's own markets.</item>
/// </list></remarks>
public sealed record CampaignMarket
{
    /// <summary>A real series.</summary>
    /// <param name="Symbol">The contract.</param>
    /// <param name="Interval">Candle length.</param>
    /// <param name="Candles">Candles, ascending.</param>
    public sealed record RealSeries(Symbol Symbol, Interval Interval, IReadOnlyList<Candle> Candles);

    private const int Block = 24;
    private static readonly Symbol Generated = new("BTCUSDT");

    private readonly Func<ulong, int, Instant, IReadOnlyList<Candle>> _make;

    private CampaignMarket(string text, Symbol symbol, Interval interval, bool hasEdge, Func<ulong, int, Instant, IReadOnlyList<Candle>> make) =>
        (Text, Symbol, Interval, HasEdge, _make) = (text, symbol, interval, hasEdge, make);

    /// <summary>Its text form.</summary>
    public string Text { get; }

    /// <summary>The contract its candles stand for.</summary>
    public Symbol Symbol { get; }

    /// <summary>Candle length.</summary>
    public Interval Interval { get; }

    /// <summary>Whether something can be known about the next candle, whether or not it pays its costs.</summary>
    public bool HasEdge { get; }

    /// <summary>Reads the text form.</summary>
    /// <param name="text">The text.</param>
    /// <param name="interval">Candle length of the generated kinds; a file has its own.</param>
    /// <param name="read">Reads a candle file.</param>
    /// <exception cref="FormatException">The text has another form; the message names it.</exception>
    public static CampaignMarket Parse(string text, Interval interval, Func<string, RealSeries> read)
    {
        var parts = text.Split(':', 2);
        switch (parts[0])
        {
            case "walk" or "garch" when parts.Length == 1:
                return new CampaignMarket(text, Generated, interval, false, (seed, count, end) => Walk(interval, count, end, new NoiseWalk(seed, hasClusters: text == "garch", null)));
            case "edge" when parts.Length == 2:
                var edge = PlantedRule.Parse(parts[1]);
                return new CampaignMarket(text, Generated, interval, true, (seed, count, end) => Walk(interval, count, end, new NoiseWalk(seed, hasClusters: true, edge)));
            case "shuffled" when parts.Length == 2:
                var file = read(parts[1]);
                return new CampaignMarket(text, file.Symbol, file.Interval, false, (seed, count, end) => Shuffled(file.Candles, file.Interval, seed, count, end));
            default:
                var spec = MarketSpec.TryParse(text, out var known)
                    ? known
                    : throw new FormatException($"a market of a campaign is walk, garch, shuffled:FILE, edge:RULE:P:BP (such as edge:burst:0.7:100), random, regimes or planted:P, was '{text}'");
                return new CampaignMarket(text, Generated, interval, spec.Kind == MarketKind.Planted, (seed, count, end) => Simulated(spec, interval, seed, count, end));
        }
    }

    /// <summary>Makes the market of a seed.</summary>
    /// <param name="seed">Its seed.</param>
    /// <param name="count">Candles.</param>
    /// <param name="end">When the last one closes; cut down to the interval's grid.</param>
    /// <exception cref="ArgumentException">A file has fewer candles.</exception>
    public IReadOnlyList<Candle> Make(ulong seed, int count, Instant end) => _make(seed, count, Interval.OpenOf(end));

    private static Candle[] Walk(Interval interval, int count, Instant end, NoiseWalk walk)
    {
        var open = interval.Shift(end, -count);
        var candles = new Candle[count];
        for (var i = 0; i < count; i++)
        {
            candles[i] = walk.Next(open);
            open = interval.CloseOf(open);
        }

        return candles;
    }

    private static IReadOnlyList<Candle> Simulated(MarketSpec spec, Interval interval, ulong seed, int count, Instant end) =>
        new GeneratedMarket(spec, [Generated], interval, seed, count, end).History(new SeriesKey(Generated, interval));

    private static Candle[] Shuffled(IReadOnlyList<Candle> real, Interval interval, ulong seed, int count, Instant end)
    {
        if (real.Count < count)
        {
            throw new ArgumentException($"the file has {real.Count} candles, {count} are asked for; give a longer file or fewer candles", nameof(count));
        }

        var rng = new Rng(seed);
        int[] blocks = [.. Enumerable.Range(0, real.Count / Block)];
        rng.Shuffle(blocks);
        var open = interval.Shift(end, -count);
        var price = real[0].Open;
        var candles = new Candle[count];
        for (var i = 0; i < count; i++)
        {
            var source = real[(blocks[i / Block % blocks.Length] * Block) + (i % Block)];
            var (high, low, last) = (source.High / source.Open, source.Low / source.Open, source.Close / source.Open);
            if (rng.NextUInt64() >> 63 == 0)
            {
                (high, low, last) = (1 / low, 1 / high, 1 / last);
            }

            var close = price * last;
            candles[i] = new Candle(open, price, Math.Max(Math.Max(price, close), price * high), Math.Min(Math.Min(price, close), price * low), close, source.Volume, source.Turnover);
            price = close;
            open = interval.CloseOf(open);
        }

        return candles;
    }
}

using TicketBot.Domain;

namespace TicketBot.Simulator.Matching;

/// <summary>The order book around a price: a pure function of seed, contract, time and price, so that it is the same at every speed and
/// with or without ticks. Taking from it does not thin it.</summary>
/// <remarks>The best ask and bid are the price worsened by the slippage of the cost model, away from the price to the tick, and hold 200,000
/// to 500,000 of quote coin: an order of ordinary size pays exactly what the cost model says: the level as it is
/// shown, moved by the impact of its own size. The levels behind them lie ever further
/// apart and hold 10,000 to 60,000 each; sizes are redrawn once in 2 to 9 seconds, each level at times of its own.</remarks>
internal sealed class OrderBook(VenueSettings settings)
{
    /// <summary>Levels of each side.</summary>
    internal const int Depth = 200;

    /// <summary>Share of the mark price beyond which nothing is filled and no price is taken; told as <c>priceLimitRatioX</c>.</summary>
    internal const decimal Band = 0.05m;

    private readonly decimal _slippage = settings.Costs.SlippageBp / 10_000m;

    /// <summary>Returns the price of the best level that a taker meets: <paramref name="price"/> worsened by slippage to the tick.</summary>
    /// <param name="instrument">Tick rules.</param>
    /// <param name="side">Side of the taker.</param>
    /// <param name="price">Where the market stands.</param>
    /// <param name="impact">What the taker's own size moves the price, as a fraction; 0 for the book as everybody sees it.</param>
    internal decimal Best(Instrument instrument, Side side, decimal price, decimal impact = 0)
    {
        // Instrument rounds in the owner's favour for the side it is given; a taker pays, so it is asked for the other side.
        var worse = Math.Max(instrument.TickSize, price * (1 + (side.Sign() * (_slippage + impact))));
        return instrument.RoundToTick(worse, side.Opposite()).Value;
    }

    /// <summary>Returns the size of a level that a taker of <paramref name="side"/> meets, at least one lot.</summary>
    internal decimal SizeOf(Instrument instrument, Side side, decimal price, int level, Instant time)
    {
        unchecked
        {
            var place = Chance.Mix(settings.Seed ^ SymbolHash(instrument.Symbol) ^ ((ulong)level << 3) ^ (side == Side.Buy ? 1UL : 2UL));
            var period = 2_000UL + (place % 7_001);
            var draw = Chance.Mix(place ^ Chance.Mix(((ulong)time.UnixMilliseconds + place) / period));
            var share = (draw >> 11) % 1_000 / 1_000m;
            var worth = level == 0 ? 200_000 + (300_000 * share) : 10_000 + (50_000 * share);
            return Math.Max(instrument.QuantityStep, instrument.FloorToLot(worth / price).Value);
        }
    }

    /// <summary>Returns the price of a level behind the best one; never below one tick.</summary>
    internal static decimal PriceOf(Instrument instrument, Side side, decimal best, int level)
    {
        var tick = instrument.TickSize;
        var away = best * ((level * 0.00005m) + (level * level * 0.000005m));
        var ticks = Math.Max(level, decimal.Floor(away / tick));
        return Math.Max(tick, best + (side.Sign() * ticks * tick));
    }

    /// <summary>Returns the levels that a taker of <paramref name="side"/> meets, best first.</summary>
    internal IReadOnlyList<BookLevel> Levels(Instrument instrument, Side side, decimal price, int depth, Instant time)
    {
        var best = Best(instrument, side, price);
        var levels = new List<BookLevel>(Math.Min(depth, Depth));
        for (var i = 0; i < Math.Min(depth, Depth); i++)
        {
            var at = PriceOf(instrument, side, best, i);
            if (i > 0 && at == levels[^1].Price)
            {
                break; // A bid cannot lie below one tick.
            }

            levels.Add(new BookLevel(at, SizeOf(instrument, side, at, i, time)));
        }

        return levels;
    }

    private static ulong SymbolHash(Symbol symbol)
    {
        var hash = 1UL;
        foreach (var letter in symbol.Value)
        {
            hash = Chance.Mix(hash ^ letter);
        }

        return hash;
    }
}

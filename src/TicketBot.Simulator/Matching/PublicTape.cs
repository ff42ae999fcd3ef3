using TicketBot.Domain;

namespace TicketBot.Simulator.Matching;

/// <summary>The newest public trades of a contract. With ticks there is one for each point of the path with volume; a candle played whole
/// leaves four, at its four prices, made only when somebody reads them.</summary>
internal sealed class PublicTape(ulong seed, Instrument instrument)
{
    /// <summary>Trades kept.</summary>
    internal const int Kept = 1_000;

    private readonly Print[] _prints = new Print[Kept];
    private readonly ulong _symbol = instrument.Symbol.Value.Aggregate(3UL, (h, c) => Chance.Mix(h ^ c));
    private long _count;
    private Side _side = Side.Buy;
    private long _move;
    private int _inMove;

    /// <summary>Adds a trade at a point of a path; nothing for no size.</summary>
    internal void Add(Instant time, decimal price, decimal before, decimal size, long move)
    {
        if (size <= 0)
        {
            return;
        }

        _side = price > before ? Side.Buy : price < before ? Side.Sell : _side;
        Keep(new Print(time, price, size, _side, SequenceOf(move), default, false));
    }

    /// <summary>Adds the trades of a candle that was played whole.</summary>
    internal void Add(in Candle candle, Instant close, long move) =>
        Keep(new Print(close, 0, 0, Side.Buy, move << 4, candle, true));

    /// <summary>Returns the newest trades, oldest first, at most 1,000.</summary>
    internal IReadOnlyList<PublicTrade> Read()
    {
        var trades = new List<PublicTrade>(Kept);
        for (var i = Math.Max(0, _count - Kept); i < _count; i++)
        {
            var print = _prints[i % Kept];
            if (print.IsCandle)
            {
                Unfold(print, trades);
            }
            else
            {
                trades.Add(Make(print.Time, print.Side, print.Price, print.Size, print.Sequence));
            }
        }

        return trades.Count > Kept ? trades.GetRange(trades.Count - Kept, Kept) : trades;
    }

    /// <summary>Returns the sequence of the book after a number of moves: above that of every trade before it.</summary>
    internal static long BookSequence(long moves) => (moves << 6) | 63;

    private long SequenceOf(long move)
    {
        (_inMove, _move) = (move == _move ? _inMove + 1 : 0, move);
        return (move << 6) + _inMove;
    }

    private void Keep(in Print print) => _prints[_count++ % Kept] = print;

    private void Unfold(in Print print, List<PublicTrade> trades)
    {
        var candle = print.Candle;
        var prices = (ReadOnlySpan<double>)[candle.Open, candle.High, candle.Low, candle.Close];
        var volume = (decimal)candle.Volume;
        var quarter = instrument.FloorToLot(volume / 4).Value;
        var length = print.Time.Since(candle.OpenTime);
        for (var i = 0; i < 4; i++)
        {
            var size = i < 3 ? quarter : volume - (3 * quarter);
            if (size > 0)
            {
                var side = i == 0 ? Side.Buy : prices[i] >= prices[i - 1] ? Side.Buy : Side.Sell;
                var time = i < 3 ? candle.OpenTime.Plus(length * i / 4) : print.Time.Plus(-1);
                trades.Add(Make(time, side, instrument.NearestTick(prices[i]).Value, size, (print.Sequence << 2) + i));
            }
        }
    }

    private PublicTrade Make(Instant time, Side side, decimal price, decimal size, long sequence) =>
        new(Chance.Identity(seed ^ _symbol, 3, 0, (ulong)sequence), time, side, price, size, sequence);

    private readonly record struct Print(Instant Time, decimal Price, decimal Size, Side Side, long Sequence, Candle Candle, bool IsCandle);
}

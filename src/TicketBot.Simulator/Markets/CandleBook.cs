using System.Collections;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Markets;

/// <summary>The closed candles a venue can answer with: the history and what has been played since. Not safe for use by several threads.</summary>
internal sealed class CandleBook
{
    private readonly Dictionary<SeriesKey, Book> _books = [];

    /// <summary>Makes a book of a market's history that keeps the newest <paramref name="kept"/> candles of each series.</summary>
    internal CandleBook(MarketSource market, int kept)
    {
        foreach (var series in market.Series)
        {
            var history = market.History(series);
            _books.Add(series, market.Recorded(series) is { } all ? new Book(all, history.Count, kept) : new Book(history.ToList(), kept));
        }
    }

    internal bool Has(SeriesKey series) => _books.ContainsKey(series);

    /// <summary>Returns the candles of a series, ascending.</summary>
    internal IReadOnlyList<Candle> Of(SeriesKey series) => _books[series];

    internal void Add(MarketStep step)
    {
        foreach (ref readonly var closed in step.Candles.AsSpan())
        {
            _books[closed.Series].Add(closed.Candle);
        }
    }

    /// <summary>Returns the index of the first candle of a series that opens at or after <paramref name="from"/>; the count when there is none.</summary>
    internal int FirstFrom(SeriesKey series, Instant from)
    {
        var list = _books[series];
        var (low, high) = (0, list.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = list[middle].OpenTime < from ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>A series up to market time: its own list that grows, or the beginning of one that is all there from the start.</summary>
    private sealed class Book : IReadOnlyList<Candle>
    {
        private const int Slack = 20_000;
        private readonly List<Candle>? _grown;
        private readonly IReadOnlyList<Candle> _all;
        private readonly int _kept;
        private int _first;
        private int _end;

        internal Book(IReadOnlyList<Candle> all, int played, int kept) => (_all, _end, _kept) = (all, played, kept);

        internal Book(List<Candle> history, int kept)
            : this(history, history.Count, kept) => _grown = history;

        public int Count => _end - _first;

        public Candle this[int index]
        {
            get
            {
                ArgumentOutOfRangeException.ThrowIfNegative(index);
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
                return _all[_first + index];
            }
        }

        public IEnumerator<Candle> GetEnumerator()
        {
            for (var i = 0; i < Count; i++)
            {
                yield return this[i];
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        internal void Add(in Candle candle)
        {
            _grown?.Add(candle);
            _end++;
            if (Count <= _kept + Slack)
            {
                return;
            }

            _first = _end - _kept;
            if (_grown is not null)
            {
                _grown.RemoveRange(0, _first);
                (_first, _end) = (0, _kept);
            }
        }
    }
}

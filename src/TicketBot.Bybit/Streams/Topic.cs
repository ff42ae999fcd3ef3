using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Streams;

/// <summary>What a public topic carries.</summary>
internal enum TopicKind
{
    /// <summary>Candles of a series.</summary>
    Kline,

    /// <summary>A contract's ticker: funding, and a second sign that the stream lives.</summary>
    Ticker,

    /// <summary>A contract's order book.</summary>
    Book,

    /// <summary>A contract's trades.</summary>
    Trades,
}

/// <summary>A public topic that is subscribed, and how fresh it is. Times are timestamps of the clock.</summary>
/// <param name="name">The venue's name.</param>
/// <param name="kind">What it carries.</param>
/// <param name="series">The series of candles, else <c>default</c>.</param>
/// <param name="observer">Takes what is observed of its contract, or <c>null</c>.</param>
internal sealed class Topic(string name, TopicKind kind, SeriesKey series, MarketObserver? observer)
{
    private long _heardAt;
    private int _needsSnapshot;
    private int _isOverdue;

    public string Name => name;

    public TopicKind Kind => kind;

    public SeriesKey Series => series;

    public MarketObserver? Observer => observer;

    /// <summary>Whether the venue refused it; it is asked for again from time to time.</summary>
    public bool IsRefused { get; set; }

    /// <summary>When it was asked for last.</summary>
    public long AskedAt { get; set; }

    /// <summary>Whether it was subscribed anew since it was last heard.</summary>
    public bool WasAskedAgain { get; set; }

    /// <summary>When it was heard last.</summary>
    public long HeardAt => Volatile.Read(ref _heardAt);

    /// <summary>Whether its book needs a new snapshot.</summary>
    public bool NeedsSnapshot
    {
        get => Volatile.Read(ref _needsSnapshot) != 0;
        set => Volatile.Write(ref _needsSnapshot, value ? 1 : 0);
    }

    /// <summary>Whether a candle of it is overdue.</summary>
    public bool IsOverdue
    {
        get => Volatile.Read(ref _isOverdue) != 0;
        set => Volatile.Write(ref _isOverdue, value ? 1 : 0);
    }

    /// <summary>Returns the venue's name of a series of candles.</summary>
    public static string NameOf(SeriesKey series) => $"kline.{series.Interval.VenueCode}.{series.Symbol}";

    /// <summary>Returns the topics of some series.</summary>
    /// <param name="series">The series.</param>
    /// <param name="observes">Whether book, trades and funding are observed.</param>
    /// <param name="watches">Whether the ticker is followed as a sign of life.</param>
    public static IReadOnlyList<Topic> Of(IReadOnlyList<SeriesKey> series, bool observes, bool watches)
    {
        var topics = new List<Topic>();
        foreach (var group in series.Distinct().GroupBy(key => key.Symbol))
        {
            var observer = observes ? new MarketObserver(group.Select(key => key.Interval)) : null;
            if (observer is not null)
            {
                // In this order on the wire, so that book and trades of a moment come before the candle that ends with it.
                topics.Add(new Topic($"orderbook.{MarketObserver.BookDepth}.{group.Key}", TopicKind.Book, default, observer));
                topics.Add(new Topic($"publicTrade.{group.Key}", TopicKind.Trades, default, observer));
            }

            if (observes || watches)
            {
                topics.Add(new Topic($"tickers.{group.Key}", TopicKind.Ticker, default, observer));
            }

            topics.AddRange(group.Select(key => new Topic(NameOf(key), TopicKind.Kline, key, observer)));
        }

        return topics;
    }

    /// <summary>Notes that it was heard.</summary>
    public void Heard(long stamp)
    {
        Volatile.Write(ref _heardAt, stamp);
        WasAskedAgain = false;
    }
}

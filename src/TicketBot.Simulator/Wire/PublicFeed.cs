using TicketBot.Domain;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Wire;

/// <summary>What the public topics tell after each step: candles, tickers, books and trades. Called under the session's lock.</summary>
internal sealed class PublicFeed(VenueSession session)
{
    private const long CandleUpdateMs = 1_000;
    private const int MostTrades = 1_024;
    private readonly Dictionary<(Symbol Symbol, int Depth), BookFeed> _books = [];
    private readonly Dictionary<Symbol, IReadOnlyList<(string Name, string Value)>> _tickers = [];
    private readonly Dictionary<Symbol, long> _trades = [];
    private readonly Dictionary<SeriesKey, Instant> _candles = [];
    private readonly Dictionary<SeriesKey, Instant> _closedTo = [];

    /// <summary>Returns the update id of a book as REST tells it: that of the stream of equal depth.</summary>
    internal long UpdateIdOf(Symbol symbol, int depth, BookView book) =>
        _books.TryGetValue((symbol, depth), out var feed) && feed.UpdateId > 0 ? feed.UpdateId : book.UpdateId;

    /// <summary>Lets every book begin again with a snapshot of update id 1.</summary>
    internal void RestartBooks()
    {
        foreach (var feed in _books.Values)
        {
            feed.Forget(isRestart: true);
        }
    }

    /// <summary>Returns what a new listener of a topic gets at once, or <c>null</c> for nothing.</summary>
    internal byte[]? First(PublicTopic topic)
    {
        switch (topic.Kind)
        {
            case PublicTopicKind.Ticker:
                if (!_tickers.TryGetValue(topic.Symbol, out var fields))
                {
                    _tickers[topic.Symbol] = fields = Tickers.Of(session, topic.Symbol);
                }

                return Tickers.Frame(topic.Symbol, session.Venue.Time, isSnapshot: true, fields);
            case PublicTopicKind.Book:
                return FeedOf(topic.Symbol, topic.Depth).Snapshot(session.Venue);
            case PublicTopicKind.PriceLimit:
                return Limits(topic.Symbol, session.Venue.Time);
            default:
                return null;
        }
    }

    /// <summary>Tells a step.</summary>
    internal void Tell(MarketStep step)
    {
        foreach (var (series, _) in step.Candles)
        {
            _candles[series] = step.Time;
        }

        var derived = new List<(SeriesKey Series, Candle Candle)>();
        foreach (var text in session.Hub.PublicTopics())
        {
            if (PublicTopic.TryRead(session, text, out var topic) is null)
            {
                if (topic.Kind == PublicTopicKind.Kline && !session.Candles.Has(topic.Series))
                {
                    derived.AddRange(ClosedOf(topic.Series, step.Time));
                }

                Tell(step, text, topic);
            }
        }

        // Trades are told as they happen, a closed candle after them: whoever adds them up has them all by then.
        foreach (var (series, candle) in derived.Concat(step.Candles.Select(c => (c.Series, c.Candle))))
        {
            session.Hub.Publish(new StreamMessage(StreamFrames.TopicOf(series), null, _ => StreamFrames.Candle(series, candle, step.Time, isConfirmed: true))
            {
                Series = series, Candle = candle, IsConfirm = true,
            });
        }

        Forget();
    }

    // The candles of a series that the market does not have itself which have closed since it was last told.
    private IEnumerable<(SeriesKey Series, Candle Candle)> ClosedOf(SeriesKey series, Instant time)
    {
        var (from, until) = (_closedTo.GetValueOrDefault(series, series.Interval.OpenOf(time.Plus(-1))), series.Interval.OpenOf(time));
        _closedTo[series] = until;
        if (until <= from)
        {
            yield break;
        }

        var all = session.Derived.Closed(series)!;
        var first = all.Count;
        while (first > 0 && all[first - 1].OpenTime >= from)
        {
            first--;
        }

        for (var i = first; i < all.Count; i++)
        {
            _candles[series] = time;
            yield return (series, all[i]);
        }
    }

    private void Tell(MarketStep step, string text, PublicTopic topic)
    {
        switch (topic.Kind)
        {
            case PublicTopicKind.Kline:
                if (step.TickMs > 0 && step.Time.Since(_candles.GetValueOrDefault(topic.Series)) >= CandleUpdateMs)
                {
                    _candles[topic.Series] = step.Time;
                    var candle = session.Derived.OpenOf(topic.Series);
                    session.Hub.Publish(new StreamMessage(text, null, _ => StreamFrames.Candle(topic.Series, candle, step.Time, isConfirmed: false)));
                }

                break;
            case PublicTopicKind.Ticker:
                var fields = Tickers.Of(session, topic.Symbol);
                var before = _tickers.GetValueOrDefault(topic.Symbol);
                _tickers[topic.Symbol] = fields;
                var changed = before is null ? fields : [.. fields.Where((f, i) => i == 0 || f != before[i])];
                if (changed.Count > 1)
                {
                    session.Hub.Publish(new StreamMessage(text, null, _ => Tickers.Frame(topic.Symbol, step.Time, before is null, changed)));
                }

                break;
            case PublicTopicKind.Book:
                if (FeedOf(topic.Symbol, topic.Depth).Next(session.Venue) is { } frame)
                {
                    session.Hub.Publish(new StreamMessage(text, null, _ => frame));
                }

                break;
            case PublicTopicKind.Trades:
                TellTrades(step, text, topic.Symbol);
                break;
            case PublicTopicKind.PriceLimit:
                session.Hub.Publish(new StreamMessage(text, null, _ => Limits(topic.Symbol, step.Time)));
                break;
            default:
                break;
        }
    }

    private byte[] Limits(Symbol symbol, Instant time) => WireText.Json(w =>
    {
        w.WriteString("topic", $"priceLimit.{symbol}");
        w.WriteStartObject("data");
        MarketExtras.PriceLimit(w, session, symbol);
        w.WriteEndObject();
        w.WriteNumber("ts", time.UnixMilliseconds);
    });

    private void TellTrades(MarketStep step, string text, Symbol symbol)
    {
        var told = _trades.GetValueOrDefault(symbol, long.MinValue);
        var all = session.Venue.TradesOf(symbol);
        if (all.Count == 0)
        {
            return;
        }

        _trades[symbol] = all[^1].Sequence;
        foreach (var part in all.Where(t => told == long.MinValue ? t.Time >= step.Time.Plus(-1) : t.Sequence > told).Chunk(MostTrades))
        {
            session.Hub.Publish(new StreamMessage(text, null, _ => StreamFrames.Trades(text, symbol, part, step.Time)));
        }
    }

    // What nobody listens to is not kept up to date: its next listener begins with a snapshot of its own.
    private void Forget()
    {
        foreach (var symbol in _tickers.Keys.Where(s => !session.Hub.HasListeners($"tickers.{s}")).ToList())
        {
            _tickers.Remove(symbol);
        }

        foreach (var symbol in _trades.Keys.Where(s => !session.Hub.HasListeners($"publicTrade.{s}")).ToList())
        {
            _trades.Remove(symbol);
        }

        foreach (var series in _closedTo.Keys.Where(s => !session.Hub.HasListeners(StreamFrames.TopicOf(s))).ToList())
        {
            _closedTo.Remove(series);
        }

        foreach (var ((symbol, depth), feed) in _books)
        {
            if (!session.Hub.HasListeners($"orderbook.{depth}.{symbol}"))
            {
                feed.Forget(isRestart: false);
            }
        }
    }

    private BookFeed FeedOf(Symbol symbol, int depth)
    {
        if (!_books.TryGetValue((symbol, depth), out var feed))
        {
            // One exists from the first listener on; its first update id lies above 1, which means a restart.
            _books.Add((symbol, depth), feed = new BookFeed(symbol, depth, session.Venue.BookOf(symbol, 1).UpdateId + 1));
        }

        return feed;
    }
}

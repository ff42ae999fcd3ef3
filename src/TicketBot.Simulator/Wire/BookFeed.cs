using TicketBot.Domain;
using TicketBot.Simulator.Matching;

namespace TicketBot.Simulator.Wire;

/// <summary>One order book topic: what its listeners hold, and the changes that bring them to the present.</summary>
/// <remarks>Level 1 sends snapshots only, and the last one again after 3 seconds without a change
/// (https://bybit-exchange.github.io/docs/v5/websocket/public/orderbook). The update id rises by one per message, whoever listens.</remarks>
internal sealed class BookFeed(Symbol symbol, int depth, long updateId)
{
    private const long RepeatMs = 3_000;
    private readonly string _topic = $"orderbook.{depth}.{symbol}";
    private BookView? _told;
    private Instant _toldAt;

    /// <summary>Update id of the last message.</summary>
    internal long UpdateId { get; private set; } = updateId;

    /// <summary>Forgets what was told: the next message is a snapshot, with update id 1 after a restart.</summary>
    internal void Forget(bool isRestart) => (_told, UpdateId) = (null, isRestart ? 0 : UpdateId);

    /// <summary>Returns the snapshot that a new listener gets.</summary>
    internal byte[] Snapshot(Venue venue)
    {
        if (_told is null)
        {
            (_told, _toldAt, UpdateId) = (venue.BookOf(symbol, depth), venue.Time, UpdateId + 1);
        }

        return StreamFrames.Book(_topic, isSnapshot: true, _told, _told.Bids, _told.Asks, UpdateId);
    }

    /// <summary>Returns what the listeners are told after a step, or <c>null</c> for nothing.</summary>
    internal byte[]? Next(Venue venue)
    {
        if (_told is null)
        {
            return Snapshot(venue);
        }

        var book = venue.BookOf(symbol, depth);
        var (bids, asks) = (Changes(_told.Bids, book.Bids), Changes(_told.Asks, book.Asks));
        if (bids.Count == 0 && asks.Count == 0)
        {
            if (depth > 1 || venue.Time.Since(_toldAt) < RepeatMs)
            {
                return null;
            }

            _toldAt = venue.Time;
            return StreamFrames.Book(_topic, isSnapshot: true, _told, _told.Bids, _told.Asks, UpdateId);
        }

        (_told, _toldAt, UpdateId) = (book, venue.Time, UpdateId + 1);
        return depth == 1
            ? StreamFrames.Book(_topic, isSnapshot: true, book, book.Bids, book.Asks, UpdateId)
            : StreamFrames.Book(_topic, isSnapshot: false, book, bids, asks, UpdateId);
    }

    // A level that is gone has size zero.
    private static List<BookLevel> Changes(IReadOnlyList<BookLevel> before, IReadOnlyList<BookLevel> after)
    {
        var left = before.ToDictionary(l => l.Price, l => l.Size);
        var changes = new List<BookLevel>();
        foreach (var level in after)
        {
            if (!left.Remove(level.Price, out var size) || size != level.Size)
            {
                changes.Add(level);
            }
        }

        changes.AddRange(left.Keys.Select(price => new BookLevel(price, 0)));
        return changes;
    }
}

using System.Text.Json;
using TicketBot.Bybit.Wire;

namespace TicketBot.Bybit.Streams;

/// <summary>What a message did to a followed order book.</summary>
internal enum BookChange
{
    /// <summary>It was taken in.</summary>
    Applied,

    /// <summary>It was passed over: a repetition, or a delta before the first snapshot.</summary>
    Ignored,

    /// <summary>A message is missing before it, or the book came out crossed: a new snapshot is needed.</summary>
    Gap,
}

/// <summary>An order book that is followed by snapshot and deltas: size 0 deletes a level, any other inserts or replaces it. Allocates nothing
/// once it has grown. Not safe for use by several threads.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/websocket/public/orderbook. A snapshot, or update number 1 (the service was
/// restarted), replaces the book; update numbers rise by one.</remarks>
internal sealed class OrderBook
{
    private readonly Side _bids = new(descending: true);
    private readonly Side _asks = new(descending: false);

    /// <summary>Whether there is a snapshot and nothing is missing since.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Number of the last update.</summary>
    public long UpdateId { get; private set; }

    /// <summary>Bids, highest first.</summary>
    public ReadOnlySpan<(double Price, double Size)> Bids => _bids.Levels;

    /// <summary>Asks, lowest first.</summary>
    public ReadOnlySpan<(double Price, double Size)> Asks => _asks.Levels;

    /// <summary>Best ask minus best bid over the mid price in basis points, or <c>null</c> when a side is empty or something is missing.</summary>
    public double? SpreadBp => IsWhole && _bids.Count > 0 && _asks.Count > 0
        ? (Asks[0].Price - Bids[0].Price) / ((Asks[0].Price + Bids[0].Price) / 2) * 10_000
        : null;

    /// <summary>Returns (bid size - ask size) / (bid size + ask size) over the best levels, or <c>null</c>.</summary>
    public double? ImbalanceOf(int levels)
    {
        double bids = 0, asks = 0;
        for (var i = 0; i < levels; i++)
        {
            bids += i < _bids.Count ? Bids[i].Size : 0;
            asks += i < _asks.Count ? Asks[i].Size : 0;
        }

        return IsWhole && bids + asks > 0 ? (bids - asks) / (bids + asks) : null;
    }

    /// <summary>Forgets everything until the next snapshot.</summary>
    public void Clear()
    {
        IsWhole = false;
        _bids.Clear();
        _asks.Clear();
    }

    /// <summary>Takes the <c>data</c> of a message.</summary>
    /// <exception cref="JsonException">It could not be read; the book then needs a new snapshot.</exception>
    public BookChange Apply(bool isSnapshot, ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> bids = default, asks = default;
        long? update = null;
        var reader = new Utf8JsonReader(data);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw Unreadable("expected an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.ValueTextEquals("b"u8) ? 'b' : reader.ValueTextEquals("a"u8) ? 'a' : reader.ValueTextEquals("u"u8) ? 'u' : ' ';
            reader.Read();
            if (field == 'u')
            {
                update = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : throw Unreadable("u must be a whole number");
                continue;
            }

            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var slice = data[start..(int)reader.BytesConsumed];
            bids = field == 'b' ? slice : bids;
            asks = field == 'a' ? slice : asks;
        }

        return Apply(isSnapshot, update ?? throw Unreadable("u is missing"), bids, asks);
    }

    private BookChange Apply(bool isSnapshot, long update, ReadOnlySpan<byte> bids, ReadOnlySpan<byte> asks)
    {
        if (isSnapshot || update == 1)
        {
            Clear();
        }
        else if (!IsWhole || update == UpdateId)
        {
            return BookChange.Ignored;
        }
        else if (update != UpdateId + 1)
        {
            Clear();
            return BookChange.Gap;
        }

        try
        {
            _bids.Take(bids);
            _asks.Take(asks);
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            Clear(); // Half a message may have been taken.
            throw;
        }

        if (_bids.Count > 0 && _asks.Count > 0 && Bids[0].Price >= Asks[0].Price)
        {
            Clear();
            return BookChange.Gap;
        }

        (IsWhole, UpdateId) = (true, update);
        return BookChange.Applied;
    }

    private JsonException Unreadable(string what)
    {
        Clear();
        return new JsonException(what);
    }

    private sealed class Side(bool descending)
    {
        private (double Price, double Size)[] _levels = new (double, double)[64];

        public int Count { get; private set; }

        public ReadOnlySpan<(double Price, double Size)> Levels => _levels.AsSpan(0, Count);

        public void Clear() => Count = 0;

        public void Take(ReadOnlySpan<byte> rows)
        {
            if (rows.IsEmpty)
            {
                return;
            }

            var reader = new Utf8JsonReader(rows);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                throw new JsonException("expected levels as an array");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
            {
                reader.Read();
                var price = KlineRows.Number(ref reader);
                reader.Read();
                var size = KlineRows.Number(ref reader);
                if (!(double.IsFinite(price) && price > 0 && double.IsFinite(size) && size >= 0) || !reader.Read() || reader.TokenType != JsonTokenType.EndArray)
                {
                    throw new JsonException("expected a level of price above zero and size");
                }

                Set(price, size);
            }

            if (reader.TokenType != JsonTokenType.EndArray)
            {
                throw new JsonException("expected a level as an array");
            }
        }

        private void Set(double price, double size)
        {
            var (low, high) = (0, Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = (descending ? _levels[middle].Price > price : _levels[middle].Price < price) ? (middle + 1, high) : (low, middle);
            }

            var isThere = low < Count && _levels[low].Price.Equals(price);
            if (size == 0)
            {
                if (isThere)
                {
                    _levels.AsSpan(low + 1, Count - low - 1).CopyTo(_levels.AsSpan(low));
                    Count--;
                }

                return;
            }

            if (!isThere)
            {
                if (Count == _levels.Length)
                {
                    Array.Resize(ref _levels, Count * 2);
                }

                _levels.AsSpan(low, Count - low).CopyTo(_levels.AsSpan(low + 1));
                Count++;
            }

            _levels[low] = (price, size);
        }
    }
}

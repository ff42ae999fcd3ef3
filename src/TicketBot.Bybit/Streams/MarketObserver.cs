using System.Text.Json;
using TicketBot.Bybit.Wire;
using TicketBot.Domain;

namespace TicketBot.Bybit.Streams;

/// <summary>What is observed of one contract beside its candles: spread and imbalance of the book at a candle's close, taker flow inside it, and
/// the funding rate. What was interrupted inside a candle is not observed for it. Not safe for use by several threads.</summary>
/// <remarks>Everything goes by the times that the messages carry, so the same messages give the same observations however late they come.</remarks>
internal sealed class MarketObserver
{
    /// <summary>Levels of the followed book.</summary>
    public const int BookDepth = 50;

    private const int ImbalanceLevels = 10;
    private const int CandlesKept = 4;

    // Trades that add up to another volume than the candle's are not all of its trades.
    private const double VolumeTolerance = 0.01;

    // Two clocks of the venue stamp a trade and its message.
    private const long LargestClockErrorMs = 1_000;

    private readonly List<(Interval Interval, List<Slot> Slots)> _windows;
    private long? _bookSince;
    private long? _tradesSince;
    private long? _fundingSince;
    private double? _funding;

    /// <summary>Makes an observer for the candle lengths that are followed.</summary>
    public MarketObserver(IEnumerable<Interval> intervals) => _windows = [.. intervals.Select(interval => (interval, new List<Slot>()))];

    /// <summary>The followed book.</summary>
    public OrderBook Book { get; } = new();

    /// <summary>Everything was interrupted.</summary>
    public void Interrupt()
    {
        (_bookSince, _tradesSince, _fundingSince) = (null, null, null);
        Book.Clear();
    }

    /// <summary>The trade topic stands from now on.</summary>
    public void TradesStand(Instant marketTime) => _tradesSince ??= marketTime.UnixMilliseconds;

    /// <summary>Takes a message of the book; returns whether a new snapshot is needed.</summary>
    public bool TakeBook(bool isSnapshot, long timeMs, ReadOnlySpan<byte> data)
    {
        Reach(timeMs);
        try
        {
            var wasWhole = Book.IsWhole;
            switch (Book.Apply(isSnapshot, data))
            {
                case BookChange.Applied when isSnapshot || !wasWhole || Book.UpdateId == 1:
                    // A replacement of an intact book (the service was restarted) may stand for messages that were lost.
                    _bookSince = timeMs;
                    break;
                case BookChange.Gap:
                    _bookSince = null;
                    return true;
                default:
                    break;
            }

            return false;
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            _bookSince = null;
            throw;
        }
    }

    /// <summary>Takes a message of trades that was sent at a time.</summary>
    /// <exception cref="JsonException">It could not be read; the flow of this candle is lost.</exception>
    public void TakeTrades(long timeMs, ReadOnlySpan<byte> data)
    {
        try
        {
            var reader = new Utf8JsonReader(data);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                throw new JsonException("expected trades as an array");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                TakeTrade(ref reader, timeMs);
            }
        }
        catch (Exception e) when (WireJson.IsUnreadable(e))
        {
            _tradesSince = null;
            throw;
        }
    }

    /// <summary>Takes a message of the ticker: what it leaves out is unchanged.</summary>
    public void TakeTicker(bool isSnapshot, long timeMs, ReadOnlySpan<byte> data)
    {
        Reach(timeMs);
        if (!isSnapshot && _fundingSince is null)
        {
            return; // A change of something that is not known.
        }

        var reader = new Utf8JsonReader(data);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("expected a ticker as an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isRate = reader.ValueTextEquals("fundingRate"u8);
            reader.Read();
            if (isRate && reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > 0)
            {
                var rate = KlineRows.Number(ref reader);
                (_funding, _fundingSince) = double.IsFinite(rate) ? (rate, _fundingSince ?? timeMs) : throw new JsonException("fundingRate must be finite");
            }

            reader.Skip();
        }
    }

    /// <summary>Returns what was observed of a closed candle.</summary>
    public Observations Of(Interval interval, in Candle candle)
    {
        var window = _windows.Find(one => one.Interval == interval);
        if (window.Slots is not { } slots)
        {
            return default;
        }

        Reach(interval.CloseOf(candle.OpenTime).UnixMilliseconds);
        var open = candle.OpenTime.UnixMilliseconds;
        if (SlotOf(slots, open) is not { } slot)
        {
            return default;
        }

        double? flow = null;
        if (_tradesSince is { } since && since <= open)
        {
            var traded = slot.Buys + slot.Sells;
            flow = candle.Volume == 0 && traded == 0 ? 0
                : Math.Abs(traded - candle.Volume) <= VolumeTolerance * candle.Volume ? Math.Clamp((slot.Buys - slot.Sells) / traded, -1, 1) : null;
        }

        return new Observations(slot.SpreadBp, slot.Imbalance, flow, slot.Funding);
    }

    private void TakeTrade(ref Utf8JsonReader reader, long sentMs)
    {
        long? time = null;
        double size = double.NaN;
        bool? isBuy = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.ValueTextEquals("T"u8) ? 'T' : reader.ValueTextEquals("v"u8) ? 'v' : reader.ValueTextEquals("S"u8) ? 'S' : ' ';
            reader.Read();
            switch (field)
            {
                case 'T':
                    time = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var ms) ? ms : throw new JsonException("T must be a whole number");
                    break;
                case 'v':
                    size = KlineRows.Number(ref reader);
                    break;
                case 'S':
                    isBuy = reader.TokenType != JsonTokenType.String ? null : reader.ValueTextEquals("Buy"u8) ? true : reader.ValueTextEquals("Sell"u8) ? false : null;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (time is not { } at || isBuy is not { } buys || !double.IsFinite(size) || size < 0 || at > sentMs + LargestClockErrorMs)
        {
            throw new JsonException("expected a trade with T (not after the message), S and v");
        }

        Reach(at);
        foreach (var (interval, slots) in _windows)
        {
            var open = interval.OpenOf(new Instant(at)).UnixMilliseconds;
            if (SlotOf(slots, open) is { } slot)
            {
                _ = buys ? slot.Buys += size : slot.Sells += size;
            }
        }
    }

    private static Slot? SlotOf(List<Slot> slots, long open)
    {
        for (var i = slots.Count - 1; i >= 0; i--)
        {
            if (slots[i].Open == open)
            {
                return slots[i];
            }
        }

        return null;
    }

    // Opens the candles that a time lies in; those that end before it are given what is observed now, before the message is taken in.
    private void Reach(long timeMs)
    {
        foreach (var (interval, slots) in _windows)
        {
            if (slots.Count > 0 && timeMs < slots[^1].End)
            {
                continue;
            }

            if (slots.Count > 0)
            {
                Sample(slots[^1]);
            }

            var open = interval.OpenOf(new Instant(timeMs));
            slots.Add(new Slot(open.UnixMilliseconds, interval.CloseOf(open).UnixMilliseconds));
            if (slots.Count > CandlesKept)
            {
                slots.RemoveAt(0);
            }
        }
    }

    private void Sample(Slot slot)
    {
        var isBookWhole = _bookSince is { } since && since <= slot.Open;
        slot.SpreadBp = isBookWhole ? Book.SpreadBp : null;
        slot.Imbalance = isBookWhole ? Book.ImbalanceOf(ImbalanceLevels) : null;
        slot.Funding = _fundingSince is { } known && known < slot.End ? _funding : null;
    }

    private sealed class Slot(long open, long end)
    {
        public long Open => open;

        public long End => end;

        public double Buys { get; set; }

        public double Sells { get; set; }

        public double? SpreadBp { get; set; }

        public double? Imbalance { get; set; }

        public double? Funding { get; set; }
    }
}

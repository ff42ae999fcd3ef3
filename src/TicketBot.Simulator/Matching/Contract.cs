using TicketBot.Domain;
using TicketBot.Simulator.Markets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Matching;

/// <summary>A contract the venue lists: its rules, its prices now, its way through the candle under way and its public trades.</summary>
internal sealed class Contract
{
    private const double IndexShare = 1.0 / 20_000; // Of the distance to the last price, per millisecond: a delay of about 20 seconds.
    private const double MarkShare = 1.0 / 8_000;
    private readonly ulong _seed;
    private readonly Dictionary<SeriesKey, OpenCandle> _open = [];
    private readonly OpenCandle[] _longer; // Those of the other series, which a candle of its own is a part of.
    private readonly DepthWindow _depth = new();
    private decimal _last;
    private double? _closed; // A close that nobody has asked the price of: most candles pass without an order.
    private double _index;
    private double _mark;
    private decimal _indexPrice;
    private decimal _markPrice;
    private PricePath? _path;
    private Instant _pathOpen;
    private int _pathTickMs;

    internal Contract(ulong seed, Instrument instrument, SeriesKey series, IEnumerable<SeriesKey> all, IReadOnlyList<Candle> history, decimal last, Instant playedTo)
    {
        (_seed, Instrument, Series, PlayedTo) = (seed, instrument, series, playedTo);
        Tape = new PublicTape(seed, instrument);
        foreach (var key in all)
        {
            _open.Add(key, new OpenCandle(key.Interval));
        }

        _longer = [.. _open.Where(o => o.Key != series).Select(o => o.Value)];

        for (var i = Math.Max(0, history.Count - MarketImpact.Window); i < history.Count; i++)
        {
            NoteClosed(history[i]);
        }

        JumpTo(last);
    }

    internal Instrument Instrument { get; }

    /// <summary>The series that moves its price.</summary>
    internal SeriesKey Series { get; }

    internal decimal Last
    {
        get
        {
            if (_closed is { } close)
            {
                (_last, _closed) = (Instrument.NearestTick(close).Value, null);
            }

            return _last;
        }
        set => (_last, _closed) = (value, null);
    }

    internal decimal Mark => MarkIsLast ? Last : _markPrice;

    internal decimal Index => MarkIsLast ? Last : _indexPrice;

    /// <summary>Up to when it has been played.</summary>
    internal Instant PlayedTo { get; set; }

    /// <summary>Whether mark and index are the last price, as they are without ticks.</summary>
    internal bool MarkIsLast { get; private set; } = true;

    /// <summary>Steps it moved in.</summary>
    internal long Moves { get; private set; }

    /// <summary>Trades that everybody sees.</summary>
    internal PublicTape Tape { get; }

    /// <summary>Returns the price that a trigger watches.</summary>
    internal decimal PriceOf(TriggerSource source) => source switch
    {
        TriggerSource.MarkPrice => Mark,
        TriggerSource.IndexPrice => Index,
        _ => Last,
    };

    /// <summary>Sets all three prices.</summary>
    internal void JumpTo(decimal price)
    {
        (Last, MarkIsLast) = (price, true);
    }

    /// <summary>Returns how deep the market was over the candles that have closed.</summary>
    internal MarketDepth Depth() => _depth.Depth();

    /// <summary>Notes that a candle of its series has closed.</summary>
    internal void NoteClosed(in Candle candle) => _depth.Add(candle);

    /// <summary>Notes a candle that was played whole.</summary>
    internal void Close(in Candle candle, Instant close)
    {
        NoteClosed(candle);
        (_closed, MarkIsLast) = (candle.Close, true);
        PlayedTo = close;
        Moves++;
        Tape.Add(candle, close, Moves);
        foreach (var open in _longer)
        {
            open.Add(candle);
        }
    }

    /// <summary>Returns the path of the candle under way.</summary>
    internal PricePath PathOf(in Candle candle, int tickMs)
    {
        if (_path is null || _pathOpen != candle.OpenTime || _pathTickMs != tickMs)
        {
            _path = PricePath.Of(_seed, Instrument, candle, Series.Interval.CloseOf(candle.OpenTime), tickMs);
            (_pathOpen, _pathTickMs) = (candle.OpenTime, tickMs);
        }

        return _path;
    }

    /// <summary>Returns the path of the candle that a time lies in, or <c>null</c> when that candle is not played in ticks.</summary>
    internal PricePath? PathAt(Instant time) => _path is { } path && _pathOpen == Series.Interval.OpenOf(time) ? path : null;

    /// <summary>Moves the last price one point on; mark and index follow slowly, each at its own pace.</summary>
    internal void MoveTo(decimal price, decimal size, Instant candleOpen, Instant before, Instant time)
    {
        var passed = time.Since(before);
        Tape.Add(time.Plus(-1), price, Last, size, Moves + 1); // Inside the candle that it is part of, as at a real venue.
        if (MarkIsLast)
        {
            _index = _mark = (double)Last;
            MarkIsLast = false;
        }

        Last = price;
        _index += ((double)price - _index) * Math.Min(1, passed * IndexShare);

        // The mark hangs between index and last, with a seeded basis of up to one basis point that changes each minute.
        var basis = (Chance.Mix(_seed ^ Chance.Mix((ulong)(time.UnixMilliseconds / 60_000))) % 2_001 * 0.001) - 1;
        _mark += ((((_index + (double)price) / 2 * (1 + (basis * 1e-4))) - _mark) * Math.Min(1, passed * MarkShare));
        _indexPrice = Instrument.NearestTick(_index).Value;
        _markPrice = Instrument.NearestTick(_mark).Value;
        foreach (var open in _open.Values)
        {
            open.Add((double)price, (double)size, candleOpen);
        }
    }

    /// <summary>Notes that a tick is over.</summary>
    internal void EndTick(Instant time)
    {
        PlayedTo = time;
        Moves++;
    }

    /// <summary>Returns the candle under way of a series of this contract; flat at the last price where nothing of it is known.</summary>
    internal Candle OpenCandleOf(SeriesKey series, Instant time)
    {
        var open = series.Interval.OpenOf(time);
        var last = (double)Last;
        return _open.TryGetValue(series, out var known) && known.Value is { } candle && candle.OpenTime == open
            ? candle
            : new Candle(open, last, last, last, last, 0, 0);
    }

    private sealed class OpenCandle(Interval interval)
    {
        internal Candle? Value { get; private set; }

        internal void Add(in Candle part)
        {
            var open = interval.OpenOf(part.OpenTime);
            Value = Value is { } old && old.OpenTime == open
                ? old with
                {
                    High = Math.Max(old.High, part.High),
                    Low = Math.Min(old.Low, part.Low),
                    Close = part.Close,
                    Volume = Math.Round(old.Volume + part.Volume, 6),
                    Turnover = Math.Round(old.Turnover + part.Turnover, 4),
                }
                : part with { OpenTime = open };
        }

        internal void Add(double price, double size, Instant partOpen) =>
            Add(new Candle(partOpen, price, price, price, price, size, size * price));
    }
}

using TicketBot.Domain;

namespace TicketBot.Market.Candles;

/// <summary>The last candles of one symbol and interval as columns of double, oldest first, in open-time order whatever the order
/// of arrival; keeps at least <c>capacity</c> candles. Not safe for use by several threads; allocates nothing once full.</summary>
/// <remarks>Each column is an array with some slack behind the capacity. The kept candles slide towards its end and are moved back
/// to its front when they reach it, so that a column is always one contiguous span and the move costs a constant share per candle.
/// Appending invalidates spans handed out before.</remarks>
public sealed class CandleSeries
{
    private const int ColumnCount = 10;
    private const int SpreadColumn = 6;

    private readonly int _capacity;
    private readonly long[] _openTimes;
    private readonly double[][] _columns = new double[ColumnCount][];
    private int _start;

    /// <summary>Makes an empty series that keeps at least <paramref name="capacity"/> candles.</summary>
    /// <param name="symbol">The contract.</param>
    /// <param name="interval">The candle length.</param>
    /// <param name="capacity">Candles kept, at least 1.</param>
    /// <param name="hours">When it trades; <c>null</c> is always.</param>
    /// <exception cref="ArgumentException">The symbol or interval is <c>default</c>, or the capacity is below 1.</exception>
    public CandleSeries(Symbol symbol, Interval interval, int capacity, TradingHours? hours = null)
    {
        if (symbol.IsDefault || interval.IsDefault)
        {
            throw new ArgumentException($"a series needs a symbol and an interval, were {symbol} and {interval}");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Symbol = symbol;
        Interval = interval;
        Hours = hours ?? TradingHours.Always;
        _capacity = capacity;
        var length = checked(capacity + Math.Max(64, capacity / 4));
        _openTimes = new long[length];
        for (var i = 0; i < ColumnCount; i++)
        {
            _columns[i] = new double[length];
        }
    }

    /// <summary>Returns a series that holds all of <paramref name="candles"/>.</summary>
    /// <param name="symbol">The contract.</param>
    /// <param name="interval">The candle length.</param>
    /// <param name="candles">Candles, ascending by open time.</param>
    /// <param name="hours">When it trades; <c>null</c> is always.</param>
    /// <exception cref="ArgumentException">A candle is impossible, off the grid, or older than the first one.</exception>
    public static CandleSeries Of(Symbol symbol, Interval interval, IReadOnlyList<Candle> candles, TradingHours? hours = null)
    {
        var series = new CandleSeries(symbol, interval, Math.Max(1, candles.Count), hours);
        for (var i = 0; i < candles.Count; i++)
        {
            if (series.Append(candles[i]) == AppendResult.TooOld)
            {
                throw new ArgumentException(
                    $"candles must be ascending by open time: candle {i} opened {candles[i].OpenTime}, before the first at {new Instant(series.OpenTimes[0])}",
                    nameof(candles));
            }
        }

        return series;
    }

    /// <summary>The contract.</summary>
    public Symbol Symbol { get; }

    /// <summary>The candle length.</summary>
    public Interval Interval { get; }

    /// <summary>When it trades: what is a gap and what is a night.</summary>
    public TradingHours Hours { get; }

    /// <summary>Candles kept.</summary>
    public int Count { get; private set; }

    /// <summary>Open times in Unix milliseconds, <c>[Count]</c>.</summary>
    public ReadOnlySpan<long> OpenTimes => _openTimes.AsSpan(_start, Count);

    /// <summary>Open prices, <c>[Count]</c>; the other columns alike.</summary>
    public ReadOnlySpan<double> Open => Column(0);

    /// <summary>High prices.</summary>
    public ReadOnlySpan<double> High => Column(1);

    /// <summary>Low prices.</summary>
    public ReadOnlySpan<double> Low => Column(2);

    /// <summary>Close prices.</summary>
    public ReadOnlySpan<double> Close => Column(3);

    /// <summary>Volumes in base coin.</summary>
    public ReadOnlySpan<double> Volume => Column(4);

    /// <summary>Turnovers in quote coin.</summary>
    public ReadOnlySpan<double> Turnover => Column(5);

    /// <summary>Spread in basis points, NaN where not observed; the other observation columns alike.</summary>
    public ReadOnlySpan<double> SpreadBp => Column(SpreadColumn);

    /// <summary>Order book imbalance, -1..1.</summary>
    public ReadOnlySpan<double> BookImbalance => Column(7);

    /// <summary>Signed trade flow share, -1..1.</summary>
    public ReadOnlySpan<double> SignedFlow => Column(8);

    /// <summary>Funding rate.</summary>
    public ReadOnlySpan<double> FundingRate => Column(9);

    /// <summary>Adds a closed candle.</summary>
    /// <remarks>An observation that the new candle lacks never erases one already known for the same candle: not to have looked is
    /// no contradiction.</remarks>
    /// <exception cref="ArgumentException">The candle is impossible (<see cref="Candle.Fault"/>) or off the interval's grid.</exception>
    public AppendResult Append(in Candle candle)
    {
        Check(candle);
        var time = candle.OpenTime.UnixMilliseconds;
        if (Count == 0)
        {
            Count = 1;
            Write(_start, time, candle);
            return AppendResult.Appended;
        }

        var last = _openTimes[_start + Count - 1];
        if (time > last)
        {
            Write(MakeRoomAtEnd(), time, candle);
            return Hours.Follows(Interval, new Instant(last), candle.OpenTime) ? AppendResult.Appended : AppendResult.AppendedAfterGap;
        }

        var found = OpenTimes.BinarySearch(time);
        if (found >= 0)
        {
            return Revise(_start + found, candle) ? AppendResult.Revised : AppendResult.Duplicate;
        }

        if (~found == 0)
        {
            return AppendResult.TooOld;
        }

        Write(MakeRoomBefore(~found), time, candle);
        return AppendResult.FilledGap;
    }

    /// <summary>Returns the index of the candle that opened at <paramref name="openTime"/>, or -1.</summary>
    public int IndexOf(Instant openTime)
    {
        var times = OpenTimes;
        if (times.Length > 0 && times[^1] == openTime.UnixMilliseconds)
        {
            return times.Length - 1;
        }

        var found = times.BinarySearch(openTime.UnixMilliseconds);
        return found >= 0 ? found : -1;
    }

    /// <summary>Whether the <paramref name="length"/> candles that end at index <paramref name="last"/> exist without a gap; what <see cref="Hours"/>
    /// count as closed is none.</summary>
    public bool IsContiguous(int last, int length)
    {
        var first = last - length + 1;
        if (length < 1 || first < 0 || last >= Count)
        {
            return false;
        }

        // Open times are distinct and on the grid: as many grid steps as candles leaves no room for a gap.
        var times = OpenTimes;
        return Interval.Shift(new Instant(times[first]), length - 1).UnixMilliseconds == times[last]
            || (Hours != TradingHours.Always && IsContiguousByHours(times[first..(last + 1)]));
    }

    /// <summary>Whether the candle at <paramref name="index"/> has the open time and the bits of every value of another series' candle.</summary>
    internal bool IsSame(int index, CandleSeries other, int otherIndex)
    {
        var isSame = OpenTimes[index] == other.OpenTimes[otherIndex];
        for (var i = 0; isSame && i < ColumnCount; i++)
        {
            isSame = BitConverter.DoubleToInt64Bits(_columns[i][_start + index]) == BitConverter.DoubleToInt64Bits(other._columns[i][other._start + otherIndex]);
        }

        return isSame;
    }

    /// <summary>Returns the candle at <paramref name="index"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not below <see cref="Count"/>.</exception>
    public Candle this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return new Candle(
                new Instant(OpenTimes[index]), Open[index], High[index], Low[index], Close[index], Volume[index], Turnover[index],
                new Observations(
                    Observed(SpreadBp[index]), Observed(BookImbalance[index]), Observed(SignedFlow[index]), Observed(FundingRate[index])));
        }
    }

    private bool IsContiguousByHours(ReadOnlySpan<long> times)
    {
        for (var i = 1; i < times.Length; i++)
        {
            if (!Hours.Follows(Interval, new Instant(times[i - 1]), new Instant(times[i])))
            {
                return false;
            }
        }

        return true;
    }

    private static double? Observed(double value) => double.IsNaN(value) ? null : value;

    private static double ValueOf(in Candle candle, int column) => column switch
    {
        0 => candle.Open,
        1 => candle.High,
        2 => candle.Low,
        3 => candle.Close,
        4 => candle.Volume,
        5 => candle.Turnover,
        6 => candle.Observations.SpreadBp ?? double.NaN,
        7 => candle.Observations.BookImbalance ?? double.NaN,
        8 => candle.Observations.SignedFlow ?? double.NaN,
        _ => candle.Observations.FundingRate ?? double.NaN,
    };

    private ReadOnlySpan<double> Column(int column) => _columns[column].AsSpan(_start, Count);

    private void Check(in Candle candle)
    {
        if (candle.Fault() is { } fault)
        {
            throw new ArgumentException($"{Symbol} {Interval} candle of {candle.OpenTime} is impossible: {fault}", nameof(candle));
        }

        var opening = Interval.OpenOf(candle.OpenTime);
        if (opening != candle.OpenTime)
        {
            throw new ArgumentException(
                $"a {Interval} candle of {Symbol} opens on the interval's grid, expected {opening}, was {candle.OpenTime}", nameof(candle));
        }
    }

    private void Write(int slot, long time, in Candle candle)
    {
        _openTimes[slot] = time;
        var columns = _columns;
        columns[0][slot] = candle.Open;
        columns[1][slot] = candle.High;
        columns[2][slot] = candle.Low;
        columns[3][slot] = candle.Close;
        columns[4][slot] = candle.Volume;
        columns[5][slot] = candle.Turnover;
        columns[6][slot] = candle.Observations.SpreadBp ?? double.NaN;
        columns[7][slot] = candle.Observations.BookImbalance ?? double.NaN;
        columns[8][slot] = candle.Observations.SignedFlow ?? double.NaN;
        columns[9][slot] = candle.Observations.FundingRate ?? double.NaN;
    }

    private bool Revise(int slot, in Candle candle)
    {
        var changed = false;
        for (var i = 0; i < ColumnCount; i++)
        {
            var value = ValueOf(candle, i);
            if (value.Equals(_columns[i][slot]) || (i >= SpreadColumn && double.IsNaN(value)))
            {
                continue;
            }

            _columns[i][slot] = value;
            changed = true;
        }

        return changed;
    }

    private int MakeRoomAtEnd()
    {
        if (Count == _capacity)
        {
            _start++;
            Count--;
        }

        if (_start + Count == _openTimes.Length)
        {
            Move(_start, 0, Count);
            _start = 0;
        }

        return _start + Count++;
    }

    private int MakeRoomBefore(int index)
    {
        if (Count == _capacity)
        {
            // The oldest candle gives way: everything before the new one moves down a place.
            Move(_start + 1, _start, index - 1);
            return _start + index - 1;
        }

        if (_start + Count == _openTimes.Length)
        {
            Move(_start, 0, Count);
            _start = 0;
        }

        Move(_start + index, _start + index + 1, Count - index);
        Count++;
        return _start + index;
    }

    private void Move(int from, int to, int length)
    {
        Array.Copy(_openTimes, from, _openTimes, to, length);
        foreach (var column in _columns)
        {
            Array.Copy(column, from, column, to, length);
        }
    }
}

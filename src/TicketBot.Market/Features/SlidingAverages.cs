using System.Runtime.Intrinsics;

namespace TicketBot.Market.Features;

/// <summary><see cref="Indicators.Averages"/> of windows that follow each other candle by candle. Each window's averages start at its own first close, so nothing of one
/// window serves the next; but the windows that have begun and not ended can all take a new close at once, side by side in vector lanes, instead of the whole
/// window being walked at its end. A lane does what the walk does in the same order, so both have the same bits. Not safe for use by several threads.</summary>
/// <remarks>Lane memory is laid out as in <see cref="Candles.SlidingWindow"/>: the lanes lie in the order of their windows' begins and move on by one with each close.</remarks>
internal sealed class SlidingAverages
{
    private const int Room = 8;
    private const int FastPeriod = 12, SlowPeriod = 26, SignalPeriod = 9, LongPeriod = 50, StrengthPeriod = 14;
    private readonly int _length;
    private readonly double[][] _columns;
    private int _start = -1; // Lane of the window that was shown last; -1 while the lanes are not under way.
    private CloseAverages _last;

    /// <summary>Makes one for windows of <paramref name="length"/> closes, more than 14.</summary>
    public SlidingAverages(int length)
    {
        _length = length;
        _columns = [.. Enumerable.Range(0, 6).Select(_ => new double[(length * Room) + Vector256<double>.Count])];
    }

    /// <summary>Returns the averages of a window.</summary>
    /// <param name="closes"><c>[length]</c>.</param>
    /// <param name="known">How many of its first closes were the last ones of the window shown before, as <see cref="LogWindow.Show"/> says.</param>
    public CloseAverages Show(ReadOnlySpan<double> closes, int known)
    {
        if (known == _length)
        {
            return _last;
        }

        if (known < _length - 1)
        {
            _start = -1; // The lanes are begun when a second window follows: a single one is walked faster.
            return _last = Indicators.Averages(closes, FastPeriod, SlowPeriod, SignalPeriod, LongPeriod, StrengthPeriod);
        }

        if (_start < 0)
        {
            Begin(closes);
        }
        else
        {
            MoveOn();
            Take(_start, _start + _length - 1, closes[^1], closes[^2]);
        }

        var (fast, slow, gain, loss) = (_columns[0][_start], _columns[1][_start], _columns[4][_start], _columns[5][_start]);
        var sum = gain + loss;
        return _last = new CloseAverages(fast, _columns[3][_start], new Macd(fast - slow, _columns[2][_start]), sum > 0 ? (gain - loss) / sum : 0);
    }

    private void Begin(ReadOnlySpan<double> closes)
    {
        _start = 0;
        for (var i = 0; i < _length; i++)
        {
            Take(0, i, closes[i], closes[Math.Max(i - 1, 0)]);
        }
    }

    private void MoveOn()
    {
        if (++_start + _length > _length * Room)
        {
            foreach (var column in _columns)
            {
                column.AsSpan(_start, _length - 1).CopyTo(column);
            }

            _start = 0;
        }
    }

    // The windows that begin in the lanes from first on take a close, and the one that begins with it starts in the lane begin. What a vector writes beyond is overwritten then.
    private void Take(int first, int begin, double close, double previous)
    {
        Average(first, begin, close);
        var change = close - previous;
        Smooth(_columns[4], first, begin, Math.Max(change, 0));
        Smooth(_columns[5], first, begin, Math.Max(-change, 0));
        (_columns[0][begin], _columns[1][begin], _columns[2][begin], _columns[3][begin], _columns[4][begin], _columns[5][begin]) = (close, close, 0, close, 0, 0);
    }

    private void Average(int first, int begin, double close)
    {
        var (fasts, slows, signals, longs) = (_columns[0], _columns[1], _columns[2], _columns[3]);
        var closes = Vector256.Create(close);
        for (var i = first; i < begin; i += Vector256<double>.Count)
        {
            var (fast, slow) = (Vector256.Create(fasts, i), Vector256.Create(slows, i));
            var (signal, longer) = (Vector256.Create(signals, i), Vector256.Create(longs, i));
            fast += Vector256.Create(2.0 / (FastPeriod + 1)) * (closes - fast);
            slow += Vector256.Create(2.0 / (SlowPeriod + 1)) * (closes - slow);
            signal += Vector256.Create(2.0 / (SignalPeriod + 1)) * (fast - slow - signal);
            longer += Vector256.Create(2.0 / (LongPeriod + 1)) * (closes - longer);
            fast.CopyTo(fasts, i);
            slow.CopyTo(slows, i);
            signal.CopyTo(signals, i);
            longer.CopyTo(longs, i);
        }
    }

    // Wilder's average: the plain mean of the first changes, then smoothed. The youngest lanes, at the end, are still in their mean.
    private static void Smooth(double[] averages, int first, int begin, double change)
    {
        var i = first;
        for (; i + Vector256<double>.Count <= begin - StrengthPeriod; i += Vector256<double>.Count)
        {
            var average = Vector256.Create(averages, i);
            (average + ((Vector256.Create(change) - average) / Vector256.Create((double)StrengthPeriod))).CopyTo(averages, i);
        }

        for (; i < begin; i++)
        {
            var taken = begin - i;
            averages[i] += taken > StrengthPeriod ? (change - averages[i]) / StrengthPeriod : change;
            averages[i] /= taken == StrengthPeriod ? StrengthPeriod : 1;
        }
    }
}

using TicketBot.Market.Candles;

namespace TicketBot.Market.Features;

/// <summary>Logarithms of the closes of a window and their differences, kept from window to window. Not safe for use by several threads.</summary>
internal sealed class LogWindow
{
    private readonly int _length;
    private readonly SlidingWindow _window;
    private readonly double[] _logs;
    private readonly double[] _returns;

    /// <summary>Makes one for windows of <paramref name="length"/> closes, at least 2.</summary>
    public LogWindow(int length)
    {
        _length = length;
        _window = new SlidingWindow(length);
        _logs = _window.AddColumn();
        _returns = _window.AddColumn();
    }

    /// <summary>Natural logarithms of the closes shown last, <c>[length]</c>.</summary>
    public ReadOnlySpan<double> Logs => _logs.AsSpan(_window.Start, _length);

    /// <summary>Their differences, <c>[length - 1]</c>: the log returns.</summary>
    public ReadOnlySpan<double> Returns => _returns.AsSpan(_window.Start + 1, _length - 1);

    /// <summary>Takes a window in and returns how many of its first closes were the last ones of the window before: one less than all where it follows, all where it is the same.</summary>
    /// <param name="closes"><c>[length]</c>, above zero.</param>
    public int Show(ReadOnlySpan<double> closes)
    {
        var known = _window.Show(closes);
        var start = _window.Start;
        for (var i = start + known; i < start + _length; i++)
        {
            _logs[i] = Math.Log(closes[i - start]);
            _returns[i] = i > start ? _logs[i] - _logs[i - 1] : 0;
        }

        return known;
    }
}

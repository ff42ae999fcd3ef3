using System.Runtime.InteropServices;

namespace TicketBot.Market.Features;

/// <summary>Logarithms of the closes of a window and their differences. A window that is the one shown before and one candle more takes one
/// logarithm; the others are kept, with the bits that taking them again would give. Not safe for use by several threads.</summary>
/// <param name="length">Closes of a window, at least 2.</param>
internal sealed class LogWindow(int length)
{
    // Windows that follow each other lie side by side; the longer the room, the rarer they move back to its begin.
    private const int Room = 8;
    private readonly double[] _closes = new double[length * Room];
    private readonly double[] _logs = new double[length * Room];
    private readonly double[] _returns = new double[length * Room];
    private int _start = -1;

    /// <summary>Natural logarithms of the closes shown last, <c>[length]</c>.</summary>
    public ReadOnlySpan<double> Logs => _logs.AsSpan(_start, length);

    /// <summary>Their differences, <c>[length - 1]</c>: the log returns.</summary>
    public ReadOnlySpan<double> Returns => _returns.AsSpan(_start + 1, length - 1);

    /// <summary>Takes a window in.</summary>
    /// <param name="closes"><c>[length]</c>, above zero.</param>
    public void Show(ReadOnlySpan<double> closes)
    {
        var known = 0;
        if (_start >= 0 && Bits(_closes.AsSpan(_start + 1, length - 1)).SequenceEqual(Bits(closes[..^1])))
        {
            known = length - 1;
            _start++;
            if (_start + length > _closes.Length)
            {
                _closes.AsSpan(_start, known).CopyTo(_closes);
                _logs.AsSpan(_start, known).CopyTo(_logs);
                _returns.AsSpan(_start, known).CopyTo(_returns);
                _start = 0;
            }
        }
        else
        {
            _start = 0;
        }

        closes[known..].CopyTo(_closes.AsSpan(_start + known));
        for (var i = _start + known; i < _start + length; i++)
        {
            _logs[i] = Math.Log(_closes[i]);
            _returns[i] = i > _start ? _logs[i] - _logs[i - 1] : 0;
        }
    }

    private static ReadOnlySpan<byte> Bits(ReadOnlySpan<double> values) => MemoryMarshal.AsBytes(values);
}

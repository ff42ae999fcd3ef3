using System.Runtime.InteropServices;

namespace TicketBot.Market.Candles;

/// <summary>Keeps what was computed of each close of a window while windows follow each other candle by candle: of the next window only one value is new, and the
/// kept ones have the bits that computing them again would give. Not safe for use by several threads.</summary>
/// <param name="length">Closes of a window, at least 2.</param>
internal sealed class SlidingWindow(int length)
{
    // Windows that follow each other lie side by side; the longer the room, the rarer they move back to its begin.
    private const int Room = 8;
    private readonly double[] _closes = new double[length * Room];
    private readonly List<(double[] Values, int PerClose)> _columns = [];

    /// <summary>Where the window shown last begins in every column, in closes; -1 before the first.</summary>
    public int Start { get; private set; } = -1;

    /// <summary>Returns room for values that are computed of each close.</summary>
    /// <param name="perClose">Values per close, at least 1.</param>
    public double[] AddColumn(int perClose = 1)
    {
        var values = new double[_closes.Length * perClose];
        _columns.Add((values, perClose));
        return values;
    }

    /// <summary>Takes a window in and returns how many of its first closes are known: the columns hold their values.</summary>
    /// <param name="closes"><c>[length]</c>.</param>
    public int Show(ReadOnlySpan<double> closes)
    {
        if (Start >= 0 && Bits(_closes.AsSpan(Start, length)).SequenceEqual(Bits(closes)))
        {
            return length;
        }

        var known = 0;
        if (Start >= 0 && Bits(_closes.AsSpan(Start + 1, length - 1)).SequenceEqual(Bits(closes[..^1])))
        {
            known = length - 1;
            Start++;
            if (Start + length > _closes.Length)
            {
                _closes.AsSpan(Start, known).CopyTo(_closes);
                foreach (var (values, perClose) in _columns)
                {
                    values.AsSpan(Start * perClose, known * perClose).CopyTo(values);
                }

                Start = 0;
            }
        }
        else
        {
            Start = 0;
        }

        closes[known..].CopyTo(_closes.AsSpan(Start + known));
        return known;
    }

    private static ReadOnlySpan<byte> Bits(ReadOnlySpan<double> values) => MemoryMarshal.AsBytes(values);
}

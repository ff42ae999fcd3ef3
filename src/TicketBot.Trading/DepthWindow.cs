using TicketBot.Domain;

namespace TicketBot.Trading;

/// <summary>Keeps the newest closed candles of one series and says how deep its market is. Every answer is summed anew, oldest candle first, so that it depends on nothing before them.
/// Allocation-free once made; not safe for use by several threads.</summary>
public sealed class DepthWindow
{
    // Each value stands twice, a window apart, so that the newest ones always lie in a row.
    private readonly double[] _high = new double[2 * MarketImpact.Window];
    private readonly double[] _low = new double[2 * MarketImpact.Window];
    private readonly double[] _turnover = new double[2 * MarketImpact.Window];
    private int _next;
    private int _count;

    /// <summary>Takes the next closed candle.</summary>
    public void Add(in Candle candle)
    {
        Put(_high, candle.High);
        Put(_low, candle.Low);
        Put(_turnover, candle.Turnover);
        _next = (_next + 1) % MarketImpact.Window;
        _count = Math.Min(_count + 1, MarketImpact.Window);
    }

    /// <summary>Returns the depth over the newest <see cref="MarketImpact.Window"/> candles, or as many as there were.</summary>
    public MarketDepth Depth()
    {
        var first = _next + MarketImpact.Window - _count;
        return MarketImpact.DepthOf(_high.AsSpan(first, _count), _low.AsSpan(first, _count), _turnover.AsSpan(first, _count));
    }

    private void Put(double[] column, double value) => column[_next] = column[_next + MarketImpact.Window] = value;
}

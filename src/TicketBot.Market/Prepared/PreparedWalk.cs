using TicketBot.Market.Candles;

namespace TicketBot.Market.Prepared;

/// <summary>Follows a growing series beside a prepared one and tells where both hold the same candles, to the last bit: only there may what was prepared be taken.
/// Not safe for use by several threads.</summary>
/// <param name="prepared">What was prepared.</param>
/// <param name="candles">The growing series, of the same symbol and interval.</param>
public sealed class PreparedWalk(PreparedSeries prepared, CandleSeries candles)
{
    private readonly bool _isFit = prepared.Candles.Symbol == candles.Symbol && prepared.Candles.Interval == candles.Interval && prepared.Candles.Hours == candles.Hours;
    private int _at = -1; // Where the newest candle stands among the prepared ones,
    private int _run;     // and how many of the newest candles are the prepared ones that end there.

    /// <summary>What was prepared.</summary>
    public PreparedSeries Prepared => prepared;

    /// <summary>Takes in what became of a candle that was appended to the growing series.</summary>
    public void Follow(AppendResult result)
    {
        if (result is AppendResult.Duplicate or AppendResult.TooOld || !_isFit)
        {
            return;
        }

        if (result is AppendResult.Revised or AppendResult.FilledGap)
        {
            _run = 0; // Which of the candles before are still the same is not worth the search: a window later it is known again.
            return;
        }

        var newest = candles.Count - 1;
        if (_run == 0)
        {
            _at = prepared.Candles.IndexOf(new(candles.OpenTimes[newest])) - 1;
        }

        var isNext = ++_at < prepared.Candles.Count && _at >= 0 && candles.IsSame(newest, prepared.Candles, _at);
        _run = isNext ? _run + 1 : 0;
    }

    /// <summary>Returns where the candle at <paramref name="index"/> of the growing series stands in the prepared one, or -1 when it or one of the
    /// <paramref name="window"/> - 1 candles before it is another.</summary>
    public int Find(int index, int window)
    {
        var back = candles.Count - 1 - index;
        return back >= 0 && _run >= back + window ? _at - back : -1;
    }
}

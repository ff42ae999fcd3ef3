using TicketBot.Domain;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;

namespace TicketBot.Host.Running;

/// <summary>Confirms drift: the market of a series has been unlike its ticket's training market, candle after candle. Not safe for use
/// by several threads.</summary>
/// <param name="minSimilarity">Similarity below which nothing is opened.</param>
public sealed class DriftWatch(double minSimilarity)
{
    /// <summary>Candles in a row below the least similarity that confirm drift: one similarity window of 96 must have been replaced as a whole.</summary>
    public const int CandlesToConfirm = 96;

    private readonly Dictionary<SeriesKey, (Instant Last, int Below, string? Set)> _seen = [];

    /// <summary>Takes a picture; returns the series whose drift is confirmed by it, each once per regime set.</summary>
    public IReadOnlyList<SeriesKey> Look(TradingStatus status)
    {
        var confirmed = new List<SeriesKey>();
        foreach (var series in status.Series)
        {
            var (last, below, set) = _seen.GetValueOrDefault(series.Series, (series.LastClose, 0, series.RegimeSetId));
            if (set != series.RegimeSetId || series.Similarity is null or 1)
            {
                below = 0;
            }
            else if (series.LastClose > last && below >= 0)
            {
                // Several candles may lie between two pictures of a fast market.
                var candles = (int)Math.Min(CandlesToConfirm, series.LastClose.Since(last) / series.Series.Interval.NominalMilliseconds);
                below = series.Similarity < minSimilarity ? below + candles : 0;
            }

            if (below >= CandlesToConfirm)
            {
                confirmed.Add(series.Series);
                below = -1; // Said once; the next set starts anew.
            }

            _seen[series.Series] = (series.LastClose, below, series.RegimeSetId);
        }

        return confirmed;
    }
}

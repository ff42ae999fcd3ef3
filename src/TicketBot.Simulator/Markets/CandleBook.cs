using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator.Markets;

/// <summary>The closed candles a venue can answer with: the history and what has been played since. Not safe for use by several threads.</summary>
internal sealed class CandleBook
{
    private const int Slack = 20_000;
    private readonly int _kept;
    private readonly Dictionary<SeriesKey, List<Candle>> _candles = [];

    /// <summary>Makes a book of a market's history that keeps the newest <paramref name="kept"/> candles of each series.</summary>
    internal CandleBook(MarketSource market, int kept)
    {
        _kept = kept;
        foreach (var series in market.Series)
        {
            _candles.Add(series, [.. market.History(series)]);
        }
    }

    internal bool Has(SeriesKey series) => _candles.ContainsKey(series);

    /// <summary>Returns the candles of a series, ascending.</summary>
    internal IReadOnlyList<Candle> Of(SeriesKey series) => _candles[series];

    internal void Add(MarketStep step)
    {
        foreach (var (series, candle) in step.Candles)
        {
            var list = _candles[series];
            list.Add(candle);
            if (list.Count > _kept + Slack)
            {
                list.RemoveRange(0, list.Count - _kept);
            }
        }
    }

    /// <summary>Returns the index of the first candle of a series that opens at or after <paramref name="from"/>; the count when there is none.</summary>
    internal int FirstFrom(SeriesKey series, Instant from)
    {
        var list = _candles[series];
        var (low, high) = (0, list.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = list[middle].OpenTime < from ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}

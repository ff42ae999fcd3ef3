using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Trading.Exchange;

namespace TicketBot.Trading;

/// <summary>Stores closed candles beside the trading loop, so that a slow disk never holds a decision up.</summary>
internal sealed class CandleKeeper
{
    private const int LargestBatch = 1_000;

    // Candles that wait for a disk that fails: a week of twenty contracts by the quarter of an hour. What is dropped is had again from the venue at the next start.
    private const int MostWaiting = 20_000;
    private readonly Channel<(SeriesKey Series, Candle Candle)> _queue =
        Channel.CreateUnbounded<(SeriesKey, Candle)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly ICandleStore _store;
    private readonly ILogger _log;

    /// <summary>Makes one.</summary>
    public CandleKeeper(ICandleStore store, ILogger log) => (_store, _log) = (store, log);

    /// <summary>Hands a candle over.</summary>
    public void Keep(SeriesKey series, in Candle candle) => _queue.Writer.TryWrite((series, candle));

    /// <summary>Says that no candle follows.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>Stores what is handed over until completed. What a failing disk did not take is stored with what comes next.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        List<(SeriesKey Series, Candle Candle)> batch = [];
        while (await _queue.Reader.WaitToReadAsync(cancellationToken))
        {
            for (var i = 0; i < LargestBatch && _queue.Reader.TryRead(out var closed); i++)
            {
                batch.Add(closed);
            }

            List<(SeriesKey Series, Candle Candle)> refused = [];
            foreach (var group in batch.GroupBy(c => c.Series))
            {
                try
                {
                    await _store.WriteAsync(group.Key.Symbol, group.Key.Interval, [.. group.Select(c => c.Candle)], cancellationToken);
                }
                catch (IOException e)
                {
                    Log.CandlesNotStored(_log, e.Message);
                    refused.AddRange(group);
                }
            }

            batch = refused.Count > MostWaiting ? refused[^MostWaiting..] : refused;
        }
    }
}

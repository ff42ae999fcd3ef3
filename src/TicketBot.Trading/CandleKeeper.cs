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

    /// <summary>Stores what is handed over until completed. A disk that fails is logged and costs only the store: the venue still has the
    /// candles.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        List<(SeriesKey Series, Candle Candle)> batch = [];
        while (await _queue.Reader.WaitToReadAsync(cancellationToken))
        {
            while (batch.Count < LargestBatch && _queue.Reader.TryRead(out var closed))
            {
                batch.Add(closed);
            }

            foreach (var group in batch.GroupBy(c => c.Series))
            {
                try
                {
                    await _store.WriteAsync(group.Key.Symbol, group.Key.Interval, [.. group.Select(c => c.Candle)], cancellationToken);
                }
                catch (IOException e)
                {
                    Log.CandlesNotStored(_log, e.Message);
                }
            }

            batch.Clear();
        }
    }
}

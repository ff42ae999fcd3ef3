using System.Threading.Channels;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Streams;

/// <summary>The candles of one series in their order, with the reading that repairs it, and beside them the comparison with the history: a
/// reading that hangs holds up nothing of another series. Safe for use by several threads.</summary>
internal sealed class SeriesLane(CandleFeed feed, SeriesKey series, Func<Instant> marketTime)
{
    private readonly Channel<Candle?> _candles = Channel.CreateUnbounded<Candle?>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<Instant> _comparisons = Channel.CreateBounded<Instant>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    private int _isRepairing;

    /// <summary>Takes a candle that the stream says is closed.</summary>
    public void Take(in Candle candle) => _candles.Writer.TryWrite(candle);

    /// <summary>Has everything read that closed and was not given. While such a reading lasts, another would only pile up behind it.</summary>
    public void Repair()
    {
        if (Interlocked.Exchange(ref _isRepairing, 1) == 0)
        {
            _candles.Writer.TryWrite(null);
        }
    }

    /// <summary>Has the newest candles compared with the history, if it is time to.</summary>
    public void Compare(Instant time) => _comparisons.Writer.TryWrite(time);

    /// <summary>Starts what runs until cancelled.</summary>
    public IEnumerable<Task> Run(CancellationToken cancellationToken) => [GiveAsync(cancellationToken), CompareAsync(cancellationToken)];

    private async Task GiveAsync(CancellationToken cancellationToken)
    {
        await foreach (var candle in _candles.Reader.ReadAllAsync(cancellationToken))
        {
            if (candle is { } closed)
            {
                await feed.AcceptAsync(series, closed, marketTime(), cancellationToken);
            }
            else
            {
                await feed.CatchUpAsync(series, marketTime(), cancellationToken);
                Volatile.Write(ref _isRepairing, 0);
            }
        }
    }

    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        await foreach (var time in _comparisons.Reader.ReadAllAsync(cancellationToken))
        {
            await feed.VerifyAsync(series, time, onlyDoubted: false, cancellationToken);
        }
    }
}

using System.Threading.Channels;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Streams;

/// <summary>Passes events on as they arrive. What the account says, the noticing of what is missing, and each series have a lane of their
/// own, so that reading a gap over REST holds up nothing but the candles that follow the gap.</summary>
internal sealed class LivePump
{
    private readonly Channel<StreamInput> _marketLane = Channel.CreateUnbounded<StreamInput>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<StreamInput> _accountLane = Channel.CreateUnbounded<StreamInput>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SortedDictionary<SeriesKey, SeriesLane> _series = new(CandleFeed.BySymbolThenInterval);
    private readonly CandleFeed _feed;
    private readonly ChannelWriter<ExchangeEvent> _events;
    private readonly Func<Instant> _marketTime;
    private readonly TimeProvider _time;

    /// <summary>Between two looks at what is overdue; time is told every second one.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Makes a pump for the series that the feed follows.</summary>
    public LivePump(CandleFeed feed, ChannelWriter<ExchangeEvent> events, Func<Instant> marketTime, TimeProvider time)
    {
        (_feed, _events, _marketTime, _time) = (feed, events, marketTime, time);
        foreach (var key in feed.Series)
        {
            _series[key] = new SeriesLane(feed, key, marketTime);
        }
    }

    /// <summary>Takes what a stream says.</summary>
    public void Post(StreamInput input)
    {
        switch (input)
        {
            case StreamInput.Kline(var series, var candle):
                _series.GetValueOrDefault(series)?.Take(candle);
                break;
            case StreamInput.Lost(StreamNames.Public, _) or StreamInput.Restored(StreamNames.Public):
                _marketLane.Writer.TryWrite(input);
                break;
            case StreamInput.Tick tick:
                _marketLane.Writer.TryWrite(input);
                if (tick.IsTold)
                {
                    _accountLane.Writer.TryWrite(input);
                }

                break;
            case StreamInput.Private or StreamInput.Lost or StreamInput.Restored:
                _accountLane.Writer.TryWrite(input);
                break;
            case StreamInput.Step or StreamInput.Reattached:
                break; // The market runs by itself; the control channel only carries its time.
            default:
                throw new InvalidOperationException($"Invariant: stream input {input.GetType().Name} has no rule");
        }
    }

    /// <summary>Runs all lanes and the clock until cancelled, or until one of them fails.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> running =
        [
            MarketAsync(either.Token), AccountAsync(either.Token), TickAsync(either.Token),
            .. _series.Values.SelectMany(lane => lane.Run(either.Token)),
        ];
        try
        {
            await await Task.WhenAny(running);
        }
        finally
        {
            await either.CancelAsync();
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Nothing here reads over REST: what is missing is said at once, whatever the venue is doing.
    private async Task MarketAsync(CancellationToken cancellationToken)
    {
        await foreach (var input in _marketLane.Reader.ReadAllAsync(cancellationToken))
        {
            switch (input)
            {
                case StreamInput.Lost(var stream, var reason):
                    await _events.WriteAsync(new ExchangeEvent.StreamInterrupted(stream, reason), cancellationToken);
                    break;
                case StreamInput.Restored(var stream):
                    // A series that missed a candle stays interrupted by itself until it is whole; the others go on at once.
                    Repair(await _feed.NoticeMissingAsync(_marketTime(), cancellationToken));
                    await _events.WriteAsync(new ExchangeEvent.StreamRestored(stream), cancellationToken);
                    break;
                case StreamInput.Tick(var time, _):
                    Repair(await _feed.NoticeOverdueAsync(time, cancellationToken));
                    foreach (var lane in _series.Values)
                    {
                        lane.Compare(time);
                    }

                    break;
                default:
                    throw new InvalidOperationException($"Invariant: {input.GetType().Name} does not belong to the market lane");
            }
        }
    }

    private void Repair(IReadOnlyList<SeriesKey> series)
    {
        foreach (var key in series)
        {
            _series[key].Repair();
        }
    }

    private async Task AccountAsync(CancellationToken cancellationToken)
    {
        var latest = new Instant(long.MinValue);
        await foreach (var input in _accountLane.Reader.ReadAllAsync(cancellationToken))
        {
            switch (input)
            {
                case StreamInput.Private(_, var events):
                    foreach (var one in events)
                    {
                        await _events.WriteAsync(one, cancellationToken);
                    }

                    break;
                case StreamInput.Lost(var stream, var reason):
                    await _events.WriteAsync(new ExchangeEvent.StreamInterrupted(stream, reason), cancellationToken);
                    break;
                case StreamInput.Restored(var stream):
                    await _events.WriteAsync(new ExchangeEvent.StreamRestored(stream), cancellationToken);
                    break;
                case StreamInput.Tick(var time, _):
                    // A clock that was set back stands still instead.
                    latest = time > latest ? time : latest;
                    await _events.WriteAsync(new ExchangeEvent.TimePassed(latest), cancellationToken);
                    break;
                default:
                    throw new InvalidOperationException($"Invariant: {input.GetType().Name} does not belong to the account lane");
            }
        }
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Look, _time);
        for (var isTold = false; await timer.WaitForNextTickAsync(cancellationToken); isTold = !isTold)
        {
            Post(new StreamInput.Tick(_marketTime(), isTold));
        }
    }
}

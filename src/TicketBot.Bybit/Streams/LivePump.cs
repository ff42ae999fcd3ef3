using System.Threading.Channels;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Streams;

/// <summary>Passes events on as they arrive. Candles have a lane of their own, so that reading a gap over REST never holds up a fill.</summary>
internal sealed class LivePump
{
    private readonly Channel<StreamInput> _candleLane = Channel.CreateUnbounded<StreamInput>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<StreamInput> _accountLane = Channel.CreateUnbounded<StreamInput>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CandleFeed _feed;
    private readonly ChannelWriter<ExchangeEvent> _events;
    private readonly Func<Instant> _marketTime;
    private readonly TimeProvider _time;
    private bool _checking;

    /// <summary>Between two looks at what is overdue; time is told every second one.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    public LivePump(CandleFeed feed, ChannelWriter<ExchangeEvent> events, Func<Instant> marketTime, TimeProvider time) =>
        (_feed, _events, _marketTime, _time) = (feed, events, marketTime, time);

    /// <summary>Takes what a stream says.</summary>
    public void Post(StreamInput input)
    {
        switch (input)
        {
            case StreamInput.Kline or StreamInput.Lost(StreamNames.Public, _) or StreamInput.Restored(StreamNames.Public):
                _candleLane.Writer.TryWrite(input);
                break;
            case StreamInput.Tick tick:
                if (tick.IsTold)
                {
                    _accountLane.Writer.TryWrite(input);
                }

                // While a reading lasts, further ticks would only pile up behind it.
                if (!Volatile.Read(ref _checking))
                {
                    Volatile.Write(ref _checking, true);
                    _candleLane.Writer.TryWrite(input);
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

    /// <summary>Runs both lanes and the clock until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(CandlesAsync(cancellationToken), AccountAsync(cancellationToken), TickAsync(cancellationToken));

    private async Task CandlesAsync(CancellationToken cancellationToken)
    {
        await foreach (var input in _candleLane.Reader.ReadAllAsync(cancellationToken))
        {
            switch (input)
            {
                case StreamInput.Kline(var series, var candle):
                    await _feed.AcceptAsync(series, candle, _marketTime(), cancellationToken);
                    break;
                case StreamInput.Lost(var stream, var reason):
                    await _events.WriteAsync(new ExchangeEvent.StreamInterrupted(stream, reason), cancellationToken);
                    break;
                case StreamInput.Restored(var stream):
                    await _feed.CatchUpAllAsync(_marketTime(), cancellationToken);
                    await _events.WriteAsync(new ExchangeEvent.StreamRestored(stream), cancellationToken);
                    break;
                case StreamInput.Tick(var time, _):
                    await _feed.CheckOverdueAsync(time, cancellationToken);
                    await _feed.VerifyAsync(time, onlyDoubted: false, cancellationToken);
                    Volatile.Write(ref _checking, false);
                    break;
                default:
                    throw new InvalidOperationException($"Invariant: {input.GetType().Name} does not belong to the candle lane");
            }
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

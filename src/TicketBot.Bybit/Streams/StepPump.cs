using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Streams;

/// <summary>Orders the events of a simulator that runs step by step: what a step lists is collected, however it arrives, and is emitted
/// as private messages in listed order, then candles by symbol and interval, then the time.</summary>
internal sealed class StepPump
{
    private const int MostReadings = 5;
    private readonly Channel<StreamInput> _inputs = Channel.CreateUnbounded<StreamInput>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CandleFeed _feed;
    private readonly ChannelWriter<ExchangeEvent> _events;
    private readonly Action<long, Instant> _processed;
    private readonly TimeProvider _time;
    private readonly int _arrivalMs;
    private readonly ILogger _logger;

    private readonly List<(string Id, IReadOnlyList<ExchangeEvent> Events, int Age)> _messages = [];
    private readonly HashSet<string> _arrived = [];
    private readonly Dictionary<(SeriesKey Series, Instant Open), Candle> _candles = [];
    private readonly List<(SeriesKey Series, Candle Candle)> _again = [];
    private readonly HashSet<string> _givenUp = [];
    private bool _isPrivateLost;

    /// <summary>Makes a pump.</summary>
    /// <param name="feed">Keeps candles single and in order.</param>
    /// <param name="events">Receives the events.</param>
    /// <param name="processed">Told a step's number and time just before its <see cref="ExchangeEvent.TimePassed"/> is written.</param>
    /// <param name="time">Wall time.</param>
    /// <param name="arrivalMs">Wall time that the messages of a step may take.</param>
    /// <param name="logger">Receives what operators should know.</param>
    public StepPump(
        CandleFeed feed, ChannelWriter<ExchangeEvent> events, Action<long, Instant> processed, TimeProvider time, int arrivalMs, ILogger logger) =>
        (_feed, _events, _processed, _time, _arrivalMs, _logger) = (feed, events, processed, time, arrivalMs, logger);

    /// <summary>Takes what a stream says.</summary>
    public void Post(StreamInput input) => _inputs.Writer.TryWrite(input);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var steps = new Queue<StreamInput>();
        await foreach (var input in _inputs.Reader.ReadAllAsync(cancellationToken))
        {
            await TakeAsync(input, steps, cancellationToken);
            while (steps.TryDequeue(out var step))
            {
                if (step is StreamInput.Step listed)
                {
                    // A step lists what any client of the simulator follows.
                    await CompleteAsync(
                        listed with { Candles = [.. listed.Candles.Where(key => _feed.Follows(key.Series))] }, steps, cancellationToken);
                }
                else if (step is StreamInput.Reattached again)
                {
                    await ReattachAsync(again, cancellationToken);
                }
            }
        }
    }

    private async Task TakeAsync(StreamInput input, Queue<StreamInput> steps, CancellationToken cancellationToken)
    {
        switch (input)
        {
            case StreamInput.Private(var id, var events) when id.Length == 0 || _givenUp.Remove(id):
                await EmitAsync(events, cancellationToken); // Nothing lists it any more.
                break;
            case StreamInput.Private(var id, var events):
                if (_arrived.Add(id))
                {
                    _messages.Add((id, events, 0));
                }

                break;
            case StreamInput.Kline(var series, var candle):
                if (!_candles.TryAdd((series, candle.OpenTime), candle))
                {
                    _again.Add((series, candle));
                }

                break;
            case StreamInput.Lost(var stream, var reason):
                _isPrivateLost |= stream == StreamNames.Private;
                await _events.WriteAsync(new ExchangeEvent.StreamInterrupted(stream, reason), cancellationToken);
                break;
            case StreamInput.Restored(var stream):
                _isPrivateLost &= stream != StreamNames.Private;
                await _events.WriteAsync(new ExchangeEvent.StreamRestored(stream), cancellationToken);
                break;
            case StreamInput.Step or StreamInput.Reattached:
                steps.Enqueue(input);
                break;
            case StreamInput.Tick:
                break; // Market time comes with the steps.
            default:
                throw new InvalidOperationException($"Invariant: stream input {input.GetType().Name} has no rule");
        }
    }

    private async Task CompleteAsync(StreamInput.Step step, Queue<StreamInput> steps, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(_arrivalMs), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            while (!step.PrivateIds.All(_arrived.Contains) || !step.Candles.All(_candles.ContainsKey))
            {
                await TakeAsync(await _inputs.Reader.ReadAsync(either.Token), steps, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.StepIncomplete(
                _logger, step.Number, step.Candles.Count(key => !_candles.ContainsKey(key)), step.PrivateIds.Count(id => !_arrived.Contains(id)), _arrivalMs);
        }

        await EmitMessagesAsync(step, cancellationToken);
        foreach (var (series, open) in step.Candles.OrderBy(key => key.Series, CandleFeed.BySymbolThenInterval).ThenBy(key => key.Open))
        {
            await EmitCandleAsync(step, series, open, cancellationToken);
        }

        await TellAgainAsync(step, cancellationToken);
        await _feed.CheckOverdueAsync(step.Time, cancellationToken);

        // Where a step is a candle, comparing each with history would double the readings; with ticks between there is room for it.
        await _feed.VerifyAsync(step.Time, onlyDoubted: step.Candles.Count > 0, cancellationToken);
        await PassAsync(step.Number, step.Time, cancellationToken);
    }

    // What came a second time, or without being listed, changes nothing by itself; but where it says something else, history is asked.
    private async Task TellAgainAsync(StreamInput.Step step, CancellationToken cancellationToken)
    {
        foreach (var key in step.Candles)
        {
            _candles.Remove(key);
        }

        _again.AddRange(_candles.Select(c => (c.Key.Series, c.Value)));
        _candles.Clear();
        foreach (var (series, candle) in _again.OrderBy(c => c.Series, CandleFeed.BySymbolThenInterval).ThenBy(c => c.Candle.OpenTime))
        {
            await _feed.AcceptAsync(series, candle, step.Time, cancellationToken);
        }

        _again.Clear();
    }

    private async Task EmitMessagesAsync(StreamInput.Step step, CancellationToken cancellationToken)
    {
        var missing = false;
        foreach (var id in step.PrivateIds)
        {
            var index = _messages.FindIndex(message => message.Id == id);
            if (index < 0)
            {
                missing = true;
                _givenUp.Add(id);
                continue;
            }

            await EmitAsync(_messages[index].Events, cancellationToken);
            Forget(index);
        }

        // What has been waiting since before the last step and is still on no list would otherwise never come out.
        for (var i = 0; i < _messages.Count;)
        {
            var (id, events, age) = _messages[i];
            if (age == 0)
            {
                _messages[i++] = (id, events, 1);
                continue;
            }

            await EmitAsync(events, cancellationToken);
            Forget(i);
        }

        if (missing)
        {
            await _events.WriteAsync(new ExchangeEvent.StreamInterrupted(StreamNames.Private, $"messages of step {step.Number} did not arrive"), cancellationToken);
            await RestorePrivateAsync(cancellationToken);
        }
    }

    private async Task EmitCandleAsync(StreamInput.Step step, SeriesKey series, Instant open, CancellationToken cancellationToken)
    {
        for (var reading = 0; reading < MostReadings; reading++)
        {
            var done = _candles.TryGetValue((series, open), out var candle)
                ? await _feed.AcceptAsync(series, candle, step.Time, cancellationToken)
                : await _feed.CatchUpAsync(series, step.Time, cancellationToken);
            if (done)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(_arrivalMs), _time, cancellationToken);
        }

        await _feed.MarkStaleAsync(series, $"candle {series} at {open} came neither on the stream nor over REST", cancellationToken);
    }

    private async Task ReattachAsync(StreamInput.Reattached again, CancellationToken cancellationToken)
    {
        await _events.WriteAsync(new ExchangeEvent.StreamInterrupted(StreamNames.Private, "the control channel was lost"), cancellationToken);
        foreach (var (_, events, _) in _messages)
        {
            await EmitAsync(events, cancellationToken);
        }

        _messages.Clear();
        _arrived.Clear();
        _candles.Clear();
        _again.Clear();
        await _feed.CatchUpAllAsync(again.Time, cancellationToken);
        await RestorePrivateAsync(cancellationToken);
        await PassAsync(again.Number, again.Time, cancellationToken);
    }

    // While the socket itself is away, only its return restores the stream.
    private async ValueTask RestorePrivateAsync(CancellationToken cancellationToken)
    {
        if (!_isPrivateLost)
        {
            await _events.WriteAsync(new ExchangeEvent.StreamRestored(StreamNames.Private), cancellationToken);
        }
    }

    private void Forget(int index)
    {
        _arrived.Remove(_messages[index].Id);
        _messages.RemoveAt(index);
    }

    private async ValueTask PassAsync(long step, Instant time, CancellationToken cancellationToken)
    {
        _processed(step, time);
        await _events.WriteAsync(new ExchangeEvent.TimePassed(time), cancellationToken);
    }

    private async ValueTask EmitAsync(IReadOnlyList<ExchangeEvent> events, CancellationToken cancellationToken)
    {
        foreach (var one in events)
        {
            await _events.WriteAsync(one, cancellationToken);
        }
    }
}

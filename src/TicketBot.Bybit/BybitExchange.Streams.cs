using System.Threading.Channels;
using TicketBot.Bybit.Streams;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit;

public sealed partial class BybitExchange
{
    private readonly CancellationTokenSource _life = new();
    private readonly SemaphoreSlim _attaching = new(1);
    private readonly Lock _tasksLock = new();
    private readonly List<Task> _tasks = [];
    private ControlChannel? _control;
    private readonly TaskCompletionSource _marketEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _connected;
    private int _disposed;

    /// <summary>Ends when the simulator has played its last candle; at a real venue never.</summary>
    public Task MarketEnded => _marketEnded.Task;

    /// <inheritdoc/>
    public async ValueTask<Instant> GetMarketTimeAsync(CancellationToken cancellationToken)
    {
        if (await ControlAsync(cancellationToken) is { } control)
        {
            return control.MarketTime;
        }

        if (_clock.IsOlderThan(_options.ClockRefreshMs))
        {
            await _rest.MeasureClockAsync(cancellationToken);
        }

        return _clock.Now;
    }

    /// <inheritdoc/>
    public async ValueTask ConnectAsync(IReadOnlyList<SeriesKey> series, ChannelWriter<ExchangeEvent> events, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _connected, 1) != 0)
        {
            throw new InvalidOperationException("this exchange is connected already");
        }

        // The linked source lives as long as the streams and is disposed by the task that watches them.
        var linked = CancellationTokenSource.CreateLinkedTokenSource(_life.Token, cancellationToken);
        var token = linked.Token;
        var control = await ControlAsync(token);
        var now = await GetMarketTimeAsync(token);

        // The feed asks only up to a time that is known to have passed: that time says which candles are closed.
        var feed = new CandleFeed(
            async (key, from, until, cancel) => await _candles.RangeAsync(key.Symbol, key.Interval, from, until, marketTime: until, cancel),
            events.WriteAsync, _time, _options.CandleConfirmationMs, _logger);
        foreach (var key in series)
        {
            feed.Start(key, now);
        }

        Action<StreamInput> post;
        Func<CancellationToken, Task> pump;
        if (control is { Holds: true })
        {
            var steps = new StepPump(feed, events, control.Done, _time, _options.StepArrivalMs, _logger);
            (post, pump) = (steps.Post, steps.RunAsync);
        }
        else
        {
            var live = new LivePump(feed, events, () => control?.MarketTime ?? _clock.Now, _time);
            (post, pump) = (live.Post, live.RunAsync);
        }

        control?.Follow(post);
        var publicStream = new PublicStream(series, post, _addresses.PublicStream, _options, _time, _chance, _logger);
        var privateStream = new PrivateStream(post, _addresses.PrivateStream, _signer, _clock, _rest, _options, _time, _chance, _logger);
        var running = WatchAsync(
            linked, events, [pump(token), publicStream.Loop.RunAsync(token), privateStream.Loop.RunAsync(token), KeepClockAsync(token)]);
        Own(running);
        await await Task.WhenAny(Task.WhenAll(publicStream.Loop.Ready, privateStream.Loop.Ready), running);
        token.ThrowIfCancellationRequested();
        if (control is { Holds: true })
        {
            // The market stands still until the first report; this is the event that the report answers.
            await events.WriteAsync(new ExchangeEvent.TimePassed(control.MarketTime), token);
        }
    }

    /// <inheritdoc/>
    public async ValueTask ReportSentAsync(Instant marketTime, CancellationToken cancellationToken)
    {
        if (await ControlAsync(cancellationToken) is { } control)
        {
            await control.ReportSentAsync(marketTime, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _life.CancelAsync();
        Task[] tasks;
        lock (_tasksLock)
        {
            tasks = [.. _tasks];
        }

        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _rest.Dispose();
        _attaching.Dispose();
        _life.Dispose();
    }

    // The simulator's clock is not ours at any speed but 1, so every use of market time needs its channel; a real venue has none.
    private async ValueTask<ControlChannel?> ControlAsync(CancellationToken cancellationToken)
    {
        if (Environment != ExchangeEnvironment.Simulator)
        {
            return null;
        }

        if (Volatile.Read(ref _control) is { } attached)
        {
            return attached;
        }

        await _attaching.WaitAsync(cancellationToken);
        try
        {
            if (_control is null)
            {
                var control = new ControlChannel(_addresses.SimulatorControl, _signer.ApiKey, _options, _time, _chance, _logger);
                var attempt = CancellationTokenSource.CreateLinkedTokenSource(_life.Token);
                var running = control.Loop.RunAsync(attempt.Token);
                try
                {
                    await control.Loop.Ready.WaitAsync(TimeSpan.FromMilliseconds(_options.RequestTimeoutMs), _time, cancellationToken);
                }
                catch
                {
                    await attempt.CancelAsync();
                    await running;
                    attempt.Dispose();
                    throw;
                }

                Own(running);
                Own(PassOnAsync(control.Ended, attempt.Token));
                _rest.IsUnlimited = control.Holds;
                Volatile.Write(ref _control, control);
            }

            return _control;
        }
        catch (TimeoutException e)
        {
            throw new ExchangeException(
                $"the simulator's control channel at {_addresses.SimulatorControl} did not answer within {_options.RequestTimeoutMs} ms: check that the simulator runs there and knows our key", e);
        }
        finally
        {
            _attaching.Release();
        }
    }

    private async Task PassOnAsync(Task ended, CancellationToken cancellationToken)
    {
        await ended.WaitAsync(cancellationToken);
        _marketEnded.TrySetResult();
    }

    private void Own(Task task)
    {
        lock (_tasksLock)
        {
            _tasks.Add(task);
        }
    }

    private async Task KeepClockAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(_options.ClockRefreshMs), _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                try
                {
                    await _rest.MeasureClockAsync(cancellationToken);
                }
                catch (ExchangeException e)
                {
                    Log.RestLost(_logger, "GET", "/v5/market/time", e.Message); // The old offset stays good for a while.
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private static async Task WatchAsync(CancellationTokenSource linked, ChannelWriter<ExchangeEvent> events, IReadOnlyList<Task> tasks)
    {
        try
        {
            // The first to end ends all: none of them ends by itself but by cancellation or a fault.
            await await Task.WhenAny(tasks);
        }
        catch (OperationCanceledException) when (linked.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            events.TryComplete(e);
            throw;
        }
        finally
        {
            await linked.CancelAsync();
            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            linked.Dispose();
        }
    }
}

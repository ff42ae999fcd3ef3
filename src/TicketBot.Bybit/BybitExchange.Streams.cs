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
    private static readonly TimeSpan ClockRetryPause = TimeSpan.FromSeconds(5);
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

        var isHeld = control is { Holds: true };
        Func<Instant> marketTime = () => control?.MarketTime ?? _clock.Now;

        // The feed asks only up to a time that is known to have passed: that time says which candles are closed.
        var feed = new CandleFeed(
            async (key, from, until, cancel) => await _candles.RangeAsync(key.Symbol, key.Interval, from, until, marketTime: until, cancel),
            events.WriteAsync, _time, _options.CandleConfirmationMs, _counters, _logger)
        {
            ClockErrorMs = (long)(1_000 * Math.Max(1, control?.Speed ?? 1)), // What is late by the wall is later by the market.
            Now = isHeld ? null : marketTime,
        };
        foreach (var key in series)
        {
            feed.Start(key, now);
        }

        Action<StreamInput> post;
        Func<CancellationToken, Task> pump;
        if (isHeld)
        {
            var steps = new StepPump(feed, events, control!.Done, _time, _options.StepArrivalMs, _logger);
            (post, pump) = (steps.Post, steps.RunAsync);
        }
        else
        {
            var live = new LivePump(feed, events, marketTime, _time);
            (post, pump) = (live.Post, live.RunAsync);
        }

        control?.Follow(post);
        _rest.Gate.Follow(reason => TellAccount(reason, post));
        var topics = Topic.Of(series, _observes, watches: !isHeld);
        var publicStream = new PublicStream(topics, !isHeld, marketTime, post, _addresses.PublicStream, _options, _time, _chance, _counters, _logger);
        feed.Overdue = publicStream.Overdue;
        var privateStream = new PrivateStream(post, _addresses.PrivateStream, _signer, _clock, _rest, _options, _time, _chance, _counters, _logger);
        var running = WatchAsync(
            linked, feed, events, [pump(token), publicStream.Loop.RunAsync(token), privateStream.Loop.RunAsync(token), KeepAsync(post, token)]);
        Own(running);
        await await Task.WhenAny(Task.WhenAll(publicStream.Loop.Ready, privateStream.Loop.Ready), running);
        token.ThrowIfCancellationRequested();
        if (isHeld)
        {
            // The market stands still until the first report; this is the event that the report answers.
            await events.WriteAsync(new ExchangeEvent.TimePassed(control!.MarketTime), token);
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
                var control = new ControlChannel(_addresses.SimulatorControl, _signer.ApiKey, _options, _time, _chance, _counters, _logger);
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

    private void TellAccount(string? reason, Action<StreamInput> post)
    {
        if (reason is null)
        {
            Log.AccountWorks(_logger);
            post(new StreamInput.Restored(StreamNames.Account));
        }
        else
        {
            Log.AccountRefused(_logger, reason);
            post(new StreamInput.Lost(StreamNames.Account, reason));
        }
    }

    // Each second: a jump of the wall clock, the age of the offset, the end of a block, and a refused key that may work again.
    private async Task KeepAsync(Action<StreamInput> post, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), _time);
        var isClockLost = false;
        long? failedAt = null;
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                _rest.LookAtBlock();
                _rest.LookAtClock();
                if (_rest.Gate.IsTryDue)
                {
                    await TryKeyAsync(cancellationToken);
                }

                if (_clock.IsSound && !_clock.IsOlderThan(_options.ClockRefreshMs))
                {
                    if (isClockLost)
                    {
                        isClockLost = false;
                        post(new StreamInput.Restored(StreamNames.Clock));
                    }

                    continue;
                }

                if (failedAt is { } at && _time.GetElapsedTime(at) < ClockRetryPause)
                {
                    continue;
                }

                try
                {
                    await _rest.MeasureClockAsync(cancellationToken);
                    failedAt = null;
                }
                catch (ExchangeException e)
                {
                    Log.ClockUnknown(_logger, e.Message);
                    failedAt = _time.GetTimestamp();
                    if (!_clock.IsSound && !isClockLost)
                    {
                        // An old offset stays good for a while; one from before a jump does not.
                        isClockLost = true;
                        post(new StreamInput.Lost(StreamNames.Clock, e.Message));
                    }
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private async Task TryKeyAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_rest.Gate.RefusesWritesOnly)
            {
                // Reading works; whether the right to trade was given meanwhile, the venue tells of the key.
                if ((await AccountData.KeyAsync(cancellationToken)).Value is { CanTrade: true })
                {
                    _rest.Gate.KeyWorked(isWrite: true);
                }
                else
                {
                    _rest.Gate.TryPass(isWrite: true); // That was this pause's try.
                }
            }
            else
            {
                await AccountData.PositionsAsync(default, cancellationToken);
            }
        }
        catch (ExchangeException e)
        {
            Log.RestLost(_logger, "GET", "the account", e.Message);
        }
    }

    private static async Task WatchAsync(CancellationTokenSource linked, CandleFeed feed, ChannelWriter<ExchangeEvent> events, IReadOnlyList<Task> tasks)
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
            feed.Dispose();
        }
    }
}

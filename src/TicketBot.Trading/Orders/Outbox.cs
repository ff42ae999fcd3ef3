using Microsoft.Extensions.Logging;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;

namespace TicketBot.Trading.Orders;

/// <summary>Carries effects out without making the trading loop wait: in order within a symbol, side by side across symbols, so that
/// a hanging request of one symbol never holds up another's exit. A look-up follows what was sent before it, but nothing follows it: a
/// reading that hangs must not hold back the exit or the stop of the same symbol. An entry that had to wait too long does not leave.</summary>
/// <remarks>Dispatch and the stop are called by one task only. Facts that follow are handed to the given sink, from any thread.</remarks>
public sealed class Outbox : IDisposable
{
    // As long as a request is valid at the venue: by then the market is not the one that was decided on.
    private static readonly TimeSpan LatestEntry = TimeSpan.FromSeconds(5);

    // Entries wait for the account's reading, so it must not be long in coming when the venue answers again.
    private const int LongestPauseSeconds = 5;

    // Failed readings of the account after which a market that waits for the report goes on: a venue that refuses us for a while of its own time
    // would never be done with it.
    private const int MostHoldingAttempts = 3;
    private readonly IExchange _exchange;
    private readonly IReadOnlyList<Symbol> _symbols;
    private readonly Action<Fact> _sink;
    private readonly Action<Exception> _broken;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Dictionary<Symbol, Task> _lanes = [];
    private readonly Dictionary<Symbol, Task> _lookUps = [];
    private readonly CancellationTokenSource _writes = new();
    private readonly CancellationTokenSource _reads = new();
    private Task _account = Task.CompletedTask;
    private Task _report = Task.CompletedTask;
    private TaskCompletionSource _accountUnreadable = NewSignal();
    private Task<bool>? _stopping;
    private WaitingReport? _newest;
    private int _reconciles;

    /// <summary>Makes one.</summary>
    /// <param name="exchange">Where effects are carried out.</param>
    /// <param name="symbols">What a reading of the account covers.</param>
    /// <param name="sink">Takes the facts that follow.</param>
    /// <param name="broken">Told of an error that nobody expected: going on would lose orders silently.</param>
    /// <param name="time">Wall time, for back-off and the stop.</param>
    /// <param name="log">Log.</param>
    public Outbox(IExchange exchange, IReadOnlyList<Symbol> symbols, Action<Fact> sink, Action<Exception> broken, TimeProvider time, ILogger log) =>
        (_exchange, _symbols, _sink, _broken, _time, _log) = (exchange, symbols, sink, broken, time, log);

    /// <summary>Starts an effect behind the earlier ones of its lane.</summary>
    public void Dispatch(TradingEffect effect)
    {
        switch (effect)
        {
            case TradingEffect.ReportSent(var marketTime):
                // A report that still waits for the same effects carries the newer time: otherwise ticks would pile up behind a
                // request that hangs.
                if (_newest?.TryMove(marketTime) != true)
                {
                    _newest = new WaitingReport(marketTime);
                    _report = ReportAsync(Task.WhenAll([.. _lanes.Values, .. _lookUps.Values, AccountOrGivenUpAsync(), _report]), _newest);
                }

                return;
            case TradingEffect.Reconcile when Volatile.Read(ref _reconciles) > 1:
                return; // One is being read and one waits, which will see all that happened until now.
            case TradingEffect.Check when Volatile.Read(ref _reconciles) > 0:
                return; // What is being read says as much.
            case TradingEffect.Reconcile or TradingEffect.Check:
                Interlocked.Increment(ref _reconciles);
                _account = RunAfterAsync(_account, effect, _reads.Token);
                break;
            case TradingEffect.LookUp(var asked, _):
                var earlier = Task.WhenAll(_lanes.GetValueOrDefault(asked, Task.CompletedTask), _lookUps.GetValueOrDefault(asked, Task.CompletedTask));
                _lookUps[asked] = RunAfterAsync(earlier, effect, _reads.Token);
                break;
            default:
                var symbol = SymbolOf(effect);
                _lanes[symbol] = RunAfterAsync(_lanes.GetValueOrDefault(symbol, Task.CompletedTask), effect, _writes.Token);
                break;
        }

        _newest = null;
    }

    /// <summary>Ends readings and reports at once, lets orders that were dispatched leave and be answered for at most
    /// <paramref name="grace"/>, then gives up on what still hangs; returns whether nothing does.</summary>
    public Task<bool> StopAsync(TimeSpan grace) => _stopping ??= StopOnceAsync(grace);

    /// <inheritdoc/>
    public void Dispose()
    {
        _writes.Dispose();
        _reads.Dispose();
    }

    private static Symbol SymbolOf(TradingEffect effect) => effect switch
    {
        TradingEffect.Submit(var request) => request.Symbol,
        TradingEffect.Cancel(var symbol, _) => symbol,
        TradingEffect.SetStop(var symbol, _, _) => symbol,
        _ => throw new InvalidOperationException($"Invariant: effect {effect.GetType().Name} has no lane"),
    };

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task AccountOrGivenUpAsync() => _account.IsCompleted ? Task.CompletedTask : Task.WhenAny(_account, Volatile.Read(ref _accountUnreadable).Task);

    private async Task<bool> StopOnceAsync(TimeSpan grace)
    {
        await _reads.CancelAsync();
        if (!await EndsWithinAsync(Task.WhenAll(_lanes.Values), grace))
        {
            await _writes.CancelAsync();
        }

        return await EndsWithinAsync(Task.WhenAll([.. _lanes.Values, .. _lookUps.Values, _account, _report]), grace);
    }

    private async Task<bool> EndsWithinAsync(Task task, TimeSpan limit)
    {
        // Not WaitAsync: its timeout would be an exception, and there is nothing exceptional about a venue that hangs.
        using var ended = new CancellationTokenSource();
        var first = await Task.WhenAny(task, Task.Delay(limit, _time, ended.Token));
        await ended.CancelAsync();
        return first == task;
    }

    private async Task ReportAsync(Task earlier, WaitingReport report)
    {
        await earlier;
        await RunAsync(new TradingEffect.ReportSent(report.Take()), _reads.Token);
    }

    private async Task RunAfterAsync(Task earlier, TradingEffect effect, CancellationToken cancellationToken)
    {
        var asked = _time.GetTimestamp();
        await earlier;
        if (effect is TradingEffect.Submit { Request: { ReduceOnly: false } entry } && _time.GetElapsedTime(asked) is var waited && waited > LatestEntry)
        {
            _sink(new Fact.Withheld(entry.Id, $"an earlier request of {entry.Symbol} held it back for {waited.TotalSeconds:F0} s"));
            return;
        }

        await RunAsync(effect, cancellationToken);
        if (effect is TradingEffect.Reconcile or TradingEffect.Check)
        {
            Interlocked.Decrement(ref _reconciles);
            if (_accountUnreadable.Task.IsCompleted)
            {
                Volatile.Write(ref _accountUnreadable, NewSignal());
            }
        }
    }

    private async Task RunAsync(TradingEffect effect, CancellationToken cancellationToken)
    {
        for (var attempt = 0; !cancellationToken.IsCancellationRequested; attempt++)
        {
            try
            {
                if (await EffectRunner.RunAsync(effect, _exchange, _symbols, cancellationToken) is { } fact)
                {
                    _sink(fact);
                }

                return;
            }
            catch (ExchangeException e)
            {
                // Only reads of the whole account and the step report end here; both are repeated until they succeed.
                Log.EffectFailed(_log, effect.GetType().Name, attempt + 1, e.Message);
                if (effect is TradingEffect.Check)
                {
                    return;
                }

                if (effect is TradingEffect.Reconcile && attempt + 1 >= MostHoldingAttempts)
                {
                    Volatile.Read(ref _accountUnreadable).TrySetResult();
                }

                var delay = TimeSpan.FromSeconds(Math.Min(LongestPauseSeconds, 1 << Math.Min(attempt, 5)));
                await Task.Delay(delay, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _broken(e); // Left in the lane, it would silently hold every later order back.
                return;
            }
        }
    }

    // The market time a report will carry, taken once; 0 when taken.
    private sealed class WaitingReport(Instant time)
    {
        private long _time = time.UnixMilliseconds;

        public bool TryMove(Instant later)
        {
            var waiting = Volatile.Read(ref _time);
            return waiting != 0 && Interlocked.CompareExchange(ref _time, later.UnixMilliseconds, waiting) == waiting;
        }

        public Instant Take() => new(Interlocked.Exchange(ref _time, 0));
    }
}

using Microsoft.Extensions.Logging;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;

namespace TicketBot.Trading.Orders;

/// <summary>Carries effects out without making the trading loop wait: in order within a symbol, side by side across symbols, so that
/// a hanging request of one symbol never holds up another's exit.</summary>
/// <remarks>Dispatch is called by one task only. Facts that follow are handed to the given sink, from any thread.</remarks>
public sealed class Outbox
{
    private readonly IExchange _exchange;
    private readonly IReadOnlyList<Symbol> _symbols;
    private readonly Action<Fact> _sink;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Dictionary<Symbol, Task> _lanes = [];
    private Task _account = Task.CompletedTask;
    private Task _report = Task.CompletedTask;

    /// <summary>Makes one.</summary>
    public Outbox(IExchange exchange, IReadOnlyList<Symbol> symbols, Action<Fact> sink, TimeProvider time, ILogger log) =>
        (_exchange, _symbols, _sink, _time, _log) = (exchange, symbols, sink, time, log);

    /// <summary>Starts an effect behind the earlier ones of its lane.</summary>
    public void Dispatch(TradingEffect effect, CancellationToken cancellationToken)
    {
        switch (effect)
        {
            case TradingEffect.ReportSent:
                _report = RunAfterAsync(Task.WhenAll([.. _lanes.Values, _account, _report]), effect, cancellationToken);
                break;
            case TradingEffect.Reconcile:
                _account = RunAfterAsync(_account, effect, cancellationToken);
                break;
            default:
                var symbol = SymbolOf(effect);
                _lanes[symbol] = RunAfterAsync(_lanes.GetValueOrDefault(symbol, Task.CompletedTask), effect, cancellationToken);
                break;
        }
    }

    /// <summary>Completes when everything dispatched so far has been carried out.</summary>
    public Task DrainAsync() => Task.WhenAll([.. _lanes.Values, _account, _report]);

    private static Symbol SymbolOf(TradingEffect effect) => effect switch
    {
        TradingEffect.Submit(var request) => request.Symbol,
        TradingEffect.Cancel(var symbol, _) => symbol,
        TradingEffect.SetStop(var symbol, _) => symbol,
        TradingEffect.LookUp(var symbol, _) => symbol,
        _ => throw new InvalidOperationException($"Invariant: effect {effect.GetType().Name} has no lane"),
    };

    private async Task RunAfterAsync(Task earlier, TradingEffect effect, CancellationToken cancellationToken)
    {
        await earlier;
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
                var delay = TimeSpan.FromSeconds(Math.Min(30, 1 << Math.Min(attempt, 5)));
                await Task.Delay(delay, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }
}

using TicketBot.Domain;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;

namespace TicketBot.Trading.Orders;

/// <summary>Carries effects out at an exchange and turns what comes back into facts: one translation for live and backtest.</summary>
public static class EffectRunner
{
    /// <summary>Carries one effect out and returns the fact that follows, or <c>null</c> when none does.</summary>
    /// <exception cref="ExchangeException">A snapshot could not be read.</exception>
    public static async ValueTask<Fact?> RunAsync(
        TradingEffect effect, IExchange exchange, IReadOnlyList<Symbol> symbols, CancellationToken cancellationToken)
    {
        switch (effect)
        {
            case TradingEffect.Submit(var request):
                return Fact(request.Id, await exchange.SubmitAsync(request, cancellationToken));
            case TradingEffect.Cancel(var symbol, var id):
                var (cancelOutcome, cancelText) = Outcome(await exchange.CancelAsync(symbol, id, cancellationToken));
                return new Fact.CancelAnswered(id, cancelOutcome, cancelText);
            case TradingEffect.SetStop(var symbol, var stop, var byMarkPrice):
                var (stopOutcome, stopText) = Outcome(await exchange.SetStopAsync(symbol, stop, byMarkPrice, cancellationToken));
                return new Fact.StopAnswered(symbol, stop, stopOutcome, stopText);
            case TradingEffect.LookUp(var symbol, var id) lookUp:
                try
                {
                    return new Fact.LookedUp(id, await exchange.FindOrderAsync(symbol, id, lookUp.MayRepeat, cancellationToken));
                }
                catch (ExchangeException e)
                {
                    return new Fact.LookUpFailed(id, e.Message);
                }

            case TradingEffect.Reconcile(var since):
                return new Fact.Reconciled(await exchange.GetSnapshotAsync(symbols, since, cancellationToken));
            case TradingEffect.Check(var since):
                return new Fact.Reconciled(await exchange.GetSnapshotAsync(symbols, since, cancellationToken), Reading.Routine);
            case TradingEffect.ReportSent(var time):
                await exchange.ReportSentAsync(time, cancellationToken);
                return null;
            default:
                throw new InvalidOperationException($"Invariant: effect {effect.GetType().Name} has no rule");
        }
    }

    /// <summary>Returns the fact of an exchange event, or <c>null</c> when the trader has no use for it.</summary>
    public static Fact? FactOf(ExchangeEvent happened) => happened switch
    {
        ExchangeEvent.CandleClosed e => new Fact.CandleClosed(e.Series, e.Candle),
        ExchangeEvent.OrderChanged e => new Fact.OrderChanged(e.Report),
        ExchangeEvent.Executed e => new Fact.Executed(e.Execution),
        ExchangeEvent.PositionChanged e => new Fact.PositionChanged(e.Report),
        ExchangeEvent.TimePassed e => new Fact.TimePassed(e.Time),
        ExchangeEvent.StreamInterrupted e => new Fact.StreamInterrupted(e.Stream, e.Reason),
        ExchangeEvent.StreamRestored e => new Fact.StreamRestored(e.Stream),

        // The wallet follows from executions; the venue's word on it is taken at reconciliation only.
        ExchangeEvent.WalletChanged => null,
        _ => throw new InvalidOperationException($"Invariant: event {happened.GetType().Name} has no rule"),
    };

    private static Fact.Answered Fact(ClientOrderId id, SubmitAnswer answer) => answer switch
    {
        SubmitAnswer.Acknowledged(var venueId) => new Fact.Answered(id, AnswerOutcome.Accepted, venueId.Value, ""),
        SubmitAnswer.Refused(var code, var text) => new Fact.Answered(id, AnswerOutcome.Refused, "", $"{code} {text}"),
        SubmitAnswer.Duplicate => new Fact.Answered(id, AnswerOutcome.Duplicate, "", "the id was used before"),
        SubmitAnswer.Unknown(var text) => new Fact.Answered(id, AnswerOutcome.Unknown, "", text),
        _ => throw new InvalidOperationException($"Invariant: answer {answer.GetType().Name} has no rule"),
    };

    private static (AnswerOutcome Outcome, string Text) Outcome(RequestAnswer answer) => answer switch
    {
        RequestAnswer.Done => (AnswerOutcome.Accepted, ""),
        RequestAnswer.Refused(var code, var text) => (AnswerOutcome.Refused, $"{code} {text}"),
        RequestAnswer.Unknown(var text) => (AnswerOutcome.Unknown, text),
        _ => throw new InvalidOperationException($"Invariant: answer {answer.GetType().Name} has no rule"),
    };
}

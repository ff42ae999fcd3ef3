using TicketBot.Domain;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Risk;

namespace TicketBot.Trading.Orders;

/// <content>How each fact changes the account.</content>
public sealed partial class AccountState
{
    /// <summary>Folds a fact in. <paramref name="sequence"/> is its journal number.</summary>
    public void Apply(Fact fact, Instant time, long sequence)
    {
        if (fact is Fact.Started(_, _, var warmups))
        {
            foreach (var warmup in warmups)
            {
                _marks[warmup.Series.Symbol] = warmup.Close; // Before the day may change: its peak is taken at these.
            }

            _equity = null;
        }

        Advance(time);
        switch (fact)
        {
            case Fact.TimePassed: // The most frequent one.
                break;
            case Fact.Started:
                (IsReconciled, State, StateReason) = (false, State == TradingState.Active ? TradingState.Starting : State, State == TradingState.Active ? "recovering" : StateReason);
                Interrupted.Clear();
                foreach (var holding in _holdings.Values)
                {
                    if (!holding.StopConfirmed)
                    {
                        holding.Unprotect(time); // What was asked for before the stop of the process may not have left.
                    }
                }

                foreach (var tracked in _open.Values)
                {
                    (tracked.LookUpPending, tracked.LookedUpAt, tracked.CancelPending, tracked.FinalSince) = (false, null, false, null);
                    if (tracked.Order.Status == OrderStatus.Intended)
                    {
                        tracked.Order.Apply(new OrderEvent.AnswerLost()); // Whether its bytes left before the stop is not known.
                    }
                }

                break;
            case Fact.CandleClosed closed:
                _marks[closed.Series.Symbol] = closed.Candle.Close;
                if (_holdings.TryGetValue(closed.Series.Symbol, out var valued) && !valued.Position.IsFlat)
                {
                    _equity = null;
                }

                Counts = Counts with { Candles = Counts.Candles + 1 };
                break;
            case Fact.OrderChanged(var report):
                Report(report);
                break;
            case Fact.Executed(var execution):
                Execute(execution);
                break;
            case Fact.PositionChanged(var report):
                Confirm(report);
                break;
            case Fact.StreamInterrupted(var stream, _):
                Interrupted.Add(stream);
                IsReconciled &= stream != StreamNames.Private;
                break;
            case Fact.StreamRestored(var stream):
                Interrupted.Remove(stream);
                IsReconciled &= stream != StreamNames.Private; // A snapshot from before may lack what was missed since.
                break;
            case Fact.Reconciled(var snapshot, _):
                IsReconciled = !Interrupted.Contains(StreamNames.Private);
                EndWhatStaysUnexplained();
                foreach (var report in snapshot.Positions)
                {
                    Confirm(report, isWholeTruth: true);
                }

                break;
            case Fact.Answered answered:
                Answer(answered);
                break;
            case Fact.LookedUp(var id, var report):
                LookedUp(id, report);
                break;
            case Fact.LookUpFailed(var id, _):
                if (_open.TryGetValue(id, out var failed))
                {
                    failed.LookUpPending = false;
                }

                break;
            case Fact.StopAnswered(var symbol, var stop, var outcome, var text):
                StopAnswered(HoldingOf(symbol), stop, outcome, text);
                break;
            case Fact.Decided(var decision):
                // Here, not at the candle: only now the marks of all series stand at the same close, whatever their order of arrival.
                RaisePeak();
                _today.Note(decision);
                Counts = Counts with
                {
                    Decisions = Counts.Decisions + 1,
                    Signals = Counts.Signals + (decision.Signal is null ? 0 : 1),
                    Denials = Counts.Denials + (decision.Signal is not null && decision.Denial != DenialCode.None ? 1 : 0),
                };
                break;
            case Fact.Intended(var intent):
                _open[intent.Request.Id] = new TrackedOrder(intent, sequence);
                if (intent.Kind == IntentKind.Exit)
                {
                    var closing = HoldingOf(intent.Request.Symbol);
                    closing.ExitAttempts++;
                    (closing.LastExitAt, closing.Closing) = (time, intent.Reason);
                }

                Counts = Counts with { Orders = Counts.Orders + 1 };
                break;
            case Fact.StopRequested(var symbol, var stop):
                var unprotected = HoldingOf(symbol);
                (unprotected.Stop, unprotected.StopAskedAt, unprotected.StopFailed) = (stop, time, false);
                unprotected.StopRequestedAt ??= time;
                break;
            case Fact.StateChanged(var state, var reason, var until):
                Counts = Counts with { Halts = Counts.Halts + (state == TradingState.Halted && until is not null && State != TradingState.Halted ? 1 : 0) };
                (State, StateReason, StateUntil) = (state, reason, until);
                break;
            case Fact.Adopted(var report, _):
                Adopt(report);
                break;
            case Fact.CashChanged(var change, var isFirst):
                HasCash = true;
                CashSince = isFirst ? time : CashSince;
                Cash += change;
                _equity = null;
                DayPeak += change; // Deposits and withdrawals move the peak and never trigger the halt.
                break;
            case Fact.ProvedAbsent(var id):
                GiveUp(id);
                break;
            case Fact.Withheld(var id, _):
                GiveUp(id);
                break;
            case Fact.CancelAnswered(var id, _, _):
                if (Find(id) is { } cancelled)
                {
                    (cancelled.CancelPending, cancelled.Cancels) = (false, cancelled.Cancels + 1);
                }

                break;
            case Fact.SymbolHalted(var symbol, var code, var detail):
                HaltsToChange(symbol)[code] = new SymbolHalt(symbol, code, detail, time);
                break;
            case Fact.SymbolResumed(var symbol, var code, _):
                HaltsToChange(symbol).Remove(code);
                break;
            case Fact.Commanded(OperatorCommand.Flatten or OperatorCommand.Halt, _, _):
                AskToClose();
                break;
            case Fact.Commanded(OperatorCommand.Pause, var reason, _):
                PauseReason = $"paused by the operator: {reason}";
                break;
            case Fact.Commanded(OperatorCommand.Resume, _, null):
                PauseReason = null;
                break;
            case Fact.SizeLimited(var series, var regimes, var factor, var reason):
                _sizeLimits[series] = (regimes, factor, reason);
                break;
            case Fact.Activated or Fact.Commanded:
                break;
            default:
                throw new InvalidOperationException($"Invariant: fact {fact.GetType().Name} has no rule");
        }
    }

    /// <summary>Notes that a look-up of an order was asked for.</summary>
    internal void MarkLookUp(TrackedOrder tracked) => (tracked.LookUpPending, tracked.LookedUpAt) = (true, MarketTime);

    private void Advance(Instant time)
    {
        if (time > MarketTime)
        {
            MarketTime = time;
        }

        var day = MarketTime.StartOfUtcDay();
        if (day > _day)
        {
            if (_day != default)
            {
                LastDay = _today.End(_day, this);
            }

            _day = day;
            DayPeak = Equity;
            _today.Begin(this);
        }
    }

    private void RaisePeak()
    {
        var equity = Equity;
        if (equity > DayPeak)
        {
            DayPeak = equity;
        }
    }
}

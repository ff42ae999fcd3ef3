using TicketBot.Domain;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;

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
        }

        Advance(time);
        switch (fact)
        {
            case Fact.Started:
                (IsReconciled, State, StateReason) = (false, State == TradingState.Active ? TradingState.Starting : State, State == TradingState.Active ? "recovering" : StateReason);
                Interrupted.Clear();
                foreach (var tracked in _open.Values)
                {
                    (tracked.LookUpPending, tracked.LookedUpAt) = (false, null);
                    if (tracked.Order.Status == OrderStatus.Intended)
                    {
                        tracked.Order.Apply(new OrderEvent.AnswerLost()); // Whether its bytes left before the stop is not known.
                    }
                }

                break;
            case Fact.CandleClosed(var series, var candle):
                _marks[series.Symbol] = candle.Close;
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
                IsReconciled &= stream != "private";
                break;
            case Fact.StreamRestored(var stream):
                Interrupted.Remove(stream);
                IsReconciled &= stream != "private"; // A snapshot from before may lack what was missed since.
                break;
            case Fact.Reconciled(var snapshot):
                IsReconciled = !Interrupted.Contains("private");
                EndWhatStaysUnexplained();
                foreach (var report in snapshot.Positions)
                {
                    Confirm(report);
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
            case Fact.StopAnswered(var symbol, var stop, var outcome, _):
                if (outcome == AnswerOutcome.Accepted && HoldingOf(symbol) is { Position.IsFlat: false } protectedHolding)
                {
                    // The venue's yes is a confirmation: a stop that was there already causes no report.
                    (protectedHolding.Stop, protectedHolding.StopConfirmed) = (stop, true);
                }

                break;
            case Fact.Decided(var decision):
                // Here, not at the candle: only now the marks of all series stand at the same close, whatever their order of arrival.
                RaisePeak();
                Counts = Counts with
                {
                    Decisions = Counts.Decisions + 1,
                    Signals = Counts.Signals + (decision.Signal is null ? 0 : 1),
                    Denials = Counts.Denials + (decision.Signal is not null && decision.Denial != Risk.DenialCode.None ? 1 : 0),
                };
                break;
            case Fact.Intended(var intent):
                _open[intent.Request.Id] = new TrackedOrder(intent, sequence);
                if (intent.Kind == IntentKind.Exit)
                {
                    HoldingOf(intent.Request.Symbol).ExitAttempts++;
                    HoldingOf(intent.Request.Symbol).LastExitAt = time;
                }

                Counts = Counts with { Orders = Counts.Orders + 1 };
                break;
            case Fact.StopRequested(var symbol, var stop):
                HoldingOf(symbol).Stop = stop;
                HoldingOf(symbol).StopRequestedAt = time;
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
                DayPeak += change; // Deposits and withdrawals move the peak and never trigger the halt.
                break;
            case Fact.ProvedAbsent(var id):
                if (_open.TryGetValue(id, out var absent))
                {
                    absent.Order.Apply(new OrderEvent.ProvedAbsent());
                    Settle(absent);
                }

                break;
            case Fact.Commanded(OperatorCommand.Flatten or OperatorCommand.Halt, _):
                AskToClose();
                break;
            case Fact.TimePassed or Fact.CancelAnswered or Fact.Activated or Fact.Commanded:
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
            _day = day;
            DayPeak = Equity;
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

    private void Report(OrderReport report)
    {
        if (report.IsStopLoss)
        {
            var holding = HoldingOf(report.Symbol);
            if (report.Status is OrderStatus.Open && !holding.Position.IsFlat)
            {
                holding.StopConfirmed = true;
                holding.Stop = report.Trigger ?? holding.Stop;
            }

            return;
        }

        if (report.Status != OrderStatus.Unknown && Find(report.ClientOrderId) is { } tracked)
        {
            tracked.Order.Apply(new OrderEvent.Reported(report.VenueId, report.Status, report.FilledQuantity, report.Reason));
            Settle(tracked);
        }
    }

    private void Execute(Execution execution)
    {
        if (!_seen.Add(execution.Id))
        {
            return;
        }

        _seenOrder.Enqueue(execution.Id);
        if (_seenOrder.Count > ExecutionsRemembered)
        {
            _seen.Remove(_seenOrder.Dequeue());
        }

        if (execution.Time > LastExecution)
        {
            LastExecution = execution.Time;
        }

        var holding = HoldingOf(execution.Symbol);
        var before = holding.Position.SignedQuantity;
        holding.Position.Apply(execution);
        if (execution.Kind == ExecutionKind.Funding)
        {
            Counts = Counts with { FundingPayments = Counts.FundingPayments + 1 };
            return;
        }

        if (execution.Kind is not (ExecutionKind.Trade or ExecutionKind.Forced))
        {
            return;
        }

        Counts = Counts with { Fills = Counts.Fills + 1 };
        _fills.Enqueue(execution);
        if (_fills.Count > 200)
        {
            _fills.Dequeue();
        }

        var tracked = Find(execution.ClientOrderId);
        tracked?.Order.Apply(new OrderEvent.Filled(execution.Quantity));

        var after = holding.Position.SignedQuantity;
        if (after == 0 || Math.Sign(after) != Math.Sign(before))
        {
            holding.Clear();
            holding.OpenedAt = execution.Time;
        }

        if (after != 0 && tracked is { Intent.Kind: IntentKind.Entry })
        {
            holding.Owner = tracked.Intent.Ticket;
            holding.ExitDue = tracked.Intent.ExitDue;
            holding.Stop ??= tracked.Intent.Request.StopLoss;
            holding.CloseAsked |= tracked.CloseAsked;
        }

        if (holding.LastReport is { } report && report.SignedQuantity == after && report.Time >= execution.Time)
        {
            Confirm(report);
        }

        if (tracked is not null)
        {
            Settle(tracked);
        }
    }

    private void Confirm(PositionReport report)
    {
        var holding = HoldingOf(report.Symbol);
        holding.LastReport = report;
        if (holding.Position.IsFlat || Math.Sign(report.SignedQuantity) != Math.Sign(holding.Position.SignedQuantity))
        {
            return;
        }

        holding.StopConfirmed = report.StopLoss is not null;
        holding.Stop = report.StopLoss ?? holding.Stop;
    }

    private void Answer(Fact.Answered answered)
    {
        if (Find(answered.Id) is not { } tracked)
        {
            return;
        }

        tracked.Order.Apply(answered.Outcome switch
        {
            AnswerOutcome.Accepted => new OrderEvent.Acknowledged(new VenueOrderId(answered.VenueId)),
            AnswerOutcome.Refused => new OrderEvent.Rejected(answered.Text),
            AnswerOutcome.Duplicate or AnswerOutcome.Unknown => new OrderEvent.AnswerLost(),
            _ => throw new InvalidOperationException($"Invariant: outcome {answered.Outcome} has no rule"),
        });
        Settle(tracked);
    }

    private void LookedUp(ClientOrderId id, OrderReport? report)
    {
        if (Find(id) is not { } tracked)
        {
            return;
        }

        tracked.LookUpPending = false;
        if (report is null)
        {
            tracked.MissedAt ??= MarketTime;
        }
        else
        {
            tracked.MissedAt = null;
            Report(report);
        }
    }

    private void Adopt(PositionReport report)
    {
        var holding = HoldingOf(report.Symbol);
        var difference = report.SignedQuantity - holding.Position.SignedQuantity;
        if (difference == 0)
        {
            return;
        }

        var before = holding.Position.SignedQuantity;
        var price = PriceOfAdopted(holding.Position, report, difference);
        holding.Position.Apply(new Execution
        {
            Id = new ExecutionId($"adopted-{report.Symbol}-{report.Time.UnixMilliseconds}"),
            Symbol = report.Symbol,
            Kind = ExecutionKind.Forced,
            OrderId = new VenueOrderId(""),
            Side = difference > 0 ? Side.Buy : Side.Sell,
            Price = new Price(price),
            Quantity = new Quantity(Math.Abs(difference)),
            Fee = Money.Zero,
            Time = report.Time,
        });
        if (holding.Position.IsFlat || Math.Sign(before) != Math.Sign(report.SignedQuantity))
        {
            holding.Clear();
        }

        if (!holding.Position.IsFlat)
        {
            holding.OpenedAt = report.Time;
            holding.StopRequestedAt = null;
            holding.Stop = report.StopLoss;
            holding.StopConfirmed = report.StopLoss is not null;
        }
    }

    // Growth is entered at the price that gives the venue's average; a part that is gone, at the venue's entry or our mark: what it
    // really brought is in the wallet.
    private decimal PriceOfAdopted(Position position, PositionReport report, decimal difference)
    {
        if (report.AverageEntry > 0 && Math.Sign(difference) == Math.Sign(report.SignedQuantity) && Math.Sign(position.SignedQuantity) != -Math.Sign(difference))
        {
            var price = ((report.AverageEntry * report.SignedQuantity) - position.SignedCost) / difference;
            return price > 0 ? price : report.AverageEntry;
        }

        return report.AverageEntry > 0 ? report.AverageEntry : MarkOf(position);
    }

    private void AskToClose()
    {
        foreach (var holding in _holdings.Values)
        {
            holding.CloseAsked = !holding.Position.IsFlat;
        }

        foreach (var tracked in _open.Values)
        {
            tracked.CloseAsked |= tracked.Intent.Kind == IntentKind.Entry;
        }
    }
}

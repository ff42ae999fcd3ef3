using TicketBot.Domain;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;

namespace TicketBot.Trading.Orders;

/// <content>What the venue's reports and answers change.</content>
public sealed partial class AccountState
{
    private void Report(OrderReport report)
    {
        if (report.IsStopLoss)
        {
            var holding = HoldingOf(report.Symbol);
            if (report.Status is OrderStatus.Open && !holding.Position.IsFlat && (report.Trigger ?? holding.Stop) is { } stop)
            {
                holding.Confirm(stop);
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
        _equity = null;
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
            (holding.OpenedAt, holding.UnprotectedSince) = (execution.Time, execution.Time);
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

    private void Confirm(PositionReport report, bool isWholeTruth = false)
    {
        var holding = HoldingOf(report.Symbol);
        if (holding.LastReport is { } newer && report.Time < newer.Time)
        {
            return;
        }

        holding.LastReport = report;
        if (holding.Position.IsFlat || Math.Sign(report.SignedQuantity) != Math.Sign(holding.Position.SignedQuantity))
        {
            return;
        }

        if (report.StopLoss is { } stop)
        {
            holding.Confirm(stop);
        }
        else
        {
            if (holding.StopConfirmed)
            {
                holding.Unprotect(MarketTime);
            }

            holding.StopMissing |= isWholeTruth && report.SignedQuantity == holding.Position.SignedQuantity;
        }
    }

    private static void StopAnswered(Holding holding, Price stop, AnswerOutcome outcome, string text)
    {
        if (holding.Position.IsFlat)
        {
            return;
        }

        if (outcome == AnswerOutcome.Accepted)
        {
            holding.Confirm(stop); // The venue's yes is a confirmation: a stop that was there already causes no report.
        }
        else if (!holding.StopConfirmed)
        {
            (holding.StopFailed, holding.StopIsThrough) = (true, holding.StopIsThrough || (outcome == AnswerOutcome.Refused && RefusalCodes.IsStopThrough(text)));
        }
    }

    private void GiveUp(ClientOrderId id)
    {
        if (_open.TryGetValue(id, out var tracked))
        {
            tracked.Order.Apply(new OrderEvent.ProvedAbsent());
            if (tracked.Order.IsFinal)
            {
                Settle(tracked);
            }
            else
            {
                End(tracked); // The venue once had it: it keeps its state, and is open again when something of it is heard after all.
            }
        }
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
        tracked.MissedAt = answered.Outcome == AnswerOutcome.Accepted ? null : tracked.MissedAt;
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
        _equity = null;
        if (holding.Position.IsFlat || Math.Sign(before) != Math.Sign(report.SignedQuantity))
        {
            holding.Clear();
        }

        if (!holding.Position.IsFlat)
        {
            holding.OpenedAt = before == 0 || Math.Sign(before) != Math.Sign(report.SignedQuantity) ? report.Time : holding.OpenedAt;
            holding.LastReport = report;
            holding.Unprotect(report.Time);
            if (report.StopLoss is { } stop)
            {
                holding.Confirm(stop);
            }
            else
            {
                (holding.Stop, holding.StopMissing) = (null, true);
            }
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

using System.Globalization;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;
using TicketBot.Trading.Risk;
using TicketBot.Trading.Signals;

namespace TicketBot.Trading;

/// <content>From an open position to its end: exits, halts and the operator.</content>
public sealed partial class TradingCore
{
    private const long LongestExitPauseMs = 30_000;
    private const int MostDustExits = 3;
    private const int MostCancels = 3;

    private void DecideOnOpenPosition(SeriesPipeline pipeline, Holding holding, Decision decision, Instant close)
    {
        var owner = holding.Owner is { } id ? pipeline.FindTicket(id) : null;
        var reason = ExitReason.None;
        if (owner is not null)
        {
            decision = Asked(pipeline, owner, decision, close);
            reason = decision.Signal is { } signal && signal != holding.Position.Side ? ExitReason.OppositeSignal : reason;
            reason = owner.Ticket.ExpiresAt <= close ? ExitReason.TicketExpired : reason;
        }

        reason = holding.ExitDue is { } due && due <= close ? ExitReason.Horizon : reason;
        if (reason == ExitReason.None || HasExitUnderWay(pipeline.Key.Symbol))
        {
            Conclude(decision with { Denial = DenialCode.PositionOpen, Detail = $"position {holding.Position.SignedQuantity} stays open" });
            return;
        }

        RequestExit(pipeline.Key.Symbol, holding, reason, close, decision with { Denial = DenialCode.None });
    }

    private bool HasExitUnderWay(Symbol symbol)
    {
        foreach (var tracked in Account.OpenOrders.Values)
        {
            if (tracked.Order.Symbol == symbol && tracked.Intent.Kind == IntentKind.Exit)
            {
                return true;
            }
        }

        return false;
    }

    private void RequestExit(Symbol symbol, Holding holding, ExitReason reason, Instant causedAt, Decision? decision)
    {
        var side = holding.Position.Side!.Value.Opposite();
        var attempt = holding.ExitAttempts;
        while (Account.FindOrder(OrderIds.For(_journal.FolderIdentity, symbol, causedAt, IntentKind.Exit, attempt)) is not null)
        {
            attempt++; // A position closed and opened again at one market time.
        }

        var quantity = new Quantity(Math.Min(holding.Position.Quantity.Value, _instruments[symbol].MaxMarketQuantity));
        var request = new OrderRequest
        {
            Id = OrderIds.For(_journal.FolderIdentity, symbol, causedAt, IntentKind.Exit, attempt),
            Symbol = symbol,
            Side = side,
            Type = OrderType.Market,
            Quantity = quantity,
            ReduceOnly = true,
            CausedAt = causedAt,
        };
        long? cause = decision is null
            ? null
            : Conclude(decision with { Order = request.Id, Detail = $"close {holding.Position.SignedQuantity}: {reason}" });
        Send(new OrderIntent(request, IntentKind.Exit, reason, holding.Owner, null, attempt), cause);
    }

    private void CloseWhenDue(Symbol symbol, Holding holding)
    {
        var reason = Account.State == TradingState.Halted
            ? (Account.StateUntil is null ? ExitReason.Operator : ExitReason.Drawdown)
            : holding.CloseAsked ? ExitReason.Operator
            : holding.ExitDue is { } due && due.Plus(_options.ReferenceWaitMs) <= Account.MarketTime ? ExitReason.Horizon
            : holding.Closing;
        if (reason != ExitReason.None && MayExit(symbol, holding))
        {
            RequestExit(symbol, holding, reason, Account.MarketTime, null);
        }
    }

    // A refused exit is tried again, but not at every tick: the pause doubles up to half a minute.
    private bool MayExit(Symbol symbol, Holding holding)
    {
        if (!_instruments.TryGetValue(symbol, out var instrument) || HasExitUnderWay(symbol))
        {
            return false;
        }

        if (IsUnclosableDust(holding, instrument))
        {
            HaltSymbol(symbol, HaltCode.Dust, string.Create(
                CultureInfo.InvariantCulture,
                $"{holding.Position.SignedQuantity} is left, the venue's minimum is {instrument.MinQuantity}; it refused to close that {holding.ExitAttempts} times: close it by hand"));
            return false;
        }

        var pause = Math.Min(LongestExitPauseMs, 500L << Math.Min(holding.ExitAttempts, 6));
        return (holding.LastExitAt is not { } last || Account.MarketTime.Since(last) >= pause);
    }

    private static bool IsUnclosableDust(Holding holding, Instrument instrument) =>
        holding.ExitAttempts >= MostDustExits && holding.Position.Quantity.Value < instrument.MinQuantity;

    // An exit that ended without closing means that the venue holds something else than we think.
    private void AskAfterFailedExit(TrackedOrder? exit)
    {
        if (exit is { Intent.Kind: IntentKind.Exit, Order.Status: OrderStatus.Rejected or OrderStatus.Cancelled }
            && !Account.HoldingOf(exit.Order.Symbol).Position.IsFlat)
        {
            _effects.Add(new TradingEffect.Reconcile(Account.ExecutionsSince));
        }
    }

    private void CloseAll(ExitReason reason)
    {
        foreach (var (symbol, holding) in Account.Holdings)
        {
            if (!holding.Position.IsFlat && !HasExitUnderWay(symbol) && _instruments.ContainsKey(symbol))
            {
                RequestExit(symbol, holding, reason, Account.MarketTime, null);
            }
        }

        foreach (var tracked in Account.OpenOrders.Values)
        {
            if (tracked.Intent.Kind == IntentKind.Entry && tracked.Order.Type == OrderType.Limit)
            {
                Cancel(tracked);
            }
        }
    }

    private void Cancel(TrackedOrder tracked)
    {
        if (!tracked.Order.IsFinal && !tracked.CancelPending && tracked.Cancels < MostCancels)
        {
            tracked.CancelPending = true;
            _effects.Add(new TradingEffect.Cancel(tracked.Order.Symbol, tracked.Order.Id));
        }
    }

    // A refused cancel proves nothing about the order: one question tells, and only an order that is still open is cancelled again.
    private void OnCancelAnswered(ClientOrderId id, AnswerOutcome outcome)
    {
        if (outcome != AnswerOutcome.Accepted && Account.OpenOrders.GetValueOrDefault(id) is { LookUpPending: false, Order.IsFinal: false } tracked)
        {
            LookUp(tracked);
        }
    }

    private void CancelWhenAsked(ClientOrderId id)
    {
        if (Account.OpenOrders.GetValueOrDefault(id) is { CloseAsked: true, Intent.Kind: IntentKind.Entry, Order.Type: OrderType.Limit } tracked)
        {
            Cancel(tracked);
        }
    }

    private void OnCommand(OperatorCommand command, string reason, Symbol? symbol)
    {
        if (command == OperatorCommand.Resume)
        {
            GiveUpLostOrders(symbol);
            LiftHalts(symbol, $"resumed by the operator: {reason}");
            if (symbol is not null)
            {
                return; // The others stay as they are.
            }
        }

        switch (command)
        {
            case OperatorCommand.Pause when Account.State == TradingState.Halted:
                break; // A halt stops more than a pause would; if it ends by itself, the pause remains.
            case OperatorCommand.Resume when Account.State == TradingState.Halted && Account.StateUntil is not null:
                break; // The day's loss limit is not the operator's to lift.
            case OperatorCommand.Pause:
                ChangeState(TradingState.Paused, $"paused by the operator: {reason}", null);
                break;
            case OperatorCommand.Resume:
                ChangeState(Account.IsReconciled ? TradingState.Active : TradingState.Starting, $"resumed by the operator: {reason}", null);
                break;
            case OperatorCommand.Flatten:
                CloseAll(ExitReason.Operator);
                break;
            case OperatorCommand.Halt:
                ChangeState(TradingState.Halted, $"halted by the operator: {reason}", null);
                CloseAll(ExitReason.Operator);
                break;
            default:
                throw new InvalidOperationException($"Invariant: command {command} has no rule");
        }
    }

    private void CheckDrawdown()
    {
        if (Account.State == TradingState.Halted || !Account.HasCash || Account.DayLoss < _options.MaxDailyDrawdown)
        {
            return;
        }

        var until = Account.MarketTime.StartOfUtcDay().Plus(Instant.MillisecondsPerDay);
        ChangeState(
            TradingState.Halted,
            string.Create(CultureInfo.InvariantCulture, $"daily drawdown {Account.DayLoss:P2} of peak {Account.DayPeak.Value:F2} reached the limit {_options.MaxDailyDrawdown:P2}"),
            until);
        CloseAll(ExitReason.Drawdown);
    }
}

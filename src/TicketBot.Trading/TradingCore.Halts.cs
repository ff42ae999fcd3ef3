using System.Globalization;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;
using TicketBot.Trading.Risk;

namespace TicketBot.Trading;

/// <content>What halts the entries of one symbol, and what lifts that. Exits and stops are never halted.</content>
public sealed partial class TradingCore
{
    // An order of which nothing is known for so long is more than a slow answer.
    private const long UnknownOrderHaltMs = 30_000;

    // Judged after the fact was folded in, so that what it says is seen beside what is known.
    private void Judge(Fact fact, long sequence)
    {
        if (!fact.IsInput && fact is not Fact.Adopted)
        {
            return;
        }

        var cause = _cause;
        _cause = sequence;
        Judge(fact);
        _cause = cause;
    }

    private void Judge(Fact fact)
    {
        switch (fact)
        {
            case Fact.Executed(var execution):
                JudgeExecution(execution);
                break;
            case Fact.OrderChanged(var report):
                JudgeReport(report);
                break;
            case Fact.LookedUp(_, { } report):
                JudgeReport(report);
                break;
            case Fact.PositionChanged(var report):
                JudgeSettings(report);
                break;
            case Fact.Reconciled(var snapshot, _):
                foreach (var report in snapshot.Positions)
                {
                    JudgeSettings(report);
                    LiftSettings(report);
                }

                break;
            case Fact.Adopted(var report, var expected) when Account.HasCash:
                HaltSymbol(report.Symbol, HaltCode.OutsideTrade, string.Create(
                    CultureInfo.InvariantCulture, $"the venue holds {report.SignedQuantity}, our executions explain {expected}"));
                break;
            default:
                break;
        }
    }

    private void JudgeExecution(Execution execution)
    {
        var symbol = execution.Symbol;
        var tracked = Account.FindOrder(execution.ClientOrderId);
        var what = string.Create(CultureInfo.InvariantCulture, $"{execution.Side} {execution.Quantity} at {execution.Price}, execution {execution.Id}");
        if (execution.Kind == ExecutionKind.Forced)
        {
            HaltSymbol(symbol, HaltCode.ForcedExecution, $"the venue forced {what}");
        }
        else if (execution.Kind == ExecutionKind.Trade && tracked is null && !execution.IsStopLoss && !IsForgottenExit(execution))
        {
            HaltSymbol(symbol, HaltCode.OutsideTrade, $"not an order that the journal knows: {what}");
        }

        if (tracked is not null && execution.Kind == ExecutionKind.Trade)
        {
            JudgeOrder(tracked, symbol, execution.Side, tracked.Order.ExecutedQuantity);
        }
    }

    // An exit of ours may leave while the journal cannot be written; after a kill only the venue knows it.
    private bool IsForgottenExit(Execution execution)
    {
        var change = execution.Side.Sign() * execution.Quantity.Value;
        var before = Account.HoldingOf(execution.Symbol).Position.SignedQuantity - change;
        return OrderIds.IsOurs(execution.ClientOrderId) && Math.Sign(before) == -Math.Sign(change) && Math.Abs(change) <= Math.Abs(before);
    }

    private void JudgeReport(OrderReport report)
    {
        if (!report.IsStopLoss && report.Status != OrderStatus.Unknown && Account.FindOrder(report.ClientOrderId) is { } tracked)
        {
            JudgeOrder(tracked, report.Symbol, report.Side, report.FilledQuantity);
        }
    }

    private void JudgeOrder(TrackedOrder tracked, Symbol symbol, Side side, Quantity filled)
    {
        var order = tracked.Order;
        if (symbol != order.Symbol || side != order.Side)
        {
            HaltSymbol(order.Symbol, HaltCode.Contradiction, $"order {order.Id} was {order.Side} {order.Symbol}, the venue speaks of {side} {symbol}");
        }

        if (filled > order.Quantity)
        {
            HaltSymbol(order.Symbol, HaltCode.Overfilled, $"order {order.Id} was for {order.Quantity}, {filled} was filled");
        }
    }

    private void JudgeSettings(PositionReport report)
    {
        if (report.Leverage is { } leverage && leverage != 1)
        {
            HaltSymbol(report.Symbol, HaltCode.Leverage, string.Create(CultureInfo.InvariantCulture, $"leverage is {leverage}, must be 1: set it back at the venue"));
        }

        if (report.IsHedged)
        {
            HaltSymbol(report.Symbol, HaltCode.HedgeMode, "the contract is in hedge mode: switch it back to one-way mode at the venue");
        }
    }

    private void LiftSettings(PositionReport report)
    {
        if (report.Leverage == 1)
        {
            LiftHalt(report.Symbol, HaltCode.Leverage, "leverage is 1 again");
        }

        if (!report.IsHedged)
        {
            LiftHalt(report.Symbol, HaltCode.HedgeMode, "one-way mode again");
        }
    }

    // Look-ups go on all the while; what ends the halt is knowing how the order ended.
    private void JudgeUnknownOrders()
    {
        if (Account.OpenOrders.Count == 0 && !Account.HasSymbolHalts)
        {
            return;
        }

        foreach (var tracked in Account.OpenOrders.Values)
        {
            var age = Account.MarketTime.Since(tracked.Intent.Request.CausedAt);
            if (IsUncertain(tracked.Order) && age >= UnknownOrderHaltMs)
            {
                HaltSymbol(tracked.Order.Symbol, HaltCode.OrderUnknown, $"order {tracked.Order.Id} is {tracked.Order.Status} for {age / 1_000} s");
            }
        }

        foreach (var halt in Account.SymbolHalts.Where(h => h.Code == HaltCode.OrderUnknown).ToList())
        {
            if (!Account.OpenOrders.Values.Any(t => t.Order.Symbol == halt.Symbol && IsUncertain(t.Order)))
            {
                LiftHalt(halt.Symbol, HaltCode.OrderUnknown, "it is known how the order ended");
            }
        }
    }

    private static bool IsUncertain(Order order) =>
        order.Status == OrderStatus.Unknown || (order.Type == OrderType.Market && !order.IsFinal && order.Status != OrderStatus.Intended);

    private void HaltSymbol(Symbol symbol, HaltCode code, string detail)
    {
        if (!Account.IsHalted(symbol, code))
        {
            Record(new Fact.SymbolHalted(symbol, code, detail), Account.MarketTime, null);
        }
    }

    private void LiftHalt(Symbol symbol, HaltCode code, string reason)
    {
        if (Account.IsHalted(symbol, code))
        {
            Record(new Fact.SymbolResumed(symbol, code, reason), Account.MarketTime, null);
        }
    }

    private void LiftHalts(Symbol? symbol, string reason)
    {
        foreach (var halt in Account.SymbolHalts.Where(h => symbol is not { } one || h.Symbol == one).ToList())
        {
            LiftHalt(halt.Symbol, halt.Code, reason);
        }
    }
}

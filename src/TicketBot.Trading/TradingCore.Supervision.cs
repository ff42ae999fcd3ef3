using TicketBot.Domain;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;
using TicketBot.Trading.Risk;

namespace TicketBot.Trading;

/// <content>What must not stay as it is: positions without a stop, orders without an end.</content>
public sealed partial class TradingCore
{
    // A market order that has neither ended nor been heard of for this long is looked up.
    private const long SilentOrderMs = 2_000;

    // A request for a stop that was refused or lost is made again after this long.
    private const long StopPauseMs = 1_000;
    private const int MostResends = 3;

    // An order that was acknowledged and that every look-up has missed for so long is lost.
    private const long LostOrderMs = 10_000;

    // The stop travels with the entry; here its arrival at the venue is checked, and a missing one set, or the position closed.
    private void Protect(Symbol symbol, Holding holding)
    {
        if (holding.StopConfirmed || !_instruments.TryGetValue(symbol, out var instrument) || IsUnclosableDust(holding, instrument))
        {
            return;
        }

        var now = Account.MarketTime;
        if (holding.StopIsThrough || (holding.StopRequestedAt is { } first && now.Since(first) >= _options.StopConfirmationMs * 3 / 2))
        {
            CloseWhatCannotBeProtected(symbol);
        }

        // Of a position that came from outside no stop is on its way; nor where the venue said that there is none.
        var patience = holding.StopMissing ? 0 : holding.Stop is null ? _options.StopConfirmationMs / 2 : _options.StopConfirmationMs;
        var isDue = holding.StopAskedAt is { } last
            ? holding.StopFailed && !holding.StopIsThrough && now.Since(last) >= StopPauseMs
            : now.Since(holding.UnprotectedSince) >= patience;
        if (isDue)
        {
            var stop = holding.Stop ?? RiskEngine.StopFor(instrument, holding.Position.Side!.Value, holding.Position.AverageEntry, _options);
            Record(new Fact.StopRequested(symbol, stop), now, null);
            _effects.Add(new TradingEffect.SetStop(symbol, stop, _options.StopByMarkPrice));
        }
    }

    // Where the market is beyond the stop already, a stop would have closed: so does an order now.
    private void CloseWhatCannotBeProtected(Symbol symbol)
    {
        var holding = Account.HoldingOf(symbol);
        var waited = holding.StopRequestedAt is { } first && Account.MarketTime.Since(first) >= _options.StopConfirmationMs * 3 / 2;
        if (!holding.Position.IsFlat && !holding.StopConfirmed && (holding.StopIsThrough || waited) && MayExit(symbol, holding))
        {
            RequestExit(symbol, holding, ExitReason.Unprotected, Account.MarketTime, null);
        }
    }

    private void LookUpUncertainOrders()
    {
        if (Account.OpenOrders.Count == 0)
        {
            return;
        }

        var executionsMissing = false;
        foreach (var tracked in Account.OpenOrders.Values)
        {
            var order = tracked.Order;
            if (tracked.LookUpPending || (tracked.LookedUpAt is { } last && Account.MarketTime.Since(last) < _options.AbsenceProofMs))
            {
                continue;
            }

            var silent = Account.MarketTime.Since(tracked.Intent.Request.CausedAt) > SilentOrderMs;
            if (order.IsFinal && silent)
            {
                executionsMissing = true;
                tracked.LookedUpAt = Account.MarketTime;
            }
            else if (order.Status == OrderStatus.Unknown || (silent && order.Type == OrderType.Market && order.Status != OrderStatus.Intended))
            {
                LookUp(tracked);
            }
        }

        if (executionsMissing)
        {
            _effects.Add(new TradingEffect.Reconcile(Account.ExecutionsSince)); // A look-up tells no executions.
        }
    }

    private void LookUpLostAnswer(Fact.Answered answered)
    {
        if (answered.Outcome is AnswerOutcome.Unknown or AnswerOutcome.Duplicate && Account.OpenOrders.TryGetValue(answered.Id, out var tracked))
        {
            LookUp(tracked);
        }
    }

    private void LookUp(TrackedOrder tracked)
    {
        Account.MarkLookUp(tracked);
        _effects.Add(TradingEffect.LookUpOf(tracked));
    }

    // An exit of what is still held is sent again after one look-up that missed, with the same id; an entry never: two misses, apart
    // in time, end it, and so they do an exit that has become needless.
    private void OnMissed(ClientOrderId id)
    {
        if (!Account.OpenOrders.TryGetValue(id, out var tracked))
        {
            return;
        }

        if (tracked.Order.VenueId is not null)
        {
            OnLost(tracked);
        }
        else if (tracked.Intent.Kind == IntentKind.Exit && !Account.HoldingOf(tracked.Order.Symbol).Position.IsFlat)
        {
            var sent = tracked.Resent.At == Account.MarketTime ? tracked.Resent.Count : 0;
            if (sent < MostResends)
            {
                tracked.Resent = (Account.MarketTime, sent + 1);
                _effects.Add(new TradingEffect.Submit(tracked.Intent.Request));
            }
        }
        else if (tracked.MissedAt is { } missed && Account.MarketTime.Since(missed) >= _options.AbsenceProofMs)
        {
            Record(new Fact.ProvedAbsent(id), Account.MarketTime, _cause);
        }
    }

    // The venue said yes and then knows nothing of it: what it only acknowledged it may lose. An exit reduces at most, so another one may
    // take its place; an entry is given up only when the operator, who can look at the venue, resumes its symbol.
    private void OnLost(TrackedOrder tracked)
    {
        if (tracked.Intent.Kind == IntentKind.Exit && IsLost(tracked))
        {
            Record(new Fact.ProvedAbsent(tracked.Order.Id), Account.MarketTime, _cause);
        }
    }

    private bool IsLost(TrackedOrder tracked) =>
        tracked.Order is { VenueId: not null, IsFinal: false, Type: OrderType.Market } && tracked.MissedAt is { } missed && Account.MarketTime.Since(missed) >= LostOrderMs;

    private void GiveUpLostOrders(Symbol? symbol)
    {
        foreach (var tracked in Account.OpenOrders.Values.Where(t => (symbol is not { } one || t.Order.Symbol == one) && IsLost(t)).ToList())
        {
            Record(new Fact.ProvedAbsent(tracked.Order.Id), Account.MarketTime, _cause);
        }
    }
}

using System.Globalization;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Risk;

namespace TicketBot.Trading.Orders;

/// <summary>Brings account and venue to agree: the venue decides on quantities and cash, our journal on purposes.</summary>
/// <remarks>In this order: unseen executions, our open orders, positions, stops, cash. A snapshot is read piece by piece while the
/// market goes on, and each piece may lag behind what the streams told: so a difference that executions do not explain is believed only
/// when it stands for <see cref="AccountState.ReadingLagMs"/> of market time in every snapshot; then it is taken over and journalled as such,
/// never silently.</remarks>
public sealed class Reconciler
{
    private readonly AccountState _account;
    private readonly Func<Fact, Instant, long?, long> _record;
    private readonly Action<TradingEffect> _effect;
    private const long LookPauseMs = 1_000;
    private string _difference = "";
    private Instant _differsSince;
    private Instant? _lookAgainAt;

    /// <summary>Makes one over an account.</summary>
    /// <param name="account">The account.</param>
    /// <param name="record">Journals and folds a fact: (fact, time, cause) to sequence.</param>
    /// <param name="effect">Takes effects.</param>
    public Reconciler(AccountState account, Func<Fact, Instant, long?, long> record, Action<TradingEffect> effect) =>
        (_account, _record, _effect) = (account, record, effect);

    /// <summary>Brings the account to agree with a snapshot.</summary>
    /// <param name="snapshot">The venue's word.</param>
    /// <param name="cause">Journal number of the snapshot.</param>
    /// <param name="isConfirmed">Whether the readings before it differed alike for long enough, so that it is believed at once.</param>
    public void Agree(ExchangeSnapshot snapshot, long cause, bool isConfirmed = false)
    {
        if (!_account.HasCash)
        {
            // The journal begins here: what happened before is in the balance already.
            TakePositions(snapshot, cause);
            _record(new Fact.CashChanged(snapshot.Wallet.WalletBalance - _account.Wallet, true), snapshot.Time, cause);
            return;
        }

        foreach (var execution in UnseenIn(snapshot))
        {
            _record(new Fact.Executed(execution), execution.Time, cause);
        }

        AgreeOnOrders(snapshot, cause);
        var difference = string.Join(", ", [.. PositionDifferences(snapshot), .. CashDifference(snapshot)]);
        if (difference.Length > 0 && !isConfirmed)
        {
            if (difference != _difference)
            {
                (_difference, _differsSince) = (difference, _account.MarketTime);
            }

            if (_account.MarketTime.Since(_differsSince) < AccountState.ReadingLagMs)
            {
                _lookAgainAt = _account.MarketTime.Plus(LookPauseMs);
                _account.Disagree();
                return;
            }
        }

        _lookAgainAt = null;
        _difference = "";
        TakePositions(snapshot, cause);
        var cash = snapshot.Wallet.WalletBalance - _account.Wallet;
        if (cash != Money.Zero)
        {
            _record(new Fact.CashChanged(cash, false), snapshot.Time, cause);
        }
    }

    /// <summary>Asks for the next snapshot when one is due because the last one differed.</summary>
    public void LookAgain()
    {
        if (_lookAgainAt <= _account.MarketTime)
        {
            _lookAgainAt = null;
            _effect(new TradingEffect.Reconcile(_account.ExecutionsSince));
        }
    }

    /// <summary>Whether a snapshot has positions or cash other than ours that its executions do not explain.</summary>
    public bool IsUnexplained(ExchangeSnapshot snapshot)
    {
        var unseen = UnseenIn(snapshot).ToList();
        return PositionDifferences(snapshot, unseen).Any() || (unseen.Count == 0 && CashDifference(snapshot).Any());
    }

    /// <summary>Says in what a snapshot differs from the account, in an order that does not depend on chance; empty when taking it in
    /// would change nothing.</summary>
    public string DifferenceTo(ExchangeSnapshot snapshot)
    {
        var unseen = UnseenIn(snapshot).ToList();
        return string.Join(", ", [
            .. unseen.Select(e => $"execution {e.Id} of {e.Symbol}"),
            .. PositionDifferences(snapshot, unseen),
            .. unseen.Count == 0 ? CashDifference(snapshot) : [],
            .. OrderDifferences(snapshot),
            .. StopDifferences(snapshot),
            .. SettingDifferences(snapshot)]);
    }

    private IEnumerable<Execution> UnseenIn(ExchangeSnapshot snapshot) =>
        snapshot.Executions.Where(e => !_account.HasSeen(e.Id) && e.Time >= _account.CashSince);

    private IEnumerable<string> PositionDifferences(ExchangeSnapshot snapshot, IReadOnlyCollection<Execution>? unseen = null)
    {
        foreach (var report in snapshot.Positions)
        {
            var ours = _account.HoldingOf(report.Symbol).Position.SignedQuantity;
            foreach (var execution in unseen ?? [])
            {
                ours += execution.Symbol == report.Symbol && execution.Kind is ExecutionKind.Trade or ExecutionKind.Forced
                    ? execution.Side.Sign() * execution.Quantity.Value : 0;
            }

            if (report.SignedQuantity != ours)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{report.Symbol} {report.SignedQuantity - ours}");
            }
        }
    }

    private IEnumerable<string> CashDifference(ExchangeSnapshot snapshot) =>
        snapshot.Wallet.WalletBalance != _account.Wallet ? [$"cash {snapshot.Wallet.WalletBalance - _account.Wallet}"] : [];

    private IEnumerable<string> OrderDifferences(ExchangeSnapshot snapshot)
    {
        foreach (var report in snapshot.OpenOrders.Where(o => !o.IsStopLoss))
        {
            if (_account.FindOrder(report.ClientOrderId) is { } ours && (ours.Order.IsFinal || report.FilledQuantity > ours.Order.FilledQuantity))
            {
                yield return $"order {report.ClientOrderId} is {report.Status}, filled {report.FilledQuantity}";
            }
        }

        foreach (var tracked in _account.OpenOrders.Values)
        {
            var order = tracked.Order;
            if (!tracked.LookUpPending && order.Status is OrderStatus.Open or OrderStatus.PartiallyFilled && !Lists(snapshot, order.Id))
            {
                yield return $"order {order.Id} is open no more";
            }
        }
    }

    private IEnumerable<string> StopDifferences(ExchangeSnapshot snapshot)
    {
        foreach (var report in snapshot.Positions)
        {
            var holding = _account.HoldingOf(report.Symbol);
            if (report.SignedQuantity == 0 || report.SignedQuantity != holding.Position.SignedQuantity)
            {
                continue;
            }

            if (report.StopLoss is { } stop ? !holding.StopConfirmed || holding.Stop != stop : holding.StopConfirmed || !holding.StopMissing)
            {
                yield return $"stop of {report.Symbol} {report.StopLoss?.ToString() ?? "none"}";
            }
        }
    }

    private IEnumerable<string> SettingDifferences(ExchangeSnapshot snapshot)
    {
        foreach (var report in snapshot.Positions)
        {
            if (report.Leverage is { } leverage && leverage == 1 == _account.IsHalted(report.Symbol, HaltCode.Leverage))
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"leverage of {report.Symbol} {leverage}");
            }

            if (report.IsHedged != _account.IsHalted(report.Symbol, HaltCode.HedgeMode))
            {
                yield return $"hedge mode of {report.Symbol} {(report.IsHedged ? "on" : "off")}";
            }
        }
    }

    private static bool Lists(ExchangeSnapshot snapshot, ClientOrderId id) => snapshot.OpenOrders.Any(o => o.ClientOrderId == id);

    private void AgreeOnOrders(ExchangeSnapshot snapshot, long cause)
    {
        // One that had been given up and rests at the venue all the same is open again by its report.
        foreach (var report in snapshot.OpenOrders.Where(o => !o.IsStopLoss && _account.FindOrder(o.ClientOrderId) is not null))
        {
            _record(new Fact.OrderChanged(report), report.Time, cause);
        }

        foreach (var tracked in _account.OpenOrders.Values.ToList())
        {
            if (!Lists(snapshot, tracked.Order.Id) && !tracked.LookUpPending && tracked.Order.Status != OrderStatus.Intended && !tracked.Order.IsFinal)
            {
                _account.MarkLookUp(tracked);
                _effect(TradingEffect.LookUpOf(tracked));
            }
        }
    }

    private void TakePositions(ExchangeSnapshot snapshot, long cause)
    {
        foreach (var report in snapshot.Positions)
        {
            var holding = _account.HoldingOf(report.Symbol);
            if (report.SignedQuantity != holding.Position.SignedQuantity)
            {
                _record(new Fact.Adopted(report, holding.Position.SignedQuantity), snapshot.Time, cause);
            }
            else if (report.SignedQuantity != 0)
            {
                _record(new Fact.PositionChanged(report), snapshot.Time, cause);
            }
        }
    }
}

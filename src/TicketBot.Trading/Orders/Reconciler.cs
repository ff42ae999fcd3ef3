using System.Globalization;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;

namespace TicketBot.Trading.Orders;

/// <summary>Brings account and venue to agree: the venue decides on quantities and cash, our journal on purposes.</summary>
/// <remarks>In this order: unseen executions, our open orders, positions, stops, cash. A snapshot is read piece by piece while the
/// market goes on, so a difference that executions do not explain is believed only when the next snapshot has it too; then it is
/// taken over and journalled as such, never silently.</remarks>
public sealed class Reconciler
{
    private readonly AccountState _account;
    private readonly Func<Fact, Instant, long?, long> _record;
    private readonly Action<TradingEffect> _effect;
    private string _difference = "";

    /// <summary>Makes one over an account.</summary>
    /// <param name="account">The account.</param>
    /// <param name="record">Journals and folds a fact: (fact, time, cause) to sequence.</param>
    /// <param name="effect">Takes effects.</param>
    public Reconciler(AccountState account, Func<Fact, Instant, long?, long> record, Action<TradingEffect> effect) =>
        (_account, _record, _effect) = (account, record, effect);

    /// <summary>Brings the account to agree with a snapshot.</summary>
    /// <param name="snapshot">The venue's word.</param>
    /// <param name="cause">Journal number of the snapshot.</param>
    public void Agree(ExchangeSnapshot snapshot, long cause)
    {
        if (!_account.HasCash)
        {
            // The journal begins here: what happened before is in the balance already.
            TakePositions(snapshot, cause);
            _record(new Fact.CashChanged(snapshot.Wallet.WalletBalance - _account.Wallet, true), snapshot.Time, cause);
            return;
        }

        foreach (var execution in snapshot.Executions)
        {
            if (!_account.HasSeen(execution.Id) && execution.Time >= _account.CashSince)
            {
                _record(new Fact.Executed(execution), execution.Time, cause);
            }
        }

        AgreeOnOrders(snapshot, cause);
        var difference = DifferenceTo(snapshot);
        if (difference.Length > 0 && difference != _difference)
        {
            _difference = difference;
            _account.Disagree();
            _effect(new TradingEffect.Reconcile(_account.ExecutionsSince));
            return;
        }

        _difference = "";
        TakePositions(snapshot, cause);
        var cash = snapshot.Wallet.WalletBalance - _account.Wallet;
        if (cash != Money.Zero)
        {
            _record(new Fact.CashChanged(cash, false), snapshot.Time, cause);
        }
    }

    // Empty when account and venue agree.
    private string DifferenceTo(ExchangeSnapshot snapshot)
    {
        List<string> parts = [];
        foreach (var report in snapshot.Positions)
        {
            var ours = _account.HoldingOf(report.Symbol).Position.SignedQuantity;
            if (report.SignedQuantity != ours)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{report.Symbol} {report.SignedQuantity - ours}"));
            }
        }

        if (snapshot.Wallet.WalletBalance != _account.Wallet)
        {
            parts.Add($"cash {snapshot.Wallet.WalletBalance - _account.Wallet}");
        }

        return string.Join(", ", parts);
    }

    private void AgreeOnOrders(ExchangeSnapshot snapshot, long cause)
    {
        foreach (var tracked in _account.OpenOrders.Values.ToList())
        {
            var report = snapshot.OpenOrders.FirstOrDefault(o => o.ClientOrderId == tracked.Order.Id);
            if (report is not null)
            {
                _record(new Fact.OrderChanged(report), report.Time, cause);
            }
            else if (!tracked.LookUpPending && tracked.Order.Status != OrderStatus.Intended && !tracked.Order.IsFinal)
            {
                _account.MarkLookUp(tracked);
                _effect(new TradingEffect.LookUp(tracked.Order.Symbol, tracked.Order.Id));
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

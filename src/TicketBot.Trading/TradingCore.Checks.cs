using TicketBot.Domain;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;

namespace TicketBot.Trading;

/// <content>The regular readings of the account: one that agrees changes nothing and leaves no trace in the journal.</content>
public sealed partial class TradingCore
{
    private string _doubt = "";
    private Instant _doubtSince;
    private Instant? _lookAt;
    private bool _secondLook;

    /// <summary>Set from outside when a regular reading is due; taken back when one is on its way. When that is decides nothing: a market
    /// that waits for us stands still while it is read.</summary>
    public bool CheckDue { get; set; }

    /// <summary>What the regular readings found so far.</summary>
    public CheckFindings Findings { get; private set; } = new(0, 0, "", null);

    // Not beside orders that leave at the same tick, nor before those that left are answered for: the reading would race them. While
    // the private stream is away there is nothing to race, and nothing else that tells.
    private void CheckWhenDue()
    {
        if (_lookAt <= Account.MarketTime)
        {
            (_lookAt, CheckDue) = (null, true);
        }

        if (!CheckDue && !_secondLook)
        {
            return;
        }

        var alone = _effects.Count == 0 && !Account.OpenOrders.Values.Any(t => t.Order.Status == OrderStatus.Intended);
        if (alone || Account.Interrupted.Contains(StreamNames.Private))
        {
            (CheckDue, _secondLook) = (false, false);
            _effects.Add(new TradingEffect.Check(Account.ExecutionsSince));
        }
    }

    private void OnCheck(ExchangeSnapshot snapshot)
    {
        var difference = Account.HasCash ? _reconciler.DifferenceTo(snapshot) : "";
        Findings = Findings with { Readings = Findings.Readings + 1 };
        var seenBefore = difference == _doubt;
        (_doubt, _doubtSince) = (difference, seenBefore ? _doubtSince : Account.MarketTime);
        if (difference.Length == 0)
        {
            Findings = Findings with { Standing = "" };
            return;
        }

        var hasLasted = seenBefore && Account.MarketTime.Since(_doubtSince) >= AccountState.ReadingLagMs;
        Findings = Findings with
        {
            Differences = Findings.Differences + 1,
            LastDifference = difference,
            LastDifferenceAt = snapshot.Time,
            Standing = hasLasted ? difference : Findings.Standing,
        };
        if (hasLasted || (seenBefore && !_reconciler.IsUnexplained(snapshot)) || Account.Interrupted.Contains(StreamNames.Private))
        {
            _doubt = "";
            Handle(new Fact.Reconciled(snapshot, hasLasted ? Reading.Confirmed : Reading.Asked), _effects);
        }
        else
        {
            // It was read piece by piece while the market may have gone on, and may lag behind what the streams told: most differences are
            // gone at a later look.
            _secondLook = true;
        }
    }

    // What happened just before may not show yet in the snapshot that a start or a return of the private stream brings.
    private void LookWhenReadingsHaveCaughtUp() => _lookAt = Account.MarketTime.Plus(AccountState.ReadingLagMs);
}

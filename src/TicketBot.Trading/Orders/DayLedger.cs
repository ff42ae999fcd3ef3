using System.Runtime.InteropServices;
using TicketBot.Domain;
using TicketBot.Trading.Risk;
using TicketBot.Trading.Signals;

namespace TicketBot.Trading.Orders;

/// <summary>Keeps what a UTC day brings until it is over.</summary>
internal sealed class DayLedger
{
    private readonly Dictionary<DenialCode, int> _denials = [];
    private TradingCounts _counts;
    private Money _profit = Money.Zero;

    /// <summary>Begins a day: what the account has counted so far belongs to the days before.</summary>
    public void Begin(AccountState account)
    {
        (_counts, _profit) = (account.Counts, ProfitOf(account));
        _denials.Clear();
    }

    /// <summary>Notes a decision.</summary>
    public void Note(Decision decision)
    {
        if (decision.Denial != DenialCode.None)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_denials, decision.Denial, out _)++;
        }
    }

    /// <summary>Returns what the day brought that began at <paramref name="day"/>.</summary>
    public DayReport End(Instant day, AccountState account) => new(
        day, account.Counts.Decisions - _counts.Decisions, account.Counts.Orders - _counts.Orders, account.Counts.Fills - _counts.Fills,
        ProfitOf(account) - _profit, account.Equity, new SortedDictionary<DenialCode, int>(_denials));

    // Since the account's opening; what was paid in or out is no profit.
    private static Money ProfitOf(AccountState account) => account.Equity - account.Cash;
}

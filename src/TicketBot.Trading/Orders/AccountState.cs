using TicketBot.Domain;
using TicketBot.Tickets;

namespace TicketBot.Trading.Orders;

/// <summary>What the trader knows of its account: the fold of the journalled facts, the same live and after a restart.</summary>
/// <remarks>Not safe for use by several threads. Wallet = first balance and later changes of cash + realised - fees - funding;
/// equity adds the unrealised profit at the last closes.</remarks>
public sealed partial class AccountState
{
    // Executions of different symbols may be told out of the order of their times.
    private const long ExecutionOverlapMs = 300_000;

    /// <summary>Milliseconds of market time by which what the venue's readings show may lag behind what happened, more than the seconds that users
    /// report of Bybit: a reading alone says nothing against what is younger.</summary>
    public const long ReadingLagMs = 3_000;
    private const int ExecutionsRemembered = 100_000;
    private const int EndedRemembered = 1_000;
    private readonly Dictionary<Symbol, Holding> _holdings = [];
    private readonly Dictionary<Symbol, double> _marks = [];
    private readonly Dictionary<ClientOrderId, TrackedOrder> _open = [];
    private readonly Dictionary<ClientOrderId, TrackedOrder> _ended = [];
    private readonly Queue<ClientOrderId> _endedOrder = [];
    private readonly HashSet<ExecutionId> _seen = [];
    private readonly Queue<ExecutionId> _seenOrder = [];
    private readonly Queue<Execution> _fills = [];
    private readonly DayLedger _today = new();
    private Instant _day;
    private Money? _equity; // Asked for several times a candle; forgotten with every change of cash, a position or the mark of one.

    /// <summary>Market time.</summary>
    public Instant MarketTime { get; private set; }

    /// <summary>Whether entries are allowed, and if not, why.</summary>
    public TradingState State { get; private set; } = TradingState.Starting;

    /// <summary>Why <see cref="State"/> is as it is.</summary>
    public string StateReason { get; private set; } = "recovering";

    /// <summary>Why the operator paused entries, or <c>null</c>; it outlasts a halt that ends by itself.</summary>
    public string? PauseReason { get; private set; }

    /// <summary>When a halt ends by itself, or <c>null</c>.</summary>
    public Instant? StateUntil { get; private set; }

    /// <summary>Whether a first balance is known.</summary>
    public bool HasCash { get; private set; }

    /// <summary>First balance and later deposits and withdrawals.</summary>
    public Money Cash { get; private set; }

    /// <summary>Highest equity of the UTC day.</summary>
    public Money DayPeak { get; private set; }

    /// <summary>What the last UTC day that is over brought, or <c>null</c> before the first.</summary>
    public DayReport? LastDay { get; private set; }

    /// <summary>Streams that are interrupted now.</summary>
    public ISet<string> Interrupted { get; } = new SortedSet<string>(StringComparer.Ordinal);

    /// <summary>Whether account and venue were brought to agree since the start and since each private interruption.</summary>
    public bool IsReconciled { get; private set; }

    /// <summary>Orders that are not final, by id.</summary>
    public IReadOnlyDictionary<ClientOrderId, TrackedOrder> OpenOrders => _open;

    /// <summary>Holdings by symbol, flat ones too.</summary>
    public IReadOnlyDictionary<Symbol, Holding> Holdings => _holdings;

    /// <summary>The last 200 fills, oldest first.</summary>
    public IReadOnlyCollection<Execution> Fills => _fills;

    /// <summary>Market time of the newest execution.</summary>
    public Instant LastExecution { get; private set; }

    /// <summary>Market time of the first balance: what was executed before is in it.</summary>
    public Instant CashSince { get; private set; }

    /// <summary>From when the venue's executions are needed to know them all.</summary>
    public Instant ExecutionsSince
    {
        get
        {
            var since = LastExecution.Plus(-ExecutionOverlapMs);
            return !HasCash ? MarketTime : since > CashSince ? since : CashSince;
        }
    }

    /// <summary>Counts since the journal began.</summary>
    public TradingCounts Counts { get; private set; }

    /// <summary>Sum over holdings.</summary>
    public Money Realised => Sum(h => h.Position.Realised);

    /// <summary>Sum over holdings.</summary>
    public Money Fees => Sum(h => h.Position.Fees);

    /// <summary>Sum over holdings.</summary>
    public Money Funding => Sum(h => h.Position.Funding);

    /// <summary>Wallet balance by our own account.</summary>
    public Money Wallet => Cash + Realised - Fees - Funding;

    /// <summary>Wallet balance plus unrealised profit at the last closes (at the entry before the first close).</summary>
    public Money Equity => _equity ??= Wallet + Sum(h => h.Position.IsFlat ? Money.Zero : h.Position.Unrealised(MarkOf(h.Position)));

    /// <summary>Whether any symbol has a position.</summary>
    public bool HasPosition
    {
        get
        {
            foreach (var holding in _holdings.Values)
            {
                if (!holding.Position.IsFlat)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Notional of positions at the last closes and of entries under way.</summary>
    public Money GrossNotional
    {
        get
        {
            var gross = 0m;
            foreach (var holding in _holdings.Values)
            {
                gross += holding.Position.Quantity.Value * MarkOf(holding.Position);
            }

            foreach (var tracked in _open.Values)
            {
                if (tracked.Intent.Kind == IntentKind.Entry)
                {
                    // What the venue calls filled is in no position before its execution has arrived.
                    var order = tracked.Order;
                    var coming = (order.IsFinal ? order.FilledQuantity : order.Quantity).Value - order.ExecutedQuantity.Value;
                    gross += coming * (decimal)_marks.GetValueOrDefault(order.Symbol);
                }
            }

            return new Money(gross);
        }
    }

    /// <summary>Returns the holding of a symbol.</summary>
    public Holding HoldingOf(Symbol symbol)
    {
        if (!_holdings.TryGetValue(symbol, out var holding))
        {
            _holdings[symbol] = holding = new Holding(symbol);
        }

        return holding;
    }

    /// <summary>Returns the last close of a symbol, or <c>null</c>.</summary>
    public double? LastCloseOf(Symbol symbol) => _marks.TryGetValue(symbol, out var mark) ? mark : null;

    /// <summary>Returns whether an execution was applied already.</summary>
    public bool HasSeen(ExecutionId id) => _seen.Contains(id);

    /// <summary>Loss from the day's peak as a fraction of it, at least zero.</summary>
    public decimal DayLoss => DayPeak.Value <= 0 || Equity >= DayPeak ? 0 : (DayPeak.Value - Equity.Value) / DayPeak.Value;

    /// <summary>Returns the tickets that own a symbol's position or an entry of it under way.</summary>
    public IReadOnlyCollection<TicketId> OwnersOf(Symbol symbol)
    {
        HashSet<TicketId> owners = [];
        if (HoldingOf(symbol).Owner is { } owner)
        {
            owners.Add(owner);
        }

        foreach (var tracked in _open.Values)
        {
            if (tracked.Order.Symbol == symbol && tracked.Intent is { Kind: IntentKind.Entry, Ticket: { } ticket })
            {
                owners.Add(ticket);
            }
        }

        return owners;
    }

    /// <summary>Notes that the venue's word was taken and does not agree with ours: entries wait for the next one.</summary>
    internal void Disagree() => IsReconciled = false;

    private decimal MarkOf(Position position) =>
        _marks.TryGetValue(position.Symbol, out var mark) ? (decimal)mark : position.AverageEntry;

    private Money Sum(Func<Holding, Money> of)
    {
        var sum = Money.Zero;
        foreach (var holding in _holdings.Values)
        {
            sum += of(holding);
        }

        return sum;
    }
}

using TicketBot.Domain;

namespace TicketBot.Simulator.Matching;

/// <summary>One account at the venue: its orders, positions, executions and the events not yet delivered. Changed only by <see cref="Venue"/>.</summary>
/// <remarks>Wallet balance = initial balance + realised - fees - funding + transfers, summed from the positions, to the last digit.</remarks>
public sealed class Account
{
    private const int OrdersKept = 20_000;
    private const int ExecutionsKept = 100_000;
    private const int ClosedKept = 20_000;
    private const int RecentKept = 500;
    private const long LinksKeptMs = Instant.MillisecondsPerDay;

    private readonly SortedDictionary<Symbol, Holding> _holdings = [];
    private readonly Dictionary<string, VenueOrder> _orders = [];
    private readonly Dictionary<string, string> _idOfLink = [];
    private readonly Queue<(Instant Ended, string Link)> _linksOfForgotten = new();
    private readonly Queue<string> _ended = new();
    private readonly Queue<string> _recent = new();
    private readonly List<VenueExecution> _executions = [];
    private readonly List<ClosedTrade> _closed = [];
    private readonly List<VenueEvent> _events = [];
    private (decimal Realised, decimal Fees, decimal Funding)? _sums; // Of the positions; none after an execution until somebody asks.
    private long _orderNumber;
    private long _requestNumber;
    private long _sequence;

    internal Account(string key, int index, decimal initialBalance, Instant opened) =>
        (Key, Index, InitialBalance, Opened) = (key, index, initialBalance, opened);

    /// <summary>The API key that names it.</summary>
    public string Key { get; }

    /// <summary>Number of the account at its venue, from 0.</summary>
    public int Index { get; }

    /// <summary>Settlement coin it started with.</summary>
    public decimal InitialBalance { get; }

    /// <summary>Market time it was opened.</summary>
    public Instant Opened { get; }

    /// <summary>Wallet balance: initial + realised - fees - funding + transfers.</summary>
    public decimal Balance
    {
        get
        {
            var (realised, fees, funding) = Sums();
            return InitialBalance + realised - fees - funding + Transfers;
        }
    }

    /// <summary>Realised profit before fees and funding.</summary>
    public decimal Realised => Sums().Realised;

    /// <summary>Fees paid.</summary>
    public decimal Fees => Sums().Fees;

    /// <summary>Funding paid.</summary>
    public decimal Funding => Sums().Funding;

    /// <summary>Deposits less withdrawals since the opening.</summary>
    public decimal Transfers { get; private set; }

    /// <summary>Fills so far.</summary>
    public long FillCount { get; private set; }

    /// <summary>Funding settlements so far.</summary>
    public long FundingCount { get; private set; }

    /// <summary>Orders accepted so far.</summary>
    public long OrderCount => _orderNumber;

    /// <summary>Executions in the order they happened; the oldest are dropped beyond 100,000.</summary>
    public IReadOnlyList<VenueExecution> Executions => _executions;

    /// <summary>What each closing order closed, in the order of its last fill; the oldest are dropped beyond 20,000.</summary>
    public IReadOnlyList<ClosedTrade> ClosedTrades => _closed;

    /// <summary>Every order still known, unordered: all open ones and the newest 20,000 ended ones.</summary>
    public IReadOnlyCollection<VenueOrder> Orders => _orders.Values;

    /// <summary>Orders that are not final, oldest first.</summary>
    public IEnumerable<VenueOrder> OpenOrders => _holdings.Values.SelectMany(h => h.Open).OrderBy(o => o.Number);

    /// <summary>The newest 500 orders that ended, oldest first; none after <see cref="ForgetClosedOrders"/> until another ends.</summary>
    public IEnumerable<VenueOrder> RecentlyClosed => _recent.Where(_orders.ContainsKey).Select(id => _orders[id]);

    /// <summary>Events since the last <see cref="TakeEvents"/>, in order.</summary>
    public IReadOnlyList<VenueEvent> Events => _events;

    /// <summary>Deposits and withdrawals since the opening, in their order.</summary>
    internal List<VenueTransfer> TransferList { get; } = [];

    /// <summary>Every contract it ever touched, by symbol. A list of its own, because walking a sorted dictionary allocates.</summary>
    internal List<Holding> Holdings { get; } = [];

    /// <summary>Returns the order with this venue id, or <c>null</c>.</summary>
    public VenueOrder? OrderById(string id) => _orders.GetValueOrDefault(id);

    /// <summary>Returns the order with this link id, or <c>null</c>.</summary>
    public VenueOrder? OrderByLink(string linkId) => _idOfLink.TryGetValue(linkId, out var id) ? _orders.GetValueOrDefault(id) : null;

    /// <summary>Returns the events not yet delivered and forgets them.</summary>
    public IReadOnlyList<VenueEvent> TakeEvents()
    {
        if (_events.Count == 0)
        {
            return [];
        }

        var taken = _events.ToArray();
        _events.Clear();
        return taken;
    }

    /// <summary>Whether the venue still lists an ended order among the recent ones.</summary>
    internal bool IsRecent(VenueOrder order) => _recent.Contains(order.Id);

    internal void ForgetClosedOrders() => _recent.Clear();

    /// <summary>Link ids that are taken: those of every order still known, and for a day those of others. How long the venue reserves one is
    /// not documented (https://bybit-exchange.github.io/docs/v5/order/create-order: "should be unique").</summary>
    internal int LinkCount => _idOfLink.Count;

    internal bool KnowsLink(string linkId) => _idOfLink.ContainsKey(linkId);

    internal Holding HoldingOf(Symbol symbol, decimal leverage)
    {
        if (!_holdings.TryGetValue(symbol, out var holding))
        {
            _holdings.Add(symbol, holding = new Holding(symbol, leverage, Opened));
            Holdings.Clear();
            Holdings.AddRange(_holdings.Values);
        }

        return holding;
    }

    internal Holding? FindHolding(Symbol symbol) => _holdings.GetValueOrDefault(symbol);

    internal long NextOrderNumber() => ++_orderNumber;

    internal long NextRequestNumber() => ++_requestNumber;

    internal long NextSequence() => ++_sequence;

    /// <summary>Stores an order's new state and tells the private stream, unless <paramref name="silent"/>.</summary>
    internal void Put(Holding holding, VenueOrder order, bool silent = false)
    {
        if (!_orders.ContainsKey(order.Id) && order.Request.LinkId.Length > 0)
        {
            _idOfLink.Add(order.Request.LinkId, order.Id);
        }

        _orders[order.Id] = order;
        holding.Keep(order);
        if (order.IsFinal)
        {
            _ended.Enqueue(order.Id);
            if (_ended.Count > OrdersKept)
            {
                Forget(_ended.Dequeue());
            }

            ReleaseLinks(order.Updated.Plus(-LinksKeptMs));

            _recent.Enqueue(order.Id);
            if (_recent.Count > RecentKept)
            {
                _recent.Dequeue();
            }
        }

        if (!silent)
        {
            _events.Add(new VenueEvent.OrderChanged(order));
        }
    }

    internal void Put(VenueExecution execution)
    {
        _sums = null;
        if (execution.Execution.Kind == ExecutionKind.Funding)
        {
            FundingCount++;
        }
        else
        {
            FillCount++;
        }

        _executions.Add(execution);
        if (_executions.Count > ExecutionsKept + (ExecutionsKept / 4))
        {
            _executions.RemoveRange(0, ExecutionsKept / 4);
        }

        _events.Add(new VenueEvent.Executed(execution));
    }

    /// <summary>Adds what a fill closed to the row of its order, which moves to the end.</summary>
    internal void Put(ClosedTrade closed)
    {
        // Only an order filled before can have a row, and it lies near the end.
        var isFirst = closed.Order.Filled == closed.Quantity;
        var index = isFirst ? -1 : _closed.FindLastIndex(c => c.OrderId == closed.OrderId);
        if (index >= 0)
        {
            closed = _closed[index].With(closed);
            _closed.RemoveAt(index);
        }

        _closed.Add(closed);
        if (_closed.Count > ClosedKept + (ClosedKept / 4))
        {
            _closed.RemoveRange(0, ClosedKept / 4);
        }
    }

    /// <summary>Pays an amount in, or out when it is negative.</summary>
    internal void Move(decimal amount, Instant time)
    {
        Transfers += amount;
        TransferList.Add(new VenueTransfer(time, amount, _sequence));
    }

    internal void Tell(VenueEvent happened) => _events.Add(happened);

    // The link id of an order that is not known any more stays taken for a day after the order's end.
    private void Forget(string id)
    {
        if (_orders.Remove(id, out var order) && order.Request.LinkId.Length > 0)
        {
            _linksOfForgotten.Enqueue((order.Updated, order.Request.LinkId));
        }
    }

    private void ReleaseLinks(Instant endedBefore)
    {
        while (_linksOfForgotten.TryPeek(out var oldest) && oldest.Ended < endedBefore)
        {
            _idOfLink.Remove(_linksOfForgotten.Dequeue().Link);
        }
    }

    private (decimal Realised, decimal Fees, decimal Funding) Sums()
    {
        if (_sums is { } known)
        {
            return known;
        }

        var (realised, fees, funding) = (0m, 0m, 0m);
        foreach (var holding in Holdings)
        {
            realised += holding.Position.Realised.Value;
            fees += holding.Position.Fees.Value;
            funding += holding.Position.Funding.Value;
        }

        _sums = (realised, fees, funding);
        return (realised, fees, funding);
    }
}

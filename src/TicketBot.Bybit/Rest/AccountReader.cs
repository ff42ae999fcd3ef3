using TicketBot.Bybit.Wire;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Bybit.Rest;

/// <summary>Reads instruments, wallet, positions, orders and executions.</summary>
internal sealed class AccountReader
{
    /// <summary>Longest span of one history query (https://bybit-exchange.github.io/docs/v5/order/execution).</summary>
    public const long WindowMs = 7 * Instant.MillisecondsPerDay;

    /// <summary>How far back the venue keeps executions (same page): older windows are not asked for.</summary>
    public const long RetentionMs = 730 * Instant.MillisecondsPerDay;

    // Requests about single contracts that are under way together: a start with many of them must not take their round trips one after the other.
    private const int Abreast = 8;

    private readonly RestClient _rest;

    public AccountReader(RestClient rest) => _rest = rest;

    /// <summary>Returns the rules of the contracts in their order.</summary>
    public async Task<IReadOnlyList<Instrument>> InstrumentsAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellationToken)
    {
        return await SideBySideAsync(symbols, symbol => InstrumentAsync(symbol, cancellationToken));
    }

    /// <summary>Returns the contracts' positions in their order, flat ones too.</summary>
    public async Task<IReadOnlyList<PositionReport>> PositionsOfAsync(IReadOnlyList<Symbol> symbols, Instant time, CancellationToken cancellationToken) =>
        await SideBySideAsync(symbols, symbol => PositionAsync(symbol, time, cancellationToken));

    /// <summary>Reads wallet, positions, open orders and executions, in this order.</summary>
    public async Task<ExchangeSnapshot> SnapshotAsync(
        IReadOnlyList<Symbol> symbols, Instant executionsSince, Instant marketTime, CancellationToken cancellationToken)
    {
        var wallet = await WalletAsync(marketTime, cancellationToken);
        var positions = await PositionsOfAsync(symbols, marketTime, cancellationToken);
        var asked = symbols.Select(symbol => symbol.Value).ToHashSet();
        var open = (await OpenRowsAsync(cancellationToken)).Where(row => asked.Contains(row.Symbol ?? ""))
            .Select(row => Mapping.Mapped(row, r => Mapping.ToOrder(r, marketTime), "order"))
            .Where(report => !Order.IsFinalStatus(report.Status)).ToList();
        var executions = await ExecutionsAsync(asked, executionsSince, marketTime, cancellationToken);
        return new ExchangeSnapshot(wallet, positions, open, executions, marketTime);
    }

    /// <summary>Looks an order up in open orders, then history, then executions; <c>null</c> when none knows it.</summary>
    public async Task<OrderReport?> FindAsync(Symbol symbol, ClientOrderId id, Instant marketTime, CancellationToken cancellationToken)
    {
        foreach (var path in new[] { "/v5/order/realtime", "/v5/order/history" })
        {
            var (page, _) = await _rest.GetAsync(path, ById(symbol, id), signed: true, WireJson.Default.PageOrderRow, cancellationToken);
            if (page.List?.Find(row => row.OrderLinkId == id.Value) is { } row)
            {
                return Mapping.Mapped(row, r => Mapping.ToOrder(r, marketTime), "order");
            }
        }

        var rows = await _rest.PagesAsync(
            "/v5/execution/list", cursor => ById(symbol, id).With("limit", 100).WithCursor(cursor),
            signed: true, WireJson.Default.PageExecutionRow, cancellationToken);
        var fills = rows.Where(row => row.OrderLinkId == id.Value && Mapping.ToKind(row.ExecType) == ExecutionKind.Trade)
            .DistinctBy(row => row.ExecId).ToList();
        return fills.Count == 0 ? null : Mapping.Mapped(fills, FromFills, "executions");
    }

    private static Query ById(Symbol symbol, ClientOrderId id) =>
        new Query().With("category", "linear").With("symbol", symbol.Value).With("orderLinkId", id.Value);

    private static OrderReport FromFills(List<ExecutionRow> rows)
    {
        var fills = rows.ConvertAll(Mapping.ToExecution);
        var filled = fills.Aggregate(Quantity.Zero, (sum, fill) => sum + fill.Quantity);
        var ordered = rows[0].OrderQty is > 0 and var quantity ? new Quantity(quantity) : throw new FormatException("orderQty is missing");
        return new OrderReport
        {
            VenueId = fills[0].OrderId,
            ClientOrderId = fills[0].ClientOrderId,
            Symbol = fills[0].Symbol,
            Side = fills[0].Side,
            Status = filled >= ordered ? OrderStatus.Filled : OrderStatus.PartiallyFilled,
            Quantity = ordered,
            FilledQuantity = filled,
            Time = fills.Max(fill => fill.Time),
        };
    }

    /// <summary>Returns every open and untriggered order.</summary>
    public async Task<IReadOnlyList<OrderReport>> OpenOrdersAsync(Instant marketTime, CancellationToken cancellationToken) =>
    [
        .. (await OpenRowsAsync(cancellationToken)).Select(row => Mapping.Mapped(row, r => Mapping.ToOrder(r, marketTime), "order"))
            .Where(report => !Order.IsFinalStatus(report.Status)),
    ];

    /// <summary>Returns the finished orders of a contract that were made in a span of at most seven days, oldest first.</summary>
    public async Task<IReadOnlyList<OrderReport>> OrderHistoryAsync(Symbol symbol, Instant from, Instant until, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(until.Since(from), WindowMs);
        var rows = await _rest.PagesAsync(
            "/v5/order/history",
            cursor => new Query().With("category", "linear").With("symbol", symbol.Value).With("startTime", from.UnixMilliseconds)
                .With("endTime", until.UnixMilliseconds).With("limit", 50).WithCursor(cursor),
            signed: true, WireJson.Default.PageOrderRow, cancellationToken);
        return [.. rows.DistinctBy(row => row.OrderId).Select(row => Mapping.Mapped(row, r => Mapping.ToOrder(r, until), "order")).Reverse().OrderBy(report => report.Time)];
    }

    /// <summary>Returns every open position of the account.</summary>
    public async Task<IReadOnlyList<PositionReport>> PositionsAsync(Instant time, CancellationToken cancellationToken)
    {
        var rows = await _rest.PagesAsync(
            "/v5/position/list", cursor => new Query().With("category", "linear").With("settleCoin", Mapping.SettleCoin).With("limit", 200).WithCursor(cursor),
            signed: true, WireJson.Default.PagePositionRow, cancellationToken);
        return [.. rows.GroupBy(row => row.Symbol).Select(legs => Mapping.Mapped(legs.ToList(), list => Mapping.ToPosition(list, time), "position"))];
    }

    /// <summary>Returns the wallet's settlement coin.</summary>
    public async Task<WalletReport> WalletAsync(Instant time, CancellationToken cancellationToken)
    {
        var (page, _) = await _rest.GetAsync(
            "/v5/account/wallet-balance", new Query().With("accountType", "UNIFIED").With("coin", Mapping.SettleCoin),
            signed: true, WireJson.Default.PageAccountRow, cancellationToken);
        var account = page.List is [var first, ..] ? first : throw new ExchangeException("the wallet: expected one unified account, found none; upgrade the account to a unified one");
        return Mapping.Mapped(account, row => Mapping.ToWallet(row, time), "wallet")
            ?? throw new ExchangeException($"the account holds no {Mapping.SettleCoin}: fund it first");
    }

    /// <summary>Returns a contract's position, flat ones too.</summary>
    public async Task<PositionReport> PositionAsync(Symbol symbol, Instant time, CancellationToken cancellationToken)
    {
        var (page, _) = await _rest.GetAsync(
            "/v5/position/list", new Query().With("category", "linear").With("symbol", symbol.Value),
            signed: true, WireJson.Default.PagePositionRow, cancellationToken);
        var rows = page.List ?? throw new ExchangeException($"position of {symbol}: expected a list, found none");
        var ours = rows.Where(row => row.Symbol == symbol.Value).ToList();
        return ours.Count == 0 ? new PositionReport(symbol, 0, 0, null, time) : Mapping.Mapped(ours, list => Mapping.ToPosition(list, time), "position");
    }

    private static async Task<T[]> SideBySideAsync<T>(IReadOnlyList<Symbol> symbols, Func<Symbol, Task<T>> read)
    {
        using var places = new SemaphoreSlim(Abreast);
        return await Task.WhenAll(symbols.Select(async symbol =>
        {
            await places.WaitAsync(CancellationToken.None);
            try
            {
                return await read(symbol);
            }
            finally
            {
                places.Release();
            }
        }));
    }

    private async Task<Instrument> InstrumentAsync(Symbol symbol, CancellationToken cancellationToken)
    {
        var rows = await _rest.PagesAsync(
            "/v5/market/instruments-info", cursor => new Query().With("category", "linear").With("symbol", symbol.Value).WithCursor(cursor),
            signed: false, WireJson.Default.PageInstrumentRow, cancellationToken);
        var row = rows.Find(r => r.Symbol == symbol.Value)
            ?? throw new ExchangeException($"{symbol} is not among the venue's linear contracts: check the symbol and the environment");
        return Mapping.Mapped(row, Mapping.ToInstrument, "instrument");
    }

    private Task<List<OrderRow>> OpenRowsAsync(CancellationToken cancellationToken) => _rest.PagesAsync(
        "/v5/order/realtime",
        cursor => new Query().With("category", "linear").With("settleCoin", Mapping.SettleCoin).With("openOnly", 0).With("limit", 50).WithCursor(cursor),
        signed: true, WireJson.Default.PageOrderRow, cancellationToken);

    private async Task<IReadOnlyList<Execution>> ExecutionsAsync(
        HashSet<string> symbols, Instant since, Instant marketTime, CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>();
        var executions = new List<Execution>();
        var from = Math.Max(since.UnixMilliseconds, marketTime.UnixMilliseconds - RetentionMs);

        // The venue's clock may be a little ahead of the time read at the start; the last window reaches past it.
        var until = marketTime.UnixMilliseconds + 60_000;
        for (var start = from; start <= until; start += WindowMs)
        {
            var (windowStart, windowEnd) = (start, Math.Min(start + WindowMs - 1, until));
            var rows = await _rest.PagesAsync(
                "/v5/execution/list",
                cursor => new Query().With("category", "linear").With("startTime", windowStart).With("endTime", windowEnd).With("limit", 100).WithCursor(cursor),
                signed: true, WireJson.Default.PageExecutionRow, cancellationToken);
            executions.AddRange(rows.Where(row => symbols.Contains(row.Symbol ?? "") && seen.Add(row.ExecId ?? ""))
                .Select(row => Mapping.Mapped(row, Mapping.ToExecution, "execution")));
        }

        // Ties keep the order of arrival: the venue lists newest first, so the list is reversed before the stable sort.
        executions.Reverse();
        return [.. executions.OrderBy(execution => execution.Time)];
    }
}

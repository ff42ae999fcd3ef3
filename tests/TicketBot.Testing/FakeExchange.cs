using System.Globalization;
using System.Threading.Channels;
using TicketBot.Domain;
using TicketBot.Trading.Exchange;

namespace TicketBot.Testing;

/// <summary>An exchange that a test plays by hand: it records what it is asked, answers as it is told, and keeps positions, wallet and
/// open orders so that a snapshot agrees with the events it emitted.</summary>
/// <remarks>Not safe for use by several threads at once, except that asking and emitting may come from two.</remarks>
public sealed class FakeExchange : IExchange
{
    private readonly Dictionary<Symbol, Position> _positions = [];
    private readonly Dictionary<Symbol, Price> _stops = [];
    private ChannelWriter<ExchangeEvent>? _events;
    private int _orders;
    private int _executions;

    /// <summary>Makes an exchange that lists <paramref name="symbols"/> (tick 0.1, lot 0.001, least notional 5).</summary>
    public FakeExchange(params string[] symbols)
    {
        foreach (var symbol in symbols)
        {
            Instruments.Add(new Instrument
            {
                Symbol = new Symbol(symbol),
                TickSize = 0.1m,
                QuantityStep = 0.001m,
                MinQuantity = 0.001m,
                MaxMarketQuantity = 1_000m,
                MaxQuantity = 10_000m,
                MinNotional = 5m,
            });
        }
    }

    /// <inheritdoc/>
    public ExchangeEnvironment Environment { get; init; } = ExchangeEnvironment.Simulator;

    /// <summary>Market time.</summary>
    public Instant Time { get; set; }

    /// <summary>Listed contracts.</summary>
    public IList<Instrument> Instruments { get; } = [];

    /// <summary>Closed candles by series, ascending.</summary>
    public Dictionary<SeriesKey, List<Candle>> Candles { get; } = [];

    /// <summary>Wallet balance before realised profit, fees and funding.</summary>
    public Money InitialBalance { get; set; } = new(10_000m);

    /// <summary>Taker fee as a fraction of notional.</summary>
    public decimal FeeRate { get; set; } = 0.00055m;

    /// <summary>Orders received, in order.</summary>
    public List<OrderRequest> Submitted { get; } = [];

    /// <summary>Ids whose cancel was asked for, in order.</summary>
    public List<ClientOrderId> CancelsAsked { get; } = [];

    /// <summary>Stops asked for, in order.</summary>
    public List<(Symbol Symbol, Price Stop)> StopsAsked { get; } = [];

    /// <summary>Market times reported as sent, in order.</summary>
    public List<Instant> ReportedSent { get; } = [];

    /// <summary>Executions that happened, in order.</summary>
    public List<Execution> Executions { get; } = [];

    /// <summary>Orders the venue knows, by our id.</summary>
    public Dictionary<ClientOrderId, OrderReport> Orders { get; } = [];

    /// <summary>Answers a submission; acknowledges unless replaced. The order is kept whatever the answer, unless it is a refusal.</summary>
    public Func<OrderRequest, SubmitAnswer>? OnSubmit { get; set; }

    /// <summary>Called on the asking thread when a submission is answered and its order kept: from then on it can be filled.</summary>
    public Action<OrderRequest>? Kept { get; set; }

    /// <summary>Answers a request for a stop; done unless replaced. The stop is kept when the answer is done.</summary>
    public Func<Symbol, Price, RequestAnswer>? OnSetStop { get; set; }

    /// <summary>Answers a request for a cancel; done unless replaced.</summary>
    public Func<ClientOrderId, RequestAnswer>? OnCancel { get; set; }

    /// <summary>Waited for before a snapshot is taken, or <c>null</c>.</summary>
    public Func<Task>? BeforeSnapshot { get; set; }

    /// <summary>How many snapshots were asked for.</summary>
    public int SnapshotsAsked { get; private set; }

    /// <summary>The error that reads throw, or <c>null</c>.</summary>
    public ExchangeException? ReadError { get; set; }

    /// <summary>Whether look-ups miss orders that exist, as a venue's do shortly after an order arrived.</summary>
    public bool LookUpsMiss { get; set; }

    /// <summary>Writes an event to the connected trader and moves market time to it when it carries one.</summary>
    /// <exception cref="InvalidOperationException">Nobody is connected.</exception>
    public void Emit(ExchangeEvent happened)
    {
        Time = happened is ExchangeEvent.TimePassed(var time) ? time : Time;
        if (_events is null || !_events.TryWrite(happened))
        {
            throw new InvalidOperationException("the exchange has no connected trader to tell");
        }
    }

    /// <summary>Closes a candle: keeps it, moves market time to its close and tells.</summary>
    public void Close(SeriesKey series, Candle candle)
    {
        if (!Candles.TryGetValue(series, out var kept))
        {
            Candles[series] = kept = [];
        }

        kept.Add(candle);
        Time = series.Interval.CloseOf(candle.OpenTime);
        Emit(new ExchangeEvent.CandleClosed(series, candle));
        Emit(new ExchangeEvent.TimePassed(Time));
    }

    /// <summary>Fills the rest of a submitted order at <paramref name="price"/> and tells order, execution and position; its stop
    /// becomes the position's.</summary>
    public Execution Fill(OrderRequest request, decimal price)
    {
        var report = Orders[request.Id] with { Status = OrderStatus.Filled, FilledQuantity = request.Quantity, Time = Time };
        var execution = Execute(report, request.Quantity, price);
        if (request.StopLoss is { } stop && !_positions[request.Symbol].IsFlat)
        {
            _stops[request.Symbol] = stop;
        }

        Tell(report, execution);
        return execution;
    }

    /// <summary>Fills the rest of a submitted order without telling anybody: only a snapshot or a look-up shows it.</summary>
    public Execution FillSilently(OrderRequest request, decimal price)
    {
        var report = Orders[request.Id] with { Status = OrderStatus.Filled, FilledQuantity = request.Quantity, Time = Time };
        var execution = Execute(report, request.Quantity, price);
        Orders[request.Id] = report;
        if (request.StopLoss is { } stop)
        {
            _stops[request.Symbol] = stop;
        }

        return execution;
    }

    /// <summary>Triggers the position's stop at <paramref name="price"/> and tells; the execution carries no id of ours.</summary>
    public Execution TriggerStop(Symbol symbol, decimal price)
    {
        var position = PositionOf(symbol);
        var report = new OrderReport
        {
            VenueId = new VenueOrderId($"stop-{++_orders}"),
            Symbol = symbol,
            Side = position.Side!.Value.Opposite(),
            Status = OrderStatus.Filled,
            Quantity = position.Quantity,
            FilledQuantity = position.Quantity,
            ReduceOnly = true,
            IsStopLoss = true,
            Trigger = _stops.GetValueOrDefault(symbol),
            Time = Time,
        };
        var execution = Execute(report, report.Quantity, price);
        Tell(report, execution);
        return execution;
    }

    /// <summary>Settles funding of <paramref name="payment"/> (positive = paid) on the open position and tells.</summary>
    public Execution SettleFunding(Symbol symbol, decimal mark, decimal payment)
    {
        var position = PositionOf(symbol);
        var execution = new Execution
        {
            Id = new ExecutionId(NextExecution()),
            Symbol = symbol,
            Kind = ExecutionKind.Funding,
            OrderId = new VenueOrderId(""),
            Side = position.Side!.Value,
            Price = new Price(mark),
            Quantity = position.Quantity,
            Fee = new Money(payment),
            Time = Time,
        };
        position.Apply(execution);
        Executions.Add(execution);
        Emit(new ExchangeEvent.Executed(execution));
        Emit(new ExchangeEvent.WalletChanged(Wallet()));
        return execution;
    }

    /// <inheritdoc/>
    public ValueTask<Instant> GetMarketTimeAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Read(Time));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Instrument>> GetInstrumentsAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Instrument>>(Read(symbols.Select(
            symbol => Instruments.FirstOrDefault(i => i.Symbol == symbol) ?? throw new ExchangeException($"the venue does not list {symbol}")).ToList()));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Candle>> GetCandlesAsync(
        Symbol symbol, Interval interval, Instant from, Instant? until, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Candle>>(Read(Closed(symbol, interval)
            .Where(c => c.OpenTime >= from && (until is null || c.OpenTime < until)).ToList()));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Candle>> GetLatestCandlesAsync(Symbol symbol, Interval interval, int count, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Candle>>(Read(Closed(symbol, interval).TakeLast(count).ToList()));

    /// <inheritdoc/>
    public async ValueTask<ExchangeSnapshot> GetSnapshotAsync(IReadOnlyList<Symbol> symbols, Instant executionsSince, CancellationToken cancellationToken)
    {
        SnapshotsAsked++;
        if (BeforeSnapshot is not null)
        {
            await BeforeSnapshot();
        }

        return Read(new ExchangeSnapshot(
            Wallet(),
            [.. symbols.Select(Report)],
            [.. Orders.Values.Where(o => symbols.Contains(o.Symbol) && !Order.IsFinalStatus(o.Status))],
            [.. Executions.Where(e => symbols.Contains(e.Symbol) && e.Time >= executionsSince)],
            Time));
    }

    /// <inheritdoc/>
    public ValueTask<OrderReport?> FindOrderAsync(Symbol symbol, ClientOrderId id, bool mayRepeat, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Read(LookUpsMiss ? null : Orders.GetValueOrDefault(id)));

    /// <inheritdoc/>
    public ValueTask PrepareAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellationToken)
    {
        Read(0);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<SubmitAnswer> SubmitAsync(OrderRequest request, CancellationToken cancellationToken)
    {
        Submitted.Add(request);
        if (Orders.ContainsKey(request.Id))
        {
            return ValueTask.FromResult<SubmitAnswer>(new SubmitAnswer.Duplicate());
        }

        var venueId = new VenueOrderId((++_orders).ToString("D6", CultureInfo.InvariantCulture));
        var answer = OnSubmit?.Invoke(request) ?? new SubmitAnswer.Acknowledged(venueId);
        if (answer is not SubmitAnswer.Refused)
        {
            Orders[request.Id] = request.Report(OrderStatus.Open, Quantity.Zero, Time) with { VenueId = answer is SubmitAnswer.Acknowledged(var given) ? given : venueId };
        }

        Kept?.Invoke(request);
        return ValueTask.FromResult(answer);
    }

    /// <inheritdoc/>
    public ValueTask<RequestAnswer> CancelAsync(Symbol symbol, ClientOrderId id, CancellationToken cancellationToken)
    {
        CancelsAsked.Add(id);
        return ValueTask.FromResult(OnCancel?.Invoke(id) ?? new RequestAnswer.Done());
    }

    /// <inheritdoc/>
    public ValueTask<RequestAnswer> SetStopAsync(Symbol symbol, Price stop, bool byMarkPrice, CancellationToken cancellationToken)
    {
        StopsAsked.Add((symbol, stop));
        var answer = OnSetStop?.Invoke(symbol, stop) ?? new RequestAnswer.Done();
        if (answer is RequestAnswer.Done)
        {
            _stops[symbol] = stop;
        }

        return ValueTask.FromResult(answer);
    }

    /// <inheritdoc/>
    public ValueTask ConnectAsync(IReadOnlyList<SeriesKey> series, ChannelWriter<ExchangeEvent> events, CancellationToken cancellationToken)
    {
        _events = events;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ReportSentAsync(Instant marketTime, CancellationToken cancellationToken)
    {
        ReportedSent.Add(marketTime);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _events = null;
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes the stop of a position away, as a venue that lost it would.</summary>
    public void LoseStop(Symbol symbol) => _stops.Remove(symbol);

    /// <summary>Returns the position's report as the venue would give it now.</summary>
    public PositionReport Report(Symbol symbol)
    {
        var position = PositionOf(symbol);
        return new PositionReport(symbol, position.SignedQuantity, position.AverageEntry, _stops.TryGetValue(symbol, out var stop) ? stop : null, Time);
    }

    /// <summary>Returns the wallet as the venue would report it now, with positions marked at their entry.</summary>
    public WalletReport Wallet()
    {
        var balance = _positions.Values.Aggregate(InitialBalance, (sum, p) => sum + p.Realised - p.Fees - p.Funding);
        return new WalletReport(balance, balance, Time);
    }

    private void Tell(OrderReport report, Execution execution)
    {
        if (!report.ClientOrderId.IsDefault)
        {
            Orders[report.ClientOrderId] = report;
        }

        Emit(new ExchangeEvent.Executed(execution));
        Emit(new ExchangeEvent.OrderChanged(report));
        Emit(new ExchangeEvent.PositionChanged(Report(report.Symbol)));
        Emit(new ExchangeEvent.WalletChanged(Wallet()));
    }

    private Execution Execute(OrderReport report, Quantity quantity, decimal price)
    {
        var execution = report.Trade(NextExecution(), new Price(price), quantity, new Price(price) * quantity * FeeRate, Time);
        var position = PositionOf(report.Symbol);
        position.Apply(execution);
        Executions.Add(execution);
        if (position.IsFlat)
        {
            _stops.Remove(report.Symbol);
        }

        return execution;
    }

    private string NextExecution() => $"e-{++_executions:D6}";

    private Position PositionOf(Symbol symbol)
    {
        if (!_positions.TryGetValue(symbol, out var position))
        {
            _positions[symbol] = position = new Position(symbol);
        }

        return position;
    }

    private List<Candle> Closed(Symbol symbol, Interval interval) => Candles.GetValueOrDefault(new SeriesKey(symbol, interval)) ?? [];

    private T Read<T>(T value) => ReadError is null ? value : throw ReadError;
}

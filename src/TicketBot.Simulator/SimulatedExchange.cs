using System.Threading.Channels;
using TicketBot.Domain;
using TicketBot.Simulator.Markets;
using TicketBot.Simulator.Matching;
using TicketBot.Trading.Exchange;

namespace TicketBot.Simulator;

/// <summary>The simulator in process, without wire: the venue of backtests and gates. Each report that all orders are sent plays one step.</summary>
/// <remarks>Events of a step come in the order of the wire: private events as they happened, candles by symbol and interval, then the time.
/// Safe for use by several threads. The channel is completed when the market ends.</remarks>
public sealed class SimulatedExchange : IExchange
{
    private const int CandlesKept = 100_000;
    private readonly Lock _lock = new();
    private readonly StepFeed _feed;
    private readonly CandleBook _candles;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly List<ExchangeEvent> _stepEvents = [];
    private HashSet<SeriesKey> _subscribed;
    private ChannelWriter<ExchangeEvent>? _events;

    /// <summary>Makes a venue with one account before the first step of a market.</summary>
    /// <param name="market">The candles.</param>
    /// <param name="settings">Costs, rules and latency.</param>
    /// <param name="initialBalance">Settlement coin of the account, above zero.</param>
    /// <param name="tickMs">Milliseconds of market time per step, 50 to 60,000 and dividing every candle; 0 plays whole candles.</param>
    /// <exception cref="ArgumentException">The ticks do not divide a candle.</exception>
    public SimulatedExchange(MarketSource market, VenueSettings settings, decimal initialBalance, int tickMs = 0)
    {
        Market = market;
        _feed = new StepFeed(market, tickMs);
        Venue = new Venue(settings, market) { TickMs = tickMs };
        Account = Venue.OpenAccount("in-process", initialBalance);
        _candles = new CandleBook(market, CandlesKept);
        _subscribed = [.. market.Series];
    }

    /// <summary>The candles it plays.</summary>
    public MarketSource Market { get; }

    /// <summary>The venue, for reconciliation; not to be read while a step is played.</summary>
    public Venue Venue { get; }

    /// <summary>The account, for reconciliation; not to be read while a step is played.</summary>
    public Account Account { get; }

    /// <summary>Whether the market has ended.</summary>
    public bool HasEnded { get; private set; }

    /// <inheritdoc/>
    public ExchangeEnvironment Environment => ExchangeEnvironment.Simulator;

    /// <summary>Plays one step and appends its events; returns whether there was one.</summary>
    public bool Advance(ICollection<ExchangeEvent> events)
    {
        lock (_lock)
        {
            return Advance_NeedsLock(events);
        }
    }

    /// <summary>Takes an order at once; its effects come with the next step.</summary>
    public SubmitAnswer Submit(OrderRequest request)
    {
        lock (_lock)
        {
            var answer = Venue.Submit(Account, new NewOrder
            {
                Symbol = request.Symbol,
                Side = request.Side,
                Type = request.Type,
                Quantity = request.Quantity.Value,
                Price = request.LimitPrice?.Value,
                LinkId = request.Id.Value,
                ReduceOnly = request.ReduceOnly,
                StopLoss = request.StopLoss?.Value,
                StopTrigger = request.StopByMarkPrice ? TriggerSource.MarkPrice : TriggerSource.LastPrice,
            });
            return answer.Code switch
            {
                0 => new SubmitAnswer.Acknowledged(new VenueOrderId(answer.Order!.Id)),
                110072 => new SubmitAnswer.Duplicate(),
                _ => new SubmitAnswer.Refused(answer.Code, answer.Text),
            };
        }
    }

    /// <inheritdoc/>
    public ValueTask<Instant> GetMarketTimeAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(Venue.Time);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Instrument>> GetInstrumentsAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Instrument>>([.. symbols.Select(s => Venue.InstrumentOf(s)
            ?? throw new ExchangeException($"the simulator lists {string.Join(", ", Venue.Instruments.Select(i => i.Symbol))}, was asked for {s}"))]);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Candle>> GetCandlesAsync(
        Symbol symbol, Interval interval, Instant from, Instant? until, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var (key, list) = SeriesOf_NeedsLock(symbol, interval);
            var first = _candles.FirstFrom(key, from);
            var last = until is { } end ? _candles.FirstFrom(key, end) : list.Count;
            return ValueTask.FromResult<IReadOnlyList<Candle>>(Range(list, first, last));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Candle>> GetLatestCandlesAsync(Symbol symbol, Interval interval, int count, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var (_, list) = SeriesOf_NeedsLock(symbol, interval);
            return ValueTask.FromResult<IReadOnlyList<Candle>>(Range(list, Math.Max(0, list.Count - count), list.Count));
        }
    }

    /// <inheritdoc/>
    public ValueTask<ExchangeSnapshot> GetSnapshotAsync(
        IReadOnlyList<Symbol> symbols, Instant executionsSince, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var symbol in symbols)
            {
                RefuseUnlisted(symbol);
            }

            return ValueTask.FromResult(new ExchangeSnapshot(
                EventMapping.Report(Venue.WalletOf(Account)),
                [.. symbols.Select(s => EventMapping.Report(Venue.PositionOf(Account, s)))],
                [.. Account.OpenOrders.Where(o => symbols.Contains(o.Request.Symbol)).Select(EventMapping.Report)],
                [.. Account.Executions.Select(e => e.Execution).Where(e => e.Time >= executionsSince && symbols.Contains(e.Symbol)).OrderBy(e => e.Time)],
                Venue.Time));
        }
    }

    /// <inheritdoc/>
    public ValueTask<OrderReport?> FindOrderAsync(Symbol symbol, ClientOrderId id, bool mayRepeat, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var order = Account.OrderByLink(id.Value);
            return ValueTask.FromResult(order is not null && order.Request.Symbol == symbol ? EventMapping.Report(order) : null);
        }
    }

    /// <inheritdoc/>
    public ValueTask PrepareAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var symbol in symbols)
            {
                RefuseUnlisted(symbol);
                Venue.SetLeverage(Account, symbol, 1);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<SubmitAnswer> SubmitAsync(OrderRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(Submit(request));

    /// <inheritdoc/>
    public ValueTask<RequestAnswer> CancelAsync(Symbol symbol, ClientOrderId id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(AnswerOf(Venue.Cancel(Account, symbol, null, id.Value)));
        }
    }

    /// <inheritdoc/>
    public ValueTask<RequestAnswer> SetStopAsync(Symbol symbol, Price stop, bool byMarkPrice, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(AnswerOf(Venue.SetStop(Account, symbol, stop.Value, byMarkPrice ? TriggerSource.MarkPrice : TriggerSource.LastPrice)));
        }
    }

    /// <inheritdoc/>
    public ValueTask ConnectAsync(IReadOnlyList<SeriesKey> series, ChannelWriter<ExchangeEvent> events, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var key in series)
            {
                SeriesOf_NeedsLock(key.Symbol, key.Interval);
            }

            _subscribed = [.. series];
            _events = events;
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask ReportSentAsync(Instant marketTime, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken); // Steps are written whole, one after the other, whoever reports.
        try
        {
            var writer = _events ?? throw new InvalidOperationException("Invariant: events are wanted before ConnectAsync");
            bool hasMoved;
            lock (_lock)
            {
                if (marketTime < Venue.Time || HasEnded)
                {
                    return;
                }

                _stepEvents.Clear();
                hasMoved = Advance_NeedsLock(_stepEvents);
            }

            foreach (var happened in _stepEvents)
            {
                if (!writer.TryWrite(happened))
                {
                    await writer.WriteAsync(happened, cancellationToken);
                }
            }

            if (!hasMoved)
            {
                writer.TryComplete();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _feed.Dispose();
        _turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private bool Advance_NeedsLock(ICollection<ExchangeEvent> events)
    {
        if (HasEnded || _feed.Next is not { } step)
        {
            HasEnded = true;
            return false;
        }

        _feed.Move();
        Venue.Advance(step);
        _candles.Add(step);
        if (Account.Events.Count > 0)
        {
            foreach (var happened in Account.TakeEvents())
            {
                events.Add(EventMapping.Map(happened));
            }
        }

        foreach (ref readonly var closed in step.Candles.AsSpan())
        {
            if (_subscribed.Contains(closed.Series))
            {
                events.Add(new ExchangeEvent.CandleClosed(closed.Series, closed.Candle));
            }
        }

        events.Add(new ExchangeEvent.TimePassed(step.Time));
        return true;
    }

    private (SeriesKey Key, IReadOnlyList<Candle> Candles) SeriesOf_NeedsLock(Symbol symbol, Interval interval)
    {
        var key = new SeriesKey(symbol, interval);
        return _candles.Has(key)
            ? (key, _candles.Of(key))
            : throw new ExchangeException($"the simulator plays {string.Join(", ", Market.Series)}, was asked for {key}");
    }

    private static Candle[] Range(IReadOnlyList<Candle> list, int first, int end)
    {
        var range = new Candle[Math.Max(0, end - first)];
        for (var i = 0; i < range.Length; i++)
        {
            range[i] = list[first + i];
        }

        return range;
    }

    private void RefuseUnlisted(Symbol symbol)
    {
        if (Venue.InstrumentOf(symbol) is null)
        {
            throw new ExchangeException($"the simulator lists {string.Join(", ", Venue.Instruments.Select(i => i.Symbol))}, was asked for {symbol}");
        }
    }

    // 110001 and 34040 say that it was so already.
    private static RequestAnswer AnswerOf(VenueAnswer answer) => answer.Code is 0 or 110001 or 34040
        ? new RequestAnswer.Done()
        : new RequestAnswer.Refused(answer.Code, answer.Text);
}

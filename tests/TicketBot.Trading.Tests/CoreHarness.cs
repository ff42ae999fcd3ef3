using TicketBot.Domain;
using TicketBot.Learning;
using TicketBot.Learning.Pruning;
using TicketBot.Market.Regimes;
using TicketBot.Testing;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;
using TicketBot.Trading.Signals;

namespace TicketBot.Trading.Tests;

/// <summary>A core with a venue played by hand: closes candles, fills what was submitted at the next open, reports stops.</summary>
internal sealed class CoreHarness
{
    public static readonly Symbol Bitcoin = new("BTCUSDT");
    public static readonly Instant Begin = new(1_700_006_400_000); // 2023-11-15T00:00:00Z
    private const int WarmCandles = 600;
    private readonly Dictionary<Symbol, double> _price = [];
    private readonly List<TradingEffect> _effects = [];
    private int _executions;

    public CoreHarness(Action<TradingOptions>? change = null, MemoryJournal? journal = null, params string[] symbols)
        : this(change, journal, null, symbols)
    {
    }

    public CoreHarness(Action<TradingOptions>? change, MemoryJournal? journal, Symbol? reference, params string[] symbols)
    {
        Options = new TradingOptions { MinSimilarity = 0 };
        foreach (var symbol in symbols.Length == 0 ? ["BTCUSDT"] : symbols)
        {
            Options.Symbols.Add(symbol);
        }

        change?.Invoke(Options);
        Journal = journal ?? new MemoryJournal();
        Core = new TradingCore(Options, reference, Journal);
        foreach (var record in Journal.Committed)
        {
            Core.Restore(FactJson.FromEntry(record)!, record.Entry.Time, record.Sequence);
        }

        foreach (var series in Core.Series)
        {
            Warmup[series] = RandomCandles.Walk(WarmCandles, 1, Interval.FifteenMinutes, Begin.Plus(-WarmCandles * 900_000L));
            Core.Warm(series, Warmup[series]);
            _price[series.Symbol] = Warmup[series][^1].Close;
        }

        Now = Begin;
    }

    public TradingOptions Options { get; }

    public MemoryJournal Journal { get; }

    public TradingCore Core { get; }

    public Instant Now { get; private set; }

    public Dictionary<SeriesKey, Candle[]> Warmup { get; } = [];

    public List<OrderRequest> Submitted { get; } = [];

    public List<TradingEffect> Others { get; } = [];

    public bool FillOrders { get; set; } = true;

    public bool AnswerOrders { get; set; } = true;

    public bool ReportStops { get; set; } = true;

    public List<OrderRequest> Waiting { get; } = [];

    public static TicketSet Set(double probabilityUp, int horizon = 1, string symbol = "BTCUSDT", Instant? expires = null)
    {
        var regimes = TestTickets.Regimes();
        return new TicketSet(
            new Symbol(symbol), Interval.FifteenMinutes, regimes,
            [.. regimes.Names.Select(name => Constant(name, regimes, probabilityUp, horizon, symbol, expires ?? Begin.Plus(Instant.MillisecondsPerDay * 365)))]);
    }

    public CoreHarness StartReconciled(decimal balance = 10_000m, TicketSet? set = null)
    {
        Core.Start(Now, [.. Core.Series.Select(s => InstrumentOf(s.Symbol))], _effects);
        Collect();
        Send(new Fact.Reconciled(Snapshot(balance)));
        if (set is not null)
        {
            Activate(set);
        }

        Send(new Fact.TimePassed(Now));
        return this;
    }

    public void Activate(TicketSet set)
    {
        Core.Activate(set, _effects);
        Collect();
    }

    public ExchangeSnapshot Snapshot(decimal balance) => new(
        new WalletReport(new Money(balance), new Money(balance), Now),
        [.. Core.Series.Select(s => Report(s.Symbol))], [], [], Now);

    /// <summary>One step of the market: what waits is filled at the open, then the candles close, then time passes.</summary>
    public void Step(double move = 0, IEnumerable<SeriesKey>? order = null)
    {
        if (FillOrders)
        {
            foreach (var request in Waiting.ToList())
            {
                Fill(request, (decimal)_price[request.Symbol], Now.Plus(100));
            }

            Waiting.Clear();
        }

        var opened = Now;
        Now = Now.Plus(900_000);
        foreach (var series in order ?? Core.Series)
        {
            var open = _price[series.Symbol];
            var close = open * (1 + move);
            _price[series.Symbol] = close;
            Send(new Fact.CandleClosed(series, new Candle(opened, open, Math.Max(open, close) * 1.001, Math.Min(open, close) * 0.999, close, 10, 10 * close)));
        }

        Send(new Fact.TimePassed(Now));
    }

    public void Tick(long milliseconds)
    {
        Now = Now.Plus(milliseconds);
        Send(new Fact.TimePassed(Now));
    }

    public void Send(Fact fact)
    {
        Core.Handle(fact, _effects);
        Collect();
    }

    public void Fill(OrderRequest request, decimal price, Instant at)
    {
        var report = request.Report(OrderStatus.Filled, request.Quantity, at);
        Send(new Fact.Executed(report.Trade(
            $"x{_executions++}", InstrumentOf(request.Symbol).NearestTick((double)price), request.Quantity, new Money(price * request.Quantity.Value * 0.00055m), at)));
        Send(new Fact.OrderChanged(report));
        if (ReportStops && request.StopLoss is not null)
        {
            Send(new Fact.PositionChanged(Report(request.Symbol) with { StopLoss = request.StopLoss, Time = at }));
        }
    }

    public IReadOnlyList<Decision> Decisions() => [.. Journal.All.Where(r => r.Entry.Kind == FactJson.DecisionKind)
        .Select(r => ((Fact.Decided)FactJson.FromEntry(r)!).Decision)];

    public Decision LastDecision() => Decisions()[^1];

    public static Instrument InstrumentOf(Symbol symbol) => new()
    {
        Symbol = symbol,
        TickSize = 0.01m,
        QuantityStep = 0.001m,
        MinQuantity = 0.001m,
        MaxMarketQuantity = 10_000m,
        MaxQuantity = 10_000m,
        MinNotional = 5m,
    };

    private PositionReport Report(Symbol symbol)
    {
        var position = Core.Account.HoldingOf(symbol).Position;
        return new PositionReport(symbol, position.SignedQuantity, position.AverageEntry, null, Now);
    }

    private void Collect()
    {
        foreach (var effect in _effects.ToList())
        {
            if (effect is TradingEffect.Submit(var request))
            {
                Submitted.Add(request);
                if (AnswerOrders)
                {
                    Waiting.Add(request);
                }
            }
            else if (effect is not TradingEffect.ReportSent)
            {
                Others.Add(effect);
            }
        }

        var submits = _effects.OfType<TradingEffect.Submit>().ToList();
        _effects.Clear();
        foreach (var submit in submits.Where(_ => AnswerOrders))
        {
            Send(new Fact.Answered(submit.Request.Id, AnswerOutcome.Accepted, submit.Request.VenueId().Value, ""));
        }
    }

    // All weights zero and two output biases: the answer is the same for every row.
    private static Ticket Constant(string regime, RegimeSet regimes, double probabilityUp, int horizon, string symbol, Instant expires)
    {
        var draft = TestTickets.Direction(regime, regimes: regimes);
        var features = draft.Schema.Names.Count;
        var architecture = Architecture.Parse("dense:2", features, 2);
        var mask = MaskSet.Full(architecture).ToArrays();
        float[][] weights = [.. architecture.Parameters.Select(p => new float[p.Count])];
        weights[^1][1] = (float)Math.Log(probabilityUp / (1 - probabilityUp));
        return Ticket.Seal(draft with
        {
            Symbol = new Symbol(symbol),
            Architecture = architecture,
            Mask = mask,
            Weights = weights,
            RewindWeights = weights,
            Density = 1,
            Temperature = 1,
            HorizonCandles = horizon,
            ExpiresAt = expires,
            Similarity = new SimilarityReference(
                96, [.. Enumerable.Repeat(0.0, features * SimilarityReference.StatisticsPerFeature)],
                [.. Enumerable.Repeat(1e6, features * SimilarityReference.StatisticsPerFeature)], 1),
        });
    }
}

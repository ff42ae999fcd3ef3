using TicketBot.Domain;
using TicketBot.Simulator;
using TicketBot.Simulator.Markets;
using TicketBot.Trading;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;

namespace TicketBot.Research.Backtests;

/// <summary>Drives the live trading core over the in-process exchange: the code that will spend a ticket, the venue that paper trading uses, and
/// no wire, clock or thread between them. Equal requests give equal results, bit for bit.</summary>
public static class BacktestRunner
{
    /// <summary>Plays the request to the end of its candles.</summary>
    /// <param name="request">What to play.</param>
    /// <param name="journal">Takes every fact; <c>null</c> keeps none.</param>
    /// <param name="progress">Told the share done, 0..1, now and then; or <c>null</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ArgumentException">A series is missing, empty or faulty; the message names it.</exception>
    public static async Task<BacktestResult> RunAsync(
        BacktestRequest request, IJournal? journal, Action<double>? progress, CancellationToken cancellationToken)
    {
        var market = new ReplayMarket(request.Candles, request.LiveFrom);
        await using var exchange = new SimulatedExchange(market, request.Venue, request.Balance);
        await using var passing = new PassingJournal();
        var core = new TradingCore(request.Trading, request.Reference, journal ?? passing);
        var total = request.Candles.Sum(c => c.Value.Count) - request.Candles.Sum(c => market.History(c.Key).Count);
        var record = new Recorder(core);
        core.Recorded = record.Take;
        Symbol[] symbols = [.. core.Series.Select(s => s.Symbol).Distinct()];
        List<TradingEffect> effects = [];

        foreach (var series in core.Series)
        {
            if (request.Prepared?.GetValueOrDefault(series) is { } prepared)
            {
                core.PipelineOf(series).Prepare(prepared);
            }

            var history = market.History(series);
            core.Warm(series, history.Skip(Math.Max(0, history.Count - request.Trading.CandlesInMemory)));
        }

        await exchange.PrepareAsync(symbols, cancellationToken);
        var now = await exchange.GetMarketTimeAsync(cancellationToken);
        core.Start(now, await exchange.GetInstrumentsAsync(symbols, cancellationToken), effects);
        core.Handle(new Fact.Reconciled(await exchange.GetSnapshotAsync(symbols, now, cancellationToken)), effects);
        foreach (var set in request.Tickets)
        {
            core.Activate(set, effects);
        }

        core.Handle(new Fact.TimePassed(now), effects);
        await CarryOutAsync(core, exchange, symbols, effects, cancellationToken);

        List<ExchangeEvent> events = [];
        var equity = new List<(Instant Time, decimal Equity)>(total);
        var candles = 0;
        while (exchange.Advance(events))
        {
            cancellationToken.ThrowIfCancellationRequested();
            candles += TakeIn(events, core, effects);
            await CarryOutAsync(core, exchange, symbols, effects, cancellationToken);
            equity.Add((core.Account.MarketTime, core.Account.Equity.Value));
            if (equity.Count % 512 == 0)
            {
                progress?.Invoke((double)candles / Math.Max(1, total));
            }
        }

        journal?.Commit();
        var final = await exchange.GetSnapshotAsync(symbols, now, cancellationToken);
        return new BacktestResult
        {
            From = request.LiveFrom,
            Decisions = record.Decisions,
            Trades = record.Trades,
            Executions = record.Executions,
            Equity = equity,
            Candles = candles,
            InitialBalance = request.Balance,
            Wallet = core.Account.Wallet.Value,
            VenueWallet = final.Wallet.WalletBalance.Value,
            Status = core.Picture(),
        };
    }

    // Returns how many candles closed.
    private static int TakeIn(List<ExchangeEvent> events, TradingCore core, List<TradingEffect> effects)
    {
        var candles = 0;
        foreach (var happened in events)
        {
            candles += happened is ExchangeEvent.CandleClosed ? 1 : 0;
            if (EffectRunner.FactOf(happened) is { } fact)
            {
                core.Handle(fact, effects);
            }
        }

        events.Clear();
        return candles;
    }

    // Orders reach the venue before the next step, as live: the report that everything is sent is the step itself.
    private static ValueTask CarryOutAsync(
        TradingCore core, SimulatedExchange exchange, IReadOnlyList<Symbol> symbols, List<TradingEffect> effects, CancellationToken cancellationToken)
    {
        if (effects is [TradingEffect.ReportSent])
        {
            effects.Clear();
            return ValueTask.CompletedTask; // Most candles lead to nothing.
        }

        return CarryOutEachAsync(core, exchange, symbols, effects, cancellationToken);
    }

    private static async ValueTask CarryOutEachAsync(
        TradingCore core, SimulatedExchange exchange, IReadOnlyList<Symbol> symbols, List<TradingEffect> effects, CancellationToken cancellationToken)
    {
        for (var i = 0; i < effects.Count; i++) // What follows from one is added behind the others.
        {
            if (effects[i] is not TradingEffect.ReportSent
                && await EffectRunner.RunAsync(effects[i], exchange, symbols, cancellationToken) is { } fact)
            {
                core.Handle(fact, effects);
            }
        }

        effects.Clear();
    }

    private sealed class Recorder(TradingCore core)
    {
        private readonly Dictionary<Symbol, OpenTrade> _open = [];
        private readonly Dictionary<Symbol, (ClientOrderId Order, string Regime)> _ordered = [];

        public DecisionLog Decisions { get; } = new();

        public List<BacktestTrade> Trades { get; } = [];

        public List<Execution> Executions { get; } = [];

        public void Take(Fact fact, Instant time, long sequence)
        {
            switch (fact)
            {
                case Fact.Decided(var decision):
                    Decisions.Add(decision);
                    if (decision.Order is { } order)
                    {
                        _ordered[decision.Series.Symbol] = (order, decision.Regime);
                    }

                    break;
                case Fact.Executed(var execution):
                    Executions.Add(execution);
                    Follow(execution);
                    break;
                default:
                    break;
            }
        }

        private void Follow(Execution execution)
        {
            var symbol = execution.Symbol;
            if (!_open.TryGetValue(symbol, out var open))
            {
                if (execution.Kind != ExecutionKind.Trade)
                {
                    return;
                }

                var regime = _ordered.TryGetValue(symbol, out var ordered) && ordered.Order == execution.ClientOrderId ? ordered.Regime : "";
                _open[symbol] = open = new OpenTrade(new Position(symbol), core.Account.HoldingOf(symbol).Owner, regime, execution.Side, execution.Time);
            }

            open.Position.Apply(execution);
            if (execution.Kind == ExecutionKind.Trade)
            {
                open.Fills++;
                if (execution.Side == open.Side)
                {
                    open.Cost += execution.Price * execution.Quantity;
                    open.Quantity += execution.Quantity;
                }
                else
                {
                    open.Proceeds += execution.Price * execution.Quantity;
                    open.WasStopped |= execution.IsStopLoss;
                }
            }

            if (open.Position.IsFlat)
            {
                _open.Remove(symbol);
                Trades.Add(new BacktestTrade(
                    symbol, open.Ticket, open.Side, open.Quantity, open.OpenedAt, open.Cost.Value / open.Quantity.Value, execution.Time,
                    open.Position.Realised, open.Position.Fees, open.Position.Funding, open.Fills)
                {
                    Regime = open.Regime, WasStopped = open.WasStopped, ExitPrice = open.Proceeds.Value / open.Quantity.Value,
                });
            }
        }
    }

    private sealed class OpenTrade(Position position, Tickets.TicketId? ticket, string regime, Side side, Instant openedAt)
    {
        public Position Position { get; } = position;

        public Tickets.TicketId? Ticket { get; } = ticket;

        public string Regime { get; } = regime;

        public Side Side { get; } = side;

        public Instant OpenedAt { get; } = openedAt;

        public Money Cost { get; set; }

        public Quantity Quantity { get; set; }

        public Money Proceeds { get; set; }

        public bool WasStopped { get; set; }

        public int Fills { get; set; }
    }
}

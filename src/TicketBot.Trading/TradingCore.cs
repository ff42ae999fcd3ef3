using System.Globalization;
using TicketBot.Domain;
using TicketBot.Market.Candles;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;
using TicketBot.Trading.Risk;
using TicketBot.Trading.Signals;

namespace TicketBot.Trading;

/// <summary>The trader without its surroundings: facts in, facts and effects out. It reads no clock and does no I/O but the journal's
/// in-memory append, so feeding it the journalled inputs again gives the same decisions bit for bit.</summary>
/// <remarks>Not safe for use by several threads. Used by the live loop, by backtests, by gates and by <c>replay</c>.</remarks>
public sealed class TradingCore
{
    // A candle whose close lies further back than this was repaired afterwards: it is history, not news.
    private const long StaleAfterMs = 60_000;

    // A market order that has neither ended nor been heard of for this long is looked up.
    private const long SilentOrderMs = 10_000;

    private readonly TradingOptions _options;
    private readonly IJournal _journal;
    private readonly SortedDictionary<string, SeriesPipeline> _pipelines = new(StringComparer.Ordinal);
    private readonly Dictionary<Symbol, Instrument> _instruments = [];
    private readonly Queue<DecisionStatus> _decisions = [];
    private readonly Queue<(Instant Time, decimal Equity)> _equity = [];
    private readonly Orders.Reconciler _reconciler;
    private ICollection<TradingEffect> _effects = [];
    private Fact? _unwrittenTick;
    private long _cause;

    /// <summary>Makes a core without candles, tickets or state.</summary>
    /// <param name="options">Limits.</param>
    /// <param name="reference">Symbol of cross-asset features, or <c>null</c>.</param>
    /// <param name="journal">Takes every fact.</param>
    public TradingCore(TradingOptions options, Symbol? reference, IJournal journal)
    {
        (_options, _journal) = (options, journal);
        _reconciler = new Orders.Reconciler(Account, Record, effect => _effects.Add(effect));
        var interval = Interval.Parse(options.Interval);
        foreach (var symbol in options.Symbols.Select(s => new Symbol(s)))
        {
            Follow(new SeriesKey(symbol, interval), true);
        }

        if (reference is { } other)
        {
            Follow(new SeriesKey(other, interval), false);
            foreach (var pipeline in _pipelines.Values)
            {
                pipeline.Reference = _pipelines[new SeriesKey(other, interval).ToString()];
            }
        }
    }

    /// <summary>What the trader knows of its account.</summary>
    public AccountState Account { get; } = new();

    /// <summary>Called with every fact after it was journalled and folded in: for logs and metrics only.</summary>
    public Action<Fact, Instant, long>? Recorded { get; set; }

    /// <summary>The followed series, traded ones and the reference.</summary>
    public IReadOnlyList<SeriesKey> Series => [.. _pipelines.Values.Select(p => p.Key)];

    /// <summary>Returns the pipeline of a series.</summary>
    /// <exception cref="KeyNotFoundException">The series is not followed.</exception>
    public SeriesPipeline PipelineOf(SeriesKey series) => _pipelines[series.ToString()];

    /// <summary>Folds a journalled fact in without deciding anything: recovery.</summary>
    public void Restore(Fact fact, Instant time, long sequence)
    {
        Account.Apply(fact, time, sequence);
        Remember(fact, time, sequence);
    }

    /// <summary>Puts candles from the store into memory before the start; they lead to no decision.</summary>
    public void Warm(SeriesKey series, IEnumerable<Candle> candles)
    {
        var pipeline = PipelineOf(series);
        foreach (var candle in candles)
        {
            pipeline.Append(candle);
        }

        if (pipeline.Candles.Count > 0)
        {
            Account.SetWarmMark(series.Symbol, pipeline.Candles.Close[^1]);
        }
    }

    /// <summary>Begins or begins again: instruments are known, candles are in memory, the account is not yet reconciled.</summary>
    public void Start(Instant time, IReadOnlyList<Instrument> instruments, ICollection<TradingEffect> effects)
    {
        _effects = effects;
        foreach (var instrument in instruments)
        {
            _instruments[instrument.Symbol] = instrument;
        }

        List<WarmupRange> warmups = [];
        foreach (var p in _pipelines.Values)
        {
            if (p.Candles.Count > 0)
            {
                warmups.Add(new WarmupRange(p.Key, new Instant(p.Candles.OpenTimes[0]), new Instant(p.Candles.OpenTimes[^1])));
            }
        }

        Record(new Fact.Started(time, instruments, warmups), time, null);
    }

    /// <summary>Takes a regime set and its tickets into force between two candles.</summary>
    public void Activate(TicketSet set, ICollection<TradingEffect> effects)
    {
        _effects = effects;
        var key = new SeriesKey(set.Symbol, set.Interval);
        Record(
            new Fact.Activated(key, set.Regimes.Id, set.Tickets.ToDictionary(t => t.Regime, t => t.Id)), Account.MarketTime, null);
        PipelineOf(key).Activate(set);
    }

    /// <summary>Takes in one fact from outside; effects are to be carried out after the journal was committed.</summary>
    public void Handle(Fact input, ICollection<TradingEffect> effects)
    {
        _effects = effects;
        switch (input)
        {
            case Fact.CandleClosed(var series, var candle):
                OnCandle(series, candle, input);
                break;
            case Fact.TimePassed(var time):
                OnTime(time, input);
                break;
            case Fact.Executed(var execution):
                if (!Account.HasSeen(execution.Id))
                {
                    Input(input, execution.Time);
                }

                break;
            case Fact.OrderChanged(var report):
                Input(input, report.Time);
                break;
            case Fact.PositionChanged(var report):
                Input(input, report.Time);
                break;
            case Fact.Reconciled(var snapshot):
                Input(input, snapshot.Time);
                _reconciler.Agree(snapshot, _cause);
                break;
            case Fact.StreamRestored("private"):
                Input(input, Account.MarketTime);
                _effects.Add(new TradingEffect.Reconcile(Account.LastExecution));
                break;
            case Fact.Answered answered:
                Input(input, Account.MarketTime);
                LookUpLostAnswer(answered);
                break;
            case Fact.LookedUp(var id, null):
                Input(input, Account.MarketTime);
                OnMissed(id);
                break;
            case Fact.Commanded(var command, var reason):
                Input(input, Account.MarketTime);
                OnCommand(command, reason);
                break;
            default:
                Input(input, Account.MarketTime);
                break;
        }
    }

    /// <summary>Returns an immutable picture for pages and verbs.</summary>
    public TradingStatus Picture() => StatusPicture.Of(Account, [.. _pipelines.Values], [.. _decisions.Reverse()], [.. _equity]);

    private void Follow(SeriesKey key, bool traded)
    {
        if (!_pipelines.ContainsKey(key.ToString()))
        {
            _pipelines[key.ToString()] = new SeriesPipeline(key, traded, _options.CandlesInMemory);
        }
    }

    private void OnCandle(SeriesKey series, Candle candle, Fact input)
    {
        if (!_pipelines.TryGetValue(series.ToString(), out var pipeline))
        {
            return;
        }

        var result = pipeline.Append(candle);
        if (result is AppendResult.Duplicate or AppendResult.TooOld)
        {
            return;
        }

        var close = series.Interval.CloseOf(candle.OpenTime);
        pipeline.LastSequence = Input(input, close);
        if (result is AppendResult.Appended or AppendResult.AppendedAfterGap && pipeline.IsTraded)
        {
            pipeline.PendingClose = close;
        }

        DecideWhatIsDue();
    }

    private void OnTime(Instant time, Fact tick)
    {
        _unwrittenTick = tick;
        Account.Apply(tick, time, 0);
        if (Account.State == TradingState.Halted && Account.StateUntil is { } until && Account.MarketTime >= until)
        {
            ChangeState(TradingState.Active, "a new UTC day began", null);
        }
        else if (Account.State == TradingState.Starting && Account.IsReconciled)
        {
            ChangeState(TradingState.Active, "account and venue agree", null);
        }

        DecideWhatIsDue();
        foreach (var (symbol, holding) in Account.Holdings)
        {
            if (!holding.Position.IsFlat)
            {
                Protect(symbol, holding);
                CloseWhenDue(symbol, holding);
            }
        }

        LookUpUncertainOrders();
        _unwrittenTick = null;
        _effects.Add(new TradingEffect.ReportSent(time));
    }

    // A close is decided on when every followed series has reached it, or when waiting has lasted long enough; then in symbol
    // order, so that the order of arrival changes nothing.
    private void DecideWhatIsDue()
    {
        while (true)
        {
            Instant? due = null;
            foreach (var p in _pipelines.Values)
            {
                if (p.PendingClose is { } pending && (due is not { } first || pending < first))
                {
                    due = pending;
                }
            }

            if (due is not { } close)
            {
                return;
            }

            var complete = true;
            foreach (var p in _pipelines.Values)
            {
                complete &= p.LastClose is { } last && last >= close;
            }

            if (!complete && Account.MarketTime.Since(close) < _options.ReferenceWaitMs)
            {
                return;
            }

            CheckDrawdown();
            foreach (var p in _pipelines.Values)
            {
                if (p.PendingClose == close)
                {
                    p.PendingClose = null;
                    Decide(p, close);
                }
            }
        }
    }

    private void Decide(SeriesPipeline pipeline, Instant close)
    {
        _cause = pipeline.LastSequence;
        var holding = Account.HoldingOf(pipeline.Key.Symbol);
        var decision = new Decision { Series = pipeline.Key, Time = close };
        var regimeDenial = pipeline.EstimateRegime(close, out var detail);
        if (regimeDenial == DenialCode.None && pipeline.Regime is { } regime)
        {
            decision = decision with { Regime = regime.Name, RegimeProbability = regime.Probability };
        }

        if (!holding.Position.IsFlat)
        {
            DecideOnOpenPosition(pipeline, holding, decision, close);
            return;
        }

        if (regimeDenial != DenialCode.None)
        {
            Conclude(decision with { Denial = regimeDenial, Detail = detail });
            return;
        }

        var compiled = pipeline.TicketOf(decision.Regime);
        if (compiled is null)
        {
            Conclude(decision with { Denial = DenialCode.NoTicketForRegime, Detail = $"no ticket is live for regime {decision.Regime}" });
            return;
        }

        decision = decision with { Ticket = compiled.Ticket.Id };
        if (compiled.Ticket.ExpiresAt <= close)
        {
            Conclude(decision with { Denial = DenialCode.TicketExpired, Detail = $"the ticket expired at {compiled.Ticket.ExpiresAt}" });
            return;
        }

        DecideOnEntry(pipeline, compiled, Asked(pipeline, compiled, decision, close), close);
    }

    private Decision Asked(SeriesPipeline pipeline, CompiledTicket compiled, Decision decision, Instant close)
    {
        var answer = pipeline.Ask(compiled, close);
        decision = decision with { Ticket = compiled.Ticket.Id, FeatureHash = answer.FeatureHash, ProbabilityUp = answer.ProbabilityUp };
        if (answer.ProbabilityUp is not { } p)
        {
            return decision with { Denial = answer.Denial, Detail = answer.Detail };
        }

        var side = p >= 0.5 ? Side.Buy : Side.Sell;
        return Math.Max(p, 1 - p) >= _options.ConfidenceThreshold
            ? decision with { Signal = side }
            : decision with
            {
                Denial = DenialCode.BelowConfidence,
                Detail = string.Create(CultureInfo.InvariantCulture, $"confidence {Math.Max(p, 1 - p):F3}, threshold {_options.ConfidenceThreshold:F3}"),
            };
    }

    private void DecideOnEntry(SeriesPipeline pipeline, CompiledTicket compiled, Decision decision, Instant close)
    {
        if (decision.Signal is not { } side)
        {
            Conclude(decision);
            return;
        }

        var symbol = pipeline.Key.Symbol;
        if (WhyNoEntry(symbol, close, out var detail) is var code and not DenialCode.None)
        {
            Conclude(decision with { Denial = code, Detail = detail });
            return;
        }

        var similarity = pipeline.SimilarityTo(compiled, close);
        decision = decision with { Similarity = similarity };
        var lastPrice = pipeline.Candles.Close[pipeline.Candles.IndexOf(pipeline.Key.Interval.Shift(close, -1))];
        var instrument = _instruments[symbol];
        switch (RiskEngine.Judge(new RiskInput(instrument, side, lastPrice, Account.Equity, Account.GrossNotional, similarity), _options))
        {
            case RiskVerdict.Denied denied:
                Conclude(decision with { Denial = denied.Code, Detail = denied.Detail });
                break;
            case RiskVerdict.Approved approved:
                var request = new OrderRequest
                {
                    Id = OrderIds.For(_journal.FolderIdentity, symbol, close, IntentKind.Entry, 0),
                    Symbol = symbol,
                    Side = side,
                    Type = OrderType.Market,
                    Quantity = approved.Quantity,
                    StopLoss = approved.Stop,
                    StopByMarkPrice = _options.StopByMarkPrice,
                    CausedAt = close,
                };
                var cause = Conclude(decision with { Order = request.Id, Detail = $"{side} {approved.Quantity} at market, stop {approved.Stop}" });
                var exitDue = pipeline.Key.Interval.Shift(close, compiled.Ticket.HorizonCandles);
                Send(new OrderIntent(request, IntentKind.Entry, ExitReason.None, compiled.Ticket.Id, exitDue, 0), cause);
                break;
        }
    }

    private DenialCode WhyNoEntry(Symbol symbol, Instant close, out string detail)
    {
        detail = "";
        if (Account.MarketTime.Since(close) > StaleAfterMs)
        {
            detail = $"the candle closed {Account.MarketTime.Since(close) / 1000} s ago";
            return DenialCode.StaleCandle;
        }

        if (Account.State is TradingState.Paused or TradingState.Halted)
        {
            detail = Account.StateReason;
            return Account.State == TradingState.Paused ? DenialCode.Paused : DenialCode.Halted;
        }

        if (!Account.IsReconciled || Account.State == TradingState.Starting)
        {
            detail = "account and venue do not agree yet";
            return DenialCode.NotReconciled;
        }

        if (Account.Interrupted.Count > 0)
        {
            detail = $"interrupted: {string.Join(", ", Account.Interrupted)}";
            return DenialCode.StreamInterrupted;
        }

        foreach (var tracked in Account.OpenOrders.Values)
        {
            if (tracked.Order.Symbol == symbol)
            {
                detail = $"order {tracked.Order.Id} is {tracked.Order.Status}";
                return tracked.Order.Status == OrderStatus.Unknown ? DenialCode.OrderUnknown : DenialCode.OrderPending;
            }
        }

        return DenialCode.None;
    }

    private void DecideOnOpenPosition(SeriesPipeline pipeline, Holding holding, Decision decision, Instant close)
    {
        var owner = holding.Owner is { } id ? pipeline.FindTicket(id) : null;
        var reason = ExitReason.None;
        if (owner is not null)
        {
            decision = Asked(pipeline, owner, decision, close);
            reason = decision.Signal is { } signal && signal != holding.Position.Side ? ExitReason.OppositeSignal : reason;
            reason = owner.Ticket.ExpiresAt <= close ? ExitReason.TicketExpired : reason;
        }

        reason = holding.ExitDue is { } due && due <= close ? ExitReason.Horizon : reason;
        if (reason == ExitReason.None || HasExitUnderWay(pipeline.Key.Symbol))
        {
            Conclude(decision with { Denial = DenialCode.PositionOpen, Detail = $"position {holding.Position.SignedQuantity} stays open" });
            return;
        }

        RequestExit(pipeline.Key.Symbol, holding, reason, close, decision with { Denial = DenialCode.None });
    }

    private bool HasExitUnderWay(Symbol symbol)
    {
        foreach (var tracked in Account.OpenOrders.Values)
        {
            if (tracked.Order.Symbol == symbol && tracked.Intent.Kind == IntentKind.Exit)
            {
                return true;
            }
        }

        return false;
    }

    private void RequestExit(Symbol symbol, Holding holding, ExitReason reason, Instant causedAt, Decision? decision)
    {
        var side = holding.Position.Side!.Value.Opposite();
        var attempt = holding.ExitAttempts;
        var quantity = new Quantity(Math.Min(holding.Position.Quantity.Value, _instruments[symbol].MaxMarketQuantity));
        var request = new OrderRequest
        {
            Id = OrderIds.For(_journal.FolderIdentity, symbol, causedAt, IntentKind.Exit, attempt),
            Symbol = symbol,
            Side = side,
            Type = OrderType.Market,
            Quantity = quantity,
            ReduceOnly = true,
            CausedAt = causedAt,
        };
        var cause = decision is null
            ? _cause
            : Conclude(decision with { Order = request.Id, Detail = $"close {holding.Position.SignedQuantity}: {reason}" });
        Send(new OrderIntent(request, IntentKind.Exit, reason, holding.Owner, null, attempt), cause);
    }

    private void CloseWhenDue(Symbol symbol, Holding holding)
    {
        var reason = Account.State == TradingState.Halted
            ? (Account.StateUntil is null ? ExitReason.Operator : ExitReason.Drawdown)
            : holding.ExitDue is { } due && due <= Account.MarketTime ? ExitReason.Horizon : ExitReason.None;
        if (reason != ExitReason.None && Account.IsReconciled && !HasExitUnderWay(symbol) && _instruments.ContainsKey(symbol))
        {
            RequestExit(symbol, holding, reason, Account.MarketTime, null);
        }
    }

    private void CloseAll(ExitReason reason)
    {
        foreach (var (symbol, holding) in Account.Holdings)
        {
            if (!holding.Position.IsFlat && !HasExitUnderWay(symbol))
            {
                RequestExit(symbol, holding, reason, Account.MarketTime, null);
            }
        }

        foreach (var tracked in Account.OpenOrders.Values.Where(t => t.Intent.Kind == IntentKind.Entry && t.Order.Type == OrderType.Limit))
        {
            _effects.Add(new TradingEffect.Cancel(tracked.Order.Symbol, tracked.Order.Id));
        }
    }

    // The stop travels with the entry; here its arrival at the venue is checked, and a missing one set, or the position closed.
    private void Protect(Symbol symbol, Holding holding)
    {
        if (holding.StopConfirmed || !_instruments.TryGetValue(symbol, out var instrument))
        {
            return;
        }

        var waited = Account.MarketTime.Since(holding.StopRequestedAt ?? holding.OpenedAt);
        if (holding.StopRequestedAt is null && waited >= _options.StopConfirmationMs)
        {
            var stop = holding.Stop ?? RiskEngine.StopFor(instrument, holding.Position.Side!.Value, holding.Position.AverageEntry, _options);
            Record(new Fact.StopRequested(symbol, stop), Account.MarketTime, null);
            _effects.Add(new TradingEffect.SetStop(symbol, stop));
        }
        else if (holding.StopRequestedAt is not null && waited >= _options.StopConfirmationMs * 3 / 2 && !HasExitUnderWay(symbol))
        {
            RequestExit(symbol, holding, ExitReason.Unprotected, Account.MarketTime, null);
        }
    }

    private void LookUpUncertainOrders()
    {
        foreach (var tracked in Account.OpenOrders.Values)
        {
            var order = tracked.Order;
            var silent = order.Type == OrderType.Market && Account.MarketTime.Since(tracked.Intent.Request.CausedAt) > SilentOrderMs;
            var uncertain = order.Status == OrderStatus.Unknown || (silent && order.Status != OrderStatus.Intended);
            var again = tracked.MissedAt is not { } missed || Account.MarketTime.Since(missed) >= _options.AbsenceProofMs;
            if (uncertain && again && !tracked.LookUpPending)
            {
                LookUp(tracked);
            }
        }
    }

    private void LookUpLostAnswer(Fact.Answered answered)
    {
        if (answered.Outcome is AnswerOutcome.Unknown or AnswerOutcome.Duplicate && Account.OpenOrders.TryGetValue(answered.Id, out var tracked))
        {
            LookUp(tracked);
        }
    }

    private void LookUp(TrackedOrder tracked)
    {
        AccountState.MarkLookUp(tracked);
        _effects.Add(new TradingEffect.LookUp(tracked.Order.Symbol, tracked.Order.Id));
    }

    // An exit is sent again after one look-up that missed, with the same id; an entry never: two misses, apart in time, end it.
    private void OnMissed(ClientOrderId id)
    {
        if (!Account.OpenOrders.TryGetValue(id, out var tracked) || tracked.Order.VenueId is not null)
        {
            return;
        }

        if (tracked.Intent.Kind == IntentKind.Exit)
        {
            _effects.Add(new TradingEffect.Submit(tracked.Intent.Request));
        }
        else if (tracked.MissedAt is { } missed && Account.MarketTime.Since(missed) >= _options.AbsenceProofMs)
        {
            Record(new Fact.ProvedAbsent(id), Account.MarketTime, _cause);
        }
    }

    private void OnCommand(OperatorCommand command, string reason)
    {
        switch (command)
        {
            case OperatorCommand.Pause:
                ChangeState(TradingState.Paused, $"paused by the operator: {reason}", null);
                break;
            case OperatorCommand.Resume:
                ChangeState(Account.IsReconciled ? TradingState.Active : TradingState.Starting, $"resumed by the operator: {reason}", null);
                break;
            case OperatorCommand.Flatten:
                CloseAll(ExitReason.Operator);
                break;
            case OperatorCommand.Halt:
                ChangeState(TradingState.Halted, $"halted by the operator: {reason}", null);
                CloseAll(ExitReason.Operator);
                break;
            default:
                throw new InvalidOperationException($"Invariant: command {command} has no rule");
        }
    }

    private void CheckDrawdown()
    {
        if (Account.State == TradingState.Halted || !Account.HasCash || Account.DayLoss < _options.MaxDailyDrawdown)
        {
            return;
        }

        var until = Account.MarketTime.StartOfUtcDay().Plus(Instant.MillisecondsPerDay);
        ChangeState(
            TradingState.Halted,
            string.Create(CultureInfo.InvariantCulture, $"daily drawdown {Account.DayLoss:P2} of peak {Account.DayPeak.Value:F2} reached the limit {_options.MaxDailyDrawdown:P2}"),
            until);
        CloseAll(ExitReason.Drawdown);
    }

    private void ChangeState(TradingState state, string reason, Instant? until) =>
        Record(new Fact.StateChanged(state, reason, until), Account.MarketTime, null);

    private void Send(OrderIntent intent, long cause)
    {
        Record(new Fact.Intended(intent), Account.MarketTime, cause);
        _effects.Add(new TradingEffect.Submit(intent.Request));
    }

    private long Conclude(Decision decision) => Record(new Fact.Decided(decision), Account.MarketTime, _cause);

    private long Input(Fact fact, Instant time)
    {
        _cause = Record(fact, time, null);
        return _cause;
    }

    private long Record(Fact fact, Instant time, long? cause)
    {
        if (_unwrittenTick is { } tick)
        {
            // Most ticks lead to nothing and would only fill the journal; this one does.
            _unwrittenTick = null;
            _cause = _journal.Append(FactJson.ToEntry(tick, Account.MarketTime, null));
        }

        var sequence = _journal.Append(FactJson.ToEntry(fact, time, cause ?? (fact.IsInput ? null : _cause)));
        Account.Apply(fact, time, sequence);
        Remember(fact, time, sequence);
        Recorded?.Invoke(fact, time, sequence);
        return sequence;
    }

    private void Remember(Fact fact, Instant time, long sequence)
    {
        if (fact is not Fact.Decided(var decision))
        {
            return;
        }

        _decisions.Enqueue(StatusPicture.Of(decision, sequence));
        if (_decisions.Count > 50)
        {
            _decisions.Dequeue();
        }

        _equity.Enqueue((time, Account.Equity.Value));
        if (_equity.Count > 2_000)
        {
            _equity.Dequeue();
        }
    }
}

using System.Globalization;
using TicketBot.Domain;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;
using TicketBot.Trading.Orders;
using TicketBot.Trading.Signals;

namespace TicketBot.Trading;

/// <summary>The trader without its surroundings: facts in, facts and effects out. It reads no clock and does no I/O but the journal's
/// in-memory append, so feeding it the journalled inputs again gives the same decisions bit for bit.</summary>
/// <remarks>Not safe for use by several threads. Used by the live loop, by backtests, by gates and by <c>replay</c>.</remarks>
public sealed partial class TradingCore
{
    private readonly TradingOptions _options;
    private readonly IJournal _journal;
    private readonly SeriesPipeline[] _pipelines; // In the order of their names, so that the order of arrival changes nothing.
    private readonly Dictionary<Symbol, Instrument> _instruments = [];
    private readonly Queue<(Decision Decision, long Sequence)> _decisions = [];
    private readonly Queue<(Instant Time, decimal Equity)> _equity = [];
    private readonly Reconciler _reconciler;
    private readonly string _confidenceThreshold;
    private readonly string?[] _belowConfidence = new string?[501]; // By thousandths from 0.500 to 1.000.
    private ICollection<TradingEffect> _effects = [];
    private Fact? _unwrittenTick;
    private bool _inTick;
    private Instant _writtenTime;
    private long _cause;

    /// <summary>Makes a core without candles, tickets or state.</summary>
    /// <param name="options">Limits.</param>
    /// <param name="reference">Symbol of cross-asset features, or <c>null</c>.</param>
    /// <param name="journal">Takes every fact.</param>
    public TradingCore(TradingOptions options, Symbol? reference, IJournal journal)
    {
        (_options, _journal) = (options, journal);
        _reconciler = new Reconciler(Account, Record, effect => _effects.Add(effect));
        _confidenceThreshold = options.ConfidenceThreshold.ToString("F3", CultureInfo.InvariantCulture);
        var interval = Interval.Parse(options.Interval);
        var followed = new SortedDictionary<string, SeriesPipeline>(StringComparer.Ordinal);
        foreach (var key in options.Symbols.Select(s => new SeriesKey(new Symbol(s), interval)))
        {
            followed.TryAdd(key.ToString(), new SeriesPipeline(key, true, options.CandlesInMemory));
        }

        if (reference is { } other)
        {
            var key = new SeriesKey(other, interval);
            followed.TryAdd(key.ToString(), new SeriesPipeline(key, false, options.CandlesInMemory));
            foreach (var pipeline in followed.Values)
            {
                pipeline.Reference = followed[key.ToString()];
            }
        }

        _pipelines = [.. followed.Values];
    }

    /// <summary>What the trader knows of its account.</summary>
    public AccountState Account { get; } = new();

    /// <summary>Called with every fact after it was journalled and folded in: for logs and metrics only.</summary>
    public Action<Fact, Instant, long>? Recorded { get; set; }

    /// <summary>The followed series, traded ones and the reference.</summary>
    public IReadOnlyList<SeriesKey> Series => [.. _pipelines.Select(p => p.Key)];

    /// <summary>Returns the pipeline of a series.</summary>
    /// <exception cref="KeyNotFoundException">The series is not followed.</exception>
    public SeriesPipeline PipelineOf(SeriesKey series) =>
        Find(series) ?? throw new KeyNotFoundException($"followed are {string.Join(", ", Series)}, was asked for {series}");

    /// <summary>Folds a journalled fact in without deciding anything: recovery.</summary>
    public void Restore(Fact fact, Instant time, long sequence)
    {
        _writtenTime = time > _writtenTime ? time : _writtenTime;
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
        foreach (var p in _pipelines)
        {
            if (p.Candles.Count > 0)
            {
                warmups.Add(new WarmupRange(p.Key, new Instant(p.Candles.OpenTimes[0]), new Instant(p.Candles.OpenTimes[^1]), p.Candles.Close[^1]));
            }
        }

        Record(new Fact.Started(time, instruments, warmups), time, null);
        if (Account.HasCash)
        {
            LookWhenReadingsHaveCaughtUp();
        }
    }

    /// <summary>Takes a regime set and its tickets into force between two candles.</summary>
    public void Activate(TicketSet set, ICollection<TradingEffect> effects)
    {
        _effects = effects;
        var key = new SeriesKey(set.Symbol, set.Interval);
        Record(
            new Fact.Activated(key, set.Regimes.Id, set.Tickets.ToDictionary(t => t.Regime, t => t.Id)), Account.MarketTime, null);
        var pipeline = PipelineOf(key);
        pipeline.Activate(set);
        pipeline.ForgetOwnersExcept(Account.OwnersOf(set.Symbol));
    }

    /// <summary>Takes in one fact from outside; effects are to be carried out after the journal was committed.</summary>
    public void Handle(Fact input, ICollection<TradingEffect> effects)
    {
        _effects = effects;
        switch (input)
        {
            case Fact.CandleClosed closed:
                OnCandle(closed);
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
                var reported = report.ClientOrderId.IsDefault ? null : Account.OpenOrders.GetValueOrDefault(report.ClientOrderId);
                Input(input, report.Time);
                AskAfterFailedExit(reported);
                break;
            case Fact.PositionChanged(var report):
                Input(input, report.Time);
                break;
            case Fact.Reconciled(var snapshot, Reading.Routine):
                OnCheck(snapshot);
                break;
            case Fact.Reconciled(var snapshot, var reading):
                Input(input, snapshot.Time);
                _reconciler.Agree(snapshot, _cause, reading == Reading.Confirmed);
                break;
            case Fact.StreamRestored(StreamNames.Private):
                Input(input, Account.MarketTime);
                _effects.Add(new TradingEffect.Reconcile(Account.ExecutionsSince));
                LookWhenReadingsHaveCaughtUp();
                break;
            case Fact.Answered answered:
                var sent = Account.OpenOrders.GetValueOrDefault(answered.Id);
                Input(input, Account.MarketTime);
                LookUpLostAnswer(answered);
                AskAfterFailedExit(sent);
                break;
            case Fact.LookedUp(var id, null):
                Input(input, Account.MarketTime);
                OnMissed(id);
                break;
            case Fact.LookedUp(var id, _):
                Input(input, Account.MarketTime);
                CancelWhenAsked(id);
                break;
            case Fact.StopAnswered(var symbol, _, _, _):
                Input(input, Account.MarketTime);
                CloseWhatCannotBeProtected(symbol);
                break;
            case Fact.CancelAnswered(var id, var outcome, _):
                Input(input, Account.MarketTime);
                OnCancelAnswered(id, outcome);
                break;
            case Fact.Commanded(var command, var reason, var symbol):
                Input(input, Account.MarketTime);
                OnCommand(command, reason, symbol);
                break;
            default:
                Input(input, Account.MarketTime);
                break;
        }
    }

    /// <summary>Returns an immutable picture for pages and verbs.</summary>
    public TradingStatus Picture() => StatusPicture.Of(
        Account, _pipelines, [.. _decisions.Reverse().Select(d => StatusPicture.Of(d.Decision, d.Sequence))], [.. _equity], Findings);

    private SeriesPipeline? Find(SeriesKey series)
    {
        foreach (var pipeline in _pipelines)
        {
            if (pipeline.Key == series)
            {
                return pipeline;
            }
        }

        return null;
    }

    private void OnTime(Instant time, Fact tick)
    {
        (_unwrittenTick, _inTick) = (tick, true);
        Account.Apply(tick, time, 0);
        if (Account.State == TradingState.Halted && Account.StateUntil is { } until && Account.MarketTime >= until)
        {
            ChangeState(
                Account.PauseReason is null ? TradingState.Active : TradingState.Paused, Account.PauseReason ?? "a new UTC day began", null);
        }
        else if (Account.State == TradingState.Starting && Account.IsReconciled)
        {
            ChangeState(TradingState.Active, "account and venue agree", null);
        }

        DecideWhatIsDue();
        if (Account.HasPosition)
        {
            ProtectAndClose();
        }

        JudgeUnknownOrders();
        LookUpUncertainOrders();
        _reconciler.LookAgain();
        _inTick = false;
        CheckWhenDue();
        _effects.Add(new TradingEffect.ReportSent(time));
    }

    private void ProtectAndClose()
    {
        foreach (var (symbol, holding) in Account.Holdings)
        {
            if (!holding.Position.IsFlat)
            {
                Protect(symbol, holding);
                CloseWhenDue(symbol, holding);
            }
        }
    }

    private void ChangeState(TradingState state, string reason, Instant? until) =>
        Record(new Fact.StateChanged(state, reason, until), Account.MarketTime, null);

    private void Send(OrderIntent intent, long? cause)
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
            // Most ticks lead to nothing and would only fill the journal. One is written when something follows from it, or when it
            // moved market time and the next fact does not move it further: what follows from that fact may depend on the time.
            _unwrittenTick = null;
            if (_inTick)
            {
                _cause = Write(tick, Account.MarketTime, null);
            }
            else if (((Fact.TimePassed)tick).Time is var passed && passed > _writtenTime && time <= passed)
            {
                Write(tick, passed, null);
            }
        }

        var sequence = Write(fact, time, cause ?? (fact.IsInput ? null : _cause));
        Account.Apply(fact, time, sequence);
        Remember(fact, time, sequence);
        Recorded?.Invoke(fact, time, sequence);
        Judge(fact, sequence);
        return sequence;
    }

    private long Write(Fact fact, Instant time, long? cause)
    {
        _writtenTime = time > _writtenTime ? time : _writtenTime;
        return _journal.Append(fact, time, cause);
    }

    private void Remember(Fact fact, Instant time, long sequence)
    {
        if (fact is not Fact.Decided(var decision))
        {
            return;
        }

        _decisions.Enqueue((decision, sequence));
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

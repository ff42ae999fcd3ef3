using TicketBot.Domain;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Journal;

namespace TicketBot.Trading.Orders;

/// <summary>What the trader knows of its account: the fold of the journalled facts, the same live and after a restart.</summary>
/// <remarks>Not safe for use by several threads. Wallet = first balance and later changes of cash + realised - fees - funding;
/// equity adds the unrealised profit at the last closes.</remarks>
public sealed class AccountState
{
    private const int ExecutionsRemembered = 100_000;
    private readonly Dictionary<Symbol, Holding> _holdings = [];
    private readonly Dictionary<Symbol, double> _marks = [];
    private readonly Dictionary<ClientOrderId, TrackedOrder> _open = [];
    private readonly HashSet<ExecutionId> _seen = [];
    private readonly Queue<ExecutionId> _seenOrder = [];
    private readonly Queue<Execution> _fills = [];
    private Instant _day;

    /// <summary>Market time.</summary>
    public Instant MarketTime { get; private set; }

    /// <summary>Whether entries are allowed, and if not, why.</summary>
    public TradingState State { get; private set; } = TradingState.Starting;

    /// <summary>Why <see cref="State"/> is as it is.</summary>
    public string StateReason { get; private set; } = "recovering";

    /// <summary>When a halt ends by itself, or <c>null</c>.</summary>
    public Instant? StateUntil { get; private set; }

    /// <summary>Whether a first balance is known.</summary>
    public bool HasCash { get; private set; }

    /// <summary>First balance and later deposits and withdrawals.</summary>
    public Money Cash { get; private set; }

    /// <summary>Highest equity of the UTC day.</summary>
    public Money DayPeak { get; private set; }

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

    /// <summary>Counts since the journal began.</summary>
    public TradingCounts Counts { get; private set; } = new(0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Sum over holdings.</summary>
    public Money Realised => Sum(h => h.Position.Realised);

    /// <summary>Sum over holdings.</summary>
    public Money Fees => Sum(h => h.Position.Fees);

    /// <summary>Sum over holdings.</summary>
    public Money Funding => Sum(h => h.Position.Funding);

    /// <summary>Wallet balance by our own account.</summary>
    public Money Wallet => Cash + Realised - Fees - Funding;

    /// <summary>Wallet balance plus unrealised profit at the last closes (at the entry before the first close).</summary>
    public Money Equity => Wallet + Sum(h => h.Position.IsFlat ? Money.Zero : h.Position.Unrealised(MarkOf(h.Position)));

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
                    var open = tracked.Order.Quantity.Value - tracked.Order.FilledQuantity.Value;
                    gross += open * (decimal)_marks.GetValueOrDefault(tracked.Order.Symbol);
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

    /// <summary>Sets the mark of a symbol from a candle that was in the store before the start.</summary>
    public void SetWarmMark(Symbol symbol, double close) => _marks.TryAdd(symbol, close);

    /// <summary>Loss from the day's peak as a fraction of it, at least zero.</summary>
    public decimal DayLoss => DayPeak.Value <= 0 ? 0 : Math.Max(0, (DayPeak.Value - Equity.Value) / DayPeak.Value);

    /// <summary>Folds a fact in. <paramref name="sequence"/> is its journal number.</summary>
    public void Apply(Fact fact, Instant time, long sequence)
    {
        Advance(time);
        switch (fact)
        {
            case Fact.Started:
                (IsReconciled, State, StateReason) = (false, State == TradingState.Active ? TradingState.Starting : State, State == TradingState.Active ? "recovering" : StateReason);
                Interrupted.Clear();
                foreach (var tracked in _open.Values)
                {
                    tracked.LookUpPending = false;
                    if (tracked.Order.Status == OrderStatus.Intended)
                    {
                        tracked.Order.Apply(new OrderEvent.AnswerLost()); // Whether its bytes left before the stop is not known.
                    }
                }

                break;
            case Fact.CandleClosed(var series, var candle):
                _marks[series.Symbol] = candle.Close;
                Counts = Counts with { Candles = Counts.Candles + 1 };
                break;
            case Fact.OrderChanged(var report):
                Report(report);
                break;
            case Fact.Executed(var execution):
                Execute(execution);
                break;
            case Fact.PositionChanged(var report):
                Confirm(report);
                break;
            case Fact.StreamInterrupted(var stream, _):
                Interrupted.Add(stream);
                IsReconciled &= stream != "private";
                break;
            case Fact.StreamRestored(var stream):
                Interrupted.Remove(stream);
                break;
            case Fact.Reconciled(var snapshot):
                IsReconciled = true;
                foreach (var report in snapshot.Positions)
                {
                    Confirm(report);
                }

                break;
            case Fact.Answered answered:
                Answer(answered);
                break;
            case Fact.LookedUp(var id, var report):
                LookedUp(id, report);
                break;
            case Fact.LookUpFailed(var id, _):
                if (_open.TryGetValue(id, out var failed))
                {
                    failed.LookUpPending = false;
                }

                break;
            case Fact.StopAnswered(var symbol, var stop, var outcome, _):
                if (outcome == AnswerOutcome.Accepted)
                {
                    HoldingOf(symbol).Stop = stop;
                }

                break;
            case Fact.Decided(var decision):
                // Here, not at the candle: only now the marks of all series stand at the same close, whatever their order of arrival.
                RaisePeak();
                Counts = Counts with
                {
                    Decisions = Counts.Decisions + 1,
                    Signals = Counts.Signals + (decision.Signal is null ? 0 : 1),
                    Denials = Counts.Denials + (decision.Signal is not null && decision.Denial != Risk.DenialCode.None ? 1 : 0),
                };
                break;
            case Fact.Intended(var intent):
                _open[intent.Request.Id] = new TrackedOrder(intent, sequence);
                HoldingOf(intent.Request.Symbol).ExitAttempts += intent.Kind == IntentKind.Exit ? 1 : 0;
                Counts = Counts with { Orders = Counts.Orders + 1 };
                break;
            case Fact.StopRequested(var symbol, var stop):
                HoldingOf(symbol).Stop = stop;
                HoldingOf(symbol).StopRequestedAt = time;
                break;
            case Fact.StateChanged(var state, var reason, var until):
                Counts = Counts with { Halts = Counts.Halts + (state == TradingState.Halted && until is not null ? 1 : 0) };
                (State, StateReason, StateUntil) = (state, reason, until);
                break;
            case Fact.Adopted(var report, _):
                Adopt(report);
                break;
            case Fact.CashChanged(var change, _):
                HasCash = true;
                Cash += change;
                DayPeak += change; // Deposits and withdrawals move the peak and never trigger the halt.
                break;
            case Fact.ProvedAbsent(var id):
                if (_open.TryGetValue(id, out var absent))
                {
                    absent.Order.Apply(new OrderEvent.ProvedAbsent());
                    Forget(absent);
                }

                break;
            case Fact.TimePassed or Fact.CancelAnswered or Fact.Activated or Fact.Commanded:
                break;
            default:
                throw new InvalidOperationException($"Invariant: fact {fact.GetType().Name} has no rule");
        }
    }

    /// <summary>Notes that a look-up of an order was asked for.</summary>
    internal static void MarkLookUp(TrackedOrder tracked) => tracked.LookUpPending = true;

    private void Advance(Instant time)
    {
        if (time > MarketTime)
        {
            MarketTime = time;
        }

        var day = MarketTime.StartOfUtcDay();
        if (day > _day)
        {
            _day = day;
            DayPeak = Equity;
        }
    }

    private void RaisePeak()
    {
        var equity = Equity;
        if (equity > DayPeak)
        {
            DayPeak = equity;
        }
    }

    private void Report(OrderReport report)
    {
        if (report.IsStopLoss)
        {
            var holding = HoldingOf(report.Symbol);
            if (report.Status is OrderStatus.Open && !holding.Position.IsFlat)
            {
                holding.StopConfirmed = true;
                holding.Stop = report.Trigger ?? holding.Stop;
            }

            return;
        }

        if (!report.ClientOrderId.IsDefault && _open.TryGetValue(report.ClientOrderId, out var tracked) && report.Status != OrderStatus.Unknown)
        {
            tracked.Order.Apply(new OrderEvent.Reported(report.VenueId, report.Status, report.FilledQuantity, report.Reason));
            Forget(tracked);
        }
    }

    private void Execute(Execution execution)
    {
        if (!_seen.Add(execution.Id))
        {
            return;
        }

        _seenOrder.Enqueue(execution.Id);
        if (_seenOrder.Count > ExecutionsRemembered)
        {
            _seen.Remove(_seenOrder.Dequeue());
        }

        if (execution.Time > LastExecution)
        {
            LastExecution = execution.Time;
        }

        var holding = HoldingOf(execution.Symbol);
        var before = holding.Position.SignedQuantity;
        holding.Position.Apply(execution);
        if (execution.Kind == ExecutionKind.Funding)
        {
            Counts = Counts with { FundingPayments = Counts.FundingPayments + 1 };
            return;
        }

        if (execution.Kind is not (ExecutionKind.Trade or ExecutionKind.Forced))
        {
            return;
        }

        Counts = Counts with { Fills = Counts.Fills + 1 };
        _fills.Enqueue(execution);
        if (_fills.Count > 200)
        {
            _fills.Dequeue();
        }

        TrackedOrder? tracked = null;
        if (!execution.ClientOrderId.IsDefault && _open.TryGetValue(execution.ClientOrderId, out tracked))
        {
            tracked.Order.Apply(new OrderEvent.Filled(execution.Quantity));
        }

        var after = holding.Position.SignedQuantity;
        if (after == 0 || Math.Sign(after) != Math.Sign(before))
        {
            holding.Clear();
            holding.OpenedAt = execution.Time;
        }

        if (after != 0 && tracked is { Intent.Kind: IntentKind.Entry })
        {
            holding.Owner = tracked.Intent.Ticket;
            holding.ExitDue = tracked.Intent.ExitDue;
            holding.Stop ??= tracked.Intent.Request.StopLoss;
        }

        if (tracked is not null)
        {
            Forget(tracked);
        }
    }

    private void Confirm(PositionReport report)
    {
        var holding = HoldingOf(report.Symbol);
        if (holding.Position.IsFlat || report.SignedQuantity == 0)
        {
            return;
        }

        holding.StopConfirmed = report.StopLoss is not null;
        holding.Stop = report.StopLoss ?? holding.Stop;
    }

    private void Answer(Fact.Answered answered)
    {
        if (!_open.TryGetValue(answered.Id, out var tracked))
        {
            return;
        }

        tracked.Order.Apply(answered.Outcome switch
        {
            AnswerOutcome.Accepted => new OrderEvent.Acknowledged(new VenueOrderId(answered.VenueId)),
            AnswerOutcome.Refused => new OrderEvent.Rejected(answered.Text),
            AnswerOutcome.Duplicate or AnswerOutcome.Unknown => new OrderEvent.AnswerLost(),
            _ => throw new InvalidOperationException($"Invariant: outcome {answered.Outcome} has no rule"),
        });
        Forget(tracked);
    }

    private void LookedUp(ClientOrderId id, OrderReport? report)
    {
        if (!_open.TryGetValue(id, out var tracked))
        {
            return;
        }

        tracked.LookUpPending = false;
        if (report is null)
        {
            tracked.MissedAt ??= MarketTime;
        }
        else
        {
            tracked.MissedAt = null;
            Report(report);
        }
    }

    private void Adopt(PositionReport report)
    {
        var holding = HoldingOf(report.Symbol);
        var difference = report.SignedQuantity - holding.Position.SignedQuantity;
        if (difference == 0)
        {
            return;
        }

        var price = report.AverageEntry > 0 ? report.AverageEntry : MarkOf(holding.Position);
        holding.Position.Apply(new Execution
        {
            Id = new ExecutionId($"adopted-{report.Symbol}-{report.Time.UnixMilliseconds}"),
            Symbol = report.Symbol,
            Kind = ExecutionKind.Forced,
            OrderId = new VenueOrderId(""),
            Side = difference > 0 ? Side.Buy : Side.Sell,
            Price = new Price(price),
            Quantity = new Quantity(Math.Abs(difference)),
            Fee = Money.Zero,
            Time = report.Time,
        });
        if (holding.Position.IsFlat)
        {
            holding.Clear();
        }
        else
        {
            holding.OpenedAt = report.Time;
            holding.Stop = report.StopLoss;
            holding.StopConfirmed = report.StopLoss is not null;
        }
    }

    // A final order is kept until its executions have caught up with what the venue says was filled.
    private void Forget(TrackedOrder tracked)
    {
        if (tracked.Order.IsFinal && tracked.Order.ExecutedQuantity >= tracked.Order.FilledQuantity)
        {
            _open.Remove(tracked.Order.Id);
        }
    }

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

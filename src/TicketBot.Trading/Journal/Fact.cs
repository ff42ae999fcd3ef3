using TicketBot.Domain;
using TicketBot.Market.Regimes;
using TicketBot.Tickets;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Orders;
using TicketBot.Trading.Risk;
using TicketBot.Trading.Signals;

namespace TicketBot.Trading.Journal;

/// <summary>What the operator asked for.</summary>
public enum OperatorCommand
{
    /// <summary>Open nothing more.</summary>
    Pause = 1,

    /// <summary>Trade again after a pause or an operator's halt.</summary>
    Resume = 2,

    /// <summary>Close every position and go on.</summary>
    Flatten = 3,

    /// <summary>Close every position and stay halted until resumed.</summary>
    Halt = 4,
}

/// <summary>How a request to the venue came back, as journalled.</summary>
public enum AnswerOutcome
{
    /// <summary>The venue has it, or it was so already.</summary>
    Accepted = 1,

    /// <summary>The venue refused; nothing exists there.</summary>
    Refused = 2,

    /// <summary>The id was used before: the order exists.</summary>
    Duplicate = 3,

    /// <summary>The answer was lost or ambiguous.</summary>
    Unknown = 4,
}

/// <summary>How a reading of the whole account came about.</summary>
public enum Reading
{
    /// <summary>Something asked for it: the start, a stream that came back, an order that ended strangely.</summary>
    Asked = 0,

    /// <summary>One of the regular ones. It is not journalled: when it agrees nothing changes, and when it differs twice it is taken in
    /// as <see cref="Confirmed"/>.</summary>
    Routine = 1,

    /// <summary>A regular one whose difference the reading before it had too.</summary>
    Confirmed = 2,
}

/// <summary>Candles a series was warmed up with: open times, both inclusive.</summary>
/// <param name="Series">Symbol and interval.</param>
/// <param name="From">First open time.</param>
/// <param name="Until">Last open time.</param>
/// <param name="Close">Close price of the last of them: what positions are worth at the start.</param>
public sealed record WarmupRange(SeriesKey Series, Instant From, Instant Until, double Close);

/// <summary>Everything that is journalled and changes what the trader knows. A closed family: the account's state is the fold of
/// its facts, live and after a restart.</summary>
public abstract record Fact
{
    private Fact()
    {
    }

    /// <summary>Whether it came from outside (replaying these reproduces all others).</summary>
    public virtual bool IsInput => true;

    /// <summary>The trader started: recovery begins.</summary>
    /// <param name="Time">Market time.</param>
    /// <param name="Instruments">Trading rules in force.</param>
    /// <param name="Warmups">Candles in memory at the start.</param>
    public sealed record Started(Instant Time, IReadOnlyList<Instrument> Instruments, IReadOnlyList<WarmupRange> Warmups) : Fact;

    /// <summary>A candle closed.</summary>
    /// <param name="Series">Symbol and interval.</param>
    /// <param name="Candle">The candle.</param>
    public sealed record CandleClosed(SeriesKey Series, Candle Candle) : Fact;

    /// <summary>The venue reported an order.</summary>
    /// <param name="Report">Its state.</param>
    public sealed record OrderChanged(OrderReport Report) : Fact;

    /// <summary>The venue reported an execution.</summary>
    /// <param name="Execution">The execution.</param>
    public sealed record Executed(Execution Execution) : Fact;

    /// <summary>The venue reported a position.</summary>
    /// <param name="Report">Its state.</param>
    public sealed record PositionChanged(PositionReport Report) : Fact;

    /// <summary>Market time passed and something followed from it.</summary>
    /// <param name="Time">Market time.</param>
    public sealed record TimePassed(Instant Time) : Fact;

    /// <summary>A stream was interrupted.</summary>
    /// <param name="Stream">Its name.</param>
    /// <param name="Reason">Plain words.</param>
    public sealed record StreamInterrupted(string Stream, string Reason) : Fact;

    /// <summary>A stream is back.</summary>
    /// <param name="Stream">Its name.</param>
    public sealed record StreamRestored(string Stream) : Fact;

    /// <summary>The venue's whole word on the account.</summary>
    /// <param name="Snapshot">Wallet, positions, open orders, executions.</param>
    /// <param name="Reading">How it came about.</param>
    public sealed record Reconciled(ExchangeSnapshot Snapshot, Reading Reading = Reading.Asked) : Fact;

    /// <summary>A submission came back.</summary>
    /// <param name="Id">Our order id.</param>
    /// <param name="Outcome">How.</param>
    /// <param name="VenueId">The venue's id, or empty.</param>
    /// <param name="Text">Code and words of the venue, or what happened.</param>
    public sealed record Answered(ClientOrderId Id, AnswerOutcome Outcome, string VenueId, string Text) : Fact;

    /// <summary>A cancel came back.</summary>
    /// <param name="Id">Our order id.</param>
    /// <param name="Outcome">How.</param>
    /// <param name="Text">Code and words of the venue.</param>
    public sealed record CancelAnswered(ClientOrderId Id, AnswerOutcome Outcome, string Text) : Fact;

    /// <summary>A request for a stop came back.</summary>
    /// <param name="Symbol">The contract.</param>
    /// <param name="Stop">Asked price.</param>
    /// <param name="Outcome">How.</param>
    /// <param name="Text">Code and words of the venue.</param>
    public sealed record StopAnswered(Symbol Symbol, Price Stop, AnswerOutcome Outcome, string Text) : Fact;

    /// <summary>A look-up of an order came back.</summary>
    /// <param name="Id">Our order id.</param>
    /// <param name="Report">Its state, or <c>null</c> when nothing knew it.</param>
    public sealed record LookedUp(ClientOrderId Id, OrderReport? Report) : Fact;

    /// <summary>A look-up of an order could not be made: it proves nothing.</summary>
    /// <param name="Id">Our order id.</param>
    /// <param name="Text">What happened.</param>
    public sealed record LookUpFailed(ClientOrderId Id, string Text) : Fact;

    /// <summary>A regime set and its tickets were taken into force.</summary>
    /// <param name="Series">Symbol and interval.</param>
    /// <param name="Regimes">The regime set.</param>
    /// <param name="Tickets">Ticket by regime name.</param>
    public sealed record Activated(SeriesKey Series, RegimeSetId Regimes, IReadOnlyDictionary<string, TicketId> Tickets) : Fact;

    /// <summary>Somebody who watches from outside limits the size of a series' entries, or lifts that.</summary>
    /// <param name="Series">Symbol and interval.</param>
    /// <param name="Regimes">The regime set it is about: another one, and with it other tickets, is not limited.</param>
    /// <param name="Factor">Largest share of the size that an entry could have, 0..1; 1 lifts it. The similarity may ask for less, never for more.</param>
    /// <param name="Reason">Plain words with the numbers.</param>
    public sealed record SizeLimited(SeriesKey Series, RegimeSetId Regimes, double Factor, string Reason) : Fact;

    /// <summary>The operator asked for something.</summary>
    /// <param name="Command">What.</param>
    /// <param name="Reason">The operator's words.</param>
    /// <param name="Symbol">The contract that a resume is about, or <c>null</c> for all.</param>
    public sealed record Commanded(OperatorCommand Command, string Reason, Symbol? Symbol = null) : Fact;

    /// <summary>An entry was kept back although it was intended: its reason could not be made durable, or it would have left too late. Its bytes
    /// never left.</summary>
    /// <param name="Id">Our order id.</param>
    /// <param name="Reason">Plain words.</param>
    public sealed record Withheld(ClientOrderId Id, string Reason) : Fact;

    /// <summary>A closed candle led to a decision.</summary>
    /// <param name="Decision">The decision.</param>
    public sealed record Decided(Decision Decision) : Fact
    {
        /// <inheritdoc/>
        public override bool IsInput => false;
    }

    /// <summary>An order is about to be sent; written and durable before its bytes leave.</summary>
    /// <param name="Intent">The order with its purpose.</param>
    public sealed record Intended(OrderIntent Intent) : Fact
    {
        /// <inheritdoc/>
        public override bool IsInput => false;
    }

    /// <summary>A stop is about to be set at the venue.</summary>
    /// <param name="Symbol">The contract.</param>
    /// <param name="Stop">The price.</param>
    public sealed record StopRequested(Symbol Symbol, Price Stop) : Fact
    {
        /// <inheritdoc/>
        public override bool IsInput => false;
    }

    /// <summary>Trading state changed.</summary>
    /// <param name="State">The new state.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="Until">Market time it ends by itself, or <c>null</c>.</param>
    public sealed record StateChanged(TradingState State, string Reason, Instant? Until) : Fact
    {
        /// <inheritdoc/>
        public override bool IsInput => false;
    }

    /// <summary>Entries on one symbol were halted; the others trade on.</summary>
    /// <param name="Symbol">The contract.</param>
    /// <param name="Code">Why.</param>
    /// <param name="Detail">Plain words with the numbers.</param>
    public sealed record SymbolHalted(Symbol Symbol, HaltCode Code, string Detail) : Fact
    {
        /// <inheritdoc/>
        public override bool IsInput => false;
    }

    /// <summary>A halt of one symbol's entries was lifted.</summary>
    /// <param name="Symbol">The contract.</param>
    /// <param name="Code">Which halt.</param>
    /// <param name="Reason">What lifted it.</param>
    public sealed record SymbolResumed(Symbol Symbol, HaltCode Code, string Reason) : Fact
    {
        /// <inheritdoc/>
        public override bool IsInput => false;
    }

    /// <summary>The venue's quantity was taken over because our executions do not explain it.</summary>
    /// <param name="Report">The venue's position.</param>
    /// <param name="Expected">Our quantity with sign.</param>
    public sealed record Adopted(PositionReport Report, decimal Expected) : Fact
    {
        /// <inheritdoc/>
        public override bool IsInput => false;
    }

    /// <summary>The wallet changed without an execution: the first balance, a deposit or a withdrawal.</summary>
    /// <param name="Change">Settlement coin.</param>
    /// <param name="IsFirst">Whether it is the balance the journal starts with.</param>
    public sealed record CashChanged(Money Change, bool IsFirst) : Fact
    {
        /// <inheritdoc/>
        public override bool IsInput => false;
    }

    /// <summary>An order was proved never to have reached the venue, or one that was acknowledged is known to the venue no more.</summary>
    /// <param name="Id">Our order id.</param>
    public sealed record ProvedAbsent(ClientOrderId Id) : Fact
    {
        /// <inheritdoc/>
        public override bool IsInput => false;
    }
}

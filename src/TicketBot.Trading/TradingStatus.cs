using TicketBot.Domain;
using TicketBot.Trading.Exchange;
using TicketBot.Trading.Risk;

namespace TicketBot.Trading;

/// <summary>Whether the trader may open positions.</summary>
public enum TradingState
{
    /// <summary>Recovering: nothing is decided yet.</summary>
    Starting = 0,

    /// <summary>Opens and closes.</summary>
    Active = 1,

    /// <summary>Closes only, at the operator's wish or because state is uncertain.</summary>
    Paused = 2,

    /// <summary>Closed out and halted, until the next UTC day (drawdown) or the operator's word.</summary>
    Halted = 3,
}

/// <summary>What the account as a whole may do.</summary>
public enum AccountMode
{
    /// <summary>Opens and closes.</summary>
    Active = 1,

    /// <summary>Closes only: the operator paused it, or a condition of entries does not hold.</summary>
    Reducing = 2,

    /// <summary>Closed out and halted.</summary>
    Halted = 3,
}

/// <summary>The regular readings of the account, as the page shows them.</summary>
/// <param name="AgeSeconds">Wall time since the last reading that came back, or <c>null</c> before the first.</param>
/// <param name="Readings">How many were taken since the start.</param>
/// <param name="Differences">How many of them differed from the journal's account, transient ones included.</param>
/// <param name="LastDifference">In what the last of those differed; empty if none did.</param>
/// <param name="LastDifferenceAt">Market time of it, or <c>null</c>.</param>
/// <param name="Standing">What two readings on end differed in, while no later one agreed; empty if there is no such thing.</param>
public sealed record ReconcileStatus(
    long? AgeSeconds, long Readings, long Differences, string LastDifference, Instant? LastDifferenceAt, string Standing = "");

/// <summary>An order of which it is not known whether the venue has it.</summary>
/// <param name="Id">Our id.</param>
/// <param name="Symbol">The contract.</param>
/// <param name="ReduceOnly">Whether it closes.</param>
public sealed record UnknownOrder(ClientOrderId Id, Symbol Symbol, bool ReduceOnly);

/// <summary>What a UTC day brought, once it is over.</summary>
/// <param name="Day">Its begin.</param>
/// <param name="Decisions">Decisions taken.</param>
/// <param name="Orders">Orders sent.</param>
/// <param name="Fills">Fills received.</param>
/// <param name="Profit">Profit of the day in settlement coin: realised and unrealised at the last closes, less fees and funding; deposits and
/// withdrawals are none.</param>
/// <param name="Equity">Equity at its end.</param>
/// <param name="Denials">How many decisions opened nothing, by their reason; reasons that never were are absent.</param>
public sealed record DayReport(Instant Day, long Decisions, long Orders, long Fills, Money Profit, Money Equity, IReadOnlyDictionary<DenialCode, int> Denials);

/// <summary>A position as the page shows it.</summary>
/// <param name="Symbol">The contract.</param>
/// <param name="SignedQuantity">Base coin with sign.</param>
/// <param name="AverageEntry">Average entry price.</param>
/// <param name="Mark">Last close.</param>
/// <param name="Unrealised">Profit not realised, before fees.</param>
/// <param name="Stop">Stop price known at the venue, or <c>null</c>.</param>
/// <param name="StopConfirmed">Whether the venue reported the stop.</param>
/// <param name="TicketId">The ticket that opened it; empty for an adopted position.</param>
/// <param name="OpenedAt">Market time of the first fill.</param>
/// <param name="ExitDue">Market time of the horizon's close, or <c>null</c>.</param>
/// <param name="IsForeign">Whether it was opened by something that is not ours.</param>
public sealed record PositionStatus(
    Symbol Symbol, decimal SignedQuantity, decimal AverageEntry, double Mark, Money Unrealised, Price? Stop, bool StopConfirmed,
    string TicketId, Instant OpenedAt, Instant? ExitDue, bool IsForeign = false);

/// <summary>A series as the page shows it.</summary>
/// <param name="Series">Symbol and interval.</param>
/// <param name="LastClose">Market time of the last closed candle.</param>
/// <param name="LastPrice">Its close price.</param>
/// <param name="Regime">Regime name, or <c>null</c> before the first estimate.</param>
/// <param name="RegimeProbabilities">Filtered probability by regime name.</param>
/// <param name="TicketId">Live ticket of that regime, or <c>null</c>.</param>
/// <param name="TicketsByRegime">Live ticket by regime name.</param>
/// <param name="Similarity">Similarity to that ticket's training market, 0..1, or <c>null</c>.</param>
/// <param name="RegimeSetId">The regime set in force, or <c>null</c>.</param>
/// <param name="SizeLimit">Largest share of the size that an entry may have, 0..1, because of drift.</param>
/// <param name="SizeLimitReason">Why; empty where nothing limits it.</param>
public sealed record SeriesStatus(
    SeriesKey Series, Instant LastClose, double LastPrice, string? Regime, IReadOnlyDictionary<string, double> RegimeProbabilities, string? TicketId,
    IReadOnlyDictionary<string, string> TicketsByRegime, double? Similarity, string? RegimeSetId, double SizeLimit = 1, string SizeLimitReason = "");

/// <summary>A decision as the page shows it: what one closed candle led to.</summary>
/// <param name="Sequence">Journal number of the decision.</param>
/// <param name="Time">Market time: the candle's close.</param>
/// <param name="Series">Symbol and interval.</param>
/// <param name="FeatureHash">Hash of the feature row's bits, or empty.</param>
/// <param name="Regime">Regime, or empty.</param>
/// <param name="TicketId">Ticket asked, or empty.</param>
/// <param name="ProbabilityUp">Calibrated probability, or <c>null</c>.</param>
/// <param name="Confidence">max(p, 1-p), or <c>null</c>.</param>
/// <param name="Signal"><c>Buy</c>, <c>Sell</c> or empty.</param>
/// <param name="Verdict"><c>approved</c> or a denial code.</param>
/// <param name="Detail">Plain words.</param>
/// <param name="OrderId">Our order id, or empty.</param>
public sealed record DecisionStatus(
    long Sequence, Instant Time, SeriesKey Series, string FeatureHash, string Regime, string TicketId, double? ProbabilityUp, double? Confidence,
    string Signal, string Verdict, string Detail, string OrderId);

/// <summary>Counts since the journal began.</summary>
/// <param name="Candles">Closed candles seen.</param>
/// <param name="Decisions">Decisions taken.</param>
/// <param name="Signals">Signals at or above the confidence threshold.</param>
/// <param name="Denials">Signals denied.</param>
/// <param name="Orders">Orders sent.</param>
/// <param name="Fills">Fills received.</param>
/// <param name="FundingPayments">Funding settlements received.</param>
/// <param name="Halts">Drawdown halts.</param>
public readonly record struct TradingCounts(long Candles, long Decisions, long Signals, long Denials, long Orders, long Fills, long FundingPayments, long Halts);

/// <summary>An immutable picture of the trader, replaced as a whole after every event.</summary>
public sealed record TradingStatus
{
    /// <summary>Market time.</summary>
    public Instant MarketTime { get; init; }

    /// <summary>Whether it may open positions.</summary>
    public TradingState State { get; init; }

    /// <summary>Why it is in that state.</summary>
    public string StateReason { get; init; } = "";

    /// <summary>What the account as a whole may do; single symbols may be halted besides.</summary>
    public AccountMode Mode { get; init; } = AccountMode.Reducing;

    /// <summary>Why it may not open positions, one reason each; empty when it may.</summary>
    public IReadOnlyList<string> ModeReasons { get; init; } = [];

    /// <summary>Symbols whose entries are halted, with code and words.</summary>
    public IReadOnlyList<SymbolHalt> SymbolHalts { get; init; } = [];

    /// <summary>What is interrupted now, by the names of <see cref="StreamNames"/>.</summary>
    public IReadOnlyList<string> Interrupted { get; init; } = [];

    /// <summary>Whether account and venue were brought to agree.</summary>
    public bool IsReconciled { get; init; }

    /// <summary>The regular readings of the account.</summary>
    public ReconcileStatus Reconcile { get; init; } = new(null, 0, 0, "", null);

    /// <summary>Orders of which it is not known whether the venue has them.</summary>
    public IReadOnlyList<UnknownOrder> UnknownOrders { get; init; } = [];

    /// <summary>The last UTC day that is over, or <c>null</c> before the first.</summary>
    public DayReport? LastDay { get; init; }

    /// <summary>Why the journal cannot be written, or <c>null</c> when it can.</summary>
    public string? JournalFault { get; init; }

    /// <summary>Wallet balance plus unrealised profit at the last close.</summary>
    public Money Equity { get; init; }

    /// <summary>Wallet balance by the journal's own account.</summary>
    public Money WalletBalance { get; init; }

    /// <summary>Highest equity of this UTC day.</summary>
    public Money DayPeakEquity { get; init; }

    /// <summary>Realised profit before fees and funding.</summary>
    public Money Realised { get; init; }

    /// <summary>Fees paid.</summary>
    public Money Fees { get; init; }

    /// <summary>Funding paid.</summary>
    public Money Funding { get; init; }

    /// <summary>Loss from the day's peak as a fraction of it, at least 0.</summary>
    public double DayLoss { get; init; }

    /// <summary>Counts.</summary>
    public TradingCounts Counts { get; init; }

    /// <summary>Open positions.</summary>
    public IReadOnlyList<PositionStatus> Positions { get; init; } = [];

    /// <summary>Followed series.</summary>
    public IReadOnlyList<SeriesStatus> Series { get; init; } = [];

    /// <summary>The last 50 decisions, newest first.</summary>
    public IReadOnlyList<DecisionStatus> Decisions { get; init; } = [];

    /// <summary>The last 200 fills, newest first.</summary>
    public IReadOnlyList<Execution> Fills { get; init; } = [];

    /// <summary>Equity at candle closes, oldest first, at most 2,000 points.</summary>
    public IReadOnlyList<(Instant Time, decimal Equity)> EquityCurve { get; init; } = [];
}

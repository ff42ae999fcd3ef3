namespace TicketBot.Trading.Risk;

/// <summary>Why a closed candle did not open a position. Codes are stable: they are journalled.</summary>
public enum DenialCode
{
    /// <summary>Not denied.</summary>
    None = 0,

    /// <summary>No regime set is in force for the series.</summary>
    NoRegimeSet = 1,

    /// <summary>Fewer candles in memory than features or regime need.</summary>
    WarmingUp = 2,

    /// <summary>A candle is missing inside the window.</summary>
    GapInWindow = 3,

    /// <summary>The reference symbol's candle did not arrive in time.</summary>
    ReferenceMissing = 4,

    /// <summary>An observation that the schema needs is missing.</summary>
    ObservationMissing = 5,

    /// <summary>A feature was not finite.</summary>
    FeatureNotFinite = 6,

    /// <summary>The regime has no live ticket.</summary>
    NoTicketForRegime = 7,

    /// <summary>The ticket expired.</summary>
    TicketExpired = 8,

    /// <summary>The ticket could not predict.</summary>
    PredictionFailed = 9,

    /// <summary>The calibrated confidence lies below the threshold.</summary>
    BelowConfidence = 10,

    /// <summary>The option for this side is off.</summary>
    SideNotAllowed = 11,

    /// <summary>A position of the symbol is open; there is no pyramiding.</summary>
    PositionOpen = 12,

    /// <summary>An order of the symbol is under way.</summary>
    OrderPending = 13,

    /// <summary>The outcome of an order of the symbol is unknown.</summary>
    OrderUnknown = 14,

    /// <summary>The operator paused entries.</summary>
    Paused = 15,

    /// <summary>The daily drawdown limit or the operator halted trading.</summary>
    Halted = 16,

    /// <summary>Account and venue do not agree yet.</summary>
    NotReconciled = 17,

    /// <summary>A stream is interrupted.</summary>
    StreamInterrupted = 18,

    /// <summary>The candle is older than market time allows: it was repaired afterwards.</summary>
    StaleCandle = 19,

    /// <summary>The similarity to the training market is unknown or below the minimum.</summary>
    SimilarityTooLow = 20,

    /// <summary>The position cap does not reach the venue's minimum quantity.</summary>
    BelowMinimumQuantity = 21,

    /// <summary>The position cap does not reach the venue's minimum notional value.</summary>
    BelowMinimumNotional = 22,

    /// <summary>The gross cap over all symbols is used up.</summary>
    GrossCapReached = 23,

    /// <summary>The venue does not trade the contract now.</summary>
    InstrumentNotTrading = 24,

    /// <summary>The wallet is empty.</summary>
    NoEquity = 25,

    /// <summary>Entries on this symbol are halted; the detail says by which code.</summary>
    SymbolHalted = 26,

    /// <summary>Candles of this series or of its reference are late or missing.</summary>
    CandlesInterrupted = 27,

    /// <summary>The clock differs from the venue's by more than an order may.</summary>
    ClockOffset = 28,

    /// <summary>The venue refuses the account: the key is wrong, has expired or lacks a right.</summary>
    AccountRefused = 29,

    /// <summary>The journal cannot be written: an order whose reason is not on disk must not exist.</summary>
    JournalNotDurable = 30,
}

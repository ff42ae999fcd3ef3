namespace TicketBot.Bybit.Rest;

/// <summary>What a code of the venue means for the bot.</summary>
public enum BybitErrorKind
{
    /// <summary>Success.</summary>
    None,

    /// <summary>The venue failed or was overloaded: of a write the outcome is unknown.</summary>
    Ambiguous,

    /// <summary>The account's rate limit: wait, and treat a write as of unknown outcome.</summary>
    RateLimit,

    /// <summary>The address's limit: all traffic stops for ten minutes.</summary>
    AddressBlocked,

    /// <summary>The timestamp was outside the window: the clock is measured again.</summary>
    Clock,

    /// <summary>A parameter is wrong; never repeated unchanged.</summary>
    Parameter,

    /// <summary>Key, signature, permission or expiry: trading cannot go on.</summary>
    Credentials,

    /// <summary>The account is banned, in a forbidden region, or of a wrong type.</summary>
    Forbidden,

    /// <summary>The same request was received before: look the order up.</summary>
    DuplicateRequest,

    /// <summary>Wrong path or category: a programming error.</summary>
    WrongPath,

    /// <summary>The contract is unknown, not live, settling or delisting.</summary>
    SymbolUnavailable,

    /// <summary>The order's id was used before: the order exists.</summary>
    DuplicateOrderId,

    /// <summary>The order is unknown, finished or cancelled.</summary>
    OrderGone,

    /// <summary>The order is being processed: try again shortly.</summary>
    Busy,

    /// <summary>The asked state was there already.</summary>
    AlreadyDone,

    /// <summary>Balance or margin is too small.</summary>
    Balance,

    /// <summary>The price lies outside the allowed band.</summary>
    PriceBand,

    /// <summary>A reduce-only rule refused it, or the quantity truncates to zero.</summary>
    ReduceOnly,

    /// <summary>The notional value is below the minimum.</summary>
    BelowMinimum,

    /// <summary>The trigger lies on the wrong side of the market.</summary>
    TriggerSide,

    /// <summary>Too many orders of a kind.</summary>
    TooMany,

    /// <summary>The order would be liquidated at once.</summary>
    WouldLiquidate,

    /// <summary>Leverage or risk limit is configured wrongly.</summary>
    Leverage,

    /// <summary>The venue allows only reducing orders.</summary>
    OpeningSuspended,

    /// <summary>The position mode cannot be switched while a position or order is open.</summary>
    ModeLocked,

    /// <summary>A rule of take-profit, stop-loss or amendment.</summary>
    StopRule,

    /// <summary>A code this version does not know.</summary>
    Unknown,
}

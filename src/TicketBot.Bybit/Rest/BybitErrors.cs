using System.Collections.Frozen;

namespace TicketBot.Bybit.Rest;

/// <summary>The one table from the venue's codes to what they mean.</summary>
/// <remarks>Source: https://bybit-exchange.github.io/docs/v5/error; which codes leave a write's outcome open follows that list's wording and
/// nautilus_trader's adapter.</remarks>
public static class BybitErrors
{
    private static readonly FrozenDictionary<int, BybitErrorKind> Table = new (BybitErrorKind Kind, int[] Codes)[]
    {
        (BybitErrorKind.None, [0]),
        (BybitErrorKind.Ambiguous, [10000, 10016, 429, 10429, 10019, 500000, 170001, 170005, 170007, 170032]),
        (BybitErrorKind.RateLimit, [10006, 20003]),
        (BybitErrorKind.AddressBlocked, [403, 10403]),
        (BybitErrorKind.Clock, [10002, -1]),
        (BybitErrorKind.Parameter, [10001, 400]),
        (BybitErrorKind.Credentials, [401, 10003, 10004, 10005, 10007, 10010, 33004, -2015]),
        (BybitErrorKind.Forbidden, [10008, 10009, 10024, 10027, 10028, 110066, 110123, 110124, 110125]),
        (BybitErrorKind.DuplicateRequest, [10014, 20006]),
        (BybitErrorKind.WrongPath, [10017, 10032, 404, 10404]),
        (BybitErrorKind.SymbolUnavailable, [10029, 110074, 110063, 30228]),
        (BybitErrorKind.DuplicateOrderId, [110072]),
        (BybitErrorKind.OrderGone, [110001, 110008, 110010, 110030]),
        (BybitErrorKind.Busy, [110079, 40004]),
        (BybitErrorKind.AlreadyDone, [110043, 110025, 110026, 110027, 34040, 20001]),
        (BybitErrorKind.Balance, [110004, 110006, 110007, 110012, 110014, 110044, 110045, 110051, 110052, 110053]),
        (BybitErrorKind.PriceBand, [110003, 110120, 110121, 30208, 30209]),
        (BybitErrorKind.ReduceOnly, [110017]),
        (BybitErrorKind.BelowMinimum, [110094]),
        (BybitErrorKind.TriggerSide, [110092, 110093]),
        (BybitErrorKind.TooMany, [110009, 110020, 110061]),
        (BybitErrorKind.WouldLiquidate, [110011, 110040, 110046]),
        (BybitErrorKind.Leverage, [110013, 110036, 110038, 110086, 110090]),
        (BybitErrorKind.OpeningSuspended, [110021, 110022, 110023, 110042]),
        (BybitErrorKind.ModeLocked, [110024, 110028, 110029]),
        (BybitErrorKind.StopRule, [110057, 110058, 110059, 110060, 110064]),
    }.SelectMany(row => row.Codes.Select(code => (code, row.Kind))).ToFrozenDictionary(row => row.code, row => row.Kind);

    /// <summary>Returns what a <c>retCode</c> means; <see cref="BybitErrorKind.Unknown"/> for one that is not in the table.</summary>
    public static BybitErrorKind KindOf(int code) => Table.GetValueOrDefault(code, BybitErrorKind.Unknown);

    /// <summary>Returns what an HTTP status without a readable answer means.</summary>
    public static BybitErrorKind KindOfStatus(int status) => status switch
    {
        >= 500 or 408 => BybitErrorKind.Ambiguous,
        >= 400 => KindOf(status),
        _ => BybitErrorKind.Ambiguous, // An answer was promised and is not readable: nothing is known.
    };

    /// <summary>Whether the same read may succeed a little later.</summary>
    public static bool IsTransient(BybitErrorKind kind) =>
        kind is BybitErrorKind.Ambiguous or BybitErrorKind.RateLimit or BybitErrorKind.Busy;

    /// <summary>Returns what the bot does about it and what the operator can do, in plain words that follow "the venue said".</summary>
    public static string AdviceOf(BybitErrorKind kind) => kind switch
    {
        BybitErrorKind.None => "nothing is to be done",
        BybitErrorKind.Ambiguous => "reads are repeated; a write is looked up by its id before anything else",
        BybitErrorKind.RateLimit => "wait until the limit resets, then look a write up; lower Bybit:WritesPerSecond or Bybit:ReadsPerSecond if it goes on",
        BybitErrorKind.AddressBlocked => "all traffic rests for ten minutes; lower the configured rates, and check that this region is allowed",
        BybitErrorKind.Clock => "the clock is measured and the request sent once more; if it goes on, set this machine's clock by NTP",
        BybitErrorKind.Parameter => "never repeated unchanged; the contract's rules may have changed and are read again at the next start",
        BybitErrorKind.Credentials => "trading stops; check that key and secret belong to this environment, are not expired or bound to another address, and may trade contracts",
        BybitErrorKind.Forbidden => "trading stops; the account, its type or its region is not allowed to do this, which only the venue can change",
        BybitErrorKind.DuplicateRequest => "the same request arrived before: it is looked up",
        BybitErrorKind.WrongPath => "path or category is wrong for this address: check Bybit:RestAddress and the environment",
        BybitErrorKind.SymbolUnavailable => "no orders for this contract; check its symbol and that it trades in this environment",
        BybitErrorKind.DuplicateOrderId => "the order exists: it is looked up and adopted, never sent under a new id",
        BybitErrorKind.OrderGone => "the order is finished: it is looked up once, not cancelled again",
        BybitErrorKind.Busy => "the order is being processed: it is looked up shortly",
        BybitErrorKind.AlreadyDone => "it was so already",
        BybitErrorKind.Balance => "not repeated; entries wait until a size fits the balance: fund the account or lower the position limits",
        BybitErrorKind.PriceBand => "not repeated; the price lies too far from the market",
        BybitErrorKind.ReduceOnly => "the position is read again: it may be flat already",
        BybitErrorKind.BelowMinimum => "dropped: too small to send",
        BybitErrorKind.TriggerSide => "the market went through the trigger: the position is closed at market instead",
        BybitErrorKind.TooMany => "cancel orders that are no longer needed on the venue's site",
        BybitErrorKind.WouldLiquidate => "dropped: the position would be liquidated at once",
        BybitErrorKind.Leverage => "set leverage 1 and the usual risk limit on the venue's site",
        BybitErrorKind.OpeningSuspended => "entries stop for this contract; closing stays possible",
        BybitErrorKind.ModeLocked => "close the contract's positions and orders first",
        BybitErrorKind.StopRule => "not repeated: a rule of stop or amendment was broken",
        BybitErrorKind.Unknown => "a code this version does not know: a read is repeated once, a write is looked up and taken as failed only then",
        _ => throw new InvalidOperationException($"Invariant: error kind {kind} has no advice"),
    };

    /// <summary>Whether an answer to a signed request says that the key as a whole is of no use, so that everything signed would fail alike.</summary>
    internal static bool EndsTheKey(int code, BybitErrorKind kind, bool isWrite) =>
        (kind == BybitErrorKind.Credentials && (isWrite || !IsPermission(code))) || code is 10008 or 10009;

    /// <summary>Whether a code only says that the key lacks a right.</summary>
    internal static bool IsPermission(int code) => code == 10005;

    /// <summary>Whether an answer could only be given to a key that is known and rightly signed.</summary>
    internal static bool ShowsTheKeyWorks(BybitErrorKind kind) => kind is not (BybitErrorKind.Ambiguous or BybitErrorKind.RateLimit
        or BybitErrorKind.AddressBlocked or BybitErrorKind.Clock or BybitErrorKind.Credentials or BybitErrorKind.Forbidden
        or BybitErrorKind.WrongPath or BybitErrorKind.Unknown or BybitErrorKind.Parameter);

    /// <summary>Whether a write answered so may still have taken effect and has to be looked up.</summary>
    public static bool LeavesOutcomeOpen(BybitErrorKind kind) =>
        kind is BybitErrorKind.Ambiguous or BybitErrorKind.RateLimit or BybitErrorKind.AddressBlocked
            or BybitErrorKind.DuplicateRequest or BybitErrorKind.Busy or BybitErrorKind.Unknown;
}

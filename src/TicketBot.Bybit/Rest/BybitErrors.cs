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
        (BybitErrorKind.WrongPath, [10017, 404, 10404]),
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

    /// <summary>Whether a write answered so may still have taken effect and has to be looked up.</summary>
    public static bool LeavesOutcomeOpen(BybitErrorKind kind) =>
        kind is BybitErrorKind.Ambiguous or BybitErrorKind.RateLimit or BybitErrorKind.AddressBlocked
            or BybitErrorKind.DuplicateRequest or BybitErrorKind.Busy or BybitErrorKind.Unknown;
}

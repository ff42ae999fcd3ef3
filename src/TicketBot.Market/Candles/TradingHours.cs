using TicketBot.Domain;

namespace TicketBot.Market.Candles;

/// <summary>When a venue trades, as far as it decides which candles follow each other: a candle after a night or a weekend follows the last one
/// before it, a candle after an outage does not. Immutable; the three values are the only ones.</summary>
/// <remarks>What a session's first and last candle are is taken from the candles themselves, so that summer time, holidays and short days need no
/// calendar. The price is that an outage which begins or ends with a session cannot be told from one that is shorter.</remarks>
public sealed class TradingHours
{
    private const long Hour = 3_600_000;
    private const int MostClosedDays = 4; // New York stood still for two days about a weekend in October 2012; from there on it is an outage.

    private static readonly Interval Week = Interval.Parse("1w");
    private readonly Func<Instant, Instant, bool> _isClosing;

    private TradingHours(string name, Func<Instant, Instant, bool> isClosing) => (Name, _isClosing) = (name, isClosing);

    /// <summary>Every minute of the year: crypto. Any missing candle is a gap.</summary>
    public static TradingHours Always { get; } = new("always", (_, _) => false);

    /// <summary>One session a UTC day: equities. Nights are no gaps, and neither are up to four days without a session.</summary>
    public static TradingHours Sessions { get; } = new("sessions", IsNight);

    /// <summary>From Sunday evening to Friday evening: forex. Weekends are no gaps; holidays are.</summary>
    public static TradingHours Weekdays { get; } = new("weekdays", IsWeekend);

    /// <summary>The word by which it is stored and shown.</summary>
    public string Name { get; }

    /// <summary>Returns the hours of a venue by its name in a candle file: <c>...-equity</c> has sessions, <c>fx</c> and <c>fx-...</c> weekdays,
    /// any other trades always.</summary>
    public static TradingHours OfVenue(string venue) =>
        venue.EndsWith("-equity", StringComparison.Ordinal) ? Sessions
        : venue == "fx" || venue.StartsWith("fx-", StringComparison.Ordinal) ? Weekdays
        : Always;

    /// <summary>Whether the candle that opens at <paramref name="next"/> is the first one after that of <paramref name="open"/>.</summary>
    /// <param name="interval">The candle length.</param>
    /// <param name="open">Open time of a candle.</param>
    /// <param name="next">Open time of a later one.</param>
    public bool Follows(Interval interval, Instant open, Instant next) =>
        interval.CloseOf(open) is var close && (close == next || (close < next && _isClosing(close, next)));

    /// <inheritdoc/>
    public override string ToString() => Name;

    // A candle of a day closes at the midnight that ends its session's day.
    private static bool IsNight(Instant close, Instant next) =>
        (next.StartOfUtcDay().UnixMilliseconds - close.Plus(-1).StartOfUtcDay().UnixMilliseconds) / Instant.MillisecondsPerDay is >= 1 and <= MostClosedDays + 1;

    // Friday 20:00 UTC is the earliest end of a week that brokers know, Monday 00:00 the latest beginning.
    private static bool IsWeekend(Instant close, Instant next)
    {
        var monday = Week.CloseOf(Week.OpenOf(next.Plus(-1))).UnixMilliseconds;
        return close.UnixMilliseconds >= monday - (52 * Hour) && close.UnixMilliseconds <= monday - (48 * Hour)
            && next.UnixMilliseconds >= monday - (24 * Hour) && next.UnixMilliseconds <= monday;
    }
}

using System.Globalization;

namespace TicketBot.Domain;

/// <summary>A point in time as whole milliseconds since 1970-01-01T00:00:00Z. <c>default</c> is that epoch.</summary>
/// <param name="UnixMilliseconds">Milliseconds since the Unix epoch, UTC.</param>
public readonly record struct Instant(long UnixMilliseconds) : IComparable<Instant>
{
    /// <summary>Milliseconds of one UTC day.</summary>
    public const long MillisecondsPerDay = 86_400_000;

    /// <summary>Returns the instant of <paramref name="value"/>, cut to the millisecond.</summary>
    public static Instant From(DateTimeOffset value) => new(value.ToUnixTimeMilliseconds());

    /// <summary>Returns the UTC date and time of this instant.</summary>
    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds);

    /// <summary>Returns midnight UTC of the day this instant lies in.</summary>
    public Instant StartOfUtcDay() => new(UnixMilliseconds - Modulo(UnixMilliseconds, MillisecondsPerDay));

    /// <summary>Returns this instant moved by <paramref name="milliseconds"/>.</summary>
    public Instant Plus(long milliseconds) => new(checked(UnixMilliseconds + milliseconds));

    /// <summary>Returns the milliseconds from <paramref name="other"/> to this instant; negative if this is earlier.</summary>
    public long Since(Instant other) => checked(UnixMilliseconds - other.UnixMilliseconds);

    /// <inheritdoc/>
    public int CompareTo(Instant other) => UnixMilliseconds.CompareTo(other.UnixMilliseconds);

    /// <summary>Earlier than.</summary>
    public static bool operator <(Instant left, Instant right) => left.UnixMilliseconds < right.UnixMilliseconds;

    /// <summary>Later than.</summary>
    public static bool operator >(Instant left, Instant right) => left.UnixMilliseconds > right.UnixMilliseconds;

    /// <summary>Not later than.</summary>
    public static bool operator <=(Instant left, Instant right) => left.UnixMilliseconds <= right.UnixMilliseconds;

    /// <summary>Not earlier than.</summary>
    public static bool operator >=(Instant left, Instant right) => left.UnixMilliseconds >= right.UnixMilliseconds;

    /// <summary>Returns ISO 8601 in UTC with milliseconds.</summary>
    public override string ToString() =>
        ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static long Modulo(long value, long divisor)
    {
        var rest = value % divisor;
        return rest < 0 ? rest + divisor : rest;
    }
}

namespace TicketBot.Domain;

/// <summary>The length of a candle. <c>default</c> is not an interval and is refused by constructors.</summary>
/// <remarks>Bybit's set (https://bybit-exchange.github.io/docs/v5/enum#interval): 1m 3m 5m 15m 30m 1h 2h 4h 6h 12h 1d 1w 1M.
/// Weeks start on Monday, months on the first, both at 00:00 UTC.</remarks>
public readonly record struct Interval
{
    private static readonly (string Name, string VenueCode, int Minutes)[] Known =
    [
        ("1m", "1", 1), ("3m", "3", 3), ("5m", "5", 5), ("15m", "15", 15), ("30m", "30", 30), ("1h", "60", 60),
        ("2h", "120", 120), ("4h", "240", 240), ("6h", "360", 360), ("12h", "720", 720), ("1d", "D", 1440),
        ("1w", "W", 10_080), ("1M", "M", 43_200),
    ];

    private static readonly long[] Lengths = [.. Known.Select(k => k.Minutes * 60_000L)];

    private const long Monday = 4 * Instant.MillisecondsPerDay; // 1970-01-05 was the first Monday after the epoch.
    private readonly int _index; // 1-based, so that default is distinct.

    private Interval(int index) => _index = index;

    /// <summary>One minute.</summary>
    public static Interval OneMinute => new(1);

    /// <summary>Fifteen minutes.</summary>
    public static Interval FifteenMinutes => new(4);

    /// <summary>One hour.</summary>
    public static Interval OneHour => new(6);

    /// <summary>One UTC day.</summary>
    public static Interval OneDay => new(11);

    /// <summary>Every supported interval, ascending.</summary>
    public static IReadOnlyList<Interval> All { get; } = [.. Enumerable.Range(1, Known.Length).Select(i => new Interval(i))];

    /// <summary>Whether this is <c>default</c>.</summary>
    public bool IsDefault => _index == 0;

    /// <summary>Our name: <c>1m</c> .. <c>1M</c>.</summary>
    public string Name => Row.Name;

    /// <summary>The venue's code: <c>1</c> .. <c>720</c>, <c>D</c>, <c>W</c>, <c>M</c>.</summary>
    public string VenueCode => Row.VenueCode;

    /// <summary>Length in milliseconds; of a month the nominal 30 days (use <see cref="CloseOf"/> for its true end).</summary>
    public long NominalMilliseconds => _index == 0 ? throw NoLength() : Lengths[_index - 1];

    private (string Name, string VenueCode, int Minutes) Row => _index == 0 ? throw NoLength() : Known[_index - 1];

    private bool IsMonth => _index == 13;

    /// <summary>Reads our name or the venue's code.</summary>
    public static bool TryParse(string? text, out Interval interval)
    {
        for (var i = 0; i < Known.Length; i++)
        {
            if (Known[i].Name == text || Known[i].VenueCode == text)
            {
                interval = new Interval(i + 1);
                return true;
            }
        }

        interval = default;
        return false;
    }

    /// <summary>Reads our name or the venue's code.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static Interval Parse(string text) => TryParse(text, out var interval)
        ? interval
        : throw new FormatException($"an interval is one of {string.Join(' ', Known.Select(k => k.Name))}, was '{text}'");

    private static InvalidOperationException NoLength() => new("Invariant: default(Interval) has no length");

    /// <summary>Returns the open time of the candle that <paramref name="time"/> lies in.</summary>
    public Instant OpenOf(Instant time)
    {
        if (IsMonth)
        {
            var date = time.ToDateTimeOffset();
            return Instant.From(new DateTimeOffset(date.Year, date.Month, 1, 0, 0, 0, TimeSpan.Zero));
        }

        var origin = _index == 12 ? Monday : 0;
        var length = NominalMilliseconds;
        var rest = (time.UnixMilliseconds - origin) % length;
        return new Instant(time.UnixMilliseconds - (rest < 0 ? rest + length : rest));
    }

    /// <summary>Returns the close time (the next candle's open time) of the candle that opens at <paramref name="open"/>.</summary>
    public Instant CloseOf(Instant open) => IsMonth
        ? Instant.From(open.ToDateTimeOffset().AddMonths(1))
        : open.Plus(NominalMilliseconds);

    /// <summary>Returns the open time that lies <paramref name="count"/> candles after <paramref name="open"/>; the count may be negative.</summary>
    public Instant Shift(Instant open, int count) => IsMonth
        ? Instant.From(open.ToDateTimeOffset().AddMonths(count))
        : open.Plus(NominalMilliseconds * count);

    /// <inheritdoc/>
    public override string ToString() => _index == 0 ? "(none)" : Name;
}

using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;

namespace TicketBot.Simulator.Wire;

/// <summary>The parameters of a GET request; an empty value counts as absent.</summary>
internal sealed class WireQuery
{
    private const long MostNumber = 1_000_000_000_000_000; // Beyond any time in milliseconds.
    private readonly Dictionary<string, string> _values = [];

    /// <summary>Reads a raw query, without its leading question mark.</summary>
    internal WireQuery(string raw)
    {
        foreach (var pair in raw.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var cut = pair.IndexOf('=', StringComparison.Ordinal);
            if (cut > 0 && cut + 1 < pair.Length)
            {
                _values[Uri.UnescapeDataString(pair[..cut])] = Uri.UnescapeDataString(pair[(cut + 1)..].Replace('+', ' '));
            }
        }
    }

    internal string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>Whether linear contracts are asked for; absent counts as linear.</summary>
    internal bool IsLinear => this["category"] is null or "linear";

    /// <summary>Returns a whole number, or <c>null</c> when absent.</summary>
    /// <exception cref="FormatException">It is not a whole number.</exception>
    internal long? Number(string name) => this[name] is not { } text ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value is > -MostNumber and < MostNumber ? value
        : throw new FormatException($"{name} must be a whole number, was '{text}'");

    /// <summary>Returns the asked time range, unbounded where absent.</summary>
    internal (Instant From, Instant Until) Range() =>
        (new Instant(Number("startTime") ?? 0), new Instant(Number("endTime") ?? long.MaxValue / 2));

    /// <summary>Returns the asked time range where both ends default to the <paramref name="span"/> (ms) before <paramref name="now"/>: a start alone
    /// means the span from there, an end alone the span before it.</summary>
    /// <exception cref="FormatException">The end lies before the start or further from it than the span.</exception>
    internal (Instant From, Instant Until) Window(Instant now, long span)
    {
        var (start, end) = (Number("startTime"), Number("endTime"));
        if (start is { } given && end is { } last && (last < given || last - given > span))
        {
            throw new FormatException($"endTime must lie at most {span / Instant.MillisecondsPerDay} days after startTime, were {given} and {last}");
        }

        var from = start ?? (end ?? now.UnixMilliseconds) - span;
        return (new Instant(from), new Instant(end ?? (start is null ? long.MaxValue / 2 : from + span)));
    }

    /// <summary>Returns the asked row count within 1 to <paramref name="most"/>.</summary>
    internal int Limit(int usual, int most) => (int)Math.Clamp(Number("limit") ?? usual, 1, most);

    /// <summary>Whether a contract passes the filters <c>symbol</c>, <c>baseCoin</c> and <c>settleCoin</c>.</summary>
    internal bool Names(Symbol symbol) =>
        (this["symbol"] is not { } name || name == symbol.Value)
        && (this["baseCoin"] is not { } coin || symbol.Value == coin + "USDT")
        && (this["settleCoin"] is not { } settle || settle == "USDT");

    /// <summary>Returns one page of rows that stand in descending order of a key, with the cursor of the next page. The cursor is the key of the
    /// last row given, so that rows added or gone meanwhile move nothing; it is percent-encoded text and read back encoded once or twice.</summary>
    /// <exception cref="FormatException">The cursor is none that was given.</exception>
    internal WireAnswer PageBy<T>(IEnumerable<T> rows, int usual, int most, Func<T, (long First, long Second)> key, Action<Utf8JsonWriter, T> write)
    {
        if (this["cursor"] is { } text)
        {
            var parts = Uri.UnescapeDataString(text).Split(':');
            if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var second))
            {
                throw new FormatException($"cursor must be the nextPageCursor of an answer, was '{text}'");
            }

            rows = rows.SkipWhile(r => key(r).CompareTo((first, second)) >= 0);
        }

        var limit = Limit(usual, most);
        var page = rows.Take(limit + 1).ToList();
        return WireAnswer.Ok(w =>
        {
            w.WriteString("category", "linear");
            w.WriteStartArray("list");
            foreach (var row in page.Take(limit))
            {
                write(w, row);
            }

            w.WriteEndArray();
            var last = page.Count > limit ? key(page[limit - 1]) : default;
            w.WriteString("nextPageCursor", page.Count > limit ? string.Create(CultureInfo.InvariantCulture, $"{last.First}%3A{last.Second}") : "");
        });
    }

    /// <summary>Returns one page of rows that never change with the cursor of the next; the cursor is the index of its first row.</summary>
    internal WireAnswer Page<T>(IReadOnlyList<T> rows, int usual, int most, Action<Utf8JsonWriter, T> write)
    {
        var from = (int)Math.Clamp(Number("cursor") ?? 0, 0, rows.Count);
        var until = Math.Min(rows.Count, from + Limit(usual, most));
        return WireAnswer.Ok(w =>
        {
            w.WriteString("category", "linear");
            w.WriteStartArray("list");
            for (var i = from; i < until; i++)
            {
                write(w, rows[i]);
            }

            w.WriteEndArray();
            w.WriteString("nextPageCursor", until < rows.Count ? until.ToString(CultureInfo.InvariantCulture) : "");
        });
    }
}

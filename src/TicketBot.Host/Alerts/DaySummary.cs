using System.Globalization;
using System.Text.Json;
using TicketBot.Domain;
using TicketBot.Trading;
using TicketBot.Trading.Journal;

namespace TicketBot.Host.Alerts;

/// <summary>Tells each UTC day that is over once, across restarts: that it was told is journalled. Not safe for use by several threads.</summary>
/// <param name="journal">Where a day that was told before stands.</param>
/// <param name="note">Journals a note: kind, symbol, JSON.</param>
public sealed class DaySummary(IJournal journal, Action<string, string, string> note)
{
    /// <summary>The journal's kind of such notes.</summary>
    public const string Kind = "day";

    private Instant? _told;

    /// <summary>Returns the last day that is over if it was not told yet, else <c>null</c>.</summary>
    public Alert? Look(TradingStatus picture)
    {
        if (picture.LastDay is not { } day || (_told ??= LastTold()) is not { } told || day.Day <= told)
        {
            return null;
        }

        _told = day.Day;
        var text = TextOf(day);
        note(Kind, "", HostJson.Line(new { day = day.Day.UnixMilliseconds, text }));
        return new Alert(AlertCodes.DailySummary, "", AlertSeverity.Info, text, day.Day);
    }

    private static string TextOf(DayReport day)
    {
        var denied = string.Join(", ", day.Denials.OrderByDescending(d => d.Value).ThenBy(d => d.Key).Select(d => string.Create(CultureInfo.InvariantCulture, $"{d.Key} {d.Value}")));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{day.Day.ToDateTimeOffset():yyyy-MM-dd}: {day.Decisions} decisions, {day.Orders} orders, {day.Fills} fills, profit {day.Profit.Value:+0.00;-0.00;0.00}, equity {day.Equity.Value:F2}; not opened: {(denied.Length > 0 ? denied : "none")}");
    }

    // A journal that cannot be read now is asked again at the next look; a note that cannot be read was none.
    private Instant? LastTold()
    {
        try
        {
            return journal.ReadNewest(1, [Kind]) is [var last, ..] ? DayOf(last.Entry.Payload) : default(Instant);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static Instant DayOf(string payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            return new Instant(document.RootElement.GetProperty("day").GetInt64());
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return default;
        }
    }
}

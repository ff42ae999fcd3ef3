using System.Globalization;
using Serilog.Core;
using Serilog.Events;

namespace TicketBot.Host.Running;

/// <summary>One line of the log.</summary>
/// <param name="Time">Wall time, UTC ISO 8601.</param>
/// <param name="Level">Level name.</param>
/// <param name="Text">The line.</param>
public sealed record LogLine(string Time, string Level, string Text);

/// <summary>A log sink that keeps the last lines in memory for the page and the <c>logs</c> verb. Safe for use by several threads.</summary>
public sealed class LogRing : ILogEventSink
{
    private const int Kept = 500;
    private readonly Queue<LogLine> _lines = new(Kept + 1);

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        var time = logEvent.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var text = logEvent.RenderMessage(CultureInfo.InvariantCulture) + (logEvent.Exception is { } fault ? $" | {fault.GetType().Name}: {fault.Message}" : "");
        lock (_lines)
        {
            _lines.Enqueue(new LogLine(time, logEvent.Level.ToString(), text));
            if (_lines.Count > Kept)
            {
                _lines.Dequeue();
            }
        }
    }

    /// <summary>Returns the newest <paramref name="count"/> lines, oldest first.</summary>
    public IReadOnlyList<LogLine> Last(int count)
    {
        lock (_lines)
        {
            return [.. _lines.Skip(Math.Max(0, _lines.Count - count))];
        }
    }
}

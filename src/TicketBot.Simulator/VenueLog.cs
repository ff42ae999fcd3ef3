using System.Globalization;
using System.Text;
using System.Text.Json;
using TicketBot.Domain;

namespace TicketBot.Simulator;

/// <summary>The venue's append-only memory: what it was started with, every request that may change it, and each step. A venue rebuilt
/// from it is the same to the last digit, because nothing else decides what happens.</summary>
/// <remarks>One JSON document per line in <c>venue.log</c>. Each line reaches the operating system before its answer leaves, so a killed process
/// loses nothing that was answered; a machine that loses power may. Steps that follow one another without a request between them are one
/// line of fixed width that is written over, so that ticks do not fill the disk. Not safe for use by several threads.</remarks>
internal sealed class VenueLog : IDisposable
{
    private const string FileName = "venue.log";
    private const string StartedAt = "startedAt";
    private const string LiveFrom = "liveFrom";
    private readonly FileStream _file;
    private long _stepLineAt = -1;

    private VenueLog(FileStream file, IReadOnlyList<Entry> past, long startedAtMs) => (_file, Past, StartedAtMs) = (file, past, startedAtMs);

    /// <summary>Wall time of the very first start, Unix milliseconds.</summary>
    internal long StartedAtMs { get; }

    /// <summary>What was logged before this start, in order; empty for a new log.</summary>
    internal IReadOnlyList<Entry> Past { get; private set; }

    /// <summary>Opens or makes the log of a folder. A torn last line is dropped.</summary>
    /// <param name="folder">Where it lies; made when absent.</param>
    /// <param name="header">What decides the venue, by name.</param>
    /// <param name="liveFrom">Market time before the first step.</param>
    /// <param name="nowMs">Wall time, remembered when the log is made.</param>
    /// <exception cref="InvalidOperationException">The log belongs to another venue; the message names what differs.</exception>
    internal static VenueLog Open(string folder, IReadOnlyList<KeyValuePair<string, string>> header, Instant liveFrom, long nowMs)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, FileName);
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
            file.SetLength(whole);
            file.Position = whole;
            var lines = Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (lines.Length == 0)
            {
                var made = new VenueLog(file, [], nowMs);
                made.Write(Json(writer =>
                {
                    writer.WriteNumber(StartedAt, nowMs);
                    writer.WriteNumber(LiveFrom, liveFrom.UnixMilliseconds);
                    foreach (var (name, value) in header)
                    {
                        writer.WriteString(name, value);
                    }
                }));
                return made;
            }

            var startedAt = CheckHeader(path, lines[0], header);
            return new VenueLog(file, [.. lines.Skip(1).Select((line, i) => Read(path, line, i + 2))], startedAt);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Returns the market time before the first step of the venue that a folder remembers, or <c>null</c> when it remembers none.</summary>
    internal static Instant? RememberedLiveFrom(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path) || File.ReadLines(path).FirstOrDefault() is not { Length: > 0 } line)
        {
            return null;
        }

        using var document = ParseLine(path, line, 1);
        return new Instant(document.RootElement.GetProperty(LiveFrom).GetInt64());
    }

    /// <summary>Lets the memory of <see cref="Past"/> go once it has been replayed.</summary>
    internal void ForgetPast() => Past = [];

    /// <summary>Logs that a step was reached; it takes the place of the line before if that says no more than this one.</summary>
    internal void Step(long step)
    {
        var at = _stepLineAt >= 0 ? _stepLineAt : _file.Position;
        _file.Position = at;
        _file.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"s\":{step,19}}}\n")));
        _file.Flush();
        _stepLineAt = at;
    }

    /// <summary>Logs that from here on the market moves in ticks of this length.</summary>
    internal void Ticks(int tickMs) => Write(Json(w => w.WriteNumber("t", tickMs)));

    /// <summary>Logs a request before it is applied.</summary>
    internal void Request(long step, string key, string path, JsonElement body) => Request(step, key, path, body.WriteTo);

    /// <summary>Logs a request before it is applied.</summary>
    internal void Request(long step, string key, string path, Action<Utf8JsonWriter> body) => Write(Json(w =>
    {
        w.WriteNumber("at", step);
        w.WriteString("k", key);
        w.WriteString("q", path);
        w.WritePropertyName("b");
        body(w);
    }));

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static long CheckHeader(string path, string line, IReadOnlyList<KeyValuePair<string, string>> header)
    {
        using var document = ParseLine(path, line, 1);
        var differences = header
            .Select(h => (h.Key, Is: h.Value, Was: document.RootElement.TryGetProperty(h.Key, out var was) ? was.GetString() : null))
            .Where(h => h.Is != h.Was)
            .Select(h => $"{h.Key} was '{h.Was}' and is '{h.Is}'")
            .ToList();
        if (differences.Count > 0)
        {
            throw new InvalidOperationException(
                $"the venue log '{path}' belongs to another venue: {string.Join("; ", differences)}. Start with the old settings, or move the log away to begin anew.");
        }

        return document.RootElement.GetProperty(StartedAt).GetInt64();
    }

    private static Entry Read(string path, string line, int number)
    {
        using var document = ParseLine(path, line, number);
        var root = document.RootElement;
        if (root.TryGetProperty("t", out var ticks))
        {
            return new Entry(0, null, null, default) { TickMs = ticks.GetInt32() };
        }

        return root.TryGetProperty("s", out var step)
            ? new Entry(step.GetInt64(), null, null, default)
            : new Entry(root.GetProperty("at").GetInt64(), root.GetProperty("k").GetString(), root.GetProperty("q").GetString(), root.GetProperty("b").Clone());
    }

    private static JsonDocument ParseLine(string path, string line, int number)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException fault)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"line {number} of the venue log '{path}' is not JSON: {fault.Message}. Restore the file, or move it away to begin anew."), fault);
        }
    }

    private static byte[] Json(Action<Utf8JsonWriter> fields) => Wire.WireText.Json(fields);

    private void Write(byte[] line)
    {
        var whole = new byte[line.Length + 1];
        line.CopyTo(whole, 0);
        whole[^1] = (byte)'\n';
        _stepLineAt = -1;
        _file.Write(whole); // One write per line: a kill leaves at most the last line torn.
        _file.Flush();
    }

    /// <summary>A line of the log: a step reached, other ticks, or a request when <paramref name="Path"/> is given.</summary>
    /// <param name="Step">The step reached, or the step after which the request came.</param>
    /// <param name="Key">API key of a request.</param>
    /// <param name="Path">Path of a request.</param>
    /// <param name="Body">Body of a request.</param>
    internal readonly record struct Entry(long Step, string? Key, string? Path, JsonElement Body)
    {
        /// <summary>Length of the ticks that begin here, in milliseconds, 0 for none; <c>null</c> for another line.</summary>
        internal int? TickMs { get; init; }
    }
}

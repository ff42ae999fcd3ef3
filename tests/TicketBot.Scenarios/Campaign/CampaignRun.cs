using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TicketBot.Scenarios.Campaign;

/// <summary>Plays rows seed by seed, appends each result to a file, passes over what the file holds already, and draws the table from it.</summary>
internal sealed class CampaignRun(string resultsFile, TextWriter output)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
    private readonly Lock _lock = new();

    /// <summary>One line of the results file.</summary>
    internal sealed record Line(string Row, ulong Seed, bool Struck, IReadOnlyList<string> Breaks, double? RecoveryMs, string Note);

    /// <summary>Plays what is missing; returns whether no invariant broke in all the file holds of these rows.</summary>
    internal async Task<bool> PlayAsync(IReadOnlyList<FaultRow> rows, int? seeds, int jobs, CancellationToken cancellationToken)
    {
        var known = Read().Select(l => (l.Row, l.Seed)).ToHashSet();
        var missing = new ConcurrentQueue<(FaultRow Row, ulong Seed)>(
            from row in rows from seed in Enumerable.Range(1, seeds ?? row.Full) where !known.Contains((row.Id, (ulong)seed)) select (row, (ulong)seed));
        var (total, done) = (missing.Count, 0);
        await Task.WhenAll(Enumerable.Range(0, jobs).Select(_ => Task.Run(
            async () =>
            {
                while (!cancellationToken.IsCancellationRequested && missing.TryDequeue(out var next))
                {
                    var line = await PlayOneAsync(next.Row, next.Seed);
                    lock (_lock)
                    {
                        File.AppendAllText(resultsFile, JsonSerializer.Serialize(line, Json) + "\n");
                        done++;
                        foreach (var broken in line.Breaks)
                        {
                            output.WriteLine($"{line.Row} seed {line.Seed}: {broken}");
                        }

                        if (done % 50 == 0 || done == total)
                        {
                            output.WriteLine($"{done} done of {total}");
                        }
                    }
                }
            },
            CancellationToken.None)));
        var ids = rows.Select(r => r.Id).ToHashSet();
        return Read().Where(l => ids.Contains(l.Row)).All(l => l.Breaks.Count == 0);
    }

    /// <summary>Returns the table of what the file holds, as Markdown.</summary>
    internal string Table(IReadOnlyList<FaultRow> rows)
    {
        var lines = Read().ToLookup(l => l.Row);
        var text = new StringBuilder("| Row | Fault | Seeds | Struck | Broken | Recovered after, p50 / p99 ms | Note |\n|---|---|---|---|---|---|---|\n");
        foreach (var row in rows)
        {
            var played = lines[row.Id].ToList();
            var recoveries = played.Select(l => l.RecoveryMs).OfType<double>().Order().ToList();
            var note = played.Select(l => l.Note).FirstOrDefault(n => n.Length > 0) ?? "";
            text.Append(CultureInfo.InvariantCulture,
                $"| {row.Id} | {row.Fault} | {played.Count} | {played.Count(l => l.Struck)} | {played.Count(l => l.Breaks.Count > 0)} | {(recoveries.Count == 0 ? "" : $"{Part(recoveries, 0.5):F0} / {Part(recoveries, 0.99):F0}")} | {note} |\n");
        }

        return text.ToString();
    }

    private static async Task<Line> PlayOneAsync(FaultRow row, ulong seed)
    {
        try
        {
            var played = await row.PlayAsync(seed);
            return new Line(row.Id, seed, played.Struck, played.Breaks, played.RecoveryMs, played.Note);
        }
        catch (Exception e)
        {
            return new Line(row.Id, seed, true, [$"{e.GetType().Name}: {e.Message}"], null, "");
        }
    }

    private static double Part(List<double> ascending, double part) => ascending[(int)Math.Min(ascending.Count - 1, Math.Ceiling(part * ascending.Count) - 1)];

    private IEnumerable<Line> Read()
    {
        if (!File.Exists(resultsFile))
        {
            yield break;
        }

        foreach (var text in File.ReadLines(resultsFile))
        {
            Line? line = null;
            try
            {
                line = JsonSerializer.Deserialize<Line>(text, Json);
            }
            catch (JsonException)
            {
                // A run that was killed while it wrote; that seed is played again.
            }

            if (line is not null)
            {
                yield return line;
            }
        }
    }
}

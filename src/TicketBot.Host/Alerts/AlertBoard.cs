using TicketBot.Domain;

namespace TicketBot.Host.Alerts;

/// <summary>Which alerts hold: each is told once when it begins, again after the repeat time while it lasts, and once when it is over. Not safe for use
/// by several threads but for <see cref="Present"/>.</summary>
/// <param name="repeatMs">Milliseconds of market time after which a lasting alert is told again.</param>
public sealed class AlertBoard(long repeatMs)
{
    private readonly Dictionary<(string Code, string Subject), Standing> _standing = [];
    private IReadOnlyList<Alert> _present = [];

    /// <summary>The alerts that hold, gravest first.</summary>
    public IReadOnlyList<Alert> Present => Volatile.Read(ref _present);

    /// <summary>Takes the conditions of a moment and returns what is to be told.</summary>
    public IReadOnlyList<Alert> Look(IEnumerable<AlertCondition> conditions, Instant now)
    {
        var told = new List<Alert>();
        var held = new HashSet<(string, string)>();
        foreach (var condition in conditions)
        {
            var key = (condition.Code, condition.Subject);
            held.Add(key);
            if (!_standing.TryGetValue(key, out var standing))
            {
                _standing.Add(key, standing = new Standing(now));
            }

            standing.Alert = new Alert(condition.Code, condition.Subject, condition.Severity, condition.Text, standing.Since);
            var isDue = standing.ToldAt is { } last ? now.Since(last) >= repeatMs : now.Since(standing.Since) >= condition.AfterMs;
            if (isDue)
            {
                standing.ToldAt = now;
                told.Add(standing.Alert);
            }
        }

        foreach (var (key, standing) in _standing.Where(s => !held.Contains(s.Key)).ToList())
        {
            _standing.Remove(key);
            if (standing is { ToldAt: not null, Alert: { } alert })
            {
                told.Add(alert with { IsOver = true, Text = $"over: {alert.Text}" });
            }
        }

        Volatile.Write(ref _present, [.. _standing.Values.Where(s => s.ToldAt is not null).Select(s => s.Alert!).OrderByDescending(a => a.Severity).ThenBy(a => a.Since)]);
        return told;
    }

    private sealed class Standing(Instant since)
    {
        public Instant Since { get; } = since;

        public Instant? ToldAt { get; set; }

        public Alert? Alert { get; set; }
    }
}

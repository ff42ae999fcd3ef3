using Quartz;
using TicketBot.Domain;

namespace TicketBot.Host.Jobs;

/// <summary>Cron on market time: says which jobs have become due as market time moves on. Used where market time is not wall time.
/// Not safe for use by several threads.</summary>
public sealed class MarketCron
{
    private readonly List<(string Job, CronExpression Cron)> _jobs;
    private Instant? _last;

    /// <summary>Makes one for jobs and their cron expressions, read in UTC.</summary>
    /// <exception cref="FormatException">An expression cannot be read.</exception>
    public MarketCron(IEnumerable<(string Job, string Cron)> jobs) =>
        _jobs = [.. jobs.Select(j => (j.Job, new CronExpression(j.Cron, TimeZoneInfo.Utc)))];

    /// <summary>Returns the jobs that became due after the last asked time and not after <paramref name="now"/>; each once, however many
    /// of its times were passed. The first call only sets the start.</summary>
    public IReadOnlyList<string> Due(Instant now)
    {
        var last = _last ?? now;
        _last = now;
        return now <= last ? [] : [.. _jobs.Where(j => Next(j.Cron, last) is { } next && next <= now).Select(j => j.Job)];
    }

    /// <summary>Returns the first time of a cron expression after <paramref name="after"/>, or <c>null</c> when there is none.</summary>
    public static Instant? NextAfter(string cron, Instant after) => Next(new CronExpression(cron, TimeZoneInfo.Utc), after);

    /// <summary>Whether a job whose last success lies at <paramref name="lastSuccess"/> has missed a time of its cron expression by <paramref name="now"/>.</summary>
    public static bool IsOverdue(string cron, Instant lastSuccess, Instant now) => NextAfter(cron, lastSuccess) is { } next && next <= now;

    private static Instant? Next(CronExpression cron, Instant after) =>
        cron.GetNextValidTimeAfter(after.ToDateTimeOffset()) is { } next ? Instant.From(next) : null;
}

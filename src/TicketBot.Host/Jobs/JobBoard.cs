using TicketBot.Domain;

namespace TicketBot.Host.Jobs;

/// <summary>How a job stands.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cron">When it runs.</param>
/// <param name="Running">Whether it runs now.</param>
/// <param name="LastSuccess">Market time of its last success, or <c>null</c>.</param>
/// <param name="LastRun">Market time its last run ended, or <c>null</c>.</param>
/// <param name="LastOutcome">What came of the last run; empty before it.</param>
/// <param name="Next">Market time of its next run, or <c>null</c>.</param>
public sealed record JobStatus(
    string Name, string Cron, bool Running, Instant? LastSuccess, Instant? LastRun, string LastOutcome, Instant? Next);

/// <summary>What each job did last. Safe for use by several threads.</summary>
public sealed class JobBoard
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, JobStatus> _jobs;
    private readonly HashSet<string> _left = [];

    /// <summary>Makes a board on which nothing has run.</summary>
    public JobBoard(JobOptions options) =>
        _jobs = JobNames.All.ToDictionary(n => n, n => new JobStatus(n, JobNames.CronOf(n, options), false, null, null, "", null));

    /// <summary>Returns every job; <see cref="JobStatus.Next"/> counts from <paramref name="now"/>.</summary>
    public IReadOnlyList<JobStatus> All(Instant now)
    {
        lock (_gate)
        {
            return [.. _jobs.Values.Select(j => j with { Next = _left.Contains(j.Name) ? null : MarketCron.NextAfter(j.Cron, now) })];
        }
    }

    /// <summary>Notes that a job starts only when it is asked for.</summary>
    public void LeaveToOperator(string name)
    {
        lock (_gate)
        {
            _left.Add(name);
        }
    }

    /// <summary>Notes that a job is about to start; returns <c>false</c> when it runs already or is about to.</summary>
    public bool Claim(string name)
    {
        lock (_gate)
        {
            if (_jobs[name].Running)
            {
                return false;
            }

            _jobs[name] = _jobs[name] with { Running = true };
            return true;
        }
    }

    /// <summary>Notes that a job started.</summary>
    public void Started(string name) => Change(name, j => j with { Running = true });

    /// <summary>Notes how a job ended.</summary>
    public void Ended(string name, bool succeeded, string outcome, Instant? at) => Change(
        name, j => j with { Running = false, LastRun = at, LastOutcome = outcome, LastSuccess = succeeded ? at : j.LastSuccess });

    private void Change(string name, Func<JobStatus, JobStatus> change)
    {
        lock (_gate)
        {
            _jobs[name] = change(_jobs[name]);
        }
    }
}

using System.Text.Json;
using Quartz;
using TicketBot.Domain;
using TicketBot.Trading.Journal;

namespace TicketBot.Host.Jobs;

/// <summary>Starts jobs when they are due: by the scheduler's clock where market time is wall time, else as market time moves on; and at
/// the start those that are overdue since their last journalled success.</summary>
/// <param name="schedulers">Gives the scheduler that runs the jobs.</param>
/// <param name="options">Cron expressions.</param>
/// <param name="board">Knows what runs: a job that is due again while it runs is not queued behind itself.</param>
/// <param name="time">Wall time.</param>
/// <param name="log">Log.</param>
public sealed class JobCalendar(ISchedulerFactory schedulers, JobOptions options, JobBoard board, TimeProvider time, ILogger<JobCalendar> log)
{
    private const int JobEntriesRead = 500;

    // A fast market has many nights in a minute, and each would judge the whole run again.
    private static readonly TimeSpan NightlyPause = TimeSpan.FromMinutes(10);

    private MarketCron? _market;
    private readonly Dictionary<string, long> _nightly = [];

    /// <summary>Registers the jobs; with <paramref name="onMarketTime"/> they are started by <see cref="MoveAsync"/> alone.</summary>
    public async Task StartAsync(bool onMarketTime, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        foreach (var name in JobNames.All)
        {
            var job = JobBuilder.Create<DaemonJob>().WithIdentity(name).StoreDurably().Build();
            await scheduler.AddJob(job, new AddJobOptions { Replace = true }, cancellationToken);
            if (!onMarketTime)
            {
                var trigger = TriggerBuilder.Create().ForJob(job).WithCronSchedule(JobNames.CronOf(name, options), c => c.InTimeZone(TimeZoneInfo.Utc)).Build();
                await scheduler.ScheduleJob(trigger, cancellationToken: cancellationToken);
            }
        }

        _market = onMarketTime ? new MarketCron(JobNames.All.Where(JobNames.FollowsMarketTime).Select(n => (n, JobNames.CronOf(n, options)))) : null;
        foreach (var name in JobNames.All.Where(n => onMarketTime && !JobNames.FollowsMarketTime(n)))
        {
            board.LeaveToOperator(name);
        }
    }

    /// <summary>Market time has moved on: starts what has become due by it.</summary>
    public async Task MoveAsync(Instant now, CancellationToken cancellationToken)
    {
        foreach (var name in _market?.Due(now) ?? [])
        {
            if (name is JobNames.Agreement or JobNames.Challenge or JobNames.Similarity)
            {
                if (_nightly.TryGetValue(name, out var at) && time.GetElapsedTime(at) < NightlyPause)
                {
                    continue;
                }

                _nightly[name] = time.GetTimestamp();
            }

            await TriggerAsync(name, "due", cancellationToken);
        }
    }

    /// <summary>Starts every job that missed a time of its cron expression since its last success in the journal; a job that never
    /// succeeded counts from the journal's first entry.</summary>
    public async Task StartOverdueAsync(IJournal journal, Instant now, CancellationToken cancellationToken)
    {
        if (journal.Find(1) is not { } first)
        {
            return;
        }

        var successes = LastSuccesses(journal);
        foreach (var name in JobNames.All.Where(n => _market is null || JobNames.FollowsMarketTime(n)))
        {
            var last = successes.GetValueOrDefault(name, first.Entry.Time);
            if (MarketCron.IsOverdue(JobNames.CronOf(name, options), last, now))
            {
                await TriggerAsync(name, $"overdue, last success {last}", cancellationToken);
            }
        }
    }

    /// <summary>Starts a job now, unless it runs already.</summary>
    public async Task TriggerAsync(string name, string why, CancellationToken cancellationToken)
    {
        if (!board.Claim(name))
        {
            return;
        }

        Log.JobTriggered(log, name, why);
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        await scheduler.TriggerJob(new JobKey(name), cancellationToken: cancellationToken);
    }

    /// <summary>Returns the market time of each job's last journalled success.</summary>
    public static IReadOnlyDictionary<string, Instant> LastSuccesses(IJournal journal)
    {
        var last = new Dictionary<string, Instant>();
        foreach (var record in journal.ReadNewest(JobEntriesRead, [JobResult.Kind]))
        {
            var result = JsonSerializer.Deserialize<JobResult>(record.Entry.Payload, HostJson.Options);
            if (result is { Succeeded: true })
            {
                last.TryAdd(result.Name, record.Entry.Time);
            }
        }

        return last;
    }
}

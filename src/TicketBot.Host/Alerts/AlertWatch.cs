using TicketBot.Host.Health;
using TicketBot.Host.Jobs;
using TicketBot.Host.Running;
using TicketBot.Tickets;
using TicketBot.Trading;

namespace TicketBot.Host.Alerts;

/// <summary>Looks at the daemon and hands what an operator should know to the log and the webhook. Not safe for use by several threads but for <see cref="Present"/>.</summary>
/// <param name="settings">Limits.</param>
/// <param name="folder">Whose disk is watched.</param>
/// <param name="jobs">Every job.</param>
/// <param name="watch">Whether the loop gets on.</param>
/// <param name="sender">Posts.</param>
/// <param name="time">Wall time between two looks at the disk.</param>
/// <param name="log">Log.</param>
public sealed class AlertWatch(
    Configuration.Settings settings, DataFolder folder, JobBoard jobs, ProgressWatch watch, AlertSender sender, TimeProvider time, ILogger<AlertWatch> log)
{
    private static readonly TimeSpan DiskPause = TimeSpan.FromSeconds(30);
    private readonly HostOptions _options = settings.Get<HostOptions>();
    private readonly AlertBoard _board = new(settings.Get<HostOptions>().Alerts.RepeatMinutes * 60_000L);
    private double? _diskFree;
    private long _diskSeen;

    /// <summary>The alerts that hold, gravest first.</summary>
    public IReadOnlyList<Alert> Present => _board.Present;

    /// <summary>Looks once.</summary>
    /// <param name="picture">The trader's picture.</param>
    /// <param name="clock">The machine's clock against the venue's, or <c>null</c> before it was measured.</param>
    /// <param name="live">Tickets that trade.</param>
    public void Look(TradingStatus picture, ClockReading? clock = null, IReadOnlyList<Ticket>? live = null)
    {
        var input = new AlertInput(
            picture, settings.Get<TradingOptions>(), jobs.All(picture.MarketTime), watch.Age.TotalSeconds, _options.ProgressLimitSeconds, DiskFree())
        {
            Clock = clock,
            Live = live ?? [],
        };
        foreach (var alert in _board.Look(AlertRules.Of(input), picture.MarketTime))
        {
            Tell(alert);
        }
    }

    /// <summary>Tells something that happened and is not lasting.</summary>
    public void Tell(Alert alert)
    {
        Log.Alerted(log, alert.Severity >= AlertSeverity.Warning && !alert.IsOver ? LogLevel.Warning : LogLevel.Information, alert.Code, alert.Subject, alert.Text);
        if (alert.Code == AlertCodes.DailySummary ? _options.Alerts.DailySummary : alert.Severity >= _options.Alerts.LeastSeverity)
        {
            sender.Post(alert);
        }
    }

    private double? DiskFree()
    {
        if (_diskSeen == 0 || time.GetElapsedTime(_diskSeen) >= DiskPause)
        {
            _diskSeen = time.GetTimestamp();
            try
            {
                var drive = new DriveInfo(folder.Path);
                _diskFree = drive.TotalSize > 0 ? (double)drive.AvailableFreeSpace / drive.TotalSize : null;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
            {
                _diskFree = null;
            }
        }

        return _diskFree;
    }
}

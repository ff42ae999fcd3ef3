using System.ComponentModel.DataAnnotations;

namespace TicketBot.Host.Alerts;

/// <summary>Where alerts go besides log and page (section <c>Host:Alerts</c>).</summary>
public sealed class AlertOptions
{
    /// <summary>Environment variable that holds the address alerts are posted to as JSON; not set = none. Default ALERT_WEBHOOK.</summary>
    [Required]
    public string WebhookVariable { get; set; } = "ALERT_WEBHOOK";

    /// <summary>Least severity that is posted: Info, Warning or Critical. Default Warning.</summary>
    [EnumDataType(typeof(AlertSeverity))]
    public AlertSeverity LeastSeverity { get; set; } = AlertSeverity.Warning;

    /// <summary>Whether the summary of each UTC day is posted at its end, whatever <see cref="LeastSeverity"/>. Default true.</summary>
    public bool DailySummary { get; set; } = true;

    /// <summary>Minutes after which an alert that still holds is posted again, 1 to 10,080. Default 60.</summary>
    [Range(1, 10_080)]
    public int RepeatMinutes { get; set; } = 60;

    /// <summary>Milliseconds until an unanswered post counts as lost and is tried again, 500 to 120,000. Default 10,000.</summary>
    [Range(500, 120_000)]
    public int TimeoutMs { get; set; } = 10_000;
}

using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using TicketBot.Host.Alerts;
using TicketBot.Host.Jobs;

namespace TicketBot.Host;

/// <summary>Options of the Host room (section <c>Host</c>).</summary>
public sealed class HostOptions
{
    /// <summary>Address of the page and the local API: http, host and port; port 0 picks a free one. Default http://127.0.0.1:8080.</summary>
    [Required, RegularExpression("^http://[^/ ]+:[0-9]{1,5}/?$", ErrorMessage = "DashboardAddress must be like http://127.0.0.1:8080")]
    public string DashboardAddress { get; set; } = "http://127.0.0.1:8080";

    /// <summary>Seconds without progress of the trading loop after which health turns bad and the system watchdog is no longer fed, 10 to 3,600. Default 60.</summary>
    [Range(10, 3_600)]
    public int ProgressLimitSeconds { get; set; } = 60;

    /// <summary>Folder where daemons of this machine lock the accounts they trade on Testnet, Demo and Live, so that no two trade one; the same for all of them. Default /tmp/ticketbot-accounts.</summary>
    [Required]
    public string AccountLockFolder { get; set; } = "/tmp/ticketbot-accounts";

    /// <summary>When jobs run and what a research child may use.</summary>
    [Required, ValidateObjectMembers]
    public JobOptions Jobs { get; set; } = new();

    /// <summary>Where alerts go besides log and page.</summary>
    [Required, ValidateObjectMembers]
    public AlertOptions Alerts { get; set; } = new();
}

using System.Globalization;
using TicketBot.Host.Health;
using TicketBot.Trading;

namespace TicketBot.Host.Running;

/// <summary>Tells the outside that the daemon trades: one line on standard output, and the supervisor.</summary>
/// <param name="output">Standard output.</param>
/// <param name="address">Returns the address of the page.</param>
/// <param name="systemd">The supervisor's socket.</param>
public sealed class Announcement(TextWriter output, Func<string> address, SystemdNotify systemd)
{
    /// <summary>It trades.</summary>
    public void Ready()
    {
        output.WriteLine($"ready {address()}");
        output.Flush();
        systemd.Ready("trading");
    }

    /// <summary>The trading loop got on.</summary>
    public void Progress(TradingStatus status) =>
        systemd.Progress(string.Create(CultureInfo.InvariantCulture, $"{status.State}, equity {status.Equity.Value:F2}, market time {status.MarketTime}"));

    /// <summary>It stops.</summary>
    public void Stopping() => systemd.Stopping();
}

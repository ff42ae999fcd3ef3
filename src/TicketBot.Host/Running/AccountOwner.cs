using System.Globalization;

namespace TicketBot.Host.Running;

/// <summary>The daemon that holds an account.</summary>
/// <param name="ProcessId">Its process.</param>
/// <param name="Host">Name of its machine.</param>
/// <param name="DataFolder">Full path of its data folder.</param>
/// <param name="Since">When it took the account, wall time.</param>
public sealed record AccountOwner(int ProcessId, string Host, string DataFolder, DateTimeOffset Since)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"process {ProcessId} on {Host}, data folder '{DataFolder}', since {Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
}

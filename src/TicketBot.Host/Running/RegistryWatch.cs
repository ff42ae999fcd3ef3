namespace TicketBot.Host.Running;

/// <summary>Looks at the registry for the running daemon. A registry that is locked, full or damaged keeps tickets from changing; trading, and above all
/// the care for open positions, goes on with those in force. Not safe for use by several threads.</summary>
/// <param name="look">Looks once.</param>
/// <param name="time">Wall time between two tries while it fails.</param>
/// <param name="log">Log.</param>
public sealed class RegistryWatch(Func<CancellationToken, Task> look, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private long? _failedAt;

    /// <summary>Looks, unless it failed a moment ago.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (_failedAt is { } at && time.GetElapsedTime(at) < Pause)
        {
            return;
        }

        try
        {
            await look(cancellationToken);
            _failedAt = null;
        }
        catch (IOException fault)
        {
            if (_failedAt is null)
            {
                Log.RegistryFails(log, fault.Message);
            }

            _failedAt = time.GetTimestamp();
        }
    }
}

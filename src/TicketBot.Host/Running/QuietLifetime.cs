namespace TicketBot.Host.Running;

/// <summary>A host lifetime that leaves signals to the command line, so that there is one place that handles them.</summary>
public sealed class QuietLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

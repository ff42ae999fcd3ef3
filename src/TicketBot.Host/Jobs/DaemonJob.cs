using Quartz;

namespace TicketBot.Host.Jobs;

/// <summary>Runs the job whose name its key has (<see cref="JobNames"/>). Jobs of different names run side by side, one of the same name never beside itself.</summary>
/// <param name="runner">Runs it.</param>
[DisallowConcurrentExecution]
public sealed class DaemonJob(JobRunner runner) : IJob
{
    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await runner.RunAsync(context.JobDetail.Key.Name, cancellationToken);
}

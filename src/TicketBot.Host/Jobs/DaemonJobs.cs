using Quartz;

namespace TicketBot.Host.Jobs;

/// <summary>Fetches candles again over REST and closes gaps.</summary>
/// <param name="runner">Runs it.</param>
[DisallowConcurrentExecution]
public sealed class HistoryJob(JobRunner runner) : IJob
{
    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await runner.RunAsync(JobNames.History, cancellationToken);
}

/// <summary>Identifies tickets anew.</summary>
/// <param name="runner">Runs it.</param>
[DisallowConcurrentExecution]
public sealed class ReidentifyJob(JobRunner runner) : IJob
{
    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await runner.RunAsync(JobNames.Reidentify, cancellationToken);
}

/// <summary>Fine-tunes live tickets on the newest candles.</summary>
/// <param name="runner">Runs it.</param>
[DisallowConcurrentExecution]
public sealed class FinetuneJob(JobRunner runner) : IJob
{
    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await runner.RunAsync(JobNames.Finetune, cancellationToken);
}

/// <summary>Judges live tickets again.</summary>
/// <param name="runner">Runs it.</param>
[DisallowConcurrentExecution]
public sealed class ReevaluateJob(JobRunner runner) : IJob
{
    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await runner.RunAsync(JobNames.Reevaluate, cancellationToken);
}

/// <summary>Decides the newest days of the journal again and compares.</summary>
/// <param name="runner">Runs it.</param>
[DisallowConcurrentExecution]
public sealed class AgreementJob(JobRunner runner) : IJob
{
    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await runner.RunAsync(JobNames.Agreement, cancellationToken);
}

/// <summary>Measures how alike the markets of the store are.</summary>
/// <param name="runner">Runs it.</param>
[DisallowConcurrentExecution]
public sealed class SimilarityJob(JobRunner runner) : IJob
{
    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await runner.RunAsync(JobNames.Similarity, cancellationToken);
}

/// <summary>Searches architectures and draws tickets from the one it chooses.</summary>
/// <param name="runner">Runs it.</param>
[DisallowConcurrentExecution]
public sealed class ArchitectureSearchJob(JobRunner runner) : IJob
{
    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await runner.RunAsync(JobNames.ArchitectureSearch, cancellationToken);
}

/// <summary>Judges tickets in shadow.</summary>
/// <param name="runner">Runs it.</param>
[DisallowConcurrentExecution]
public sealed class ChallengeJob(JobRunner runner) : IJob
{
    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await runner.RunAsync(JobNames.Challenge, cancellationToken);
}

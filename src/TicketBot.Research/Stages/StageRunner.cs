using TicketBot.Tickets;

namespace TicketBot.Research.Stages;

/// <summary>Runs stages once: an output stored under the hash of its inputs is read back instead of made again, and a new one is stored as soon as it is made.
/// Safe for use by several tasks at once.</summary>
/// <param name="store">Keeps outputs.</param>
/// <param name="threads">Stages that are made side by side, whoever asked for them.</param>
public sealed class StageRunner(IRunStore store, int threads)
{
    private readonly TaskFactory _slots = new(
        CancellationToken.None, TaskCreationOptions.DenyChildAttach | TaskCreationOptions.HideScheduler, TaskContinuationOptions.None,
        new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, threads).ConcurrentScheduler);

    private int _reused;
    private int _made;

    /// <summary>A piece of work: a pure function under the hash of its inputs.</summary>
    /// <param name="InputHash">SHA-256 (hex) of everything the output depends on.</param>
    /// <param name="Make">Makes the output.</param>
    public readonly record struct Work(string InputHash, Func<byte[]> Make);

    /// <summary>Outputs that were found finished.</summary>
    public int Reused => _reused;

    /// <summary>Outputs that were made.</summary>
    public int Made => _made;

    /// <summary>Returns one stage's output; a missing one is made when a thread is free.</summary>
    public async Task<byte[]> RunAsync(string stage, Work work, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(stage, work.InputHash, cancellationToken) is { } stored)
        {
            Interlocked.Increment(ref _reused);
            return stored;
        }

        var output = await _slots.StartNew(work.Make, cancellationToken);
        await store.WriteAsync(stage, work.InputHash, output, cancellationToken);
        Interlocked.Increment(ref _made);
        return output;
    }

    /// <summary>Returns the outputs of independent stages in their order; missing ones are made side by side, which changes no bit of them.</summary>
    public Task<byte[][]> RunAsync(string stage, IReadOnlyList<Work> batch, CancellationToken cancellationToken) =>
        Task.WhenAll(batch.Select(work => RunAsync(stage, work, cancellationToken)));
}

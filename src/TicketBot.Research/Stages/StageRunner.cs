using TicketBot.Tickets;

namespace TicketBot.Research.Stages;

/// <summary>Runs stages once: an output stored under the hash of its inputs is read back instead of made again.</summary>
/// <param name="store">Keeps outputs.</param>
/// <param name="threads">Stages of a batch that run side by side.</param>
public sealed class StageRunner(IRunStore store, int threads)
{
    /// <summary>A piece of work: a pure function under the hash of its inputs.</summary>
    /// <param name="InputHash">SHA-256 (hex) of everything the output depends on.</param>
    /// <param name="Make">Makes the output.</param>
    public readonly record struct Work(string InputHash, Func<byte[]> Make);

    /// <summary>Outputs that were found finished.</summary>
    public int Reused { get; private set; }

    /// <summary>Outputs that were made.</summary>
    public int Made { get; private set; }

    /// <summary>Returns one stage's output.</summary>
    public async Task<byte[]> RunAsync(string stage, Work work, CancellationToken cancellationToken) =>
        (await RunAsync(stage, [work], cancellationToken))[0];

    /// <summary>Returns the outputs of independent stages in their order; missing ones are made side by side, which changes no bit of them.</summary>
    public async Task<byte[][]> RunAsync(string stage, IReadOnlyList<Work> batch, CancellationToken cancellationToken)
    {
        var outputs = new byte[]?[batch.Count];
        for (var i = 0; i < batch.Count; i++)
        {
            outputs[i] = await store.ReadAsync(stage, batch[i].InputHash, cancellationToken);
            Reused += outputs[i] is null ? 0 : 1;
        }

        int[] missing = [.. Enumerable.Range(0, batch.Count).Where(i => outputs[i] is null)];
        Parallel.ForEach(
            missing, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, i => outputs[i] = batch[i].Make());
        foreach (var i in missing)
        {
            await store.WriteAsync(stage, batch[i].InputHash, outputs[i], cancellationToken);
            Made++;
        }

        return [.. outputs.Select(o => o!)];
    }
}

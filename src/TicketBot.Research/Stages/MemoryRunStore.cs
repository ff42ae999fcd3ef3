using System.Collections.Concurrent;
using TicketBot.Tickets;

namespace TicketBot.Research.Stages;

/// <summary>A run store that lives as long as its process: for verdicts that must not lean on earlier runs. Safe for use by several threads.</summary>
public sealed class MemoryRunStore : IRunStore
{
    private readonly ConcurrentDictionary<(string, string), byte[]> _outputs = new();

    /// <summary>Stored outputs.</summary>
    public int Count => _outputs.Count;

    /// <inheritdoc/>
    public ValueTask<byte[]?> ReadAsync(string stage, string inputHash, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_outputs.GetValueOrDefault((stage, inputHash)));

    /// <inheritdoc/>
    public ValueTask WriteAsync(string stage, string inputHash, ReadOnlyMemory<byte> output, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _outputs.TryAdd((stage, inputHash), output.ToArray());
        return ValueTask.CompletedTask;
    }
}

namespace TicketBot.Tickets;

/// <summary>Keeps the outputs of research stages under the hash of their inputs, so that a finished stage is never redone.</summary>
public interface IRunStore
{
    /// <summary>Returns the stored output of a stage, or <c>null</c>.</summary>
    ValueTask<byte[]?> ReadAsync(string stage, string inputHash, CancellationToken cancellationToken);

    /// <summary>Stores a stage's output, all or nothing; an output already stored under the key is kept.</summary>
    ValueTask WriteAsync(string stage, string inputHash, ReadOnlyMemory<byte> output, CancellationToken cancellationToken);
}

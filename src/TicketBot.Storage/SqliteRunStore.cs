using System.Security.Cryptography;
using Dapper;
using Microsoft.Extensions.Logging;
using TicketBot.Storage.Migrations;
using TicketBot.Tickets;

namespace TicketBot.Storage;

/// <summary>Outputs of research stages in a SQLite file (<c>research.db</c>), verified by hash when read. Safe for use by several threads and
/// processes.</summary>
public sealed class SqliteRunStore : IRunStore, IDisposable
{
    private readonly SqliteDatabase _database;

    private SqliteRunStore(SqliteDatabase database) => _database = database;

    private sealed record Row(byte[] Output, string OutputHash);

    /// <summary>Opens the store, makes it if absent.</summary>
    /// <param name="path">Path of <c>research.db</c>.</param>
    /// <param name="logger">Receives a line when the file was raised to a new version.</param>
    /// <exception cref="StorageException">It cannot be opened, or is of a newer version.</exception>
    public static SqliteRunStore Open(string path, ILogger? logger = null) =>
        new(SqliteDatabase.Open(path, DatabaseSchema.Research, durable: true, logger));

    /// <inheritdoc/>
    /// <exception cref="StorageException">The stored output is damaged.</exception>
    public ValueTask<byte[]?> ReadAsync(string stage, string inputHash, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var row = _database.Use(connection => connection.QueryFirstOrDefault<Row>(
            "SELECT output AS Output, output_hash AS OutputHash FROM runs WHERE stage = @stage AND input_hash = @inputHash;", new { stage, inputHash }));
        if (row is not null && HashOf(row.Output) is var found && found != row.OutputHash)
        {
            throw new StorageException(
                $"{_database.Path}: the output of stage {stage} for {inputHash} hashes to {found}, expected {row.OutputHash}; restore the file from a backup");
        }

        return ValueTask.FromResult(row?.Output);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(string stage, string inputHash, ReadOnlyMemory<byte> output, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var bytes = output.ToArray();
        _database.Write(connection => connection.Execute(
            "INSERT OR IGNORE INTO runs (stage, input_hash, output, output_hash) VALUES (@stage, @inputHash, @bytes, @hash);",
            new { stage, inputHash, bytes, hash = HashOf(bytes) }));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
